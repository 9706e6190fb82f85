"""The staff page as Rasa serves it: signing in, and the guard in front of every view."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, text

from assistant.channels.guard import OnNewMessage, field, from_own_page, peer
from assistant.channels.page import headers, packed
from assistant.settings import Settings, get_settings
from assistant.staff.content_views import ContentViews
from assistant.staff.run_views import RunViews
from assistant.staff.sign_in import Session
from assistant.staff.site import BASE, Refusal, Site, View, see
from assistant.staff.story_views import StoryViews
from assistant.staff.try_views import TryViews

logger = logging.getLogger(__name__)

COOKIE = "staff"
SIGN_IN = "/sign-in"


class StaffChannel(InputChannel):
    """Nothing at all while no password hash is set."""

    def __init__(self, settings: Settings) -> None:
        """Prepare the site if it is on."""
        self.site = Site(settings, settings.staff_hash) if settings.staff_hash else None

    @classmethod
    def name(cls) -> str:
        """Return the channel's name."""
        return "staff"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> StaffChannel:
        """Create the channel from the assistant's settings; it takes nothing from credentials.yml."""
        return cls(get_settings())

    def url_prefix(self) -> str:
        """Return the absolute path, which leaves Rasa's /webhooks/ behind."""
        return BASE

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """Return the views, each behind `_guarded`."""
        routes = Blueprint("staff_channel")
        if self.site is None:
            return routes
        self.try_views, self.run_views = TryViews(self.site), RunViews(self.site)
        routes.listener("before_server_stop")(self._stop_runs)
        views = [
            View("/", self._home), View(SIGN_IN, self._ask_password, open=True), View(SIGN_IN, self._take_password, "POST", open=True),
            View("/sign-out", self._sign_out, "POST"), View("/static/<name:str>", self._static, open=True),
            *self.try_views.views(), *StoryViews(self.site, self.try_views.tries).views(), *self.run_views.views(),
            *ContentViews(self.site).views(),
        ]  # fmt: skip
        for view in views:
            routes.add_route(self._guarded(view), view.path, methods=[view.method], name=view.show.__name__.strip("_"))
        return routes

    def _guarded(self, view: View) -> Callable[..., Awaitable[HTTPResponse]]:
        """The view as it is served. There is no other way to a view than through this."""

        async def serve(request: Request, **parts: str) -> HTTPResponse:
            session = self.site.sign_in.read(request.cookies.get(COOKIE))
            request.ctx.session = session or self.site.sign_in.new()
            try:
                response = self._refused(request, view, session) or await view.show(request, **parts)
            except Refusal as refusal:
                response = self.site.draw(request, "refused.html", refusal.status, words=refusal.words)
            except Exception as error:  # the kind only: the rest may hold what was written
                logger.error("a staff view failed: %s", type(error).__name__, exc_info=True)
                response = self.site.draw(request, "refused.html", 500, words="Something went wrong here. Please try again later.")
            return self._finished(request, response, session)

        return serve

    def _refused(self, request: Request, view: View, session: Session | None) -> HTTPResponse | None:
        """The answer to whoever has not given the password, and to a form that another page made; else None."""
        if view.method == "POST":
            own = from_own_page(request) and session is not None and self.site.sign_in.is_own_form(session, field(request, "form"))
            if not own:
                raise Refusal(403, "This page was open for too long, or the form is not from here.")
        return None if view.open or (session and session.staff) else see(SIGN_IN)

    def _finished(self, request: Request, response: HTTPResponse, before: Session | None) -> HTTPResponse:
        """Set the security headers, and the only cookie where it is a new one. It ends with the browser's session."""
        for name, value in headers("'none'").items():
            response.headers.setdefault(name, value)
        if request.ctx.session != before:
            value = self.site.sign_in.cookie(request.ctx.session)
            response.add_cookie(COOKIE, value, path=BASE, httponly=True, secure=self.site.secure, samesite="Strict")
        return response

    async def _stop_runs(self, _app: Sanic) -> None:
        self.run_views.runs.stop()

    async def _home(self, request: Request) -> HTTPResponse:
        return see("/try/")

    async def _ask_password(self, request: Request) -> HTTPResponse:
        return see("/") if request.ctx.session.staff else self.site.draw(request, "sign_in.html")

    async def _take_password(self, request: Request) -> HTTPResponse:
        sign_in = self.site.sign_in
        if not sign_in.may_try(peer(request)):
            return self.site.draw(request, "sign_in.html", 429, problem="Too many attempts. Please wait five minutes.")
        if not await sign_in.check(field(request, "password")):
            return self.site.draw(request, "sign_in.html", 403, problem="That is not the password.")
        self._begin(request, staff=True)
        return see("/")

    async def _sign_out(self, request: Request) -> HTTPResponse:
        self.try_views.tries.begin_again(request.ctx.session.key)
        self._begin(request, staff=False)
        return see(SIGN_IN)

    def _begin(self, request: Request, staff: bool) -> None:
        """Go on in a new session; the old one is worth nothing any more."""
        self.site.sign_in.end(request.ctx.session)
        request.ctx.session = self.site.sign_in.new(staff)

    async def _static(self, request: Request, name: str) -> HTTPResponse:
        asset = self.site.page.assets.get(name)
        if asset is None:
            return text("not found", status=404)
        response = packed(request, asset.body, asset.packed, asset.content_type)
        response.headers["Cache-Control"] = "no-cache"
        return response
