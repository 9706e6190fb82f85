"""SMS and WhatsApp through Twilio. Rasa's own connector does not check Twilio's signature and blocks while it sends.

Formats: https://www.twilio.com/docs/messaging/guides/webhook-request, https://www.twilio.com/docs/usage/security.
"""

from __future__ import annotations

import logging
import math
import time
from urllib.parse import parse_qsl

import aiohttp
from multidict import MultiDict
from pydantic import Field, SecretStr
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse
from twilio.request_validator import RequestValidator

from assistant.channels.guard import OnNewMessage
from assistant.channels.inbox import Answer, Incoming
from assistant.channels.messaging import PUBLIC_URL, ChannelSettings, WebhookChannel, checked
from assistant.channels.outbound import Api, ApiError

logger = logging.getLogger(__name__)

WINDOW_SECONDS = 24 * 60 * 60  # WhatsApp takes free words for a day after the person's last message
OUTSIDE_WINDOW = 63016  # Twilio's code for words that came too late
OPTED_OUT = "STOP"  # Twilio's mark (OptOutType) on a word after which it delivers nothing; its answer to HELP lacks our number
EMPTY = HTTPResponse("<Response/>", content_type="text/xml").body

# 3GPP TS 23.038: what a letter costs in an SMS. One letter outside both, and the whole message costs more than twice as much.
GSM = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_TWICE = set("^{}\\[~]|€\f")
IN_GSM = str.maketrans({
    "“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "…": "...", "×": "x", "°": "", "•": "-", "\N{NO-BREAK SPACE}": " ",
    "⁹": "^9", "¹": "^1", "²": "^2", "³": "^3", "\N{MICRO SIGN}": "u", "\N{GREEK SMALL LETTER MU}": "u", "≥": ">=", "≤": "<=",
})  # fmt: skip
SEGMENT_GSM, SEGMENT_UCS2 = 153, 67  # units of one segment of a longer message
MOST_SEGMENTS = 4  # of one message: its segments arrive in order, several messages may not


class TwilioSettings(ChannelSettings):
    """The account, and the address under which Twilio reaches this server: it is part of what Twilio signs."""

    account: str = Field(pattern=r"^AC\w{32}$", validation_alias="TWILIO_ACCOUNT_SID")
    token: SecretStr = Field(min_length=16, validation_alias="TWILIO_AUTH_TOKEN")
    public_url: str = PUBLIC_URL
    api_url: str = Field("https://api.twilio.com", validation_alias="TWILIO_API_URL")


class SmsSettings(TwilioSettings):
    """The number that sends."""

    sender: str = Field(pattern=r"^\+\d{5,15}$", validation_alias="TWILIO_SMS_FROM")


class WhatsAppSettings(TwilioSettings):
    """The number that sends, and the template that asks a person to write again when the day is over."""

    sender: str = Field(pattern=r"^\+\d{5,15}$", validation_alias="TWILIO_WHATSAPP_FROM")
    template: str | None = Field(None, pattern=r"^HX\w{32}$", validation_alias="TWILIO_WHATSAPP_TEMPLATE")


class TwilioChannel(WebhookChannel):
    """What both share. Twilio's signature has no time in it: a message that is sent once more is known by its id."""

    prefix = ""  # of a number in Twilio's form
    settings: SmsSettings | WhatsAppSettings

    def __init__(self, settings: SmsSettings | WhatsAppSettings) -> None:
        """Speak for the number that `settings` name."""
        self.settings, self._validator = settings, RequestValidator(settings.token.get_secret_value())
        self.api = Api(settings.api_url, aiohttp.BasicAuth(settings.account, settings.token.get_secret_value()))

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """Return the webhook, and a second one for what became of a message."""
        routes = super().blueprint(on_new_message)
        routes.add_route(checked(self.authentic, self.delivered), "/status", methods=["POST"], name="delivered")
        return routes

    async def probe(self) -> str:
        """Ask for the account's state."""
        account = await self.api.call("GET", f"/2010-04-01/Accounts/{self.settings.account}.json")
        return f"the account is {account.get('status')}; Twilio must call {self.settings.public_url}/webhooks/{self.name()}/webhook"

    def address_of(self, name: str) -> str:
        """Return a number in Twilio's form."""
        return f"{self.prefix}{name.removeprefix(self.prefix)}"

    def authentic(self, request: Request) -> bool:
        """Check Twilio's signature over the public address and all fields."""
        query = f"?{request.query_string}" if request.query_string else ""
        signature = request.headers.get("x-twilio-signature", "")
        fields: MultiDict[str] = MultiDict(_fields(request))
        return self._validator.validate(f"{self.settings.public_url}{request.path}{query}", fields, signature)

    async def receive(self, request: Request) -> HTTPResponse:
        """Take one message. The answer goes out on its own: this response stays empty."""
        fields = dict(_fields(request))
        sender = fields["From"]
        if fields.get("OptOutType") != OPTED_OUT and sender.startswith(f"{self.prefix}+"):
            words = fields.get("ButtonText") or fields.get("Body") or None
            await self.taken(Incoming(fields["MessageSid"], sender, words, sender))
        return HTTPResponse(EMPTY, content_type="text/xml")

    async def delivered(self, request: Request) -> HTTPResponse:
        """Hear what became of a message; log a failure by its code alone."""
        fields = dict(_fields(request))
        if fields.get("MessageStatus") in ("failed", "undelivered"):
            code = int(fields.get("ErrorCode") or 0)
            logger.error("A message over %s did not arrive: Twilio's code %d", self.name(), code)
            if code == OUTSIDE_WINDOW:
                await self._ask_to_write(fields["To"])
        return HTTPResponse(EMPTY, content_type="text/xml")

    async def deliver(self, incoming: Incoming, answer: Answer) -> None:
        """Send the parts, each with its place among them: they may arrive in any order."""
        many = len(answer.parts)
        for number, part in enumerate(answer.parts, 1):
            await self._send(incoming.address, {"Body": self.numbered(part, number, many)})

    def numbered(self, part: str, number: int, many: int) -> str:
        """Return the part with its place, when there is more than one."""
        return f"({number}/{many}) {part}" if many > 1 else part

    async def _ask_to_write(self, to: str) -> None:
        """Outside WhatsApp's window only an approved template may be sent."""

    async def _send(self, to: str, content: dict[str, str]) -> None:
        path = f"/2010-04-01/Accounts/{self.settings.account}/Messages.json"
        status = f"{self.settings.public_url}/webhooks/{self.name()}/status"
        fields = {"To": to, "From": f"{self.prefix}{self.settings.sender}", "StatusCallback": status, **content}
        await self.api.insist("POST", path, data=fields)


class SmsChannel(TwilioChannel):
    """Plain text messages. Letters are chosen so that a message costs few segments."""

    settings_type = SmsSettings
    limit = MOST_SEGMENTS * SEGMENT_GSM - 8  # room for "(1/9) "

    @classmethod
    def name(cls) -> str:
        """Return the channel's name."""
        return "sms"

    @staticmethod
    def size(part: str) -> int:
        """Return a part's length in GSM units; in the dearer alphabet a letter counts as many as it displaces."""
        part = in_gsm(part)
        if all(letter in GSM or letter in GSM_TWICE for letter in part):
            return sum(2 if letter in GSM_TWICE else 1 for letter in part)
        return math.ceil(len(part.encode("utf-16-le")) / 2 * SEGMENT_GSM / SEGMENT_UCS2)

    def numbered(self, part: str, number: int, many: int) -> str:
        """Return the part in cheap letters."""
        return super().numbered(in_gsm(part), number, many)


class WhatsAppChannel(TwilioChannel):
    """WhatsApp. Free words are taken for a day after the person's last message, then only a template."""

    settings_type = WhatsAppSettings
    settings: WhatsAppSettings
    prefix = "whatsapp:"
    limit = 1600 - 8  # Twilio's limit of a body, with room for "(1/9) "

    @classmethod
    def name(cls) -> str:
        """Return the channel's name."""
        return "whatsapp"

    async def deliver(self, incoming: Incoming, answer: Answer) -> None:
        """Send the answer; when the day is over, the template that asks the person to write again."""
        if time.time() - incoming.at >= WINDOW_SECONDS:
            return await self._ask_to_write(incoming.address)
        try:
            await super().deliver(incoming, answer)
        except ApiError as error:
            if error.code != OUTSIDE_WINDOW:
                raise
            await self._ask_to_write(incoming.address)

    async def _ask_to_write(self, to: str) -> None:
        if self.settings.template is None:
            logger.error("WhatsApp's day was over and TWILIO_WHATSAPP_TEMPLATE is not set: the person was not told")
            return
        await self._send(to, {"ContentSid": self.settings.template})


def in_gsm(part: str) -> str:
    """Return the text with typographic letters replaced by those of the cheap alphabet."""
    return part.translate(IN_GSM)


def _fields(request: Request) -> list[tuple[str, str]]:
    """All fields, empty ones too: Twilio signs them. Raises ValueError for a body that is no form."""
    return parse_qsl(request.body.decode(), keep_blank_values=True, strict_parsing=bool(request.body))
