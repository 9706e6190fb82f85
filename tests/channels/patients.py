"""A person on each channel: sends words the way the channel's provider would and reads the plain text that arrives."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from html import unescape
from uuid import uuid4

import httpx
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
