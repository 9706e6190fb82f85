"""Run: play stories, watch, open a failure at its turn, compare two releases of the content."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

from sanic.request import Request
from sanic.response import HTTPResponse, json

from assistant.channels.guard import field
from assistant.staff.runs import Run, Runs
from assistant.staff.site import Refusal, Site, View, see
from assistant.staff.understood import rows
from assistant.stories import schema
from assistant.stories.result import Difference
from assistant.stories.story import Story
from knowledge.reasons import name_of
from knowledge.release import Knowledge
from knowledge.yaml_files import ContentError


class RunViews:
    """The pages under /staff/run/."""

    def __init__(self, site: Site) -> None:
        """Draw with `site`."""
        self.site, self.runs = site, Runs()

    def views(self) -> list[View]:
        """All of them."""
        return [
            View("/run/", self._show_runs), View("/run/", self._start_run, "POST"), View("/run/compare", self._start_comparison, "POST"),
            View("/run/<key:str>/", self._show_run), View("/run/<key:str>/progress", self._progress),
            View("/run/<key:str>/story", self._show_story),
        ]  # fmt: skip

    async def _show_runs(self, request: Request) -> HTTPResponse:
        return self._draw_runs(request)

    def _draw_runs(self, request: Request, problem: str = "") -> HTTPResponse:
        stories, mistakes = self._stories()
        folders = Counter(story.folder for story in stories)
        releases = self.site.store.releases()
        return self.site.draw(request, "runs.html", 400 if problem else 200, problem=problem, runs=self.runs, folders=folders,
                              number=len(stories), mistakes=mistakes, releases=releases, active=self.site.store.active_id())

    def _stories(self) -> tuple[list[Story], list[str]]:
        """All stories of the checkout; or none and the mistakes that must be cured first."""
        try:
            return schema.load(self.site.checkout.stories), []
        except ContentError as error:
            return [], [str(mistake) for mistake in error.mistakes]

    async def _start_run(self, request: Request) -> HTTPResponse:
        """Play the stories of a folder, or of one path, or all, with the active content."""
        only = field(request, "only")
        active = self.site.store.active_id()
        title = f"Stories in {only.replace('_', ' ')}" if only else "All stories"
        return self._start(request, title, self._chosen(only), [active] if active else [])

    async def _start_comparison(self, request: Request) -> HTTPResponse:
        """Play all stories with two releases, the older one first."""
        numbers = [int(value) for value in (field(request, "before"), field(request, "after")) if value.isdecimal()]
        if len(set(numbers)) < 2:
            return self._draw_runs(request, problem="Please choose two different releases.")
        return self._start(request, "Comparison", self._chosen(""), numbers)

    def _chosen(self, only: str) -> list[Story]:
        return [story for story in self._stories()[0] if not only or story.path == only or story.path.startswith(f"{only}/")]

    def _start(self, request: Request, title: str, stories: list[Story], releases: list[int]) -> HTTPResponse:
        if not stories:
            return self._draw_runs(request, problem="There is no story to run.")
        try:
            contents = [(self._name(number), self.site.store.content(number)) for number in releases]
        except KeyError:
            return self._draw_runs(request, problem="There is no such release.")
        run = Run(title, stories, contents, schema.known_failures(self.site.checkout.stories))
        try:
            self.runs.start(run)
        except RuntimeError:
            return self._draw_runs(request, problem="Another run goes on. Please wait until it has ended.")
        return see(f"/run/{run.key}/")

    def _name(self, number: int) -> str:
        return next((release.name for release in self.site.store.releases() if release.id == number), str(number))

    def _find(self, key: str) -> Run:
        run = self.runs.get(key)
        if run is None:
            raise Refusal(404, "This run is not kept any more. Only the last ten are.")
        return run

    async def _show_run(self, request: Request, key: str) -> HTTPResponse:
        return self.site.draw(request, "run.html", run=self._find(key))

    async def _progress(self, request: Request, key: str) -> HTTPResponse:
        run = self._find(key)
        return json({"done": run.done, "total": run.total, "ended": run.ended})

    async def _show_story(self, request: Request, key: str) -> HTTPResponse:
        run = self._find(key)
        result = run.result(request.args.get("path") or "")
        if result is None:
            raise Refusal(404, "This run has no such story.")
        knowledge = Knowledge(run.releases[-1][1], run.releases[-1][0])
        rules = {rule.id: rule for rule in knowledge.all_rules()}
        turns = [self._turn(turn, number, result.differences, knowledge, rules) for number, turn in enumerate(result.turns)]
        return self.site.draw(request, "run_story.html", run=run, result=result, turns=turns, state=run.state_of(result))

    def _turn(self, turn: Any, number: int, differences: list[Any], knowledge: Knowledge, rules: dict[str, Any]) -> dict[str, Any]:
        fired = [rules[name] for name in (turn.assessment or {}).get("rules", []) if name in rules]
        named = [(rule, name_of(rule.owner, knowledge)) for rule in fired]
        return {
            "turn": turn, "read": rows(turn.says, turn.entities, knowledge), "rules": named,
            "differences": [_in_words(item, knowledge) for item in differences if max(item.turn, 0) == number],
        }  # fmt: skip


def _in_words(difference: Difference, knowledge: Knowledge) -> Difference:
    """The difference with names instead of ids."""
    if difference.what not in ("first_risk", "risks", "not_risks", "understood"):
        return difference
    expected, got = (", ".join(_name(word, knowledge) for word in text.split(", ")) for text in (difference.expected, difference.got))
    return replace(difference, expected=expected, got=got)


def _name(words: str, knowledge: Knowledge) -> str:
    """`no fever` and `without natalizumab_pml` keep their first word."""
    before, space, identifier = words.rpartition(" ")
    return f"{before}{space}{name_of(identifier, knowledge)}"
