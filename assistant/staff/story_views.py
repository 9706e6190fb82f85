"""Save as story: the conversation with what it expects, in a form and as YAML, one beside the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sanic.request import Request
from sanic.response import HTTPResponse

from assistant.channels.guard import field
from assistant.staff import story_fields
from assistant.staff.site import Site, View, download, see
from assistant.staff.tries import Tries, Try
from assistant.stories import play, schema
from assistant.stories.story import CONTACTS, EXPECTATIONS, NONE_YET, Story
from knowledge.release import Knowledge
from knowledge.yaml_files import ContentError, Mistake

BOTH = "You changed the form and the YAML. Press “Take over into the form” to keep the YAML, or undo your change in it."


@dataclass(frozen=True)
class Form:
    """What stands in the form: the story's `text`, and `drawn`, the text that its fields were drawn from."""

    text: str
    drawn: str
    folder: str = ""
    title: str = ""
    why: str = ""

    @classmethod
    def posted(cls, request: Request) -> Form:
        """As it was sent, with the fields carried over into the text where they were changed."""
        form = cls(*(field(request, name).replace("\r\n", "\n") for name in ("text", "drawn", "folder", "title", "why")))
        before = story_fields.read(form.drawn)
        if before is None:
            return form
        after = story_fields.with_fields(before, {name: request.form.getlist(name) for name in request.form})
        if not story_fields.differ(before, after):
            return form
        if form.text.strip() != form.drawn.strip():
            raise Unclear(form, BOTH)
        text = schema.dumped(after)
        return replace(form, text=text, drawn=text)

    @property
    def path(self) -> str:
        """Where the story will lie."""
        return schema.path_of(self.folder, self.title)


@dataclass
class Unclear(Exception):
    """The form cannot be taken as it is; nothing of it is lost."""

    form: Form
    words: str


class StoryViews:
    """The pages under /staff/try/story."""

    def __init__(self, site: Site, tries: Tries) -> None:
        """Draw with `site` what was said in `tries`."""
        self.site, self.tries = site, tries

    def views(self) -> list[View]:
        """All of them."""
        return [View("/try/story", self._draft_story), View("/try/story", self._take_story, "POST")]

    async def _draft_story(self, request: Request) -> HTTPResponse:
        """The conversation as a story that expects what came, to be changed before it is kept."""
        one = self._mine(request)
        if not one.turns:
            return see("/try/")
        text = schema.as_yaml(play.draft(one.story_turns, "draft"))
        return await self._draw(request, Form(text, text, next(_medicines(one), "")))

    async def _take_story(self, request: Request) -> HTTPResponse:
        """Show the form's story as YAML, take YAML over into the form, or keep the story."""
        knowledge = (await self.site.content()).knowledge
        try:
            form = Form.posted(request)
            if field(request, "do") == "show":
                return await self._draw(request, form)
            story = self._checked(form, knowledge, named=field(request, "do") != "take")
            form = replace(form, drawn=form.text)
            if field(request, "do") == "take":
                return await self._draw(request, form, notice="The form shows what the YAML says.")
            return self._kept(request, form, story)
        except Unclear as unclear:
            return await self._draw(request, unclear.form, problem=unclear.words)

    def _mine(self, request: Request) -> Try:
        return self.tries.of(request.ctx.session.key)

    def _checked(self, form: Form, knowledge: Knowledge, named: bool) -> Story:
        """The story, without mistakes; `named`: it must have a folder and a sentence as well."""
        path = form.path
        if path.startswith("/") or path.endswith("/"):
            if named:
                raise Unclear(form, "Please give a folder, and a sentence that says what is right.")
            path = "draft/not_named_yet"
        try:
            story = schema.read(form.text, path, self.site.checkout.stories, knowledge)
        except ContentError as error:
            raise Unclear(form, "\n".join(_told(mistake, form.text) for mistake in error.mistakes)) from None
        story.why = form.why.strip() or story.why
        return story

    def _kept(self, request: Request, form: Form, story: Story) -> HTTPResponse:
        if field(request, "do") != "write" or not self.site.checkout.takes_stories:
            return download(f"{story.path.rpartition('/')[2]}.yml", schema.as_yaml(story))
        try:
            written = self.site.checkout.add_story(story)
        except FileExistsError:
            raise Unclear(form, "There is a story of this name already. Please choose another sentence.") from None
        return self.site.draw(request, "story_kept.html", story=story, written=written)

    async def _draw(self, request: Request, form: Form, problem: str = "", notice: str = "") -> HTTPResponse:
        one, knowledge = self._mine(request), (await self.site.content()).knowledge
        data = story_fields.read(form.drawn)
        steps = list(story_fields.fields_of(data, _likely(one, knowledge), knowledge)) if data else []
        headlines = {level: words["headline"].replace("{emergency}", "the emergency number")
                     for level, words in knowledge.data["wording"]["en"]["urgency"].items()}
        return self.site.draw(
            request, "story_form.html", 400 if problem else 200, problem=problem, notice=notice, beside=field(request, "do") == "show",
            form=form, steps=steps,
            folders=self.site.checkout.story_folders(), ids=dict(_ids(one)), keys=EXPECTATIONS, contacts=CONTACTS,
            none_yet=NONE_YET, headlines=headlines, asks=story_fields.ASKS, as_written=story_fields.AS_WRITTEN, bounds=story_fields.BOUNDS,
        )  # fmt: skip


def _told(mistake: Mistake, text: str) -> str:
    lines = text.splitlines()
    there = lines[mistake.line - 1].strip(" -") if 0 < mistake.line <= len(lines) else ""
    return f"Line {mistake.line}: {mistake.text}" + (f"\nIt reads: “{there}”" if there else "")


def _medicines(one: Try) -> Iterator[str]:
    """The medicines that were told, in their order."""
    return (entity["value"] for turn in one.story_turns for entity in turn.entities if entity["entity"] == "medicine")


def _likely(one: Try, knowledge: Knowledge) -> list[str]:
    """Risks to choose from: those that were named, those of the medicines, and MS itself."""
    own = [risk.id for medicine in dict.fromkeys(_medicines(one)) for risk in knowledge.risks.get(medicine, ())]
    return list(dict.fromkeys([*dict(_ids(one))["risks"], *own, *knowledge.topics]))


def _ids(one: Try) -> Iterator[tuple[str, list[str]]]:
    """The ids that this conversation offers to its story's expectations."""
    last = one.story_turns[-1] if one.turns else None
    given = (last.assessment if last else None) or {}
    yield "risks", [risk["id"] for risk in given.get("risks", [])]
    yield "understood", last.known if last else []
    yield "sources", list(dict.fromkeys(source["id"] for source in given.get("sources", [])))
