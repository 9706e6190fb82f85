"""Twilio's wire format, for SMS and WhatsApp: signatures, segments, WhatsApp's window."""

import time

import pytest
from patients import SmsPatient, WhatsAppPatient
from standins import TEMPLATE, TWILIO_TOKEN, Hooks, Providers
from talks import Server

from assistant.channels.twilio import GSM, GSM_TWICE, SmsChannel

CLOSED = {"code": 63016, "message": "Outside messaging window", "status": 400}


@pytest.fixture(params=[SmsPatient, WhatsAppPatient])
def pat(request: pytest.FixtureRequest, server: Server) -> SmsPatient:
    return request.param(server)


@pytest.fixture
def whatsapp(server: Server) -> WhatsAppPatient:
    return WhatsAppPatient(server)


def test_a_wrong_signature_is_refused(pat: SmsPatient, hooks: Hooks) -> None:
    message = pat.message("hello")
    assert hooks.twilio(f"{pat.name}/webhook", message, token="another-token").status_code == 401
    assert hooks.twilio(f"{pat.name}/webhook", message, signed={**message, "Body": "bye"}).status_code == 401
    assert hooks.client.post(f"/webhooks/{pat.name}/webhook", data=message).status_code == 401
    assert pat.received == []
    assert hooks.twilio(f"{pat.name}/webhook?x=1", message).status_code == 200, "a query is part of what is signed"


def test_a_message_that_is_delivered_again_is_answered_once(pat: SmsPatient) -> None:
    message = pat.message("hello")
    for _ in range(3):
        assert pat.send(message).status_code == 200
    pat.wait(lambda: bool(pat.received))
    assert len(pat.received) == 1


@pytest.mark.parametrize("missing", ["From", "MessageSid"])
def test_what_makes_no_sense_is_refused(pat: SmsPatient, missing: str) -> None:
    message = pat.message("hello")
    del message[missing]
    assert pat.send(message).status_code == 400


def test_what_is_no_form_or_far_too_large_is_refused(pat: SmsPatient, hooks: Hooks) -> None:
    address = f"/webhooks/{pat.name}/webhook"
    assert hooks.client.post(address, content=b"\xff\xfe", headers={"X-Twilio-Signature": "x"}).status_code == 400
    assert pat.send({**pat.message(""), "Body": "x" * 300_000}).status_code == 413


def test_a_picture_is_answered_in_words(pat: SmsPatient) -> None:
    pat.send({**pat.message(""), "NumMedia": "1", "MediaUrl0": "https://example.org/1"})
    pat.wait(lambda: bool(pat.received))
    assert "only read words" in pat.received[0]["Body"]


def test_who_has_opted_out_is_left_alone_and_who_asks_for_help_is_not(pat: SmsPatient) -> None:
    assert pat.send({**pat.message("STOP"), "OptOutType": "STOP"}).status_code == 200
    assert pat.received == []
    pat.send({**pat.message("HELP"), "OptOutType": "HELP"})
    pat.wait(lambda: bool(pat.received))


def test_a_wait_that_twilio_asks_for_is_kept(pat: SmsPatient, providers: Providers) -> None:
    providers.refuse[pat.address] = [(429, {"code": 20429, "status": 429, "retry_after": 2})]
    begun = time.monotonic()
    assert pat.say("hello")
    assert time.monotonic() - begun >= 2


def test_an_sms_is_written_in_cheap_letters_and_says_its_place(server: Server) -> None:
    pat = SmsPatient(server)
    pat.say("on aubagio, ALT 210, temp 37.2 °C")
    parts = [body["Body"] for body in pat.received]
    assert len(parts) > 1 and [part[:6] for part in parts] == [f"({n}/{len(parts)}) " for n in range(1, len(parts) + 1)]
    assert parts[0].startswith(f"(1/{len(parts)}) Contact your MS team today.")
    for part in parts:
        assert set(part) <= GSM | GSM_TWICE
        assert SmsChannel.size(part) <= 4 * 153


def test_letters_outside_the_cheap_alphabet_count_more() -> None:
    assert SmsChannel.size("a" * 153) == 153
    assert SmsChannel.size("\N{EURO SIGN}") == 2
    assert SmsChannel.size("\N{CYRILLIC SMALL LETTER BE}" * 67) == 153


def test_the_answer_says_where_to_tell_what_became_of_it(pat: SmsPatient) -> None:
    pat.say("hello")
    assert pat.received[0]["StatusCallback"].endswith(f"/webhooks/{pat.name}/status")


def test_outside_whatsapps_window_the_template_asks_to_write_again(whatsapp: WhatsAppPatient, providers: Providers) -> None:
    providers.refuse[whatsapp.address] = [(400, CLOSED)]
    whatsapp.send(whatsapp.message("hello"))
    whatsapp.wait(lambda: bool(whatsapp.received))
    assert [body.get("ContentSid") for body in whatsapp.received] == [TEMPLATE]
    assert "Body" not in whatsapp.received[0]


def test_a_message_that_failed_later_is_followed_by_the_template(whatsapp: WhatsAppPatient, hooks: Hooks, server: Server) -> None:
    failed = {"MessageSid": "SM1", "MessageStatus": "undelivered", "ErrorCode": "63016", "To": whatsapp.address}
    assert hooks.twilio("whatsapp/status", failed, token="wrong-token").status_code == 401
    assert whatsapp.received == []
    assert hooks.twilio("whatsapp/status", failed, token=TWILIO_TOKEN).status_code == 200
    assert [body.get("ContentSid") for body in whatsapp.received] == [TEMPLATE]
    log = server.log.read_text()
    assert "code 63016" in log and whatsapp.number not in log


def test_a_delivered_message_needs_nothing(whatsapp: WhatsAppPatient, hooks: Hooks) -> None:
    fields = {"MessageSid": "SM1", "MessageStatus": "delivered", "To": whatsapp.address}
    assert hooks.twilio("whatsapp/status", fields).status_code == 200
    assert whatsapp.received == []


def test_a_tapped_quick_reply_is_read_as_its_words(whatsapp: WhatsAppPatient) -> None:
    whatsapp.say("I take Tecfidera and my face goes red and hot after each tablet")
    before = len(whatsapp.received)
    tapped = {**whatsapp.message("2"), "ButtonText": "Trouble breathing or wheezing", "ButtonPayload": "b2"}
    whatsapp.send(tapped)
    whatsapp.wait(lambda: len(whatsapp.received) > before)
    assert "Call 999" in whatsapp.received[before]["Body"]
