"""A number, a time or a place that names nothing belongs to what was told before: "0.8 not 0.08", "not my ankles, my hands"."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from knowledge.case import PRESENT, Case, Finding
from knowledge.durations import days
from knowledge.intake.changes import Changes, Entity
from knowledge.language.contrast import contrast, instead, side, telling_words
from knowledge.language.short_answers import is_no, plain
from knowledge.language.time import parse_time_answer
from knowledge.release import Knowledge

YEAR = 365  # days


def amend(case: Case, entities: list[Entity], text: str, today: date, changes: Changes) -> None:
    """"0.8 not 0.08" and "no, it was last Tuesday": the one result, dose or complaint that it can be about gets it."""
    if any(entity["entity"] not in ("duration", "time_since") for entity in entities) or _amend_temperature(case, plain(text), changes):
        return
    if entities:
        _amend_time(case, text, today, changes)
    else:
        _amend_value(case, plain(text), changes)


def _amend_value(case: Case, words: str, changes: Changes) -> None:
    """The result that was told with one of the numbers, or the only one there is, gets the other number."""
    said = [float(number) for number in _NUMBERS.findall(words)]
    meant = [float(number) for number in _MEANT.findall(words)]
    told = [(result, number) for result in case.labs.values() if result.value for number in map(float, _NUMBERS.findall(result.words))]
    old = [(result, number) for result, number in told if number in said] or (told if len(told) == 1 and meant == said else [])
    new = [number for number in said if not old or number != old[0][1]]
    if len(old) == 1 and len(new) == 1:
        result, number = old[0]
        result.value = float(f"{result.value * new[0] / number:.4g}")  # in the unit in which it was told
        result.words, result.previous, result.needs = f"{new[0]:g}", None, None
        changes.corrected.append(result.test)


def _amend_temperature(case: Case, words: str, changes: Changes) -> bool:
    """The thermometer was misread: of what was told only a temperature can be meant."""
    meant = [float(number) for number in _MEANT.findall(words) if 34 <= float(number) <= 43]
    if case.temperature is None or len(meant) != 1:
        return False
    case.temperature = meant[0]
    if case.temperature < 38.0:
        case.findings.pop("fever", None)
    changes.corrected.append("fever")
    return True


def _amend_time(case: Case, text: str, today: date, changes: Changes) -> None:
    """The complaint told last, if it has no time yet; else the dose or the complaint whose time was told, or the only complaint."""
    length = parse_time_answer(text, today)
    doses = [use for use in case.taken() if use.since_last_dose]
    if length and days(length) >= YEAR and any(not use.since_last_dose for use in case.taken()):
        return  # "2015, I think" may as well be when the medicine began
    lasting = [finding for finding in case.findings.values() if finding.status == PRESENT]
    timed = [finding for finding in lasting if "duration" in finding.attributes]
    if length and timed and not is_no(text) and "duration" not in lasting[-1].attributes:
        timed, doses = [], []
        lasting = lasting[-1:]
    if length and len(doses) + len(timed) == 1 and doses:
        doses[0].since_last_dose = length
        changes.corrected.append(doses[0].id)
    elif length and not doses and len(timed or lasting) == 1:
        finding = (timed or lasting)[0]
        case.findings[finding.id] = replace(finding, attributes={**finding.attributes, "duration": length})
        (changes.corrected if timed else changes.added).append(finding.id)


_MEANT = re.compile(
    r"\b(?:was|is|it'?s|be|meant|mean|actually|sorry|really|no)\W+(?:about |only |just )?(\d+(?:\.\d+)?)(?![\w.]*\d)(?! (?:is|was|wrong))")


_NUMBERS = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.]*\d)")


def contrasted(case: Case, text: str, knowledge: Knowledge) -> tuple[Finding, list[Entity]] | None:
    """"Not my ankles, my hands": the finding that this corrects, and what holds instead, if a complaint fits the words."""
    found = contrast(plain(text))
    for finding in case.findings.values() if found else ():
        wrong, right = found
        known, stated = finding.attributes.get("side"), side(wrong).get("side")
        if finding.status != PRESENT or stated and known not in (stated, None):
            continue
        words = telling_words(finding.words) or telling_words(knowledge.symptoms[finding.id]["name"])
        target = words if known and known == stated and wrong == {known} else instead(words, wrong, right)
        if target is not None:
            return finding, _instead_of(finding, words, target, side(right), knowledge)
    return None


def _instead_of(finding: Finding, words: frozenset[str], target: frozenset[str], right: dict[str, str],
                knowledge: Knowledge) -> list[Entity]:
    attributes = {name: kept for name, kept in finding.attributes.items() if name != "side"} | right
    now = {"entity": "symptom", "role": "present", "attributes": attributes}
    if target == words:
        return [{**now, "value": finding.id, "text": finding.words}]
    not_there = {"entity": "symptom", "value": finding.id, "role": "negated", "text": finding.words}
    phrases = ((item["id"], phrase) for item in knowledge.symptoms.values() for phrase in item["phrases"])
    return next(([not_there, {**now, "value": value, "text": phrase}] for value, phrase in phrases if telling_words(phrase) == target), [])
