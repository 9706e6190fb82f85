"""Telegram's wire format: who may deliver, what is answered, what is sent."""

import time
from typing import Any

import pytest
from patients import TelegramPatient
from standins import TELEGRAM_SECRET, Hooks, Providers
from talks import Server

QUESTION = "I take Tecfidera and my face goes red and hot after each tablet"


@pytest.fixture
def pat(server: Server) -> TelegramPatient:
    return TelegramPatient(server)


def test_telegram_is_told_where_to_deliver_and_what_to_show(server: Server, providers: Providers) -> None:
    assert providers.webhook["url"] == f"http://127.0.0.1:{server.port}/webhooks/telegram/webhook"
    assert providers.webhook["secret_token"] == TELEGRAM_SECRET
    assert providers.webhook["allowed_updates"] == ["message", "edited_message"]
    assert "setMyCommands" in providers.other


@pytest.mark.parametrize("secret", [None, "", "wrong", TELEGRAM_SECRET + "x", "\N{LATIN SMALL LETTER E WITH ACUTE}".encode()])
def test_without_the_secret_nothing_is_taken(pat: TelegramPatient, hooks: Hooks, secret: str | None) -> None:
    assert hooks.telegram(pat.message("hello"), secret).status_code == 401
    assert pat.received == []


def test_an_update_that_is_delivered_again_is_answered_once(pat: TelegramPatient) -> None:
    update = pat.message("hello")
    for _ in range(3):
        assert pat.send(update).status_code == 200
    pat.wait(lambda: bool(pat.received))
    once = len(pat.received)
    pat.say("on ocrevus")
    assert once == 1 and len(pat.received) == 2


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"7", b"null", b'{"message": 7}', b'{"message": {"chat": {}}}', b"\xff\xfe"])
def test_what_makes_no_sense_is_refused(hooks: Hooks, body: bytes) -> None:
    assert hooks.telegram(body).status_code == 400


def test_what_is_far_too_large_is_refused(hooks: Hooks) -> None:
    assert hooks.telegram(b'{"x": "' + b"x" * 300_000 + b'"}').status_code == 413


@pytest.mark.parametrize(
    "update",
    [
        {"update_id": 1, "poll": {"id": "1", "question": "?"}},
        {"update_id": 2, "callback_query": {"id": "1", "data": "2", "from": {"id": 5}}},
        {"update_id": 3, "channel_post": {"message_id": 1, "chat": {"id": -5, "type": "channel"}, "text": "hello"}},
        {"update_id": 4, "something_new": {"a": [1]}},
        {"update_id": 5},
    ],
)
def test_other_kinds_of_updates_are_acknowledged_and_not_answered(hooks: Hooks, providers: Providers, update: dict[str, Any]) -> None:
    before = len(providers.sent)
    assert hooks.telegram(update).status_code == 200
    assert len(providers.sent) == before


def test_options_are_buttons_that_send_their_own_words_and_go_away(pat: TelegramPatient) -> None:
    pat.say(QUESTION)
    keyboard = pat.received[-1]["reply_markup"]["keyboard"]
    assert [row[0]["text"] for row in keyboard][1] == "Trouble breathing or wheezing"
    assert "Call 999, 112 or 911 now" in "\n".join(pat.say(keyboard[1][0]["text"]))
    assert pat.received[-1]["reply_markup"] == {"remove_keyboard": True}


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("/start", "Hello."),
        ("/start from_a_link", "Hello."),
        ("/summary@stand_in_bot", "Note for the MS team"),
        ("/restart", "We start again"),
        ("/help", "Tell me which"),
    ],
)
def test_commands_do_what_their_words_do(pat: TelegramPatient, command: str, answer: str) -> None:
    assert answer in "\n".join(pat.say(command))


def test_an_edited_message_is_read_again(pat: TelegramPatient) -> None:
    pat.say("on ocrevus, neuts 7.0, temp 37")
    update = pat.message("on ocrevus, neuts 0.7, temp 38.4")
    update["edited_message"] = {**update.pop("message"), "message_id": 1, "edit_date": int(time.time())}
    before = len(pat.received)
    pat.send(update)
    pat.wait(lambda: len(pat.received) > before)
    assert "Call 999" in pat.received[before]["text"]


@pytest.mark.parametrize("kind", ["photo", "voice", "sticker", "document"])
def test_what_is_no_words_is_answered_in_words(pat: TelegramPatient, kind: str) -> None:
    update = pat.message("")
    del update["message"]["text"]
    update["message"][kind] = {"file_id": "x"}
    pat.send(update)
    pat.wait(lambda: bool(pat.received))
    assert "only read words" in pat.received[0]["text"] and "999" in pat.received[0]["text"]


def test_a_group_is_left(pat: TelegramPatient, providers: Providers) -> None:
    update = pat.message("I have chest pain")
    update["message"]["chat"] = {"id": -77, "type": "group"}
    assert pat.send(update).status_code == 200
    assert "write to me directly" in providers.to("-77")[0]["text"]
    assert "leaveChat" in providers.other


def test_a_wait_that_telegram_asks_for_is_kept(pat: TelegramPatient, providers: Providers) -> None:
    wait = {"ok": False, "error_code": 429, "description": "Too Many Requests", "parameters": {"retry_after": 2}}
    providers.refuse[pat.address] = [(429, wait)]
    begun = time.monotonic()
    assert len(pat.say("hello")) == 1
    assert time.monotonic() - begun >= 2


def test_a_person_who_has_blocked_the_bot_harms_nobody_else(server: Server, pat: TelegramPatient, providers: Providers) -> None:
    providers.refuse[pat.address] = [(403, {"ok": False, "error_code": 403, "description": "Forbidden: bot was blocked by the user"})]
    assert pat.send(pat.message("hello")).status_code == 200
    assert pat.received == []
    assert TelegramPatient(server).say("hello")
    assert "could not be delivered: HTTP 403, 403" in server.log.read_text()


def test_no_words_and_no_person_are_in_the_log(server: Server, pat: TelegramPatient) -> None:
    pat.say("CANARY my legs are numb")
    log = server.log.read_text()
    assert "CANARY" not in log and pat.number not in log
