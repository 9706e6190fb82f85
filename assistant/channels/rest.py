"""The REST channel for integrators and tests: POST /webhooks/rest/webhook with `sender` and `message`."""

from __future__ import annotations

from typing import Any

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse, json

from assistant.access import may_call
from assistant.channels.guard import MAX_SENDER, OnNewMessage, Refused, TooLong, answer, clean, from_own_page
from assistant.settings import Settings, get_settings


class RestChannel(InputChannel):
    """Rasa's REST contract, guarded: who may call, what is taken from the caller, and never an empty answer."""

    def __init__(self, settings: Settings) -> None:
        """Ask `settings` who may call."""
        self.settings = settings

    @classmethod
    def name(cls) -> str:
        """Return the channel's name, which is also the path under /webhooks/."""
        return "rest"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> RestChannel:
        """Create the channel from the assistant's settings; it takes nothing from credentials.yml."""
        return cls(get_settings())

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """Return the two routes: a health check and the webhook."""
        routes = Blueprint("rest_channel")

        @routes.get("/")
        async def health(_: Request) -> HTTPResponse:
            return json({"status": "ok"})

        @routes.post("/webhook")
        async def receive(request: Request) -> HTTPResponse:
            if not (may_call(request, self.settings) and from_own_page(request)):
                return json({"error": "not allowed"}, status=401, headers={"WWW-Authenticate": "Bearer"})
            try:
                sender, message = _read(request)
                messages = await answer(on_new_message, clean(message), sender, self.name())
            except TooLong as error:
                messages = [{"text": str(error)}]  # an answer like any other: clients show these to the person
            except Refused as error:
                return json({"error": str(error)}, status=400)
            return json([{"recipient_id": sender, **message} for message in messages])

        return routes


def _read(request: Request) -> tuple[str, object]:
    """Return sender and message. Only these two are read: metadata and channel name are not the caller's to choose."""
    try:
        body = request.json
    except SanicException as error:
        raise Refused("The body must be JSON.") from error
    if not isinstance(body, dict):
        raise Refused('The body must be a JSON object with "sender" and "message".')
    sender = body.get("sender")
    if not isinstance(sender, str) or not 0 < len(sender) <= MAX_SENDER or not sender.isprintable():
        raise Refused(f'"sender" must be a text of 1 to {MAX_SENDER} characters.')
    return sender, body.get("message")
