"""Conditions of conditions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from knowledge.conditions.condition import Condition
from knowledge.conditions.symptom import Symptom, in_words
from knowledge.conditions.view import View


@dataclass
class Combined(Condition):
    """`all`, `any`, `not` and `count` of other conditions."""

    kind: str
    parts: list[Condition]
    needed: int = 1

    def evaluate(self, view, use, careful):
        if self.kind == "not":
            inner = self.parts[0].evaluate(view, use, False)
            return None if inner is None else not inner
        if self.kind == "count":
            answers = [part.evaluate(view, use, careful) for part in self.parts]
            certain, possible = answers.count(True), len(answers) - answers.count(False)
            return True if certain >= self.needed else None if possible >= self.needed else False
        decisive = self.kind == "any"  # one true part decides `any`, one false part decides `all`
        outcome: bool | None = not decisive
        for part in self.parts:
            answer = part.evaluate(view, use, careful)
            if answer is decisive:
                return decisive
            if answer is None:
                outcome = None
        return outcome

    def holds(self, view, use, careful):
        if self.kind == "not":
            return self.parts[0].evaluate(view, use, False) is False
        if self.kind == "all":
            return all(part.holds(view, use, careful) for part in self.parts)
        if self.kind == "any" and not self._plain.isdisjoint(view.spoken):
            return True
        left = self.needed
        for part in self._worth_asking(view):
            left -= part.holds(view, use, careful)
            if not left:
                return True
        return False

    def _worth_asking(self, view: View) -> list[Condition]:
        """The parts without the symptoms nobody told: lists of forty symptoms are common, cases with ten findings are rare."""
        told = self._symptoms.keys() & view.known
        return [part for identifier in told for part in self._symptoms[identifier]] + self._others if told else self._others

    @cached_property
    def _plain(self) -> frozenset[str]:
        """The symptoms that are asked for without qualifiers: one of them that was told decides `any`."""
        return frozenset(part.id for part in self.parts if isinstance(part, Symptom) and not part.qualifiers)

    @cached_property
    def _symptoms(self) -> dict[str, list[Condition]]:
        found: dict[str, list[Condition]] = {}
        for part in self.parts:
            if isinstance(part, Symptom):
                found.setdefault(part.id, []).append(part)
        return found

    @cached_property
    def _others(self) -> list[Condition]:
        return [part for part in self.parts if not isinstance(part, Symptom)]

    def evidence(self, view, use):
        if self.kind == "not":
            return
        for part in self.parts if self.kind == "all" else self._worth_asking(view):
            if self.kind == "all" or part.holds(view, use, True):
                yield from part.evidence(view, use)

    def leaves(self):
        for part in self.parts:
            yield from part.leaves()

    def unknown(self, view, use):
        if self.kind != "not" and self.evaluate(view, use, True) is False:
            return
        for part in self.parts:
            if part.evaluate(view, use, False) is None:
                yield from part.unknown(view, use)

    def needs(self):
        found = [part.needs() for part in self.parts]
        if self.kind == "all":
            return [item for part in found for item in part]
        if self.kind == "not" or not all(found):
            return []
        return [frozenset().union(*(min(part, key=len) for part in found))]

    def describe(self):
        if self.kind == "not":
            return f"not ({self.parts[0].describe()})"
        inner = (" and " if self.kind == "all" else " or ").join(self._described())
        return f"{self.needed} or more of ({inner})" if self.kind == "count" else f"({inner})"

    def _described(self) -> Iterator[str]:
        """The parts in words; symptoms with the same qualifiers share them."""
        for qualifiers, same in groupby(self.parts, key=lambda part: part.qualifiers if isinstance(part, Symptom) else None):
            parts = list(same)
            if qualifiers and len(parts) > 1 and self.kind == "any":
                named = " or ".join(part.id.replace("_", " ") for part in parts)
                yield f"({named}){in_words(qualifiers)}"
            else:
                yield from (part.describe() for part in parts)
