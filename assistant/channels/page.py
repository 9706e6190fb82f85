"""The patient page as HTML and as text: templates, string tables, static files and security headers."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, UndefinedError
from markupsafe import Markup
from sanic.request import Request
from sanic.response import HTTPResponse

from assistant.channels import cards
from assistant.channels.conversations import Turn
from assistant.channels.guard import MAX_TEXT
from knowledge.clinic import Clinic

WEB = Path(__file__).resolve().parents[2] / "web"
FILES = {
    "chat.css": "text/css",
    "chat.js": "text/javascript",
    "embed.js": "text/javascript",
    "icon.svg": "image/svg+xml",
    "vendor/socket.io.esm.min.js": "text/javascript",
}
WORDS_PLACE = b"{} /* from the string tables */"
LAUNCHER = ("launch", "close")


class Strings:
    """The string tables of web/strings: `en.json` is the whole, `en-US.json` holds what differs there."""

    def __init__(self, folder: Path = WEB / "strings") -> None:
        """Read every table of the folder."""
        self.tables = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.json"))}

    def languages(self) -> list[str]:
        """Return the languages that have a whole table."""
        return [name for name in self.tables if "-" not in name]

    def table(self, language: str, country: str | None) -> dict[str, str]:
        """Return the strings of a language in a country; English where the language has no table."""
        base = language if language in self.languages() else "en"
        return {**self.tables["en"], **self.tables[base], **self.tables.get(f"{base}-{country}", {})}


@dataclass(frozen=True)
class Asset:
    """A static file, ready to send."""

    body: bytes
    packed: bytes
    content_type: str
    version: str


def load_assets(files: dict[str, str], words: dict[str, dict[str, str]], folder: Path = WEB) -> dict[str, Asset]:
    """Read these static files (name and type), keyed by their bare name. No other file can ever be asked for.

    `words` are those of the launcher per language; it runs on a clinic's own page, where it has no other way to them.
    """
    assets = {}
    for name, content_type in files.items():
        body = (folder / name).read_bytes().replace(WORDS_PLACE, json.dumps(words).encode())
        version = hashlib.sha256(body).hexdigest()[:12]
        assets[Path(name).name] = Asset(body, gzip.compress(body, mtime=0), f"{content_type}; charset=utf-8", version)
    return assets


class Page:
    """Draws the page, single turns and the text to take away, all from the same turns."""

    def __init__(self, clinic: Clinic, base: str, files: dict[str, str] = FILES) -> None:
        """Load templates, strings and files; `base` is the path the page lives under."""
        self.clinic, self.base = clinic, base
        self.strings = Strings()
        languages = [clinic.languages[0], *self.strings.languages()]
        tables = {language: self._table(language) for language in languages}
        self.assets = load_assets(files, {language: {name: t[name] for name in LAUNCHER} for language, t in tables.items()})
        loader = FileSystemLoader(WEB)
        self.templates = Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
        self.templates.filters.update(
            tel=tel, iso=iso, clock=clock, fill=fill, is_web=is_web, kind=cards.kind, advice=cards.advice,
            arranged=cards.arranged, question_of=cards.question_of, question_text=cards.question_text, name_of=cards.name_of,
        )  # fmt: skip

    def language(self, wanted: object) -> str:
        """Return the wanted language when there is a table for it, else the clinic's."""
        return str(wanted) if wanted in self.strings.languages() else self.clinic.languages[0]

    def html(self, language: str, turns: list[Turn], form_id: str, **more: str) -> str:
        """Return the whole page; `more` may hold `problem`, `notice` and `draft`."""
        t = self._table(language)
        page = {"base": self.base, "limit": MAX_TEXT, "numbers": self.clinic.emergency_numbers, "strings": t}
        template = self.templates.get_template("index.html")
        return template.render(
            {"problem": "", "notice": "", "draft": "", **more},
            turns=[self._turn_html(self._drawable(turn, t), t) for turn in turns], newest=turns[-1].id if turns else "", form_id=form_id,
            lang=language, t=t, clinic=self.clinic, base=self.base, page=page, asset=self.asset_url,
        )  # fmt: skip

    def event(self, turn: Turn, language: str) -> dict[str, Any]:
        """Return one turn as the client gets it: the data, its HTML and what a screen reader is told."""
        t = self._table(language)
        turn = self._drawable(turn, t)
        urgent = any(cards.urgency_of(said) == "emergency" for said in turn.messages)
        return {
            "id": turn.id, "time": turn.time, "you": turn.you, "messages": cards.for_browser(turn.messages),
            "html": self._turn_html(turn, t), "announce": cards.announcement(turn.messages, t), "alert": urgent,
        }  # fmt: skip

    def turn_html(self, turn: Turn, language: str) -> Markup:
        """Return one turn as list items, as the page shows it."""
        t = self._table(language)
        return self._turn_html(self._drawable(turn, t), t)

    def _turn_html(self, turn: Turn, t: dict[str, str]) -> Markup:
        """Return a turn as list items."""
        module = self.templates.get_template("turn.html").module
        return Markup(module.turn(turn, t, self.clinic))  # type: ignore[attr-defined]

    def _drawable(self, turn: Turn, t: dict[str, str]) -> Turn:
        """Return the turn; one whose card can't be drawn keeps its words, and the card is named as such."""
        try:
            self._turn_html(turn, t)
            cards.announcement(turn.messages, t)
            self._lines(turn, t)
            return turn
        except (TypeError, ValueError, AttributeError, KeyError, UndefinedError):
            return replace(turn, messages=[{**said, "custom": {}} for said in turn.messages])

    def text(self, turns: list[Turn], language: str) -> str:
        """Return the conversation as plain text, cards and their sources included."""
        t = self._table(language)
        parts = [t["page_title"], ""]
        for turn in turns:
            if turn.you is not None:
                parts += [f"{t['you']} ({clock(turn.time)}):", turn.you, ""]
            parts += [f"{t['assistant']} ({clock(turn.time)}):"]
            parts += [*self._lines(self._drawable(turn, t), t), ""]
        return "\n".join(parts)

    def _lines(self, turn: Turn, t: dict[str, str]) -> list[str]:
        return [line for said in cards.arranged(turn.messages) for line in cards.message_lines(said, t)]

    def asset_url(self, name: str) -> str:
        """Return the address of a static file; it changes with the content, so that it can be cached for good."""
        return f"{self.base}/static/{name}?v={self.assets[name].version}"

    def _table(self, language: str) -> dict[str, str]:
        return self.strings.table(language, self.clinic.country)


def tel(number: object) -> str:
    """Return a phone number as a `tel:` address takes it."""
    return re.sub(r"[^\d+*#]", "", str(number))


def iso(moment: float) -> str:
    """Return a timestamp (seconds) as ISO 8601 with its zone."""
    return datetime.fromtimestamp(moment).astimezone().isoformat(timespec="seconds")


def clock(moment: float) -> str:
    """Return a timestamp (seconds) as hours and minutes."""
    return datetime.fromtimestamp(moment).astimezone().strftime("%H:%M")


def fill(text: str, **values: object) -> str:
    """Put values into the {places} of a string table entry."""
    return text.format(**values)


def is_web(url: object) -> bool:
    """Tell whether an address may become a link."""
    return str(url).startswith(("https://", "http://"))


def headers(*may_frame: str) -> dict[str, str]:
    """Return the headers of every answer: nothing from elsewhere, a frame around it only on the sites named."""
    policy = {
        "default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "img-src": "'self'",
        "connect-src": "'self'", "form-action": "'self'", "base-uri": "'none'",
        "frame-ancestors": " ".join(may_frame),
    }  # fmt: skip
    return {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",  # with no-referrer, browsers hide the origin of our own form posts
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Robots-Tag": "noindex",
        "Cache-Control": "no-store",
    }


def packed(request: Request, body: bytes, small: bytes | None, content_type: str, status: int = 200) -> HTTPResponse:
    """Return a response, compressed when the browser takes it; `small` is a body that is compressed already."""
    extra = {"Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        body, extra["Content-Encoding"] = small or gzip.compress(body), "gzip"
    return HTTPResponse(body, status, extra, content_type)
