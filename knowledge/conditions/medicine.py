"""Which medicine is or was taken, and when."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.case import MedicineUse
from knowledge.conditions.condition import Condition, Leaf
from knowledge.durations import days

SINCE = {"last_dose": "since_last_dose", "first_dose": "since_first_dose", "stopped": "since_stop", "treatment": "since_first_dose"}


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
    return getattr(use, SINCE[what])


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
