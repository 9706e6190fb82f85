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

from assistant.channels.conversations import Turn
from assistant.channels.guard import MAX_TEXT, Message
from knowledge.clinic import Clinic

WEB = Path(__file__).resolve().parents[2] / "web"
FILES = {
    "chat.css": "text/css",
    "chat.js": "text/javascript",
    "embed.js": "text/javascript",
    "icon.svg": "image/svg+xml",
    "vendor/socket.io.esm.min.js": "text/javascript",
}
URGENCIES = ("emergency", "same_day", "soon", "routine", "self_care")
# What a card must have to be drawn; a card without it is shown as unknown, beside its text.
CARDS = {
    "assessment": ("urgency", "headline"),
    "emergency": ("headline",),
    "summary": ("sections",),
    "understood": ("items",),
}


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


def load_assets(folder: Path = WEB) -> dict[str, Asset]:
    """Read the static files named in FILES, keyed by their bare name. No other file can ever be asked for."""
    assets = {}
    for name, content_type in FILES.items():
        body = (folder / name).read_bytes()
        version = hashlib.sha256(body).hexdigest()[:12]
        assets[Path(name).name] = Asset(body, gzip.compress(body, mtime=0), f"{content_type}; charset=utf-8", version)
    return assets


class Page:
    """Draws the page, single turns and the text to take away, all from the same turns."""

    def __init__(self, clinic: Clinic, base: str) -> None:
        """Load templates, strings and files; `base` is the path the page lives under."""
        self.clinic, self.base = clinic, base
        self.strings, self.assets = Strings(), load_assets()
        loader = FileSystemLoader(WEB)
        self._templates = Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
        self._templates.filters.update(
            tel=tel, iso=iso, clock=clock, fill=fill, plain=plain, kind=kind, contacts=contacts, is_web=is_web
        )

    def language(self, wanted: object) -> str:
        """Return the wanted language when there is a table for it, else the clinic's."""
        return str(wanted) if wanted in self.strings.languages() else self.clinic.languages[0]

    def html(self, language: str, turns: list[Turn], form_id: str, **more: str) -> str:
        """Return the whole page; `more` may hold `problem`, `notice` and `draft`."""
        t = self._table(language)
        page = {"base": self.base, "limit": MAX_TEXT, "numbers": self.clinic.emergency_numbers, "strings": t}
        template = self._templates.get_template("index.html")
        return template.render(
            {"problem": "", "notice": "", "draft": "", **more},
            turns=[self._turn_html(turn, t) for turn in turns], newest=turns[-1].id if turns else "", form_id=form_id,
            lang=language, t=t, clinic=self.clinic, base=self.base, page=page, asset=self.asset_url,
        )  # fmt: skip

    def event(self, turn: Turn, language: str) -> dict[str, Any]:
        """Return one turn as the client gets it: the data, its HTML and what a screen reader is told."""
        t = self._table(language)
        html = self._turn_html(turn, t)
        urgent = any(_urgency(said) == "emergency" for said in turn.messages)
        return {
            "id": turn.id, "time": turn.time, "you": turn.you, "messages": turn.messages,
            "html": html, "announce": announcement(turn, t), "alert": urgent,
        }  # fmt: skip

    def _turn_html(self, turn: Turn, t: dict[str, str]) -> Markup:
        """Return a turn as list items. A card that can't be drawn is named as such, and its words are kept."""
        module = self._templates.get_template("turn.html").module
        try:
            return Markup(module.turn(turn, t, self.clinic))  # type: ignore[attr-defined]
        except (TypeError, ValueError, AttributeError, UndefinedError):
            plain_turn = replace(turn, messages=[{**said, "custom": {}} for said in turn.messages])
            return Markup(module.turn(plain_turn, t, self.clinic))  # type: ignore[attr-defined]

    def text(self, turns: list[Turn], language: str) -> str:
        """Return the conversation as plain text, cards and their sources included."""
        t = self._table(language)
        parts = [t["page_title"], ""]
        for turn in turns:
            if turn.you is not None:
                parts += [f"{t['you']} ({clock(turn.time)}):", turn.you, ""]
            parts += [f"{t['assistant']} ({clock(turn.time)}):"]
            parts += [line for said in turn.messages for line in message_lines(said, t)] + [""]
        return "\n".join(parts)

    def asset_url(self, name: str) -> str:
        """Return the address of a static file; it changes with the content, so that it can be cached for good."""
        return f"{self.base}/static/{name}?v={self.assets[name].version}"

    def _table(self, language: str) -> dict[str, str]:
        return self.strings.table(language, self.clinic.country)


def kind(said: Message) -> str | None:
    """Return the type of a message's card, `unknown` for one that can't be drawn, None when it has no card."""
    card = said.get("custom")
    if card is None:
        return None
    name = card.get("type") if isinstance(card, dict) else None
    if name not in CARDS or any(not card.get(part) for part in CARDS[name]):
        return "unknown"
    return "unknown" if card.get("urgency", "soon") not in URGENCIES else str(name)


def _urgency(said: Message) -> str | None:
    card = said.get("custom") or {}
    match kind(said):
        case "assessment":
            return str(card["urgency"])
        case "emergency":
            return str(card.get("urgency") or "emergency")
    return None


def announcement(turn: Turn, t: dict[str, str]) -> str:
    """Return what a screen reader is told about a turn: words, urgency, what to do, how many answers; no sources."""
    parts = []
    for said in turn.messages:
        card, urgency = said.get("custom") or {}, _urgency(said)
        if urgency:
            parts += [t[f"urgency_{urgency}"], card["headline"], *card.get("actions", []), card.get("instruction", "")]
        elif kind(said) in ("summary", "understood"):
            parts.append(t["summary" if kind(said) == "summary" else "told_heading"])
        else:
            parts += [said.get("text", ""), t["unknown_card"] if kind(said) == "unknown" else ""]
        if buttons := said.get("buttons"):
            parts.append(fill(t["announce_answers"], n=len(buttons)))
    kept: list[str] = []
    for part in parts:
        if part and plain(part) not in map(plain, kept):
            kept.append(part)
    return f"{t['assistant']}: " + " ".join(part if part[-1] in ".!?:" else part + "." for part in kept)


def message_lines(said: Message, t: dict[str, str]) -> list[str]:
    """Return one bot message as lines of plain text, the sources of a card included."""
    card, urgency = said.get("custom") or {}, _urgency(said)
    lines = [said["text"]] if said.get("text") else []
    if urgency:
        lines += [f"{t[f'urgency_{urgency}'].upper()}", card["headline"], card.get("instruction", "")]
        for part in ("actions", "watch_for", "findings", "tell_your_team", "not_understood"):
            lines += _listing(t[part], card.get(part))
        lines += [line for one in contacts(card.get("contact")) for line in _contact_lines(one, t)]
        for risk in card.get("risks") or []:
            lines.append(f"{t['risks']}: {risk.get('lay_name') or risk.get('name')}")
            lines += [risk.get("why", ""), risk.get("advice", "")]
            lines += _listing(t["sources"], [_source_line(source) for source in risk.get("sources") or []])
    elif kind(said) == "summary":
        lines += [line for part in card["sections"] for line in _listing(part.get("title", ""), part.get("lines"))]
    elif kind(said) == "understood":
        lines += [f"{item.get('label')}: {item.get('value')}" for item in card["items"]]
    elif kind(said) == "unknown":
        lines.append(t["unknown_card"])
    return [line for line in lines if line] + [f"[{button['title']}]" for button in said.get("buttons", [])]


def _listing(title: str, items: list[str] | None) -> list[str]:
    return [f"{title}:", *(f"- {item}" for item in items)] if items else []


def _contact_lines(person: dict[str, str], t: dict[str, str]) -> list[str]:
    known = [person[part] for part in ("name", "phone", "hours") if person.get(part)]
    return [f"{t['who_to_call']}: {', '.join(known)}"]


def _source_line(source: dict[str, str]) -> str:
    return ", ".join(str(source[part]) for part in ("title", "section", "url") if source.get(part))


def contacts(contact: dict[str, Any] | None) -> list[dict[str, Any]]:
    """Return the lines to call of a card's contact: the one that answers now first."""
    contact = contact or {}
    lines = [contact[name] for name in ("ms_team", "out_of_hours") if isinstance(contact.get(name), dict)]
    return lines[::-1] if lines and lines[0].get("open_now") is False else lines


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


def plain(text: object) -> str:
    """Return a text without case and end stop, to see whether two say the same."""
    return str(text).strip().rstrip(".!").casefold()


def is_web(url: object) -> bool:
    """Tell whether an address may become a link."""
    return str(url).startswith(("https://", "http://"))


def headers(clinic: Clinic) -> dict[str, str]:
    """Return the headers of every answer: nothing from elsewhere, frames only where clinic.yml allows them."""
    policy = {
        "default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "img-src": "'self'",
        "connect-src": "'self'", "form-action": "'self'", "base-uri": "'none'",
        "frame-ancestors": " ".join(["'self'", *clinic.allowed_origins]),
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
