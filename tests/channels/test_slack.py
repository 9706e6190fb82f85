"""Slack's wire format: signature and age of a request, events of all kinds, buttons, rate limits."""

import html
import time
from typing import Any

import pytest
from patients import SlackPatient
from standins import Hooks, Providers
from talks import Server

QUESTION = "I take Tecfidera and my face goes red and hot after each tablet"


@pytest.fixture
def pat(server: Server) -> SlackPatient:
    return SlackPatient(server)


def test_a_wrong_or_old_signature_is_refused(pat: SlackPatient, hooks: Hooks) -> None:
    message = pat.message("hello")
    assert hooks.slack(message, secret="another secret").status_code == 400
    assert hooks.slack(message, age=6 * 60).status_code == 400
    assert hooks.slack(message, headers={"X-Slack-Signature": ""}).status_code == 400
    assert hooks.client.post("/webhooks/slack/webhook", json=message).status_code == 400
    assert pat.received == []


def test_an_event_that_is_delivered_again_is_answered_once(pat: SlackPatient, hooks: Hooks) -> None:
    message = pat.message("hello")
    retried = {"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"}
    assert {hooks.slack(message).status_code, hooks.slack(message).status_code} == {200}
    assert hooks.slack(message, headers=retried).status_code == 200
    pat.wait(lambda: bool(pat.received))
    assert len(pat.received) == 1


def test_an_event_whose_first_delivery_was_lost_is_answered(pat: SlackPatient, hooks: Hooks) -> None:
    hooks.slack(pat.message("hello"), headers={"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"})
    pat.wait(lambda: bool(pat.received))


@pytest.mark.parametrize("body", [b"{", b"[]", b"7", b'{"event": 7}', b'{"type": "event_callback", "event": {"type": "message", '
                                  b'"channel_type": "im", "user": "U1", "text": "no id", "channel": "D1"}}'])  # fmt: skip
def test_what_makes_no_sense_is_refused(hooks: Hooks, body: bytes) -> None:
    assert hooks.slack(body).status_code == 400


def test_a_form_without_sense_and_what_is_far_too_large_are_refused(hooks: Hooks) -> None:
    assert hooks.slack(b"payload=%7B", headers={"content-type": "application/x-www-form-urlencoded"}).status_code == 400
    assert hooks.slack(b"x=1", headers={"content-type": "application/x-www-form-urlencoded"}).status_code == 400
    assert hooks.slack({"x": "x" * 300_000}).status_code == 413


@pytest.mark.parametrize(
    "event",
    [
        {"type": "reaction_added", "user": "U1", "reaction": "thumbsup"},
        {"type": "message", "subtype": "message_changed", "channel_type": "im", "message": {"text": "edited", "user": "U1"}},
        {"type": "message", "channel_type": "im", "bot_id": "B1", "text": "I am a bot", "user": "U1"},
        {"type": "message", "channel_type": "im", "subtype": "bot_message", "text": "I am a bot"},
        {"type": "message", "channel_type": "channel", "text": "I have chest pain", "user": "U1"},
        {"type": "something_new"},
    ],
)
def test_other_events_are_acknowledged_and_not_answered(hooks: Hooks, providers: Providers, event: dict[str, Any]) -> None:
    before = len(providers.sent)
    body = {"type": "event_callback", "event_id": f"Ev{time.time_ns()}", "event": {"channel": "C1", **event}}
    assert hooks.slack(body).status_code == 200
    assert len(providers.sent) == before


def test_slack_can_verify_the_address(hooks: Hooks) -> None:
    answer = hooks.slack({"type": "url_verification", "challenge": "3eZbrw1aB"})
    assert answer.status_code == 200 and "3eZbrw1aB" in answer.text


def test_options_are_buttons_too(pat: SlackPatient, hooks: Hooks) -> None:
    pat.say(QUESTION)
    buttons = pat.received[-1]["blocks"][-1]["elements"]
    assert buttons[1]["value"] == "Trouble breathing or wheezing"
    before = len(pat.received)
    tapped = {
        "type": "block_actions", "user": {"id": f"U{pat.number}"}, "channel": {"id": pat.address}, "message": {"ts": "1.2"},
        "actions": [{"type": "button", "value": buttons[1]["value"], "action_ts": "17.1"}],
    }  # fmt: skip
    for _ in range(2):
        assert hooks.slack(tapped, form=True).status_code == 200
    pat.wait(lambda: len(pat.received) > before)
    assert "Call 999" in pat.words(pat.received[before])
    assert len([body for body in pat.received if "Call 999, 112 or 911 now." in pat.words(body)]) == 1, "a tap twice is one answer"


def test_letters_that_slack_uses_for_itself_arrive_as_they_are(pat: SlackPatient) -> None:
    words = pat.say("hello & <b>hi</b>")
    assert words and html.unescape(pat.received[0]["text"]).split()[0] in words[0]


def test_a_mention_in_a_channel_is_answered_in_private(pat: SlackPatient, hooks: Hooks, providers: Providers) -> None:
    event = {"type": "app_mention", "channel": "C1", "user": f"U{pat.number}", "text": "<@U0> I have chest pain", "ts": "1.1"}
    hooks.slack({"type": "event_callback", "event_id": f"Ev{pat.number}", "event": event})
    assert providers.to("C1") == []
    assert "write to me directly" in providers.to(f"U{pat.number}")[0]["text"]


def test_a_file_is_answered_in_words(pat: SlackPatient) -> None:
    message = pat.message("")
    message["event"].update(subtype="file_share", files=[{"id": "F1"}])
    pat.send(message)
    pat.wait(lambda: bool(pat.received))
    assert "only read words" in pat.words(pat.received[0])


def test_a_wait_that_slack_asks_for_is_kept(pat: SlackPatient, providers: Providers) -> None:
    providers.refuse[pat.address] = [(429, {"ok": False, "error": "ratelimited", "retry_after": 2})]
    begun = time.monotonic()
    assert pat.say("hello")
    assert time.monotonic() - begun >= 2


def test_what_slack_refuses_is_logged_by_its_code_alone(pat: SlackPatient, providers: Providers, server: Server) -> None:
    providers.refuse[pat.address] = [(200, {"ok": False, "error": "channel_not_found"})]
    pat.send(pat.message("CANARY hello"))
    assert pat.received == []
    log = server.log.read_text()
    assert "channel_not_found" in log and "CANARY" not in log and pat.number not in log
