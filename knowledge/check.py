"""Checks of the content beyond its form: what would mislead a patient or can never fire."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from knowledge.conditions import Combined, Condition, Lab, Symptom, Taking, Time
from knowledge.durations import days
from knowledge.release import Knowledge, Risk, Rule
from knowledge.schema import CONTENT
from knowledge.urgency import rank

_STOP = re.compile(r"\b(stop|skip|halve|double|change|pause) (?:(?:taking|using|having) )?(?:(?:your|the|a|this|all) )?(?:next )?"
                   r"(medicines?|dose|doses|drug|tablets?|capsules?|injections?|infusions?|treatment)\b(?! (?:place|site))", re.I)
_SOMEBODY_ELSE = re.compile(r"\b(they|your team|the team|label|doctor|hospital|nurse)\b[^.;]*\b(stop|skip|halve|double|change|pause)", re.I)
_NOT_ON_YOUR_OWN = re.compile(r"\b(do not|don't|never|not)\b[^.]*\b(stop|skip|halve|double|change|pause)\b", re.I)


def warnings_of(knowledge: Knowledge, folder: Path | str = CONTENT) -> Iterator[str]:
    """Plain sentences, each with file and line and what is wrong there."""
    found = list(_warnings(knowledge))
    places = ("medicines", "shared_rules", "symptoms", "labs", "topics", ".")
    paths = [path for place in places for path in sorted(Path(folder, place).glob("*.yml"))] if found else []
    files = {str(path.relative_to(Path(folder).parent)): path.read_text(encoding="utf-8") for path in paths}
    for warning in found:
        yield f"{_place(warning.partition(':')[0], files)}: {warning}"


def _place(identifier: str, files: dict[str, str]) -> str:
    """Where an id stands in the content folder. A rule without an id of its own is found by its owner's."""
    last = identifier.rpartition(".")[2]
    for name in (identifier, "" if last.isdigit() else last, identifier.partition(".")[0].removeprefix("flag_")):
        for file, text in files.items() if name else ():
            found = re.search(rf"\bid: {re.escape(name)}(?![\w.])", text)
            if found:
                return f"{file}:{text.count(chr(10), 0, found.start()) + 1}"
    return "content"


def _warnings(knowledge: Knowledge) -> Iterator[str]:
    data = knowledge.data
    yield from _phrase_twice(data)
    yield from _only_in_words(data)
    yield from _no_trigger(knowledge)
    yield from _missing_citation(knowledge)
    yield from _stopping_advice(knowledge)
    yield from _unreachable(knowledge)
    yield from _bands(data)
    yield from _milder_when_worse(knowledge)
    yield from _id_twice(knowledge)
    yield from _lowering_in_vain(knowledge)


def _phrase_twice(data: dict[str, Any]) -> Iterator[str]:
    """The same phrase under two unrelated symptoms, unless it is listed as meaning both."""
    parents = {item["id"]: item.get("parent") for item in data["symptoms"]}
    owners: dict[str, list[str]] = defaultdict(list)
    for item in data["symptoms"]:
        for phrase in item["phrases"]:
            owners[_bare(phrase)].append(item["id"])
    both = {_bare(phrase) for phrase in data["words"].get("means_both", [])}
    for phrase, items in owners.items():
        if len(set(items)) > 1 and phrase not in both and not any(parents.get(a) == b for a in items for b in items):
            under = " and ".join(sorted(set(items)))
            yield f"{min(items)}: the phrase “{phrase}” stands under {under}. Keep one, or list it under means_both in words.yml."


def _only_in_words(data: dict[str, Any]) -> Iterator[str]:
    unknown = set(data["no_complaint"]["only_in_words"]) - {item["id"] for item in data["symptoms"]}
    yield from (f"{name}: only_in_words of no_complaint.yml names it, but there is no such symptom." for name in sorted(unknown))
    unknown = set(data["sentences"]) - {item["id"] for part in ("symptoms", "facts") for item in data[part]}
    yield from (f"{name}: the folder sentences has sentences for it, but there is no such symptom or fact." for name in sorted(unknown))


def _bare(phrase: Any) -> str:
    return re.sub(r"[^a-z0-9 ]", "", str(phrase).lower())


def _no_trigger(knowledge: Knowledge) -> Iterator[str]:
    """A risk that nothing a person notices can bring up; taking its medicine alone must not."""
    told = {"symptom", "lab", "fact", "temperature", "red_flag"}
    for risks in knowledge.risks.values():
        for risk in risks:
            asked = {leaf.kind for rule in risk.rules for leaf in rule.condition.leaves()}
            if not asked & told and not risk.effect:
                yield f"{risk.id}: no symptom, test or fact can bring this risk up."


def _missing_citation(knowledge: Knowledge) -> Iterator[str]:
    for risks in knowledge.risks.values():
        for risk in risks:
            if not risk.data.get("cite") and not any(rule.data.get("cite") for rule in risk.rules):
                yield f"{risk.id}: no source is cited."


def _stopping_advice(knowledge: Knowledge) -> Iterator[str]:
    advice = [(risk.id, risk.data.get("advice"), _on_label(risk)) for risks in knowledge.risks.values() for risk in risks]
    advice += [(topic["id"], topic.get("advice"), False) for topic in knowledge.topics.values()]
    for owner, text, on_label in advice:
        for sentence in re.split(r"(?<=[.;])\s", text or ""):
            allowed = on_label or _NOT_ON_YOUR_OWN.search(sentence) or _SOMEBODY_ELSE.search(sentence)
            if _STOP.search(sentence) and not allowed:
                yield f"{owner}: the advice tells someone to stop or change a medicine without a label statement: “{sentence}”"


def _on_label(risk: Risk) -> bool:
    return any(rule.data.get("basis") == "label" for rule in risk.rules)


def _unreachable(knowledge: Knowledge) -> Iterator[str]:
    """Limits on one result, or lengths of one symptom, that exclude each other; a time the risk's window never reaches."""
    for rule in knowledge.all_rules():
        for group in _together(rule.condition):
            for test, limits in _limits(group).items():
                if limits["low"] >= limits["high"]:
                    yield f"{rule.id}: no {test.replace('_', ' ')} can be {limits['low']:g} or more and below {limits['high']:g}."
            for part in group:
                if isinstance(part, Symptom) and _never(part.qualifiers):
                    yield f"{rule.id}: {part.id.replace('_', ' ')} cannot last over and under these lengths at once."
        yield from _usual_and_not(rule.condition, frozenset(), rule)
        risk = knowledge.risk(rule.owner)
        window = risk and (risk.window.get("after_last_dose") or risk.window.get("onset_within"))
        if risk is not None and window:
            yield from _after_the_window(rule, window)


def _after_the_window(rule: Rule, window: str) -> Iterator[str]:
    must = rule.condition.parts if isinstance(rule.condition, Combined) and rule.condition.kind == "all" else [rule.condition]
    current = any(isinstance(part, Taking) and part.wanted for part in must)
    for part in must if not current else ():
        if isinstance(part, Time) and part.what == "stopped" and part.before and days(part.before) >= days(window):
            yield f"{rule.id}: asks for more than {part.before} after stopping, but the risk is only looked at for {window}."
        if isinstance(part, Time) and part.what in ("stopped", "last_dose") and part.within and days(part.within) > days(window):
            yield f"{rule.id}: holds until {part.within} after the last dose, but the risk is only looked at for {window}."


def _usual_and_not(condition: Condition, usual: frozenset[str], rule: Rule) -> Iterator[str]:
    """Where a symptom is asked to be the usual one, a part that does not say so again can never hold."""
    if isinstance(condition, Combined) and condition.kind != "not":
        named = {part.id for part in condition.parts if isinstance(part, Symptom) and part.qualifiers.get("pattern") == "usual"}
        for part in condition.parts:
            yield from _usual_and_not(part, usual | named if condition.kind == "all" else usual, rule)
    elif isinstance(condition, Symptom) and condition.id in usual and "pattern" not in condition.qualifiers:
        yield f"{rule.id}: {condition.describe()} needs 'pattern: usual' as well, as the rule asks for it beside."


def _never(qualifiers: dict[str, str]) -> bool:
    over, under = qualifiers.get("lasting_over"), qualifiers.get("lasting_under")
    return bool(over and under and days(over) >= days(under))


def _together(condition: Condition) -> Iterator[list[Condition]]:
    """Single conditions that must hold at the same time."""
    if not isinstance(condition, Combined):
        yield [condition]
    elif condition.kind == "all":
        yield [part for part in condition.parts if not isinstance(part, Combined)]
        for part in condition.parts:
            yield from _together(part) if isinstance(part, Combined) else ()
    elif condition.kind != "not":
        for part in condition.parts:
            yield from _together(part)


def _limits(group: list[Condition]) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = defaultdict(lambda: {"low": float("-inf"), "high": float("inf")})
    for condition in group:
        if isinstance(condition, Lab) and condition.part is None:
            limits = found[condition.test]
            limits["low"] = max(limits["low"], *_numbers(condition, ("above", "at_least"), float("-inf")))
            limits["high"] = min(limits["high"], *(limit + 1e-9 for limit in _numbers(condition, ("below", "at_most"), float("inf"))))
    return found


def _numbers(condition: Lab, names: tuple[str, ...], otherwise: float) -> list[float]:
    """The limits as numbers; of a blood pressure such as "180/120" the upper one."""
    return [float(str(condition.tests[name]).partition("/")[0]) if name in condition.tests else otherwise for name in names]


def _bands(data: dict[str, Any]) -> Iterator[str]:
    """Grades of one test must meet edge to edge: an overlap gives one value two grades, a gap gives it none."""
    for test in data["labs"]:
        ctcae = test.get("ctcae") or {}
        grades = sorted(ctcae.get("grades") or [], key=lambda band: band["grade"])
        for milder, worse in zip(grades, grades[1:], strict=False):
            edges = (worse["high"], milder["low"]) if ctcae["direction"] == "decrease" else (worse["low"], milder["high"])
            if all(isinstance(edge, int | float) for edge in edges) and edges[0] != edges[1]:
                kind = "overlap" if (edges[0] > edges[1]) == (ctcae["direction"] == "decrease") else "leave a gap"
                yield f"{test['id']}: grades {milder['grade']} and {worse['grade']} {kind} between {edges[1]:g} and {edges[0]:g}."


def _milder_when_worse(knowledge: Knowledge) -> Iterator[str]:
    """Among rules that only look at one result, the lower limit (or the higher) must not be the less urgent one."""
    for test, rules in knowledge.lab_rules.items():
        plain = [rule for rule in rules if isinstance(rule.condition, Lab) and not rule.lowers and len(rule.condition.tests) == 1]
        for names, sign in ((("below", "at_most"), -1), (("above", "at_least"), 1)):
            steps = sorted((sign * _numbers(rule.condition, names, 0)[names.index(name)], rank(rule.urgency), rule.id)  # type: ignore[arg-type]
                           for rule in plain for name in names if name in rule.condition.tests)  # type: ignore[attr-defined]
            highest = 0
            for _, urgency, identifier in steps:
                if urgency < highest:
                    yield f"{identifier}: a worse {test.replace('_', ' ')} is less urgent here than a better one."
                highest = max(highest, urgency)


def _id_twice(knowledge: Knowledge) -> Iterator[str]:
    """Two rules with one id cannot be told apart in a stored assessment."""
    for identifier, count in Counter(rule.id for rule in knowledge.all_rules()).items():
        if count > 1:
            yield f"{identifier}: this id stands for {count} rules."


def _lowering_in_vain(knowledge: Knowledge) -> Iterator[str]:
    """A rule that explains a finding lowers it; an emergency cannot."""
    for rule in knowledge.all_rules():
        if rule.lowers and rule.urgency == "emergency":
            yield f"{rule.id}: a rule that explains a finding cannot be an emergency."
