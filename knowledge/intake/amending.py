"""A number, a time or a place that names nothing belongs to what was told before: "0.8 not 0.08", "not my ankles, my hands"."""

from __future__ import annotations

import copy
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
LONG = 90  # days: no complaint that is still to be told is meant


def amend(case: Case, entities: list[Entity], text: str, today: date, knowledge: Knowledge, changes: Changes) -> None:
    """"0.8 not 0.08" and "no, it was last Tuesday": the one result, dose or complaint that it can be about gets it."""
    if any(entity["entity"] not in ("duration", "time_since") for entity in entities) or _amend_temperature(case, plain(text), changes):
        return
    if not entities:
        _amend_value(case, plain(text), changes)
    if not changes.corrected and not _date_the_medicine(case, text, today, knowledge, changes) and entities:
        _amend_time(case, text, today, changes)


def amends_a_result(case: Case, text: str, today: date, knowledge: Knowledge) -> bool:
    """A number alone that stands for a result told before: "200 i mean"."""
    tried = copy.deepcopy(case)
    amend(tried, [], text, today, knowledge, Changes())
    return tried.labs != case.labs


def _amend_value(case: Case, words: str, changes: Changes) -> None:
    """The result that was told with one of the numbers, or the only one there is, gets the other number."""
    said = [float(number) for number in _NUMBERS.findall(words)]
    meant = [float(number) for number in _meant(words)]
    told = [(result, number) for result in case.labs.values() if result.value for number in map(float, _NUMBERS.findall(result.words))]
    itself = len(told) == 1 and meant == said and bool(_THE_NUMBER_ITSELF.search(words))  # and not "it is 40 miles to the hospital"
    old = [(result, number) for result, number in told if number in said] or (told if itself else [])
    new = [number for number in said if not old or number != old[0][1]]
    if len(old) == 1 and len(new) == 1:
        result, number = old[0]
        result.value = float(f"{result.value * new[0] / number:.4g}")  # in the unit in which it was told
        result.words, result.previous, result.needs = f"{new[0]:g}", None, None
        changes.corrected.append(result.test)


def _amend_temperature(case: Case, words: str, changes: Changes) -> bool:
    """The thermometer was misread: of what was told only a temperature can be meant."""
    meant = [float(number) for number in _meant(words) if 34 <= float(number) <= 43]
    if case.temperature is None or len(meant) != 1:
        return False
    case.temperature = meant[0]
    if case.temperature < 38.0:
        case.findings.pop("fever", None)
    changes.corrected.append("fever")
    return True


def _date_the_medicine(case: Case, text: str, today: date, knowledge: Knowledge, changes: Changes) -> bool:
    """A long time ago, right after a medicine was named and no complaint with it: when its last course was, or when it began."""
    length = parse_time_answer(text, today)
    before = plain(next((said for said in reversed(case.words) if said != text.strip()), ""))
    named = [use for use in case.taken() if use.words and plain(use.words) in before]
    told = any(finding.words and plain(finding.words) in before for finding in case.findings.values() if finding.status == PRESENT)
    if not length or days(length) < LONG or len(named) != 1 or told or named[0].since_last_dose or named[0].since_stop:
        return False
    use = named[0]
    if knowledge.medicines.get(use.id, {}).get("pulsed"):
        use.since_last_dose = length
    else:
        use.since_first_dose = use.since_first_dose or length
    changes.added.append(use.id)
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
    r"\b(?:was|is|it'?s|be|meant|mean|says?|actually|sorry|really|no)\W+(?:about |only |just )?(\d+(?:\.\d+)?)(?![\w.]*\d)"
    r"(?! (?:is|was|wrong))"
    r"|^\W*(\d+(?:\.\d+)?) (?:sorry|i mean(?:t)?|it (?:is|was|should be))\b")


_THE_NUMBER_ITSELF = re.compile(
    r"\d(?=\W*$|\W+(?:not|and not|instead|sorry|i mean(?:t)?|it (?:is|was)|actually|now|then|though|rather|x ?10|10\^|g|mmol|mg|u|iu"
    r"|per)\b)")


def _meant(words: str) -> list[str]:
    return [first or second for first, second in _MEANT.findall(words)]


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
