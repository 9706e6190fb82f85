"""Cases made from the content itself: a person for whom a given rule holds, and people in whom several rules meet."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from typing import Any

from hypothesis import strategies as st

from knowledge import conditions as c
from knowledge.case import DENIED, NO, PRESENT, YES, Case, Finding, LabResult, MedicineUse
from knowledge.conditions.lab import first_number
from knowledge.conditions.medicine import SINCE
from knowledge.durations import days
from knowledge.release import Knowledge, Rule
from knowledge.urgency import rank

Choose = Callable[[Sequence[Any]], Any]
ATTRIBUTES = {
    "onset": ["sudden", "gradual"], "severity": ["mild", "moderate", "severe"], "trend": ["better", "same", "worse"],
    "pattern": ["new", "usual"], "side": ["left", "right", "both"], "duration": ["PT2H", "P1D", "P5D", "P20D", "P3M"],
    "after_dose": ["PT20M", "PT6H", "P2D", "P20D"],
}
TIMES = ["PT3H", "P1D", "P6D", "P20D", "P2M", "P5M", "P11M", "P20M", "P3Y", "P7Y"]


def length(amount: float) -> str:
    """A length in days as ISO 8601 in whole minutes."""
    return f"PT{max(1, round(amount * 24 * 60))}M"


class Builder:
    """Adds to a case what makes conditions true. `choose` picks where there is a choice."""

    def __init__(self, knowledge: Knowledge, choose: Choose, case: Case | None = None):
        self.knowledge, self.choose = knowledge, choose
        self.case = case or Case()
        self.use: MedicineUse | None = None

    def with_rule(self, rule: Rule) -> Builder:
        """Make `rule` hold, with its medicine where it has one."""
        risk = self.knowledge.risk(rule.owner)
        if risk is not None and rule.origin in ("medicine", "effect", "pregnancy", "after_stopping"):
            self.use = self.case.medicines.setdefault(risk.medicine, MedicineUse(risk.medicine))
        if rule.subject in self.knowledge.symptoms and rule.origin == "symptom":
            self.case.findings.setdefault(rule.subject, Finding(rule.subject))
        self.make_true(rule.condition)
        return self

    def make_true(self, condition: c.Condition) -> None:
        getattr(self, "_" + type(condition).__name__.lower())(condition)

    def _symptom(self, condition: c.Symptom) -> None:
        known = self.case.findings.get(condition.id)
        finding = known if known and known.status == PRESENT else Finding(condition.id)
        for name, wanted in condition.qualifiers.items():
            attribute = {"lasting_over": "duration", "lasting_under": "duration", "after_dose_within": "after_dose"}.get(name, name)
            share = {"lasting_over": 1.3, "lasting_under": 0.7, "after_dose_within": 0.6}.get(name)
            finding.attributes[attribute] = length(days(wanted) * share) if share else {"one": "left"}.get(wanted, wanted)
        both = condition.qualifiers.get("lasting_over"), condition.qualifiers.get("lasting_under")
        if all(both):
            finding.attributes["duration"] = length((days(both[0]) + days(both[1])) / 2)
        self.case.findings[condition.id] = finding

    def _fact(self, condition: c.Fact) -> None:
        self.case.facts[condition.id] = condition.wanted

    def _lab(self, condition: c.Lab) -> None:
        if condition.tests.get("known") in (False, NO):
            self.case.labs.pop(condition.test, None)
            return
        result = result_for(condition, self.knowledge)
        known = self.case.labs.get(condition.test)
        if condition.part == "diastolic":
            result.value, result.diastolic = (known.value if known else 120.0), result.value
        self.case.labs[condition.test] = result

    def _temperature(self, condition: c.Temperature) -> None:
        self.case.temperature = condition.at_least if condition.at_least is not None else (condition.below or 38) - 0.5

    def _time(self, condition: c.Time) -> None:
        self.use = self.use or next(iter(self.case.medicines.values()), None)
        if self.use is None:
            return
        elapsed = length(days(condition.within) * 0.7) if condition.within else length(days(condition.before or "P1D") * 1.3)
        if condition.what == "stopped":
            self.use.status = "past"
        setattr(self.use, SINCE[condition.what], elapsed)

    def _taking(self, condition: c.Taking) -> None:
        if self.use is not None:
            self.use.status = "current" if condition.wanted else "past"
        else:
            self.case.no_medicine = not condition.wanted

    def _takes(self, condition: c.Takes) -> None:
        candidates = sorted(condition.medicines & self.knowledge.medicines.keys())
        if candidates:
            item = self.choose(candidates)
            use = self.case.medicines.setdefault(item, MedicineUse(item))
            if condition.within:
                use.since_last_dose = length(days(condition.within) * 0.7)

    def _age(self, condition: c.Age) -> None:
        self.case.age_years = condition.over + 5 if condition.over is not None else (condition.under or 18) - 5

    def _sex(self, condition: c.Sex) -> None:
        self.case.sex = condition.wanted

    def _redflag(self, condition: c.RedFlag) -> None:
        self.case.red_flags[condition.id] = ""

    def _contactagain(self, condition: c.ContactAgain) -> None:
        self.case.contact_again = True

    def _combined(self, condition: c.Combined) -> None:
        if condition.kind == "not":
            self.make_false(condition.parts[0])
        elif condition.kind == "all":
            for part in condition.parts:
                self.make_true(part)
        else:
            needed = condition.needed if condition.kind == "count" else 1
            left = list(condition.parts)
            for _ in range(needed):
                part = self.choose(left)
                left.remove(part)
                self.make_true(part)

    def make_false(self, condition: c.Condition) -> None:
        """Deny what can be denied in words; leave the rest unsaid."""
        for part in condition.parts if isinstance(condition, c.Combined) else [condition]:
            if isinstance(part, c.Combined):
                self.make_false(part)
            elif isinstance(part, c.Symptom) and not part.qualifiers:
                self.case.findings[part.id] = Finding(part.id, DENIED)
            elif isinstance(part, c.Symptom) and "after_dose_within" in part.qualifiers:
                self.case.findings.setdefault(part.id, Finding(part.id)).attributes["after_dose"] = "P60D"
            elif isinstance(part, c.Takes):
                other = sorted(self.knowledge.medicines.keys() - part.medicines)[0]
                self.case.medicines.setdefault(other, MedicineUse(other))
            elif isinstance(part, c.Time):
                use = self.use or self.case.medicines.setdefault("natalizumab", MedicineUse("natalizumab"))
                setattr(use, SINCE[part.what], "P9Y")
            elif isinstance(part, c.Fact):
                self.case.facts[part.id] = NO if part.wanted == YES else YES


def result_for(condition: c.Lab, knowledge: Knowledge) -> LabResult:
    """A result for which one laboratory condition holds."""
    test, tests = condition.test, condition.tests
    content = knowledge.labs[test]
    result = LabResult(test, unit=content.get("canonical_unit"))
    top = _number(tests.get("below", tests.get("at_most")))
    bottom = _number(tests.get("above", tests.get("at_least")))
    if bottom is not None or top is not None:
        result.value = (bottom + top) / 2 if None not in (bottom, top) else bottom * 1.05 + 0.01 if top is None else top * 0.95 - 1e-6
    over = _number(tests.get("above_uln", tests.get("at_least_uln")))
    under = _number(tests.get("at_most_uln"))
    if over is not None or under is not None:
        result.times_uln = (over + under) / 2 if None not in (over, under) else over * 1.05 if under is None else under * 0.95
    if "fall_percent" in tests or "fall_by" in tests or "rise_percent" in tests or "rise_by" in tests:
        result.value = result.value if result.value is not None else 10.0
        change = {"fall_percent": lambda n: result.value / (1 - min(n + 1, 99) / 100), "fall_by": lambda n: result.value + n * 1.1,
                  "rise_percent": lambda n: result.value / (1 + (n + 1) / 100), "rise_by": lambda n: result.value - n * 1.1}
        result.previous = next(make(tests[name]) for name, make in change.items() if name in tests)
    if "lasting_over" in tests:
        result.duration = length(days(tests["lasting_over"]) * 1.3)
    if "is" in tests:
        wanted = tests["is"][0] if isinstance(tests["is"], list) else tests["is"]
        result.flag, result.category = (str(wanted), None) if wanted in ("low", "high", "normal", "abnormal") else (None, str(wanted))
    for name, flag in (("below_range", "low"), ("above_range", "high"), ("in_range", "normal"), ("abnormal", "abnormal")):
        if name in tests and result.value is None and result.times_uln is None:
            result.flag = flag
    if test == "blood_pressure" and result.value is not None:
        result.diastolic = result.value * 0.65
    return result


def _number(limit: Any) -> float | None:
    first = first_number(limit)
    return float(first) if isinstance(first, int | float) else None


def rules_of(knowledge: Knowledge) -> list[Rule]:
    """Every rule that `assess` evaluates on its own (red flags' urgency rules speak only beside their flag)."""
    return [rule for rule in knowledge.all_rules() if rule.origin != "red_flag"]


def lowering_rules(knowledge: Knowledge) -> list[Rule]:
    """Every rule that can make a finding or a result less urgent than it is by itself."""
    return [rule for rule in rules_of(knowledge)
            if rule.lowers or (rule.origin == "symptom" and rank(rule.urgency) < rank(knowledge.symptoms[rule.subject]["urgency"]))]


@st.composite
def people(draw: st.DrawFn, knowledge: Knowledge, most_rules: int = 3) -> Case:
    """A case in which one or more real rules hold, with other findings, results, facts and times around them."""
    def choose(items: Sequence[Any]) -> Any:
        return draw(st.sampled_from(items))

    lowering = lowering_rules(knowledge)
    builder = Builder(knowledge, choose)
    for _ in range(draw(st.integers(1, most_rules))):
        builder.with_rule(choose(choose([rules_of(knowledge), lowering])))
    case = builder.case
    for identifier in draw(st.lists(st.sampled_from(sorted(knowledge.symptoms)), max_size=3)):
        case.findings.setdefault(identifier, Finding(identifier, draw(st.sampled_from([PRESENT, PRESENT, DENIED]))))
    for finding in list(case.findings.values()):
        if finding.status == PRESENT and draw(st.integers(0, 2)) == 0:
            name = choose(sorted(ATTRIBUTES))
            finding.attributes.setdefault(name, choose(ATTRIBUTES[name]))
    for use in case.medicines.values():
        if draw(st.booleans()):
            use.since_last_dose = use.since_last_dose or choose(TIMES)
        if draw(st.integers(0, 3)) == 0:
            use.status = "past"
    if draw(st.integers(0, 3)) == 0:
        medicine = choose(sorted(knowledge.medicines))
        case.medicines.setdefault(medicine, MedicineUse(medicine, choose(["current", "past"]), None, choose([None, *TIMES])))
    if draw(st.integers(0, 3)) == 0:
        case.facts["otherwise_well"] = YES
    if draw(st.integers(0, 5)) == 0:
        case.not_understood.append("my wibble is wobbly")
    return case


def changed(case: Case, **values: Any) -> Case:
    """A copy with other values; the original stays as it is."""
    other = copy.deepcopy(case)
    for name, value in values.items():
        setattr(other, name, value)
    return other
