"""What the words of a rule ask for, its machine condition carries: each length of time, number and quality in the text has a counterpart.

The texts are the fact pack's clauses (test_fact_pack.py holds that); what is carried otherwise is listed with its reason in
tests/content/carried_otherwise.yml. "Mild" is not looked for: it names what is left when no sign of danger was told.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from edges import owner_of
from test_edges import own_rules

from knowledge import labs
from knowledge.conditions import DURATION_QUALIFIERS, Age, Combined, Condition, Fact, Lab, Symptom, Takes, Temperature, Time
from knowledge.durations import days
from knowledge.release import Knowledge, Rule

OTHERWISE = Path(__file__).parents[2] / "content" / "carried_otherwise.yml"
MOST_CARRIED_OTHERWISE = 51  # clauses; may only shrink
DAYS = {"min": 1 / 1440, "h": 1 / 24, "day": 1, "week": 7, "month": 30.4375, "year": 365.25}
LENGTH = re.compile(r"(?<![\w./])(\d+(?:\.\d+)?)(?:\s*(?:-|to|or)\s*(\d+(?:\.\d+)?))?[\s-]*"
                    r"(min|h|day|week|month|year)(?:ute|our|r)?s?\b", re.I)
NUMBER = re.compile(r"(?<![\w.^/-])(\d+(?:\.\d+)?)(?![\w^]*\^)")
NAMES_WITH_NUMBERS = re.compile(r"10\^?9|10\(9\)|x10\S*|10\^12|\b1\.73\b|grade \d|IL-?\d+\S*|CD\d+|T[34]\b|S1P|type \d|B12|\d+,000")
Quality = Callable[[Condition, str], bool]  # a part of a condition, and all the words of that part
QUALITIES: dict[str, tuple[str, Quality]] = {
    "sudden": (r"\bsudden(ly)?\b|\babrupt",
               lambda part, words: asks(part, "onset", "sudden") or "sudden" in words or "thunderclap" in words),
    "gradual": (r"\bgradual(ly)?\b|\bslowly\b", lambda part, words: asks(part, "onset", "gradual") or asks(part, "lasting_over")),
    "severe": (r"\bsevere(ly)?\b", lambda part, words: asks(part, "severity", "severe", "moderate") or "severe" in words),
    "worse": (r"\bwors(e|ening)\b", lambda part, words: asks(part, "trend", "worse") or "wors" in words or "progressive" in words),
    "better": (r"\b(getting )?better\b|\beasing\b|\bsettl(ing|ed)\b|\bimproving\b",
               lambda part, words: asks(part, "trend", "better") or any(word in words for word in ("settle", "better", "gone", "help"))),
    "usual": (r"\bunchanged\b|\blong-?standing\b", lambda part, words: asks(part, "pattern", "usual") or "same" in words),
    "one side": (r"\bone[- ]sided?\b", lambda part, words: asks(part, "side", "one", "left", "right") or "one_side" in words),
    "both": (r"\bboth (legs|sides|eyes|arms|hands|feet)\b", lambda part, words: asks(part, "side", "both") or "both" in words),
}


@pytest.fixture(scope="module")
def dropped(knowledge) -> set[tuple[str, str]]:
    """(text, what of it has no counterpart in the machine condition)"""
    carry = Carrier(knowledge)
    return {(rule.text, said) for rule in own_rules(knowledge) for said in carry.not_carried(rule)}


@cache
def otherwise() -> dict[tuple[str, str], str]:
    listed = yaml.safe_load(OTHERWISE.read_text(encoding="utf-8"))
    return {(clause["text"], said): entry["reason"] for entry in listed for clause in entry["clauses"] for said in clause["says"]}


def test_each_length_number_and_quality_of_a_clause_is_in_its_machine_condition(dropped):
    new = sorted(dropped - otherwise().keys())
    assert not new, "\n".join(f"“{said}” of “{text}” is in no machine condition" for text, said in new)


def test_what_is_carried_otherwise_is_listed_with_a_reason_and_only_shrinks(dropped):
    cured = sorted(otherwise().keys() - dropped)
    assert not cured, f"these are carried now, take them off {OTHERWISE.name}: {cured}"
    assert len(otherwise()) <= MOST_CARRIED_OTHERWISE
    assert all(len(reason) > 30 for reason in otherwise().values())


def test_a_condition_that_only_knows_the_symptom_is_noticed(knowledge):
    timed = (rule for rule in own_rules(knowledge) if any(asks(part, "lasting_over") for part in rule.parts))
    rule = next(rule for rule in timed if LENGTH.search(rule.text))
    poorer = Rule(rule.id, rule.text, rule.urgency, Symptom("fatigue", {}), rule.data, "topic", owner="none")
    assert list(Carrier(knowledge).not_carried(poorer))


def asks(part: Condition, qualifier: str, *values: str) -> bool:
    qualifiers = part.qualifiers if isinstance(part, Symptom) else {}
    return qualifier in qualifiers and (not values or qualifiers[qualifier] in values)


class Carrier:
    """What machine conditions say, to be found again in words."""

    def __init__(self, knowledge: Knowledge):
        self.knowledge = knowledge
        self.by_owner: dict[str, list[Rule]] = {}
        for rule in knowledge.all_rules():
            self.by_owner.setdefault(rule.owner, []).append(rule)

    def not_carried(self, rule: Rule) -> Iterator[str]:
        lengths = [length for part in rule.parts for length in self._lengths(part)] + self._window(rule)
        text = rule.text
        for match in LENGTH.finditer(rule.text):
            text = text.replace(match[0], " ")
            said = [float(number) * DAYS[match[3].lower()] for number in match.groups()[:2] if number]
            if not any(_near(one, other, 0.12) for one in said for other in lengths):
                yield match[0]
        # The worse end of a band stands in the test's next rule, so that a worse value never loses a rule.
        numbers = [number for one in (rule, *self.by_owner.get(rule.owner, ())) for number in self._numbers(one)]
        for match in NUMBER.finditer(NAMES_WITH_NUMBERS.sub(" ", text)):
            if not any(_near(float(match[1]), number, 0.011) for number in numbers):
                yield match[1]
        for name, (pattern, carried) in QUALITIES.items():
            if re.search(pattern, rule.text, re.I) and not any(carried(part, self._words(part)) for part in rule.parts):
                yield name

    def _words(self, part: Condition) -> str:
        named = str(getattr(part, "id", ""))
        return f"{named} {self.knowledge.facts[part.id]['question'].lower()}" if isinstance(part, Fact) else named

    def _lengths(self, part: Condition) -> Iterator[float]:
        if isinstance(part, Symptom):
            yield from (days(value) for name, value in part.qualifiers.items() if name in DURATION_QUALIFIERS)
        elif isinstance(part, Time):
            yield from (days(value) for value in (part.within, part.before) if value)
        elif isinstance(part, Takes) and part.within:
            yield days(part.within)
        elif isinstance(part, Lab) and "lasting_over" in part.tests:
            yield days(part.tests["lasting_over"])
        elif isinstance(part, Fact):
            for match in LENGTH.finditer(self.knowledge.facts[part.id]["question"]):
                yield float(match[1]) * DAYS[match[3].lower()]

    def _window(self, rule: Rule) -> list[float]:
        risk = self.knowledge.risk(rule.owner) if owner_of(rule, self.knowledge) else None
        return [days(value) for value in risk.window.values()] if risk else []

    def _numbers(self, rule: Rule) -> Iterator[float]:
        pending: list[Condition] = [rule.condition]
        while pending:
            part = pending.pop()
            if isinstance(part, Combined):
                pending += part.parts
                yield from [part.needed] if part.kind == "count" else []
            elif isinstance(part, Lab):
                yield from self._values(part)
            elif isinstance(part, Temperature):
                yield from (limit for limit in (part.at_least, part.below) if limit)
            elif isinstance(part, Age):  # "12 or older" is over 11
                yield from (limit + more for limit in (part.over, part.under) if limit for more in (0, 1))
            elif isinstance(part, Fact):
                yield from _all_numbers([self.knowledge.facts[part.id]["question"]])
            elif isinstance(part, Symptom):  # "more than 3 times" may be among the symptom's own words
                yield from _all_numbers(self.knowledge.symptoms[part.id]["phrases"])
                yield from [38.0] if part.id == "fever" else []

    def _values(self, part: Lab) -> Iterator[float]:
        """Its limits in every unit of the test."""
        test = self.knowledge.labs[part.test]
        units = test.get("units", [])
        test = {**test, "units": self.knowledge.data["units"].get(units, []) if isinstance(units, str) else units}
        factors = [labs.factor(test, unit["unit"]) for unit in test["units"]] or [1.0]
        for name, limit in part.tests.items():
            if isinstance(limit, bool):
                continue
            for number in _all_numbers(limit if isinstance(limit, list) else [limit]):
                yield from (number / factor for factor in factors)
                if name == "rise_percent":
                    yield 1 + number / 100  # "1.5 x baseline"
        usual = test.get("reference_range") or {}
        yield from (limit for limit in usual.values() if isinstance(limit, int | float))


def _all_numbers(texts: list[Any]) -> list[float]:
    return [float(number) for text in texts for number in re.findall(r"\d+(?:\.\d+)?", str(text))]


def _near(one: float, other: float, share: float) -> bool:
    return abs(one - other) <= share * max(abs(one), abs(other))
