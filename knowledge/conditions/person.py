"""What is asked of the person: facts, temperature, age, sex, a red flag, contacting again."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.case import UNCLEAR, YES
from knowledge.conditions.condition import Condition, Leaf
from knowledge.conditions.view import FEVER


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
