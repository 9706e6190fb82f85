"""Checks of the content beyond its form: what would mislead a patient or can never fire."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from knowledge.conditions import Combined, Lab
from knowledge.release import Knowledge, Rule

_STOP = re.compile(r"\b(stop|skip|halve|double|change|pause) (taking|your|the|a|this) (medicine|dose|drug|tablet|tablets|injection|treatment)\b", re.I)
_NOT_ON_YOUR_OWN = re.compile(r"\b(do not|don't|never|not)\b[^.]*\b(stop|skip|halve|double|change|pause)\b", re.I)


def warnings_of(data: dict[str, Any]) -> Iterator[str]:
    """Plain sentences, each naming what is wrong and where."""
    knowledge = Knowledge(data)
    yield from _phrase_twice(data)
    yield from _no_trigger(knowledge)
    yield from _missing_citation(knowledge)
    yield from _stopping_advice(knowledge)
    yield from _unreachable(knowledge)
    yield from _lowering_in_vain(knowledge)


def _phrase_twice(data: dict[str, Any]) -> Iterator[str]:
    """The same phrase under two unrelated symptoms, unless it is listed as meaning both."""
    parents = {item["id"]: item.get("parent") for item in data["symptoms"]}
    owners: dict[str, list[str]] = defaultdict(list)
    for item in data["symptoms"]:
        for phrase in item["phrases"]:
            owners[re.sub(r"[^a-z0-9 ]", "", str(phrase).lower())].append(item["id"])
    both = {str(phrase) for phrase in data["words"].get("means_both", [])}
    for phrase, items in owners.items():
        if len(set(items)) > 1 and phrase not in both and not any(parents.get(a) == b for a in items for b in items):
            yield f"symptoms: the phrase “{phrase}” stands under {' and '.join(sorted(set(items)))}. Keep one, or list it under means_both in words.yml."


def _no_trigger(knowledge: Knowledge) -> Iterator[str]:
    for risks in knowledge.risks.values():
        for risk in risks:
            if not risk.rules and not risk.effect:
                yield f"{risk.id}: no rule can bring this risk up."


def _missing_citation(knowledge: Knowledge) -> Iterator[str]:
    for risks in knowledge.risks.values():
        for risk in risks:
            if not risk.data.get("cite") and not any(rule.data.get("cite") for rule in risk.rules):
                yield f"{risk.id}: no source is cited."


def _stopping_advice(knowledge: Knowledge) -> Iterator[str]:
    for risks in knowledge.risks.values():
        for risk in risks:
            advice = risk.data.get("advice") or ""
            if _STOP.search(advice) and not _NOT_ON_YOUR_OWN.search(advice) and not risk.data.get("label_says_stop"):
                yield f"{risk.id}: the advice tells someone to stop or change a medicine without a label statement: “{advice}”"


def _unreachable(knowledge: Knowledge) -> Iterator[str]:
    for rule in knowledge.all_rules():
        for part in _parts(rule):
            if part.kind == "all":
                for test, limits in _limits(part).items():
                    if limits["low"] >= limits["high"]:
                        yield f"{rule.id}: no {test.replace('_', ' ')} can be {limits['low']:g} or more and below {limits['high']:g}."


def _parts(rule: Rule) -> Iterator[Combined]:
    pending = [rule.condition]
    while pending:
        part = pending.pop()
        if isinstance(part, Combined):
            yield part
            pending += part.parts


def _limits(part: Combined) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = defaultdict(lambda: {"low": float("-inf"), "high": float("inf")})
    for condition in part.parts:
        if isinstance(condition, Lab):
            limits = found[condition.test]
            limits["low"] = max([limits["low"], *(condition.tests[key] for key in ("above", "at_least") if key in condition.tests)])
            limits["high"] = min([limits["high"], *(condition.tests[key] + 1e-9 for key in ("below", "at_most") if key in condition.tests)])
    return found


def _lowering_in_vain(knowledge: Knowledge) -> Iterator[str]:
    """A self_care rule that explains nothing cannot lower anything: its findings keep their own level."""
    for rule in knowledge.all_rules():
        if rule.lowers and rule.urgency == "emergency":
            yield f"{rule.id}: a rule that explains a finding cannot be an emergency."
