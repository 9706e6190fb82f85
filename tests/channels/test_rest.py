"""The REST channel through a real Sanic app: who may call, what is taken, what comes back."""

from typing import Any

import httpx
import pytest
from loops import in_its_own_loop
from rasa.core.channels.channel import UserMessage, register
from sanic import Sanic

from assistant.channels.rest import RestChannel
from assistant.settings import Settings

HOOK = "/webhooks/rest/webhook"
TOKEN = "a token of enough letters"


class Echo:
    """Stands in for Rasa's agent and keeps what it was given."""

    def __init__(self) -> None:
        self.heard: list[UserMessage] = []

    async def handle_message(self, message: UserMessage) -> None:
        self.heard.append(message)
        reply = {"text": f"{message.text}\n\nmore", "buttons": [{"title": "Yes"}], "custom": {"type": "x"}}
        await message.output_channel.send_response(message.sender_id, reply)


def call(
    monkeypatch: pytest.MonkeyPatch, body: Any, peer: str = "127.0.0.1", url: str = HOOK,
    headers: dict[str, str] | None = None, **settings: str,
) -> tuple[httpx.Response, Echo]:  # fmt: skip
    for name in ("ASSISTANT_ENV", "ASSISTANT_API_TOKEN", "ASSISTANT_SECRET"):
        monkeypatch.delenv(name, raising=False)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    Sanic._app_registry.clear()
    app = Sanic("rest_test", configure_logging=False)
    echo = Echo()
    app.ctx.agent = echo
    register([RestChannel(Settings())], app, "/webhooks/")
    app.asgi = True

    async def post() -> httpx.Response:
        app.signalize(allow_fail_builtin=False)
        app.finalize()
        transport = httpx.ASGITransport(app=app, client=(peer, 50000))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost:5005") as client:
            if isinstance(body, bytes):
                return await client.post(url, content=body, headers=headers)
            return await client.post(url, json=body, headers=headers)

    return in_its_own_loop(post()), echo


GOOD = {"sender": "nurse-1", "message": "hello"}


def test_one_response_is_one_message_with_text_buttons_and_card(monkeypatch) -> None:
    response, _ = call(monkeypatch, GOOD)
    assert response.status_code == 200
    buttons = [{"title": "Yes", "payload": "Yes"}]
    assert response.json() == [
        {"recipient_id": "nurse-1", "text": "hello\n\nmore", "buttons": buttons, "custom": {"type": "x"}}
    ]


def test_commands_metadata_and_channel_names_are_not_taken(monkeypatch) -> None:
    body = {"sender": "s", "message": "/restart", "metadata": {"role": "nurse"}, "input_channel": "web", "stream": True}
    response, echo = call(monkeypatch, body, url=HOOK + "?stream=true")
    assert response.status_code == 200
    heard = echo.heard[0]
    assert (heard.text, heard.metadata, heard.input_channel) == ("restart", None, "rest")


@pytest.mark.parametrize("text", ["", "   ", "///", "😀"])
def test_odd_texts_get_an_answer(monkeypatch, text: str) -> None:
    response, echo = call(monkeypatch, {"sender": "s", "message": text})
    assert response.status_code == 200
    assert response.json()[0]["text"]
    assert echo.heard[0].text


def test_a_long_report_is_read_and_a_longer_one_is_refused_in_words(monkeypatch) -> None:
    response, echo = call(monkeypatch, {"sender": "s", "message": "x" * 8000})
    assert len(echo.heard[0].text or "") == 8000
    response, echo = call(monkeypatch, {"sender": "s", "message": "x" * 9000})
    assert response.status_code == 200
    assert "999, 112 or 911" in response.json()[0]["text"]
    assert not echo.heard


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (b"{", "JSON"),
        (b"[]", "JSON object"),
        (b"", "JSON"),
        ({"message": "hi"}, "sender"),
        ({"sender": "", "message": "hi"}, "sender"),
        ({"sender": "x" * 256, "message": "hi"}, "sender"),
        ({"sender": 7, "message": "hi"}, "sender"),
        ({"sender": "a\nb", "message": "hi"}, "sender"),
        ({"sender": "s"}, "must be a text"),
        ({"sender": "s", "message": None}, "must be a text"),
        ({"sender": "s", "message": {"text": "hi"}}, "must be a text"),
    ],
)
def test_a_wrong_request_is_told_what_is_wrong(monkeypatch, body: Any, word: str) -> None:
    response, echo = call(monkeypatch, body)
    assert response.status_code == 400
    assert word in response.json()["error"]
    assert not echo.heard


def test_without_a_token_only_this_machine_may_call(monkeypatch) -> None:
    assert call(monkeypatch, GOOD, peer="192.0.2.7")[0].status_code == 401
    assert call(monkeypatch, GOOD, headers={"X-Forwarded-For": "192.0.2.7"})[0].status_code == 401
    assert call(monkeypatch, GOOD, headers={"Origin": "https://evil.example"})[0].status_code == 401
    assert call(monkeypatch, GOOD, headers={"Host": "evil.example:5005"})[0].status_code == 401


def test_with_a_token_it_is_needed_from_everywhere(monkeypatch) -> None:
    here = {"ASSISTANT_API_TOKEN": TOKEN}
    assert call(monkeypatch, GOOD, **here)[0].status_code == 401
    assert call(monkeypatch, GOOD, headers={"Authorization": "Bearer wrong"}, **here)[0].status_code == 401
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    assert call(monkeypatch, GOOD, peer="192.0.2.7", headers=bearer, **here)[0].status_code == 200
    assert call(monkeypatch, GOOD, peer="192.0.2.7", url=f"{HOOK}?token={TOKEN}", **here)[0].status_code == 200


def test_in_production_it_is_off_without_a_token(monkeypatch) -> None:
    production = {"ASSISTANT_ENV": "production", "ASSISTANT_SECRET": "s" * 40}
    assert call(monkeypatch, GOOD, **production)[0].status_code == 401
