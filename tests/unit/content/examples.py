"""The examples beside the content: for each rule words that must make it fire, and a near miss that must not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml
from edges import rules_by_key

from knowledge.case import Case
from knowledge.conditions import View
from knowledge.intake import take_in
from knowledge.interview import next_question
from knowledge.reading import Reader
from knowledge.release import Knowledge
from knowledge.triage import assess

EXAMPLES = Path(__file__).parents[2] / "content"
OTHER_FOLDERS = ("symptoms", "labs", "topics")
OTHER_FILES = [EXAMPLES / "person.yml", EXAMPLES / "red_flags.yml"]
TODAY = date(2026, 11, 22)


@dataclass(frozen=True)
class Example:
    """One sentence about one rule, or a list: a message and then the answers to the questions that the assistant asks.

    `urgency` is the level the example expects of the rule, where its name does not say it.
    """

    file: str
    rule: str
    text: str | list[str]
    fires: bool
    urgency: str | None = None


def all_examples(knowledge: Knowledge) -> Iterator[Example]:
    """Every example; those of shared rules once with the last medicine that uses them."""
    yield from _of_medicines(knowledge)
    rules = rules_by_key(knowledge)
    for path in [path for folder in OTHER_FOLDERS for path in sorted((EXAMPLES / folder).glob("*.yml"))] + OTHER_FILES:
        file = str(path.relative_to(EXAMPLES))
        for owner, entries in yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader).items():
            for entry in entries:
                for key in ("fires", "spares"):
                    yield Example(file, rules[owner, entry["rule"]].id, entry[key], key == "fires", entry["urgency"])


def _of_medicines(knowledge: Knowledge) -> Iterator[Example]:
    names = {item["id"]: (item.get("brands") or item.get("generic") or [item["id"]])[0] for item in knowledge.data["names"]}
    for path in sorted((EXAMPLES / "medicines").glob("*.yml")):
        if path.stem not in knowledge.medicines:
            continue  # a therapy that is not enabled yet keeps its examples for the day it is
        for rule, sentences in (yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader) or {}).items():
            yield from _both(f"medicines/{path.name}", rule, sentences, names[path.stem])
    users = {block: risk for risks in knowledge.risks.values() for risk in risks for block in risk.data.get("shared_rules", [])}
    for path in sorted((EXAMPLES / "shared_rules").glob("*.yml")):
        for block, rules in (yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader) or {}).items():
            for suffix, sentences in rules.items():
                risk = users[block]
                yield from _both(f"shared_rules/{path.name}", f"{risk.id}.{suffix}", sentences, names[risk.medicine])


def _both(file: str, rule: str, sentences: dict[str, str], medicine: str) -> Iterator[Example]:
    for key in ("fires", "spares"):
        if sentences.get(key):
            yield Example(file, rule, sentences[key].replace("{medicine}", medicine), key == "fires")


def case_told(text: str | list[str], knowledge: Knowledge, reader: Reader) -> Case:
    """The case that a message makes, or a message and the answers to the questions it leads to."""
    case, question = Case(), None
    for message in [text] if isinstance(text, str) else text:
        take_in(case, reader.read(message, TODAY), message, question, knowledge, TODAY)
        question = next_question(case, knowledge)
    return case


def fired(text: str | list[str], knowledge: Knowledge, reader: Reader) -> set[str]:
    """Ids of the rules that a message makes true; of a red flag's own rules those that hold."""
    case = case_told(text, knowledge, reader)
    view = View(case, knowledge.names)
    of_flags = {rule.id for rules in knowledge.flag_rules.values() for rule in rules if rule.holds(view)}
    return {match.id for match in assess(case, knowledge).matches} | of_flags
