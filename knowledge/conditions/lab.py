"""A laboratory result: the tests a rule can make of its number, word, change or duration."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from knowledge.case import YES, LabResult
from knowledge.conditions.condition import Condition, Leaf
from knowledge.conditions.view import View
from knowledge.durations import days

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
        return [(LAB_TESTS[name], first_number(wanted)) for name, wanted in self.tests.items() if name != "known"]

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


def first_number(wanted: Any) -> Any:
    """The upper number of a pair such as "180/120", where only one number of the person is known."""
    return float(wanted.split("/")[0]) if isinstance(wanted, str) and wanted.count("/") == 1 else wanted
