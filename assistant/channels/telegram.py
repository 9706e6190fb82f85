"""Telegram, over the Bot API (https://core.telegram.org/bots/api). Rasa's own connector fails at every update and trusts any sender."""

from __future__ import annotations

import hmac
import logging
import re
from typing import Annotated, Any

import aiohttp
from pydantic import Field, Secret, SecretStr
from sanic.request import Request
from sanic.response import HTTPResponse, text

from assistant.channels.guard import say
from assistant.channels.inbox import Answer, Incoming
from assistant.channels.messaging import PUBLIC_URL, ChannelSettings, WebhookChannel
from assistant.channels.outbound import Api, ApiError, reason

logger = logging.getLogger(__name__)

# What each command stands for, in words that can be typed as well.
COMMANDS = {
    "start": ("hello", "Begin"),
    "summary": ("summary", "A note for my MS team"),
    "more": ("tell me more", "More about the advice"),
    "understood": ("what did you understand?", "What I have told you"),
    "restart": ("start again", "Begin anew"),
    "help": ("help", "What you can ask"),
}
NOT_WORDS = ("photo", "voice", "video", "video_note", "audio", "document", "sticker", "animation", "location", "contact", "poll")


class TelegramSettings(ChannelSettings):
    """Where the bot is, and the secret that Telegram shows with each update."""

    token: SecretStr = Field(validation_alias="TELEGRAM_BOT_TOKEN")
    secret: Secret[Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{16,256}$")]] = Field(validation_alias="TELEGRAM_WEBHOOK_SECRET")
    public_url: str = PUBLIC_URL
    api_url: str = Field("https://api.telegram.org", validation_alias="TELEGRAM_API_URL")


class TelegramChannel(WebhookChannel):
    """One person's chat with the bot is one conversation. Options are buttons that send their own words."""

    settings_type = TelegramSettings
    limit = 4096  # UTF-16 units of one message

    def __init__(self, settings: TelegramSettings) -> None:
        """Speak to the bot that `settings` name."""
        self.settings = settings
        self.api = Api(f"{settings.api_url.rstrip('/')}/bot{settings.token.get_secret_value()}")

    @classmethod
    def name(cls) -> str:
        """Return the channel's name."""
        return "telegram"

    @staticmethod
    def size(part: str) -> int:
        """Return the UTF-16 units of a part."""
        return len(part.encode("utf-16-le")) // 2

    async def open(self) -> None:
        """Tell Telegram, in the background, where to deliver and what the commands are."""
        await self.connect()
        self.begin(self._register())

    async def probe(self) -> str:
        """Ask for the bot's name and for what Telegram has still to deliver."""
        bot = (await self.api.call("POST", "/getMe"))["result"]
        waits = (await self.api.call("POST", "/getWebhookInfo"))["result"]
        set_here = waits.get("url", "").startswith(self.settings.public_url)
        place = "delivers to this server" if set_here else "delivers to this server after the next start"
        return f"the bot is @{bot.get('username')}, Telegram {place}, {waits.get('pending_update_count', 0)} waiting"

    async def _register(self) -> None:
        webhook = {
            "url": f"{self.settings.public_url}/webhooks/telegram/webhook", "secret_token": self.settings.secret.get_secret_value(),
            "allowed_updates": ["message", "edited_message"],
        }  # fmt: skip
        commands = [{"command": name, "description": words} for name, (_, words) in COMMANDS.items()]
        try:
            await self.api.insist("POST", "/setWebhook", json=webhook)
            await self.api.insist("POST", "/setMyCommands", json={"commands": commands})
        except (ApiError, aiohttp.ClientError, TimeoutError) as error:
            logger.error("Telegram does not deliver to this server: %s", reason(error))

    def authentic(self, request: Request) -> bool:
        """Compare the secret that was given to setWebhook."""
        shown = request.headers.get("x-telegram-bot-api-secret-token", "")
        return hmac.compare_digest(shown.encode(), self.settings.secret.get_secret_value().encode())

    async def receive(self, request: Request) -> HTTPResponse:
        """Take one update. An update of another kind is acknowledged: Telegram would deliver it for ever."""
        update = request.json
        message = update.get("message") or update.get("edited_message")
        if message and not message.get("from", {}).get("is_bot"):
            if message["chat"]["type"] == "private":
                await self._talk(message)
            else:
                await self._decline(message["chat"]["id"])
        return text("ok")

    async def _talk(self, message: dict[str, Any]) -> None:
        words = message.get("text") or message.get("caption")
        if words is None and not any(kind in message for kind in NOT_WORDS):
            return  # a notice of Telegram's own, such as a pinned message
        chat = str(message["chat"]["id"])
        unique = f"{message['message_id']} {message.get('edit_date', '')}"
        await self.taken(Incoming(unique, chat, _as_words(words), chat))

    async def _decline(self, group: int) -> None:
        """A group is no place for health matters: say so and leave it."""
        try:
            await self.api.call("POST", "/sendMessage", json={"chat_id": group, "text": say("one_person")})
            await self.api.call("POST", "/leaveChat", json={"chat_id": group})
        except (ApiError, aiohttp.ClientError, TimeoutError) as error:
            logger.warning("A group could not be left: %s", reason(error))

    async def deliver(self, incoming: Incoming, answer: Answer) -> None:
        """Send the parts; the last one brings the options as a keyboard, or takes an old one away."""
        keyboard: dict[str, Any] = {"remove_keyboard": True}
        if answer.options:
            rows = [[{"text": option}] for option in answer.options]
            keyboard = {"keyboard": rows, "one_time_keyboard": True, "resize_keyboard": True}
        for number, part in enumerate(answer.parts, 1):
            body = {"chat_id": incoming.address, "text": part, "link_preview_options": {"is_disabled": True}}
            extra = {"reply_markup": keyboard} if number == len(answer.parts) else {}
            await self.api.insist("POST", "/sendMessage", json={**body, **extra})


def _as_words(words: str | None) -> str | None:
    """Replace a command by what it stands for; one that nobody knows is read as its words."""
    command = re.match(r"/(\w+)", words or "")
    name = command[1].lower() if command else ""
    return COMMANDS[name][0] if name in COMMANDS else words
