"""Try: talk to the assistant as a patient, see why it answers so, and keep the conversation as a story."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from sanic.request import Request
from sanic.response import HTTPResponse

from assistant.channels.guard import Refused, field
from assistant.staff.site import Site, View, download, see
from assistant.staff.tries import Tries, Try
from assistant.stories import play, schema
from assistant.stories.story import EXPECTATIONS, Story
from knowledge.yaml_files import ContentError


class TryViews:
    """The pages under /staff/try/."""

    def __init__(self, site: Site) -> None:
        """Draw with `site`."""
        self.site, self.tries = site, Tries(site.store)

    def views(self) -> list[View]:
        """All of them."""
        return [
            View("/try/", self._show_try), View("/try/", self._say, "POST"), View("/try/again", self._again, "POST"),
            View("/try/story", self._draft_story), View("/try/story", self._keep_story, "POST"),
        ]  # fmt: skip

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

    async def _draft_story(self, request: Request) -> HTTPResponse:
        """The conversation as a story that expects what came, to be changed before it is kept."""
        one = self._mine(request)
        if not one.turns:
            return see("/try/")
        return self._draw_story(request, one, schema.as_yaml(play.draft(one.story_turns, "draft")), _folder(one), "", "")

    async def _keep_story(self, request: Request) -> HTTPResponse:
        one = self._mine(request)
        text, folder, title, why = (field(request, name) for name in ("text", "folder", "title", "why"))
        again = (request, one, text, folder, title, why)
        path = schema.path_of(folder, title)
        if path.startswith("/") or path.endswith("/"):
            return self._draw_story(*again, problem="Please give a folder, and a sentence that says what is right.")
        content = await self.site.content()
        try:
            story = schema.read(text, path, self.site.checkout.stories, content.knowledge)
        except ContentError as error:
            return self._draw_story(*again, problem="\n".join(f"Line {mistake.line}: {mistake.text}" for mistake in error.mistakes))
        story.why = why.strip() or story.why
        if field(request, "do") != "write" or not self.site.checkout.takes_stories:
            return download(f"{path.rpartition('/')[2]}.yml", schema.as_yaml(story))
        return self._write(story, *again)

    def _write(self, story: Story, request: Request, one: Try, *shown: str) -> HTTPResponse:
        try:
            written = self.site.checkout.add_story(story)
        except FileExistsError:
            return self._draw_story(request, one, *shown, problem="There is a story of this name already. Please choose another sentence.")
        return self.site.draw(request, "story_kept.html", story=story, written=written)

    def _draw_story(
        self, request: Request, one: Try, text: str, folder: str, title: str, why: str, problem: str = ""
    ) -> HTTPResponse:
        return self.site.draw(
            request, "story_form.html", 400 if problem else 200, problem=problem, text=text, folder=folder, title=title, why=why,
            folders=self.site.checkout.story_folders(), ids=dict(_ids(one)), keys=EXPECTATIONS,
        )  # fmt: skip


def _folder(one: Try) -> str:
    """A first guess: the folder of the first medicine that was told."""
    medicines = [entity["value"] for turn in one.story_turns for entity in turn.entities if entity["entity"] == "medicine"]
    return medicines[0] if medicines else ""


def _ids(one: Try) -> Iterator[tuple[str, list[str]]]:
    """The ids that this conversation offers to its story's expectations."""
    last = one.story_turns[-1] if one.turns else None
    given = (last.assessment if last else None) or {}
    yield "risks", [risk["id"] for risk in given.get("risks", [])]
    yield "understood", last.known if last else []
    yield "sources", list(dict.fromkeys(source["id"] for source in given.get("sources", [])))
