"""The results for people: a short table, what no story touches, and a page to read or print."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader

from assistant.stories.compare import Change
from assistant.stories.result import Result
from assistant.stories.story import Story
from knowledge.release import Knowledge
from knowledge.urgency import LEVELS
from knowledge.wording import name_of


@dataclass
class Coverage:
    """What no story touches: ids, and how many there are in all."""

    kind: str
    untouched: list[str]
    total: int


def table(results: list[Result], known: dict[str, str]) -> Iterator[str]:
    """One line per folder, and the failures in full."""
    folders: dict[str, Counter[str]] = {}
    for result in results:
        folders.setdefault(result.story.folder, Counter())[_state(result, known)] += 1
    width = max(map(len, folders), default=0)
    yield f"{'':{width}}  passed  failed  known"
    for folder, count in folders.items():
        yield f"{folder:{width}}  {count['passed']:6}  {count['failed'] or '':>6}  {count['known'] or '':>5}"
    for result in results:
        if _state(result, known) == "failed":
            yield f"\n{result.story.path}"
            yield from (f"  line {item.line}, {item.what}: expected {item.expected}, got {item.got}" for item in result.differences)


def _state(result: Result, known: dict[str, str]) -> str:
    return "passed" if result.passed else "known" if result.story.path in known else "failed"


def coverage(results: list[Result], knowledge: Knowledge) -> list[Coverage]:
    """Rules that fired in no story; symptoms and tests that no story has."""
    turns = [turn for result in results for turn in result.turns]
    fired = {rule for turn in turns for rule in (turn.assessment or {}).get("rules", [])}
    known = {name.removeprefix("no ").removeprefix("past ") for turn in turns for name in turn.known}
    kinds = (("medicines", knowledge.medicines, known), ("rules", [rule.id for rule in knowledge.all_rules()], fired),
             ("symptoms", knowledge.symptoms, known), ("tests", knowledge.labs, known), ("red flags", knowledge.red_flags, known))
    return [Coverage(kind, sorted(set(every) - touched), len(set(every))) for kind, every, touched in kinds]


def levels(stories: list[Story], knowledge: Knowledge) -> dict[str, dict[str, int | None]]:
    """For each medicine how many stories expect each level; None for a level that no rule of it reaches."""
    table: dict[str, dict[str, int | None]] = {}
    for medicine in knowledge.medicines:
        reached = {rule.urgency for risk in knowledge.risks[medicine] for rule in risk.rules}
        told = [{level.rpartition(" ")[2] for level in story.expected_urgencies} for story in stories if story.mentions(medicine)]
        table[medicine] = {level: sum(level in expected for expected in told) if level in reached else None for level in LEVELS}
    return table


def page(results: list[Result], knowledge: Knowledge, known: dict[str, str] | None = None, changes: list[Change] | None = None,
         base: str | None = None) -> str:
    """The HTML page: failures first, every transcript with what was understood and which rules fired."""
    known = known or {}
    rules = {rule.id: rule for rule in knowledge.all_rules()}

    def rule_in_words(identifier: str) -> str:
        rule = rules.get(identifier)
        return f"{rule.text} ({rule.urgency.replace('_', ' ')})" if rule else identifier.replace("_", " ")

    def understood(name: str) -> str:
        plain = name.removeprefix("no ").removeprefix("past ")
        words = knowledge.medicine_names.get(plain) or name_of(plain, knowledge)
        return f"not: {words}" if name.startswith("no ") else f"before: {words}" if name.startswith("past ") else words

    environment = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters.update(rule=rule_in_words, understood=understood, level=lambda item: (item or "none yet").replace("_", " "))
    groups = {state: [result for result in results if _state(result, known) == state] for state in ("failed", "known", "passed")}
    context: dict[str, Any] = {
        "groups": groups, "known": known, "coverage": coverage(results, knowledge),
        "levels": levels([result.story for result in results], knowledge), "names": knowledge.medicine_names,
        "changes": changes, "base": base,
        "made": datetime.now().astimezone(), "release": knowledge.release, "number": len(results),
    }
    return environment.get_template("report.html").render(context)
