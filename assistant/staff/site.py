"""What all staff views share: drawing a page, the release in use, the checkout that is written to."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import quote

from markupsafe import Markup
from sanic.request import Request
from sanic.response import HTTPResponse, redirect

from assistant.channels.conversations import Turn
from assistant.channels.page import Page, packed
from assistant.settings import Settings
from assistant.staff.checkout import Checkout
from assistant.staff.content import Content
from assistant.staff.sign_in import SignIn
from knowledge.clinic import load_clinic
from knowledge.database import NoRelease, Store
from knowledge.urgency import LEVELS

BASE = "/staff"
FILES = {
    "chat.css": "text/css",
    "staff/staff.css": "text/css",
    "staff/staff.js": "text/javascript",
    "icon.svg": "image/svg+xml",
}


@dataclass
class Refusal(Exception):
    """A request that cannot be answered; the words are for the person who made it."""

    status: int
    words: str


@dataclass(frozen=True)
class View:
    """One address of the staff page. `open`: also for who has not given the password."""

    path: str
    show: Callable[..., Awaitable[HTTPResponse]]
    method: str = "GET"
    open: bool = False


class Site:
    """Made once, when the staff page is on."""

    def __init__(self, settings: Settings, password_hash: str) -> None:
        """Load templates and files; nothing is read from the database yet."""
        self.page = Page(load_clinic(), BASE, FILES)
        self.sign_in = SignIn(password_hash, settings.session_key)
        self.secure, self.checkout = settings.production, Checkout(settings.staff_checkout)
        self.store = Store(settings.knowledge_database_url, patience=1.0)
        self._content: Content | None = None
        self.page.templates.filters.update(
            level=lambda item: str(item or "none yet").replace("_", " "), words=lambda item: str(item).replace("_", " "),
            address=lambda item: quote(str(item), safe=""),
        )  # fmt: skip

    async def content(self) -> Content:
        """The active release, laid out; patients' turns go on meanwhile."""
        try:
            return await asyncio.to_thread(self._load_content)
        except NoRelease as error:
            raise Refusal(503, str(error)) from None

    def _load_content(self) -> Content:
        knowledge = self.store.knowledge()
        if self._content is None or self._content.knowledge is not knowledge:
            self._content = Content(knowledge)
        return self._content

    def turn(self, turn: Turn) -> Markup:
        """A turn as the patient page shows it."""
        return self.page.turn_html(turn, "en")

    def draw(self, request: Request, template: str, status: int = 200, **values: object) -> HTTPResponse:
        """A page from `web/staff`."""
        session = request.ctx.session
        t = self.page.strings.table("en", self.page.clinic.country)
        html = self.page.templates.get_template(f"staff/{template}").render(
            {"problem": "", "notice": "", **values}, base=BASE, asset=self.page.asset_url, clinic=self.page.clinic, t=t, levels=LEVELS,
            staff=session.staff, form_token=self.sign_in.form_token(session), path=request.path, checkout=self.checkout,
        )  # fmt: skip
        return packed(request, html.encode(), None, "text/html; charset=utf-8", status)


def see(path: str) -> HTTPResponse:
    """Go on at another staff page, after a form."""
    return redirect(f"{BASE}{path}", status=303)


def download(name: str, text: str) -> HTTPResponse:
    """A YAML file to keep."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HTTPResponse(text.encode(), headers=headers, content_type="application/yaml; charset=utf-8")
