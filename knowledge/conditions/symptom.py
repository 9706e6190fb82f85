"""A symptom and its qualities."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from knowledge.case import UNCLEAR, MedicineUse
from knowledge.conditions.condition import Condition, Leaf
from knowledge.durations import days

MILD_TO_SEVERE = ("mild", "moderate", "severe")
QUALIFIERS = {
    "onset": ("sudden", "gradual"),
    "severity": MILD_TO_SEVERE,
    "trend": ("better", "same", "worse"),
    "pattern": ("new", "usual"),
    "side": ("left", "right", "both", "one"),
}
DURATION_QUALIFIERS = ("lasting_over", "lasting_under", "after_dose_within")
LATELY = 1  # days: so soon after a dose a complaint that nobody dated may be a reaction to it


@dataclass
class Symptom(Condition):
    """A symptom, with optional qualifiers that must hold on the same finding."""

    id: str
    qualifiers: dict[str, str]

    def evaluate(self, view, use, careful):
        found = view.symptom(self.id, usual="pattern" in self.qualifiers)
        if not found:
            return False if self.id in view.denied or view.symptom(self.id, usual=True) else None
        if not self.qualifiers:
            return True
        answers = [self._qualified(view.present[item], use, careful) for item in found]
        return True if True in answers else None if None in answers else False

    def holds(self, view, use, careful):
        if not self.qualifiers:
            return self.id in view.spoken
        found = view.symptom(self.id, usual="pattern" in self.qualifiers)
        return any(self._qualified(view.present[item], use, careful) for item in found)

    def _qualified(self, attributes: dict[str, str], use: MedicineUse | None, careful: bool) -> bool | None:
        if careful and "after_dose" in self.asked:
            attributes = {**_since_last_dose(attributes, use), **attributes}
        answers = [_qualifier(name, wanted, attributes, careful) for name, wanted in self.qualifiers.items()]
        return False if False in answers else None if None in answers else True

    @cached_property
    def asked(self) -> frozenset[str]:
        """The attributes that its qualifiers ask about."""
        return frozenset(map(_attribute_of, self.qualifiers))

    def evidence(self, view, use):
        yield from view.symptom(self.id, usual="pattern" in self.qualifiers)

    def leaves(self):
        yield Leaf("symptom", self.id)
        for name in self.qualifiers:
            yield Leaf("qualifier", self.id, name)

    def unknown(self, view, use):
        found = view.symptom(self.id, usual=True)
        if not found and self.id not in view.denied and self.id not in view.unclear:
            yield Leaf("symptom", self.id)
        for item in found:
            for name, wanted in self.qualifiers.items():
                if _qualifier(name, wanted, view.present[item], careful=False) is None:
                    attribute = _attribute_of(name)
                    if view.present[item].get(attribute) != UNCLEAR:
                        yield Leaf("qualifier", item, name)

    def needs(self):
        return [frozenset((self.id,))]

    def describe(self):
        return self.id.replace("_", " ") + in_words(self.qualifiers)


def _since_last_dose(attributes: dict[str, str], use: MedicineUse | None) -> dict[str, str]:
    """What may have begun after a recent dose is taken to have done so: nothing told says that it was there before."""
    dose, lasting = use.since_last_dose if use else None, attributes.get("duration")
    if dose is None or days(dose) > LATELY or lasting is not None and (lasting == UNCLEAR or days(lasting) > days(dose)):
        return {}
    return {"after_dose": dose}


def in_words(qualifiers: dict[str, str]) -> str:
    """The qualities, to stand behind the symptom."""
    return "".join(f", {name.replace('_', ' ')} {value}" for name, value in qualifiers.items())


def _attribute_of(qualifier: str) -> str:
    return {"lasting_over": "duration", "lasting_under": "duration", "after_dose_within": "after_dose"}.get(qualifier, qualifier)


def _qualifier(name: str, wanted: str, attributes: dict[str, str], careful: bool) -> bool | None:
    value = attributes.get(_attribute_of(name))
    if value == UNCLEAR:
        return True if careful else None
    if value is None:
        return None
    if name == "severity" and wanted in MILD_TO_SEVERE and value in MILD_TO_SEVERE:
        # Severe also satisfies "moderate": a worse finding never loses a rule. Mild is exact, it only lowers.
        reached = MILD_TO_SEVERE.index(value) >= MILD_TO_SEVERE.index(wanted)
        return value == "mild" if wanted == "mild" else reached
    if name == "pattern" and attributes.get("trend") == "worse":
        return wanted == "new"  # a usual complaint that gets worse is not the usual one
    if name == "side" and wanted == "one":
        return value in ("left", "right", "one")
    if name == "lasting_over":
        return days(value) > days(wanted)
    if name in ("lasting_under", "after_dose_within"):
        return days(value) <= days(wanted)
    return value == wanted
