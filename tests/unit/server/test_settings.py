"""Settings, and who may call what with them."""
from types import SimpleNamespace

import pytest
from pydantic import ValidationError
from sanic.compat import Header

from assistant.access import may_call
from assistant.settings import Settings

TOKEN = "a-token-of-good-length"
SECRET = "a-secret-of-a-good-length-0123456789"


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for field in Settings.model_fields.values():
        monkeypatch.delenv(str(field.validation_alias), raising=False)


def settings(monkeypatch: pytest.MonkeyPatch, **variables: str) -> Settings:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return Settings()


def request(ip: str = "127.0.0.1", token: str = "", **headers: str) -> SimpleNamespace:
    named = {name.replace("_", "-"): value for name, value in {"host": "localhost:5005", **headers}.items()}
    return SimpleNamespace(ip=ip, headers=Header(named), args={"token": token} if token else {})


def test_development_is_the_default_and_stays_on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    default = settings(monkeypatch)
    assert (default.environment, default.host, default.port) == ("development", "127.0.0.1", 5005)
    assert default.session_key != Settings().session_key, "a new key at each start"


@pytest.mark.parametrize(
    "variables",
    [
        {"ASSISTANT_ENV": "prod"},
        {"ASSISTANT_ENV": "production"},
        {"ASSISTANT_ENV": "production", "ASSISTANT_SECRET": "short"},
        {"ASSISTANT_API_TOKEN": ""},
        {"ASSISTANT_API_TOKEN": "guess"},
        {"ASSISTANT_PORT": "0"},
    ],
)
def test_unsafe_settings_are_refused(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        settings(monkeypatch, **variables)


def test_secrets_are_not_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    printed = repr(settings(monkeypatch, ASSISTANT_SECRET=SECRET, ASSISTANT_API_TOKEN=TOKEN))
    assert SECRET not in printed and TOKEN not in printed


@pytest.mark.parametrize(
    "caller",
    [request(), request("::1", host="[::1]:5005"), request(host="127.0.0.1:5005")],
)
def test_without_token_this_machine_may_call_in_development(monkeypatch: pytest.MonkeyPatch, caller: object) -> None:
    assert may_call(caller, settings(monkeypatch))


@pytest.mark.parametrize(
    "caller",
    [
        request("192.0.2.7"),
        request(host="evil.example:5005"),
        request(x_forwarded_for="192.0.2.7"),
        request(forwarded="for=192.0.2.7"),
    ],
)
def test_without_token_nobody_else_may(monkeypatch: pytest.MonkeyPatch, caller: object) -> None:
    assert not may_call(caller, settings(monkeypatch))


def test_in_production_without_token_nobody_may_call(monkeypatch: pytest.MonkeyPatch) -> None:
    production = settings(monkeypatch, ASSISTANT_ENV="production", ASSISTANT_SECRET=SECRET)
    assert not production.api_is_on
    assert not may_call(request(), production)


@pytest.mark.parametrize("environment", ["development", "production"])
def test_with_a_token_only_who_shows_it_may_call(monkeypatch: pytest.MonkeyPatch, environment: str) -> None:
    guarded = settings(
        monkeypatch, ASSISTANT_ENV=environment, ASSISTANT_SECRET=SECRET, ASSISTANT_API_TOKEN=TOKEN
    )
    assert may_call(request("192.0.2.7", authorization=f"Bearer {TOKEN}"), guarded)
    assert may_call(request("192.0.2.7", token=TOKEN), guarded)
    wrong = [request(), request(token="x"), request(authorization=f"Basic {TOKEN}"), request(authorization="Bearer é")]
    assert not any(may_call(caller, guarded) for caller in wrong)
