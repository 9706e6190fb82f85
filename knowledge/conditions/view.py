"""What conditions are asked of: the names of the content, and one case indexed by them."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from knowledge.case import DENIED, PRESENT, UNCLEAR, Case, Finding
from knowledge.durations import days

FEVER = 38.0  # degrees Celsius; labs_a `fever_definition`
CLEAR_GAP = 3  # days between a dose and a complaint: times are told roughly


@dataclass
class Names:
    """Everything a condition may name. `descendants` maps a symptom to itself and all narrower concepts."""

    symptoms: dict[str, dict[str, Any]] = field(default_factory=dict)
    descendants: dict[str, frozenset[str]] = field(default_factory=dict)
    facts: dict[str, dict[str, Any]] = field(default_factory=dict)
    labs: dict[str, dict[str, Any]] = field(default_factory=dict)
    symptom_groups: dict[str, list[str]] = field(default_factory=dict)
    medicine_groups: dict[str, list[str]] = field(default_factory=dict)
    medicines: frozenset[str] = frozenset()
    red_flags: frozenset[str] = frozenset()
    ancestors: dict[str, list[str]] = field(init=False)

    def __post_init__(self) -> None:
        self.ancestors = {}
        for broader, narrower in self.descendants.items():
            for identifier in narrower:
                self.ancestors.setdefault(identifier, []).append(broader)


class View:
    """One case, indexed for fast questions."""

    def __init__(self, case: Case, names: Names):
        self.case = case
        self.names = names
        self.present: dict[str, dict[str, str]] = {}
        self.denied: set[str] = set()
        self.unclear: set[str] = set()
        self.usual: set[str] = set()  # long-standing and unchanged: counts only where a rule asks for it
        for finding in case.findings.values():
            if finding.status == PRESENT:
                self.present[finding.id] = self._since_dose(finding.attributes)
                if self._long_standing(finding):
                    self.usual.add(finding.id)
            elif finding.status == DENIED:
                self.denied |= names.descendants.get(finding.id, frozenset((finding.id,)))
            else:
                self.unclear.add(finding.id)
        if case.temperature is not None:
            if case.temperature >= FEVER:
                self.present.setdefault("fever", {})
            elif "fever" not in self.present:
                self.denied.add("fever")
        self._index()

    def _since_dose(self, attributes: dict[str, str]) -> dict[str, str]:
        """With `after_dose` where it follows from what was told: a cold since yesterday, the last infusion two months ago.

        Only a clear gap counts, and only when the last dose of every medicine is known.
        """
        duration = attributes.get("duration")
        doses = [use.since_last_dose or use.since_stop for use in self.case.taken()]
        if not doses or None in doses or duration in (None, UNCLEAR) or "after_dose" in attributes:
            return attributes
        gap = min(days(dose) for dose in doses if dose) - days(duration)
        return {**attributes, "after_dose": f"P{int(gap)}D"} if gap >= CLEAR_GAP else attributes

    def _long_standing(self, finding: Finding) -> bool:
        """One of the named facts that lower: said to be the usual, not worse, and not a sign of danger by itself."""
        if finding.attributes.get("pattern") != "usual" or finding.attributes.get("trend") == "worse":
            return False
        return self.names.symptoms.get(finding.id, {}).get("urgency") != "emergency" and not self._never_usual(finding.id)

    def _never_usual(self, finding: str) -> bool:
        return any(finding in self.names.descendants.get(item, ()) for item in self.names.symptom_groups.get("never_usual", ()))

    def symptom(self, wanted: str, usual: bool = False) -> list[str]:
        """The present findings that are this concept or a narrower one; `usual` includes long-standing unchanged ones."""
        return (self._all if usual else self._not_usual).get(wanted, [])

    @cached_property
    def told(self) -> frozenset[str]:
        """Ids of all that was told, broader concepts included: what a condition `needs` is among them if it holds."""
        case = self.case
        told = {*self._all, *case.labs, *case.facts, *case.red_flags, *(use.id for use in case.assumed())}
        if case.temperature is not None or "fever" in self.denied:
            told.add("fever")
        return frozenset(told)

    def with_only(self, findings: set[str]) -> View:
        """The same case as if, of the present findings, only these had been told."""
        return self._with({name: attributes for name, attributes in self.present.items() if name in findings})

    def with_finding(self, finding: str) -> View:
        """The same case as if this finding, without any quality, had been told as well."""
        return self._with({**self.present, finding: {}})

    def _with(self, present: dict[str, dict[str, str]]) -> View:
        other = copy.copy(self)
        other.__dict__.pop("told", None)
        other.present = present
        other._index()
        return other

    def _index(self) -> None:
        """Each concept with the present findings under it: rules ask a thousand times in one assessment."""
        self._all: dict[str, list[str]] = {}
        self._not_usual: dict[str, list[str]] = {}
        for item in self.present:
            for concept in self.names.ancestors.get(item, ()):
                self._all.setdefault(concept, []).append(item)
                if item not in self.usual:
                    self._not_usual.setdefault(concept, []).append(item)
        self.known = self._all.keys()  # the present findings and their broader concepts
        self.spoken = self._not_usual.keys()  # the same without what is the person's usual
