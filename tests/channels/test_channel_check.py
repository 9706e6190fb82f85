"""What `make channel-check` tells an operator."""

import pytest
from loops import in_a_thread
from standins import ACCOUNT, SLACK_SECRET, TELEGRAM_SECRET, TELEGRAM_TOKEN, TWILIO_TOKEN, Providers
from test_switchboard import VARIABLES

from assistant.channels.check import TEST, check


@pytest.fixture(scope="module")
def providers() -> Providers:
    started = Providers()
    started.start()
    return started


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


def told(monkeypatch: pytest.MonkeyPatch, to: str = "", **variables: str) -> tuple[bool, str]:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    lines: list[str] = []
    return in_a_thread(check, to, lines.append), "\n".join(lines)


def test_without_settings_all_is_well_and_off(monkeypatch: pytest.MonkeyPatch) -> None:
    fine, text = told(monkeypatch)
    assert fine
    for line in ("page: on", "rest: open to this machine only", "telegram: off", "sms: off", "matrix: off"):
        assert line in text


def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    fine, text = told(monkeypatch, ASSISTANT_CHANNELS="sms,facebook", TWILIO_ACCOUNT_SID=ACCOUNT)
    assert not fine
    assert "sms: on, but it would not start:" in text and "TWILIO_AUTH_TOKEN is missing." in text
    assert "TWILIO_ACCOUNT_SID" not in text
    assert "facebook: refused:" in text


def test_each_provider_is_asked_and_no_secret_is_shown(monkeypatch: pytest.MonkeyPatch, providers: Providers) -> None:
    fine, text = told(monkeypatch, **providers.settings(5005))
    assert fine, text
    assert "the bot is @stand_in_bot" in text and "the account is active" in text and "the app is assistant in stand-in" in text
    assert not any(secret in text for secret in (TELEGRAM_TOKEN, TELEGRAM_SECRET, TWILIO_TOKEN, SLACK_SECRET))


def test_a_wrong_token_is_found(monkeypatch: pytest.MonkeyPatch, providers: Providers) -> None:
    wrong = {"TELEGRAM_BOT_TOKEN": "1:wrong", "SLACK_BOT_TOKEN": "xoxb-wrong"}
    fine, text = told(monkeypatch, **{**providers.settings(5005), **wrong})
    assert not fine
    assert "telegram: on; NOT working: HTTP 401" in text and "slack: on; NOT working: invalid_auth" in text


@pytest.mark.parametrize(
    ("to", "address"),
    [
        ("telegram=77", "77"),
        ("sms=+447900000077", "+447900000077"),
        ("whatsapp=+447900000078", "whatsapp:+447900000078"),
        ("slack=U77", "U77"),
    ],
)
def test_a_test_message_arrives(monkeypatch: pytest.MonkeyPatch, providers: Providers, to: str, address: str) -> None:
    fine, text = told(monkeypatch, to, **providers.settings(5005))
    assert fine and "test message sent" in text
    assert TEST in str(providers.to(address)[-1])


@pytest.mark.parametrize("to", ["pigeon=5", "sms", "sms="])
def test_an_address_that_makes_no_sense_is_told(monkeypatch: pytest.MonkeyPatch, providers: Providers, to: str) -> None:
    fine, text = told(monkeypatch, to, **providers.settings(5005))
    assert not fine and "write it as channel=address" in text
