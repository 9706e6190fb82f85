"""What the start refuses, and what an operator reads then."""

from pathlib import Path

import pytest
import yaml
from rasa.core.channels import BUILTIN_CHANNELS
from standins import Providers

from assistant.channels.switchboard import CHANNELS, REFUSED, REFUSED_IN_PRODUCTION, Refusal, channel_class, credentials
from assistant.settings import Settings

FILE = Path(__file__).parents[2] / "credentials.yml"
PRODUCTION = {"ASSISTANT_ENV": "production", "ASSISTANT_SECRET": "s" * 40}
VARIABLES = {
    str(field.validation_alias)
    for kind in (Settings, *(channel_class(name).settings_type for name in CHANNELS))
    for field in kind.model_fields.values()
}


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


def start(monkeypatch: pytest.MonkeyPatch, file: Path = FILE, **variables: str) -> dict:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return credentials(Settings(), file)


def listed(folder: Path, name: str) -> Path:
    file = folder / "credentials.yml"
    file.write_text(f"assistant.channels.web.WebChannel: {{}}\n{name}:\n")
    return file


def test_the_projects_own_file_starts_in_production(monkeypatch: pytest.MonkeyPatch) -> None:
    assert set(start(monkeypatch, **PRODUCTION)) == set(yaml.safe_load(FILE.read_text()))


@pytest.mark.parametrize("name", ["facebook", "mattermost", "rocketchat", "hangouts", "socketio", "callback", "telegram", "twilio"])
def test_channels_of_rasa_that_are_not_safe_are_refused_with_the_reason(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    with pytest.raises(Refusal, match=f"channel {name} in credentials.yml is refused: [a-z].*"):
        start(monkeypatch, listed(tmp_path, name))


def test_every_channel_of_rasa_is_judged() -> None:
    assert set(BUILTIN_CHANNELS) <= set(REFUSED) | set(REFUSED_IN_PRODUCTION)


@pytest.mark.parametrize("name", ["rest", "cmdline", "their_own.module.Channel"])
def test_an_open_or_unknown_channel_is_refused_in_production(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str) -> None:
    assert name in start(monkeypatch, listed(tmp_path, name))
    with pytest.raises(Refusal, match=f"{name} in credentials.yml is refused"):
        start(monkeypatch, listed(tmp_path, name), **PRODUCTION)


def test_a_channel_that_is_switched_on_needs_its_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Refusal, match="telegram is not ready: TELEGRAM_BOT_TOKEN is missing"):
        start(monkeypatch, ASSISTANT_CHANNELS="telegram")


@pytest.mark.parametrize("name", ["facebook", "smoke_signals"])
def test_only_known_channels_can_be_switched_on(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    with pytest.raises(Refusal, match=f"{name} in ASSISTANT_CHANNELS is refused"):
        start(monkeypatch, ASSISTANT_CHANNELS=name)


def test_a_wrong_secret_is_named_and_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Refusal) as refusal:
        start(monkeypatch, **{**Providers(port=1).settings(1), "TELEGRAM_WEBHOOK_SECRET": "CANARY!"})
    assert "TELEGRAM_WEBHOOK_SECRET is not valid" in str(refusal.value)
    assert "CANARY" not in str(refusal.value)


def test_all_channels_can_be_on_and_the_file_holds_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    channels = start(monkeypatch, **Providers(port=1).settings(1))
    assert set(channels) >= {"assistant.channels.telegram.TelegramChannel", "assistant.channels.twilio.SmsChannel"}
    assert not any(channels.values())


def test_in_production_the_public_address_is_encrypted(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Providers(port=1).settings(1)
    with pytest.raises(Refusal, match="ASSISTANT_PUBLIC_URL must begin with https://"):
        start(monkeypatch, **PRODUCTION, **{**settings, "ASSISTANT_PUBLIC_URL": "http://clinic.example"})
    assert start(monkeypatch, **PRODUCTION, **{**settings, "ASSISTANT_PUBLIC_URL": "https://clinic.example"})
