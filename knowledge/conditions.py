"""Conditions of rules: data in, a three-valued answer out.

A condition is written in YAML (the forms are listed in docs/content.md), compiled once, and evaluated against a `View`
of one case. Answers are True, False or None (not known). Unknown is never taken as absent: `not` is true only for
what was denied. `careful=True` reads what is unclear in the more dangerous way and is used for rules that raise the
urgency; rules that lower it are evaluated with `careful=False`.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import groupby
from typing import Any

from knowledge.case import DENIED, NO, PRESENT, UNCLEAR, YES, Case, Finding, LabResult, MedicineUse
from knowledge.durations import days

FEVER = 38.0  # degrees Celsius; labs_a `fever_definition`
MILD_TO_SEVERE = ("mild", "moderate", "severe")
QUALIFIERS = {
    "onset": ("sudden", "gradual"),
    "severity": MILD_TO_SEVERE,
    "trend": ("better", "same", "worse"),
    "pattern": ("new", "usual"),
    "side": ("left", "right", "both", "one"),
}
LATELY = 1  # days: so soon after a dose a complaint that nobody dated may be a reaction to it
CLEAR_GAP = 3  # days between a dose and a complaint: times are told roughly
DURATION_QUALIFIERS = ("lasting_over", "lasting_under", "after_dose_within")


class ConditionError(ValueError):
    """A condition that cannot be read. `path` leads to the place inside the condition."""

    def __init__(self, message: str, path: tuple[str | int, ...] = ()):
        super().__init__(message)
        self.message, self.path = message, path


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


@dataclass(frozen=True)
class Leaf:
    """One thing a condition asks about: kind is symptom, qualifier, fact, lab, temperature, time or other."""

    kind: str
    id: str
    detail: str = ""


class Condition:
    """Base: `evaluate` answers, `evidence` names what made it true, `leaves` lists all it asks about, `needs` what it cannot do without."""

    def evaluate(self, view: View, use: MedicineUse | None, careful: bool) -> bool | None:
        raise NotImplementedError

    def holds(self, view: View, use: MedicineUse | None, careful: bool) -> bool:
        """`evaluate` is True; an unknown part is enough to say no, which spares most of the work."""
        return self.evaluate(view, use, careful) is True

    def evidence(self, view: View, use: MedicineUse | None) -> Iterator[str]:
        return iter(())

    def leaves(self) -> Iterator[Leaf]:
        return iter(())

    def needs(self) -> list[frozenset[str]]:
        """Sets of ids: of each set at least one must have been told (`View.told`), else this cannot be true."""
        return []

    def unknown(self, view: View, use: MedicineUse | None) -> Iterator[Leaf]:
        """The leaves that are not known yet and could still decide the condition."""
        return iter(())

    def describe(self) -> str:
        """The machine condition in one line of words, for reports and reviewers."""
        raise NotImplementedError


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
        return self.id.replace("_", " ") + _in_words(self.qualifiers)


def _since_last_dose(attributes: dict[str, str], use: MedicineUse | None) -> dict[str, str]:
    """What may have begun after a recent dose is taken to have done so: nothing told says that it was there before."""
    dose, lasting = use.since_last_dose if use else None, attributes.get("duration")
    if dose is None or days(dose) > LATELY or lasting is not None and (lasting == UNCLEAR or days(lasting) > days(dose)):
        return {}
    return {"after_dose": dose}


def _in_words(qualifiers: dict[str, str]) -> str:
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


@dataclass
class Fact(Condition):
    """A yes/no fact."""

    id: str
    wanted: str = YES

    def evaluate(self, view, use, careful):
        value = view.case.facts.get(self.id)
        if value == UNCLEAR:
            return True if careful else None
        return None if value is None else value == self.wanted

    def evidence(self, view, use):
        if view.case.facts.get(self.id) == self.wanted:
            yield self.id

    def leaves(self):
        yield Leaf("fact", self.id, self.wanted)

    def unknown(self, view, use):
        if self.id not in view.case.facts:
            yield Leaf("fact", self.id, self.wanted)

    def needs(self):
        return [frozenset((self.id,))]

    def describe(self):
        return f"{self.id.replace('_', ' ')}: {self.wanted}"


LAB_TESTS: dict[str, Callable[[LabResult, Any, View], bool | None]] = {}


def _lab_test(function):
    LAB_TESTS[function.__name__] = function
    return function


def upper_limit(result: LabResult, view: View) -> float | None:
    """The upper limit of normal: the laboratory's own where given, else the content's."""
    return _limit(result, view, "high", 1)


def lower_limit(result: LabResult, view: View) -> float | None:
    """The lower limit of normal: the laboratory's own where given, else the content's."""
    return _limit(result, view, "low", 0)


def _limit(result: LabResult, view: View, key: str, index: int) -> float | None:
    if result.reference and result.reference[index] is not None:
        return result.reference[index]
    reference = view.names.labs[result.test].get("reference_range") or {}
    if key in reference:
        return reference[key]
    sex = view.case.sex or "female"  # the narrower claim of "low" where the sex is not known
    return (reference.get(sex) or {}).get(key)


def _outside(result: LabResult, index: int) -> bool:
    """The number lies below (0) or above (1) the laboratory's own limit: then a word such as "normal" spoke of the limit."""
    limit = result.reference[index] if result.reference else None
    if result.value is None or limit is None:
        return False
    return result.value < limit if index == 0 else result.value > limit


@_lab_test
def below(result, limit, view):
    if result.value is None:
        return None
    if result.comparator in (">", ">="):
        return False if result.value >= limit else None
    return result.value < limit or (result.comparator == "<" and result.value <= limit)


@_lab_test
def at_most(result, limit, view):
    if result.value is None:
        return None
    if result.comparator in (">", ">="):
        return False if result.value > limit else None
    return result.value <= limit


@_lab_test
def above(result, limit, view):
    if result.value is None:
        return None
    if result.comparator in ("<", "<="):
        return False if result.value <= limit else None
    return result.value > limit or (result.comparator == ">" and result.value >= limit)


@_lab_test
def at_least(result, limit, view):
    if result.value is None:
        return None
    if result.comparator in ("<", "<="):
        return False if result.value <= limit else None
    return result.value >= limit


@_lab_test
def below_range(result, wanted, view):
    limit = lower_limit(result, view)
    if result.flag in ("low", "high", "normal") and not _outside(result, 0):
        return result.flag == "low"
    return None if result.value is None or limit is None else result.value < limit


@_lab_test
def above_range(result, wanted, view):
    if result.flag in ("low", "high", "normal") and not _outside(result, 1):
        return result.flag == "high"
    if result.times_uln is not None:
        return result.times_uln > 1
    limit = upper_limit(result, view)
    return None if result.value is None or limit is None else result.value > limit


@_lab_test
def in_range(result, wanted, view):
    outside = (below_range(result, True, view), above_range(result, True, view))
    if True in outside or result.flag in ("abnormal", "positive"):
        return False
    return None if None in outside else True


@_lab_test
def abnormal(result, wanted, view):
    if result.flag in ("abnormal", "positive", "low", "high"):
        return True
    inside = in_range(result, True, view)
    return None if inside is None else not inside


def _multiple(result: LabResult, view: View) -> float | None:
    if result.times_uln is not None:
        return result.times_uln
    limit = upper_limit(result, view)
    return None if result.value is None or not limit else result.value / limit


@_lab_test
def above_uln(result, times, view):
    multiple = _multiple(result, view)
    return None if multiple is None else multiple > times


@_lab_test
def at_least_uln(result, times, view):
    multiple = _multiple(result, view)
    return None if multiple is None else multiple >= times


@_lab_test
def at_most_uln(result, times, view):
    multiple = _multiple(result, view)
    return None if multiple is None else multiple <= times


def _category(result, wanted, view):
    accepted = {str(item) for item in (wanted if isinstance(wanted, list) else [wanted])}
    values = {str(value) for value in (result.category, result.flag) if value}
    if not values:
        return None
    if "positive" in accepted and values & {"abnormal", "high", "trace", "1+", "2+", "3+", "4+", "visible"}:
        return True
    return bool(values & accepted)


LAB_TESTS["is"] = _category


def _change(result: LabResult) -> float | None:
    if result.value is None or result.previous is None:
        return None
    return round(result.value - result.previous, 6)  # 14 to 13.9 is a fall of 0.1


@_lab_test
def fall_by(result, amount, view):
    change = _change(result)
    return None if change is None else -change >= amount


@_lab_test
def rise_by(result, amount, view):
    change = _change(result)
    return None if change is None else change >= amount


@_lab_test
def fall_percent(result, percent, view):
    change = _change(result)
    return None if change is None or not result.previous else -change / result.previous * 100 >= percent


@_lab_test
def rise_percent(result, percent, view):
    change = _change(result)
    return None if change is None or not result.previous else change / result.previous * 100 >= percent


@_lab_test
def lasting_over(result, wanted, view):
    return None if result.duration is None else days(result.duration) > days(wanted)


@dataclass
class Lab(Condition):
    """A laboratory result: every test named must hold; `known: no` asks that there is no result."""

    test: str
    tests: dict[str, Any]
    part: str | None = None

    def evaluate(self, view, use, careful):
        result = view.case.labs.get(self.test)
        if result is not None and result.diastolic is not None and self._names_a_pair():
            return self._pair(result, view)
        if "known" in self.tests:
            return (result is not None) == (self.tests["known"] in (True, YES))
        if result is None:
            return None
        if result.needs:
            result = replace(result, value=None)  # a number without a sure unit decides nothing; it is asked about
        if self.part == "diastolic":
            result = replace(result, value=result.diastolic)
        answers = [check(result, wanted, view) for check, wanted in self._checks]
        return False if False in answers else None if None in answers else True

    @cached_property
    def _checks(self) -> list[tuple[Callable[[LabResult, Any, View], bool | None], Any]]:
        return [(LAB_TESTS[name], _first(wanted)) for name, wanted in self.tests.items() if name != "known"]

    def _names_a_pair(self) -> bool:
        return any(isinstance(wanted, str) and "/" in wanted for wanted in self.tests.values())

    def _pair(self, result: LabResult, view: View) -> bool | None:
        """Blood pressure against "180/120": at or above when either number is, below when both are."""
        answers = []
        for name, wanted in self.tests.items():
            top, bottom = (float(part) for part in wanted.split("/"))
            both = (LAB_TESTS[name](result, top, view), LAB_TESTS[name](replace(result, value=result.diastolic), bottom, view))
            answers.append(all(both) if name in ("below", "at_most") else any(both))
        return all(answers)

    def evidence(self, view, use):
        if self.test in view.case.labs:
            yield self.test

    def leaves(self):
        yield Leaf("lab", self.test)

    def unknown(self, view, use):
        if self.test not in view.case.labs:
            yield Leaf("lab", self.test)

    def needs(self):
        return [] if "known" in self.tests else [frozenset((self.test,))]

    def describe(self):
        return f"{self.test.replace('_', ' ')} " + ", ".join(f"{k.replace('_', ' ')} {v}" for k, v in self.tests.items())


@dataclass
class Temperature(Condition):
    """A measured temperature in degrees Celsius. Fever without a number counts as 38.0 or more."""

    at_least: float | None = None
    below: float | None = None

    def evaluate(self, view, use, careful):
        measured = view.case.temperature
        if measured is not None:
            return (self.at_least is None or measured >= self.at_least) and (self.below is None or measured < self.below)
        felt = True if view.symptom("fever") else False if "fever" in view.denied else None
        if felt is None or (felt and (self.at_least or self.below or 0) > FEVER):
            return None
        return felt if self.at_least is not None else not felt

    def evidence(self, view, use):
        if view.case.temperature is not None or view.symptom("fever"):
            yield "fever"

    def leaves(self):
        yield Leaf("temperature", "fever")

    def unknown(self, view, use):
        if view.case.temperature is None and "fever" not in view.denied:
            yield Leaf("temperature", "fever")

    def needs(self):
        return [frozenset(("fever",))]

    def describe(self):
        low = f"temperature {self.at_least} C or more" if self.at_least is not None else ""
        high = f"temperature below {self.below} C" if self.below is not None else ""
        return " and ".join(filter(None, (low, high)))


_TIMES = {"last_dose": "since_last_dose", "first_dose": "since_first_dose", "stopped": "since_stop", "treatment": "since_first_dose"}


@dataclass
class Time(Condition):
    """Time since the last dose, the first dose or stopping of the rule's own medicine."""

    what: str
    within: str | None = None
    before: str | None = None

    def evaluate(self, view, use, careful):
        if use is None:  # a rule of a test or of the whole person: any medicine of the person will do
            answers = [self.evaluate(view, item, careful) for item in view.case.taken()]
            return True if True in answers else None if None in answers or not answers else False
        if self.what == "stopped" and use.status == "current":
            return False
        value = _elapsed(use, self.what)
        if value is None:
            if not careful or self.what == "first_dose":
                return True if careful and use.time_unclear else None
            return True  # unknown time: assume that the window is open
        return (self.within is None or days(value) <= days(self.within)) and (self.before is None or days(value) > days(self.before))

    def leaves(self):
        yield Leaf("time", self.what)

    def unknown(self, view, use):
        if use is not None and _elapsed(use, self.what) is None and not use.time_unclear:
            yield Leaf("time", self.what, use.id)

    def describe(self):
        name = {"last_dose": "last dose", "first_dose": "first dose", "stopped": "stopped", "treatment": "on it"}[self.what]
        return f"{name} {'within ' + self.within if self.within else 'longer ago than ' + str(self.before)}"


def _elapsed(use: MedicineUse, what: str) -> str | None:
    if what == "last_dose":
        return use.since_last_dose or use.since_stop
    if what == "stopped":
        return use.since_stop or use.since_last_dose
    return getattr(use, _TIMES[what])


@dataclass
class Taking(Condition):
    """Whether the rule's own medicine is taken now (`yes`) or not: no longer, or not yet (`no`)."""

    wanted: bool

    def evaluate(self, view, use, careful):
        if use is None:
            known = view.case.no_medicine or view.case.taken()
            return (any(item.status == "current" for item in view.case.taken()) == self.wanted) if known else None
        return (use.status == "current") == self.wanted

    def describe(self):
        return "taking it now" if self.wanted else "not taking it now"


@dataclass
class Takes(Condition):
    """Some medicine of a set is current, or its last dose is at most `within` ago (`took`: at any time)."""

    medicines: frozenset[str]
    name: str
    within: str | None = None
    ever: bool = False

    def evaluate(self, view, use, careful):
        uses = view.case.assumed() if careful else view.case.taken()
        answers = [self._one(item, careful) for item in uses if item.id in self.medicines]
        if True in answers:
            return True
        if None in answers or not view.case.medicines or view.case.unknown_medicines or view.case.medicine_hints:
            return None
        return False

    def _one(self, item: MedicineUse, careful: bool) -> bool | None:
        if self.ever or (item.status == "current" and not self.within):
            return True
        if self.within is None:
            return False
        elapsed = item.since_stop or item.since_last_dose
        if elapsed is None:
            return True if item.status == "current" or careful else None
        return days(elapsed) <= days(self.within)

    def leaves(self):
        yield Leaf("medicine", self.name)

    def needs(self):
        return [self.medicines]

    def describe(self):
        return f"{'took' if self.ever else 'takes'} {self.name}" + (f" (last dose within {self.within})" if self.within else "")


@dataclass
class Age(Condition):
    """Age in years."""

    over: float | None = None
    under: float | None = None

    def evaluate(self, view, use, careful):
        age = view.case.age_years
        if age is None:
            return None
        return (self.over is None or age > self.over) and (self.under is None or age < self.under)

    def leaves(self):
        yield Leaf("age", "age")

    def describe(self):
        return f"age over {self.over}" if self.over is not None else f"age under {self.under}"


@dataclass
class Sex(Condition):
    """Sex as said."""

    wanted: str

    def evaluate(self, view, use, careful):
        return None if view.case.sex is None else view.case.sex == self.wanted

    def leaves(self):
        yield Leaf("sex", self.wanted)

    def describe(self):
        return self.wanted


@dataclass
class RedFlag(Condition):
    """A red flag recognised in the person's words."""

    id: str

    def evaluate(self, view, use, careful):
        return True if self.id in view.case.red_flags else None

    def evidence(self, view, use):
        if self.id in view.case.red_flags:
            yield self.id

    def leaves(self):
        yield Leaf("red_flag", self.id)

    def needs(self):
        return [frozenset((self.id,))]

    def describe(self):
        return f"red flag {self.id.replace('_', ' ')}"


class ContactAgain(Condition):
    """The same person contacts again about the same thing."""

    def evaluate(self, view, use, careful):
        return view.case.contact_again

    def describe(self):
        return "contacting again"


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
                yield f"({named}){_in_words(qualifiers)}"
            else:
                yield from (part.describe() for part in parts)


def compile_condition(node: Any, names: Names, path: tuple[str | int, ...] = ()) -> Condition:
    """Read one condition. Raises `ConditionError` with the place and plain words for anything it cannot read."""
    if isinstance(node, str):
        _known(node, names.symptoms, "symptom", path)
        return Symptom(node, {})
    if not isinstance(node, dict) or not node:
        raise ConditionError("a condition is a symptom id or a mapping such as {any: [...]}", path)
    for key, reader in _READERS.items():
        if key in node:
            return reader(node, names, (*path, key))
    raise ConditionError(f"unknown condition '{next(iter(node))}'", path)


def _known(name: Any, known: Any, what: str, path: tuple[str | int, ...]) -> None:
    if name not in known:
        raise ConditionError(f"there is no {what} '{name}'", path)


def _only(node: dict, allowed: set[str], path: tuple[str | int, ...]) -> None:
    extra = set(node) - allowed
    if extra:
        raise ConditionError(f"'{sorted(map(str, extra))[0]}' does not belong here", path)


def _symptom(node, names, path):
    _only(node, {"symptom", *QUALIFIERS, *DURATION_QUALIFIERS}, path)
    named = node["symptom"] if isinstance(node["symptom"], list) else [node["symptom"]]
    for identifier in named:
        _known(identifier, names.symptoms, "symptom", path)
    if not named:
        raise ConditionError("name at least one symptom", path)
    found: list[Condition] = [Symptom(identifier, _qualifiers(node, path)) for identifier in named]
    return found[0] if len(found) == 1 else Combined("any", found)


def _group(node, names, path):
    _only(node, {"group", *QUALIFIERS, *DURATION_QUALIFIERS}, path)
    _known(node["group"], names.symptom_groups, "symptom group", path)
    members = {"symptom": names.symptom_groups[node["group"]]}
    return _symptom({**members, **{name: value for name, value in node.items() if name != "group"}}, names, path)


def _qualifiers(node, path):
    for name, value in node.items():
        if name in QUALIFIERS and value not in QUALIFIERS[name]:
            raise ConditionError(f"{name} is one of {', '.join(QUALIFIERS[name])}", path)
        if name in DURATION_QUALIFIERS:
            _duration(value, path)
    return {name: value for name, value in node.items() if name in QUALIFIERS or name in DURATION_QUALIFIERS}


def _duration(value: Any, path: tuple[str | int, ...]) -> str:
    try:
        days(value)
    except Exception as error:
        raise ConditionError(f"'{value}' is not a length of time such as P7D or PT24H", path) from error
    return value


def _fact(node, names, path):
    _only(node, {"fact", "is"}, path)
    _known(node["fact"], names.facts, "fact", path)
    wanted = {True: YES, False: NO}.get(node.get("is", YES), node.get("is", YES))
    if wanted not in (YES, NO):
        raise ConditionError("a fact is yes or no", path)
    return Fact(node["fact"], wanted)


def _first(wanted: Any) -> Any:
    """The upper number of a pair such as "180/120", where only one number of the person is known."""
    return float(wanted.split("/")[0]) if isinstance(wanted, str) and wanted.count("/") == 1 else wanted


def _lab(node, names, path):
    _only(node, {"lab", "known", "part", *LAB_TESTS}, path)
    _known(node["lab"], names.labs, "test", path)
    tests = {name: value for name, value in node.items() if name not in ("lab", "part")}
    if not tests:
        raise ConditionError("say what the result must be, for example below: 1.0", path)
    return Lab(node["lab"], tests, node.get("part"))


def _temperature(node, names, path):
    _only(node, {"temperature"}, path)
    limits = node["temperature"]
    if not isinstance(limits, dict) or not limits or set(limits) - {"at_least", "below"}:
        raise ConditionError("a temperature has at_least, below or both", path)
    return Temperature(**limits)


def _time(what):
    def read(node, names, path):
        _only(node, {what}, path)
        limits = node[what]
        if not isinstance(limits, dict) or not limits or set(limits) - {"within", "before", "over"}:
            raise ConditionError("a time has within or before, for example {within: P6M}", path)
        before = limits.get("before", limits.get("over"))
        return Time(what, *(_duration(value, path) if value else None for value in (limits.get("within"), before)))

    return read


def _takes(ever):
    def read(node, names, path):
        key = "took" if ever else "takes"
        _only(node, {key}, path)
        wanted = node[key] if isinstance(node[key], dict) else {"medicine": node[key]}
        _only(wanted, {"medicine", "group", "within"}, path)
        if "group" in wanted:
            _known(wanted["group"], names.medicine_groups, "medicine group", path)
            ids, name = frozenset(names.medicine_groups[wanted["group"]]), str(wanted["group"])
        else:
            listed = wanted["medicine"] if isinstance(wanted["medicine"], list) else [wanted["medicine"]]
            for item in listed:
                _known(item, names.medicines, "medicine", path)
            ids, name = frozenset(listed), " or ".join(listed)
        within = _duration(wanted["within"], path) if wanted.get("within") else None
        return Takes(ids, name.replace("_", " "), within, ever)

    return read


def _combined(kind):
    def read(node, names, path):
        _only(node, {"count", "of"} if kind == "count" else {kind}, path)
        parts = [node["not"]] if kind == "not" else node["of"] if kind == "count" else node[kind]
        if not isinstance(parts, list) or not parts:
            raise ConditionError(f"'{kind}' needs a list of conditions", path)
        compiled = [compile_condition(part, names, (*path, index)) for index, part in enumerate(parts)]
        if kind == "any":
            compiled = [below for part in compiled for below in _alternatives(part)]
        return Combined(kind, compiled, node["count"] if kind == "count" else 1)

    return read


def _alternatives(part: Condition) -> list[Condition]:
    return part.parts if isinstance(part, Combined) and part.kind == "any" else [part]


def _red_flag(node, names, path):
    _only(node, {"red_flag"}, path)
    _known(node["red_flag"], names.red_flags, "red flag", path)
    return RedFlag(node["red_flag"])


_READERS: dict[str, Callable[[dict, Names, tuple], Condition]] = {
    "symptom": _symptom,
    "group": _group,
    "fact": _fact,
    "lab": _lab,
    "temperature": _temperature,
    "last_dose": _time("last_dose"),
    "first_dose": _time("first_dose"),
    "stopped": _time("stopped"),
    "treatment": _time("treatment"),
    "taking": lambda node, names, path: Taking(node["taking"] in (True, YES)),
    "takes": _takes(False),
    "took": _takes(True),
    "age": lambda node, names, path: Age(**node["age"]),
    "sex": lambda node, names, path: Sex(node["sex"]),
    "red_flag": _red_flag,
    "contact_again": lambda node, names, path: ContactAgain(),
    "all": _combined("all"),
    "any": _combined("any"),
    "not": _combined("not"),
    "count": _combined("count"),
}
