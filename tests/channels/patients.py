"""A person on each channel: sends words the way the channel's provider would and reads the plain text that arrives."""

from __future__ import annotations

import re
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from html import escape, unescape
from itertools import count
from typing import Any
from uuid import uuid4

import httpx
from homeserver import Patients, need_synapse
from standins import ACCOUNT, SMS_NUMBER, Hooks, Providers
from talks import Server


def _words(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", html)).strip()


class Patient(ABC):
    """One person with a conversation of their own. `limit` is the most characters that one part may have."""

    numbers_options = True
    limit = 8_000

    def __init__(self, server: Server) -> None:
        self.server, self.id = server, uuid4().hex[:12]

    @abstractmethod
    def say(self, text: str) -> list[str]:
        """Send `text`; the parts of the answer, as plain text."""


class RestPatient(Patient):
    """What an integrator shows who draws texts only."""

    numbers_options = False

    def say(self, text: str) -> list[str]:
        return [part["text"] for part in self.server.say(self.id, text) if "text" in part]


class PagePatient(Patient):
    """The page without JavaScript, read as the text to take away."""

    numbers_options = False

    def __init__(self, server: Server) -> None:
        super().__init__(server)
        self.browser = httpx.Client(base_url=f"http://127.0.0.1:{server.port}", timeout=30, follow_redirects=True)
        self.browser.get("/chat/")

    def say(self, text: str) -> list[str]:
        shown = self.browser.post("/chat/", data={"message": text, "turn": uuid4().hex})
        if shown.status_code == 400:  # not taken: the page says why, in an element of its own
            return [_words(re.search(r'id="problem"[^>]*>(.*?)</', shown.text, re.DOTALL)[1])]
        whole = self.browser.post("/chat/text").raise_for_status().text
        answers = re.split(r"^Assistant \(\d\d:\d\d\):$", whole, flags=re.MULTILINE)
        return [answers[-1].strip()]


class MessagingPatient(Patient):
    """A person whose provider is a stand-in; `number` is what the provider knows them by."""

    numbers = count(1001)

    def __init__(self, server: Server) -> None:
        super().__init__(server)
        self.providers: Providers = server.providers  # type: ignore[attr-defined]
        self.hooks = Hooks(f"http://127.0.0.1:{server.port}")
        self.number = f"{next(self.numbers)}{uuid4().int % 10_000:04d}"
        self.messages = 0

    @property
    @abstractmethod
    def address(self) -> str:
        """Where the answers go."""

    @abstractmethod
    def message(self, text: str) -> dict[str, Any]:
        """One message as the provider describes it, with an id of its own."""

    @abstractmethod
    def send(self, message: dict[str, Any]) -> httpx.Response:
        """Let the provider deliver it."""

    @abstractmethod
    def words(self, body: dict[str, Any]) -> str:
        """What a person reads of one part."""

    def say(self, text: str) -> list[str]:
        before = len(self.received)
        assert self.send(self.message(text)).status_code == 200
        self.wait(lambda: len(self.received) > before)
        return [self.words(body) for body in self.received[before:]]

    @property
    def received(self) -> list[dict[str, Any]]:
        """All parts that arrived so far."""
        return self.providers.to(self.address)

    def wait(self, condition: Callable[[], bool], seconds: float = 15) -> None:
        """Wait until the condition holds and nothing more arrives."""
        end, seen = time.monotonic() + seconds, -1
        while not condition() or len(self.received) != seen:
            assert time.monotonic() < end, "nothing arrived"
            seen = len(self.received)
            time.sleep(0.1)


class TelegramPatient(MessagingPatient):
    limit = 4096

    @property
    def address(self) -> str:
        return self.number

    def message(self, text: str) -> dict[str, Any]:
        self.messages += 1
        who = {"id": int(self.number), "is_bot": False, "first_name": "Pat"}
        return {"update_id": int(self.number) * 1000 + self.messages, "message": {
            "message_id": self.messages, "date": int(time.time()), "from": who, "chat": {"id": int(self.number), "type": "private"},
            "text": text,
        }}  # fmt: skip

    def send(self, message: dict[str, Any]) -> httpx.Response:
        return self.hooks.telegram(message)

    def words(self, body: dict[str, Any]) -> str:
        return body["text"]


class SmsPatient(MessagingPatient):
    limit = 4 * 153
    name, prefix = "sms", ""

    @property
    def address(self) -> str:
        return f"{self.prefix}+4479{self.number}"

    def message(self, text: str) -> dict[str, Any]:
        self.messages += 1
        return {"MessageSid": f"SM{int(self.number):024x}{self.messages:08x}", "AccountSid": ACCOUNT, "From": self.address,
                "To": f"{self.prefix}{SMS_NUMBER}", "Body": text, "NumMedia": "0", "FromCity": ""}  # fmt: skip

    def send(self, message: dict[str, Any]) -> httpx.Response:
        return self.hooks.twilio(f"{self.name}/webhook", message)

    def words(self, body: dict[str, Any]) -> str:
        return body["Body"]


class WhatsAppPatient(SmsPatient):
    limit = 1600
    name, prefix = "whatsapp", "whatsapp:"


class SlackPatient(MessagingPatient):
    limit = 3000

    @property
    def address(self) -> str:
        return f"D{self.number}"

    def message(self, text: str) -> dict[str, Any]:
        self.messages += 1
        event = {"type": "message", "channel": self.address, "channel_type": "im", "user": f"U{self.number}",
                 "text": escape(text, quote=False), "ts": f"{time.time():.6f}"}  # fmt: skip
        return {"type": "event_callback", "event_id": f"Ev{self.number}{self.messages}", "event": event, "authorizations": []}

    def send(self, message: dict[str, Any]) -> httpx.Response:
        return self.hooks.slack(message)

    def words(self, body: dict[str, Any]) -> str:
        return body["blocks"][0]["text"]["text"]


class MatrixPatient(Patient):
    """A person with matrix-nio and a room of their own."""

    limit = 4_000
    numbers = count(1)

    def __init__(self, server: Server) -> None:
        need_synapse()
        super().__init__(server)
        self.world: Patients = server.patients  # type: ignore[attr-defined]
        self.name = f"pat{next(self.numbers)}-{self.id}"
        self.room = self.world.open(self.name, "bot")
        self.wait(1)

    @property
    def received(self) -> list[dict[str, Any]]:
        """All that arrived so far: text, html and kind."""
        return self.world.texts(self.name, self.room)

    def write(self, text: str, **more: Any) -> None:
        """Write without waiting for an answer."""
        self.world.do("say", self.name, room=self.room, text=text, **more)

    def say(self, text: str) -> list[str]:
        before = len(self.received)
        self.write(text)
        return self.wait(before + 1)[before:]

    def wait(self, many: int, seconds: float = 30) -> list[str]:
        """Wait for so many parts in all, and until nothing more arrives; all texts."""
        end, seen = time.monotonic() + seconds, -1
        while len(self.received) < many or len(self.received) != seen:
            assert time.monotonic() < end, f"{len(self.received)} of {many} arrived"
            seen = len(self.received)
            time.sleep(0.3)
        return [event["text"] for event in self.received]
