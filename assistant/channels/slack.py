"""Slack: Rasa's own connector with its signature check, under this project's inbox and texts."""

from __future__ import annotations

import html
import logging
from typing import Annotated, Any

from pydantic import Field, Secret, SecretStr
from rasa.core.channels.channel import InputChannel
from rasa.core.channels.slack import SlackInput
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse
from slack_sdk.errors import SlackClientError
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
    AsyncServerErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient

from assistant.channels.guard import OnNewMessage, say
from assistant.channels.inbox import Answer, Incoming
from assistant.channels.messaging import NONSENSE, ChannelSettings, Messaging, not_understood, too_large
from assistant.channels.outbound import ApiError

logger = logging.getLogger(__name__)

TRIES = 4
MOST_IN_A_BUTTON = 75  # characters
OWN_KINDS = (None, "file_share")  # of message events: a person's own words or files


class SlackSettings(ChannelSettings):
    """The app's token, and the secret it signs with."""

    token: Secret[Annotated[str, Field(pattern=r"^xoxb-")]] = Field(validation_alias="SLACK_BOT_TOKEN")
    signing_secret: SecretStr = Field(min_length=16, validation_alias="SLACK_SIGNING_SECRET")
    api_url: str = Field("https://slack.com/api", validation_alias="SLACK_API_URL")


class SlackChannel(Messaging, SlackInput):
    """Direct messages only: what is written in a channel, others read."""

    settings_type = SlackSettings
    limit = 2900  # characters of a section are 3,000

    def __init__(self, settings: SlackSettings) -> None:
        """Speak as the app that `settings` name."""
        token = settings.token.get_secret_value()
        super().__init__(token, slack_signing_secret=settings.signing_secret.get_secret_value())
        self.client = AsyncWebClient(token, base_url=f"{settings.api_url.rstrip('/')}/", trust_env_in_session=True)
        handlers = (AsyncRateLimitErrorRetryHandler, AsyncServerErrorRetryHandler, AsyncConnectionErrorRetryHandler)
        self.client.retry_handlers = [handler(max_retry_count=TRIES) for handler in handlers]

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> InputChannel:
        """Create the channel from the environment; it takes nothing from credentials.yml, where no secret belongs."""
        return cls(SlackSettings())  # type: ignore[call-arg]

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """Return Rasa's webhook, with answers of this project to what is too large or makes no sense."""
        webhook = super().blueprint(on_new_message)
        webhook.on_request(too_large)
        webhook.exception(*NONSENSE)(not_understood)
        return self.routes("slack", on_new_message, webhook)

    async def probe(self) -> str:
        """Ask whose token it is."""
        answer = await self.client.auth_test()
        return f"the app is {answer.get('user')} in {answer.get('team')}"

    @staticmethod
    def _is_user_message(slack_event: dict[str, Any]) -> bool:
        """Take files without words too: their sender must not be left without an answer."""
        event = slack_event.get("event") or {}
        says = event.get("text") or event.get("files")
        own = event.get("subtype") in OWN_KINDS and not event.get("bot_id") and event.get("user")
        return bool(event.get("type") in ("message", "app_mention") and says and own)

    def _is_supported_channel(self, slack_event: dict[str, Any], metadata: dict[str, Any]) -> bool:
        return self._is_direct_message(slack_event) or self._is_app_mention(slack_event)

    async def process_message(
        self, request: Request, on_new_message: OnNewMessage, text: str, sender_id: str | None, metadata: dict[str, Any] | None
    ) -> Any:
        """Answer a message once, however often Slack delivers it."""
        event = request.json if request.content_type == "application/json" else None
        if event and self._is_app_mention(event):
            await self._decline(str(sender_id))
        else:
            address = (metadata or {}).get("out_channel") or str(sender_id)
            await self.taken(Incoming(_id_of(request, event), str(sender_id), html.unescape(text) or None, address))
        return HTTPResponse("", 200)

    async def _decline(self, person: str) -> None:
        """A channel is no place for health matters: write to the person directly."""
        try:
            await self.client.chat_postMessage(channel=person, text=say("one_person"))
        except (SlackClientError, OSError, TimeoutError) as error:
            logger.warning("A person could not be written to: %s", type(error).__name__)

    async def deliver(self, incoming: Incoming, answer: Answer) -> None:
        """Send the parts; the last one has the options as buttons too."""
        for number, part in enumerate(answer.parts, 1):
            words = html.escape(part, quote=False)
            blocks: list[dict[str, Any]] = [{"type": "section", "text": {"type": "plain_text", "text": part, "emoji": False}}]
            if answer.options and number == len(answer.parts):
                blocks.append({"type": "actions", "elements": [_button(option) for option in answer.options]})
            try:
                await self.client.chat_postMessage(channel=incoming.address, text=words, blocks=blocks)
            except SlackClientError as error:
                response = getattr(error, "response", None) or {}
                raise ApiError(400, {"code": response.get("error") if hasattr(response, "get") else None}, {}) from None


def _button(option: str) -> dict[str, Any]:
    title = option if len(option) <= MOST_IN_A_BUTTON else f"{option[: MOST_IN_A_BUTTON - 1]}…"
    return {"type": "button", "text": {"type": "plain_text", "text": title}, "value": option}


def _id_of(request: Request, event: dict[str, Any] | None) -> str:
    """Slack's id of an event; of a tapped button, its moment."""
    if event:
        return str(event["event_id"])
    return str((request.form or {})["payload"][0])

