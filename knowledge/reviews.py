"""Reviews of rules by clinicians, kept as files of their own in `content/reviews`, so that no rule's file is edited by a program.

A review counts for exactly what was reviewed: the rule's words, condition and urgency go into its `of`. When one of them
changes, the review lapses and the rule is a proposal again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import orjson
import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from knowledge.yaml_files import Mistake, YamlFile, plain

FOLDER = "reviews"
SECTIONS = ("pregnancy", "after_stopping", "vaccines_and_interactions")
HEAD = "# Reviews of one rule, written by the staff page. Each counts while the rule is as it was: `of` changes with it.\n"


@dataclass(frozen=True)
class Reviewable:
    """One rule as the content holds it. `id` names it for people; a shared rule has one, whichever medicines use it."""

    id: str
    anchor: str  # what stays when rules move: the rule's own id, else that of the symptom or test it belongs to
    data: dict[str, Any]

    @property
    def mark(self) -> str:
        """12 hex digits that change with the words, the condition or the urgency of the rule."""
        said = [self.anchor, *(self.data.get(key) for key in ("text", "urgency", "when", "lowers"))]
        return sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()[:12]


class Entry(BaseModel):
    """One review in a file."""

    model_config = ConfigDict(extra="forbid")
    rule: str
    text: str = ""
    urgency: str = ""
    of: str
    by: str
    date: str
    note: str = ""

    @field_validator("by")
    @classmethod
    def _named(cls, value: str) -> str:
        if not value.strip():
            raise ValueError("a review needs the name of who reviewed")
        return value.strip()

    @field_validator("date")
    @classmethod
    def _a_day(cls, value: str) -> str:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            raise ValueError("write the day as 2026-11-22")
        return value

    def review(self) -> dict[str, str]:
        """As a rule carries it."""
        return {"by": self.by, "date": self.date} | ({"note": self.note} if self.note else {})


def reviewables(data: dict[str, Any]) -> Iterator[Reviewable]:
    """Every rule of the content, each once."""
    for name, block in data["shared_rules"].items():
        yield from (_named(rule, f"{name}.{rule['id']}") for rule in block["rules"])
    for medicine in data["medicines"]:
        parts = (*medicine["risks"], *medicine.get("common_effects", []), *(medicine.get(name) or {} for name in SECTIONS))
        yield from (_named(rule, rule["id"]) for part in parts for rule in part.get("rules", []))
    for item in (*data["symptoms"], *data["labs"], *data["topics"]):
        for number, rule in enumerate(item.get("rules", []), 1):
            yield Reviewable(rule.get("id", f"{item['id']}.{number}"), rule.get("id", item["id"]), rule)
    for flag in data["red_flags"]:
        for number, rule in enumerate(flag.get("urgency_rules", [])):
            yield Reviewable(f"flag_{flag['id']}.{number}", f"flag_{flag['id']}", rule)
    yield from (_named(rule, rule["id"]) for rule in data["person_rules"])


def _named(rule: dict[str, Any], identifier: str) -> Reviewable:
    return Reviewable(identifier, identifier, rule)


def read(file: YamlFile) -> tuple[list[Entry], list[Mistake]]:
    """The reviews of one file, and its mistakes."""
    entries, mistakes = [], []
    for number, item in enumerate(file.data or []):
        try:
            entries.append(Entry.model_validate(item))
        except ValidationError as error:
            for problem in error.errors():
                where = (number, *problem["loc"])
                words = str(problem["ctx"]["error"]) if problem["type"] == "value_error" else plain(problem, where)
                mistakes.append(Mistake(file.name, file.line(where), words))
    return entries, mistakes


def apply(data: dict[str, Any], files: list[YamlFile]) -> list[Mistake]:
    """Mark the reviewed rules of `data`; what lapsed stands in `data["lapsed_reviews"]`. Gives the mistakes of the files."""
    rules = list(reviewables(data))
    by_mark, known = {rule.mark: rule for rule in rules}, {rule.id for rule in rules}
    lapsed: dict[str, dict[str, str]] = {}
    mistakes: list[Mistake] = []
    for file in files:
        entries, wrong = read(file)
        mistakes += wrong
        for number, entry in enumerate(entries):
            if rule := by_mark.get(entry.of):
                rule.data["review"] = entry.review()
                lapsed.pop(rule.id, None)
            elif entry.rule in known:
                lapsed[entry.rule] = entry.review()
            else:
                mistakes.append(Mistake(file.name, file.line((number, "rule")), f"there is no rule '{entry.rule}'"))
    data["lapsed_reviews"] = lapsed
    return mistakes


def entry_for(rule: Reviewable, by: str, date: str, note: str) -> Entry:
    """A review of the rule as it stands now. Raises pydantic.ValidationError for a name or a day that is none."""
    return Entry(rule=rule.id, text=str(rule.data["text"]), urgency=rule.data["urgency"], of=rule.mark, by=by, date=date, note=note.strip())


def file_name(rule_id: str) -> str:
    """Each rule has its own file, so that two reviewers never meet in one."""
    return f"{FOLDER}/{rule_id}.yml"


def as_yaml(entry: Entry) -> str:
    """The lines that a review adds to its file."""
    return yaml.safe_dump([entry.model_dump(exclude_defaults=True)], sort_keys=False, allow_unicode=True, width=130)
