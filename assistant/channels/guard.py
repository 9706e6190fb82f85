"""What every channel does with a message before the assistant reads it, and with an answer before a person reads it."""

from __future__ import annotations

import asyncio
import logging
import re
import time
import unicodedata
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from rasa.core.channels.channel import OutputChannel, UserMessage
from sanic.request import Request

from knowledge.clinic import load_clinic
from knowledge.wording import Words, strings_as_written

logger = logging.getLogger(__name__)

MAX_TEXT = 8_000  # characters of one message: a pasted laboratory report fits
MAX_SENDER = 255  # characters: the width of the tracker store's column
ANSWER_SECONDS = 12.0  # the page waits 15 for the acknowledgement

EMPTY_TEXT = "?"  # stands for a message without any letter, so that it gets an answer like any other unclear one
# The sentences of the content take their place as soon as it can be read: see `say`.
_PLAIN = {
    "safe": "Something went wrong on my side. I cannot check this now. "
    "If you feel very ill, call your emergency number: 999, 112 or 911. Otherwise call your MS team today.",
    "too_long": "Your message is too long for me. I have read none of it. "
    f"Please send at most {MAX_TEXT:,} characters. "
    "If it is an emergency, call your emergency number: 999, 112 or 911.",
    "too_fast": "You send messages faster than I can read. I have not read the last one. Please wait half a minute. "
    "If it is an emergency, call your emergency number: 999, 112 or 911.",
}

# Rasa runs a text with a leading slash as a command. Look-alikes are included: a later step may fold them to a slash.
_SLASHES = "/\N{FULLWIDTH SOLIDUS}\N{FRACTION SLASH}\N{DIVISION SLASH}\N{BIG SOLIDUS}"
_NOT_STORABLE = re.compile("[\x00\ud800-\udfff]")

OnNewMessage = Callable[[UserMessage], Awaitable[Any]]
Message = dict[str, Any]


class Refused(ValueError):
    """A message that is not taken. The text says why and is fit for the person who sent it."""


class TooFast(Refused):
    """More messages than one person can type."""

    def __init__(self) -> None:
        """Say so in words, with the emergency number."""
        super().__init__(say("too_fast"))


class TooLong(Refused):
    """A text of more than MAX_TEXT characters."""

    def __init__(self) -> None:
        """Say so in words, with the emergency number."""
        super().__init__(say("too_long"))


def say(key: str) -> str:
    """Return one of the channels' own sentences with the clinic's numbers; it never fails, whatever else has."""
    try:
        clinic = load_clinic()
        strings = {**_PLAIN, **strings_as_written()}
        return Words(strings, clinic, datetime.now(ZoneInfo(clinic.time_zone))).say(key)
    except Exception as error:  # a broken content file or clinic.yml must not take the emergency number away
        logger.error("The content's sentence could not be used: %s", type(error).__name__)
        return _PLAIN.get(key, _PLAIN["safe"])


def clean(text: object) -> str:
    """Return `text` as plain words for the assistant: at most MAX_TEXT characters, never a command, never empty.

    Raises Refused when it is not a text, TooLong when it has more. Nothing is cut: half a message could mean the
    opposite of the whole.
    """
    if not isinstance(text, str):
        raise Refused("The message must be a text.")
    if len(text) > MAX_TEXT:
        raise TooLong
    # NFC and not NFKC: NFKC would turn 10⁹ into 109 and ½ into 1⁄2, which are other laboratory values.
    words = unicodedata.normalize("NFC", _NOT_STORABLE.sub("", text))
    start = next((i for i, letter in enumerate(words) if not _leads_to_a_command(letter)), len(words))
    return words[start:].rstrip() or EMPTY_TEXT


def _leads_to_a_command(letter: str) -> bool:
    """Slashes, and the spaces and invisible characters that could hide one."""
    return letter in _SLASHES or letter.isspace() or unicodedata.category(letter) in {"Cc", "Cf"}


class Collected(OutputChannel):
    """Collects what the assistant says in one turn: one dict per response, with `text`, `buttons` and `custom`."""

    def __init__(self) -> None:
        """Start with nothing said."""
        self.messages: list[Message] = []

    @classmethod
    def name(cls) -> str:
        """Return the name Rasa selects channel-specific responses by."""
        return "collector"

    async def send_response(self, recipient_id: str, message: Message) -> None:
        """Keep one response whole; Rasa's own collector splits it at blank lines and parts a card from its text."""
        said = speakable(message)
        if said:
            self.messages.append(said)


def speakable(message: Message) -> Message:
    """Return the parts of a bot message that are shown: `text`, `buttons` (title and payload), `custom`."""
    said: Message = {}
    if text := str(message.get("text") or "").strip():
        said["text"] = text
    if buttons := [_button(button) for button in message.get("buttons") or [] if button.get("title")]:
        said["buttons"] = buttons
    if custom := message.get("custom"):
        said["custom"] = custom
    return said


def _button(button: Message) -> Message:
    """A button sends words that a person could type as well, never a command."""
    title = str(button["title"])
    payload = str(button.get("payload") or title)
    return {"title": title, "payload": title if payload.startswith("/") else payload}


async def answer(
    on_new_message: OnNewMessage, text: str, sender: str, channel: str, message_id: str | None = None
) -> list[Message]:
    """Let the assistant answer `text` (from `clean`) and return what it said; never an empty list.

    When it says nothing, fails or takes longer than ANSWER_SECONDS, the safe sentence with the emergency numbers
    stands in, after anything that had been said before the failure.
    """
    output = Collected()
    message = UserMessage(text, output, sender, input_channel=channel, message_id=message_id)
    failed = False
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            await on_new_message(message)
    except Exception as error:  # whatever it was, the person must not be left without an answer
        logger.error("A turn failed: %s", type(error).__name__)  # the name only: the rest may hold patient text
        failed = True
    if failed or not output.messages:
        output.messages.append({"text": say("safe")})
    return output.messages


def from_own_page(request: Request) -> bool:
    """Tell whether a request can come from our own page; other sites' pages may not act for a person.

    Clients that aren't browsers send neither header.
    """
    origin = request.headers.get("origin")
    site = request.headers.get("sec-fetch-site", "same-origin")
    return site in {"same-origin", "none"} and (origin is None or urlsplit(origin).netloc == request.host)


def peer(request: Request) -> str:
    """Return the address a request came from; behind a proxy, the one Sanic was told to trust."""
    return request.remote_addr or request.ip


def field(request: Request, name: str) -> str:
    """Return a field of the posted form, empty when it is not there."""
    form = request.form if request.method == "POST" else None
    return str(form.get(name) or "") if form else ""


class RateLimit:
    """At most `limit` calls per key in any `seconds`; remembers the `keys` used last."""

    def __init__(self, limit: int, seconds: float, keys: int = 10_000) -> None:
        """Start with no calls seen."""
        self.limit, self.seconds, self.keys = limit, seconds, keys
        self._calls: OrderedDict[str, deque[float]] = OrderedDict()

    def allows(self, key: str) -> bool:
        """Count one call of `key` and tell whether it is within the limit. A refused call isn't counted."""
        now = time.monotonic()
        calls = self._calls.setdefault(key, deque())
        self._calls.move_to_end(key)
        if len(self._calls) > self.keys:
            self._calls.popitem(last=False)
        while calls and calls[0] <= now - self.seconds:
            calls.popleft()
        if len(calls) >= self.limit:
            return False
        calls.append(now)
        return True
