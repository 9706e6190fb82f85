"""Content: read what the assistant knows, search it, and mark a rule reviewed."""

from __future__ import annotations

from datetime import date

from pydantic import ValidationError
from sanic.request import Request
from sanic.response import HTTPResponse

from assistant.channels.guard import field
from assistant.staff.content import KINDS, Content, RuleView, now, with_waiting
from assistant.staff.site import Refusal, Site, View, download
from knowledge import reviews


class ContentViews:
    """The pages under /staff/content/."""

    def __init__(self, site: Site) -> None:
        """Draw with `site`."""
        self.site = site

    def views(self) -> list[View]:
        """All of them."""
        return [
            View("/content/", self._overview), View("/content/sources", self._sources), View("/content/<kind:str>/", self._list),
            View("/content/<kind:str>/<identifier:str>", self._page), View("/rule/<identifier:str>", self._rule),
            View("/rule/<identifier:str>", self._review, "POST"),
        ]  # fmt: skip

    async def _overview(self, request: Request) -> HTTPResponse:
        content, words = await self.site.content(), (request.args.get("q") or "").strip()[:200]
        found = content.search(words) if words else None
        return self.site.draw(request, "content.html", content=content, kinds=KINDS, words=words, found=found)

    async def _sources(self, request: Request) -> HTTPResponse:
        content = await self.site.content()
        return self.site.draw(request, "sources.html", content=content)

    async def _list(self, request: Request, kind: str) -> HTTPResponse:
        content = await self.site.content()
        if kind not in KINDS:
            raise Refusal(404, "There is no such part of the content.")
        return self.site.draw(request, "list.html", content=content, kind=kind, title=KINDS[kind], pages=content.pages(kind))

    async def _page(self, request: Request, kind: str, identifier: str) -> HTTPResponse:
        content = await self.site.content()
        page = content.page(kind, identifier)
        if page is None:
            raise Refusal(404, "The active content has no such page.")
        waiting = self.site.checkout.waiting_reviews()
        return self.site.draw(request, "page.html", content=content, page=with_waiting(page, waiting), kinds=KINDS)

    async def _rule(self, request: Request, identifier: str) -> HTTPResponse:
        content = await self.site.content()
        return self._draw_rule(request, content, self._find(content, identifier))

    async def _review(self, request: Request, identifier: str) -> HTTPResponse:
        """Write the review to a file of its own; no rule is changed by it."""
        content = await self.site.content()
        rule = self._find(content, identifier)
        if field(request, "of") != rule.source.mark:
            return self._draw_rule(request, content, rule, problem="The rule has changed since you opened it. Please read it again.")
        try:
            entry = reviews.entry_for(rule.source, field(request, "by"), date.today().isoformat(), field(request, "note"))
        except ValidationError:
            return self._draw_rule(request, content, rule, problem="Please write your name.")
        if field(request, "do") != "write" or not self.site.checkout.takes_reviews:
            return download(f"{rule.id}.yml", reviews.HEAD + reviews.as_yaml(entry))
        path = self.site.checkout.add_review(entry)
        return self._draw_rule(request, content, rule, notice=f"Your review was written to {path}. It is waiting: it counts once the file "
                               "is committed and the content is loaded again (python -m knowledge build).")

    def _draw_rule(self, request: Request, content: Content, rule: RuleView, problem: str = "", notice: str = "") -> HTTPResponse:
        rule = now(rule, self.site.checkout.waiting_reviews())
        return self.site.draw(request, "rule.html", 400 if problem else 200, content=content, rule=rule, problem=problem, notice=notice,
                              file=f"{reviews.file_name(rule.id)}", by=field(request, "by"), note=field(request, "note"))

    def _find(self, content: Content, identifier: str) -> RuleView:
        rule = content.rule(identifier)
        if rule is None:
            raise Refusal(404, "The active content has no such rule.")
        return rule
