"""Try: talk to the assistant as a patient and see why it answers so."""

from __future__ import annotations

import asyncio

from sanic.request import Request
from sanic.response import HTTPResponse

from assistant.channels.guard import Refused, field
from assistant.staff.site import Site, View, see
from assistant.staff.tries import Tries, Try


class TryViews:
    """The pages under /staff/try/."""

    def __init__(self, site: Site) -> None:
        """Draw with `site`."""
        self.site, self.tries = site, Tries(site.store)

    def views(self) -> list[View]:
        """All of them."""
        return [View("/try/", self._show_try), View("/try/", self._say, "POST"), View("/try/again", self._again, "POST")]

    def _mine(self, request: Request) -> Try:
        return self.tries.of(request.ctx.session.key)

    async def _show_try(self, request: Request) -> HTTPResponse:
        return await self._draw(request)

    async def _say(self, request: Request) -> HTTPResponse:
        draft = field(request, "answer") or field(request, "message")
        if not draft.strip():
            return await self._draw(request, problem="Please write something first.")
        try:
            said = await asyncio.shield(self.tries.say(request.ctx.session.key, draft, request.app.ctx.agent))
        except Refused as error:
            return await self._draw(request, problem=str(error), draft=draft)
        return see(f"/try/#said-{said.shown.id}")

    async def _again(self, request: Request) -> HTTPResponse:
        self.tries.begin_again(request.ctx.session.key)
        return see("/try/")

    async def _draw(self, request: Request, **more: str) -> HTTPResponse:
        one = self._mine(request)
        values = {"draft": "", **more}
        return self.site.draw(request, "try.html", 400 if more.get("problem") else 200, turns=one.turns, draw_turn=self.site.turn, **values)
