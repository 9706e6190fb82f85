"""How soon after a dose a complaint comes, where the words say it without a number: "the night after my Rebif", "after each tablet".

"After my infusion" alone may mean weeks: it says nothing here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from knowledge.durations import days
from knowledge.language.number_words import WHOLE, number_said
from knowledge.language.text import meets, normalise

Entity = dict[str, Any]

_TABLET = r"(?:tablets?|pills?|capsules?|caps|dose of it)"
_OTHER = r"(?:doses?|injections?|injecting|jabs?|shots?|needles?|infusions?|drips?|it|one|them|meds|medicine|medication|§)"
_GIVEN = rf"(?:{_TABLET}|{_OTHER})(?: (?:of )?(?:my )?§)?"
_TAKE = r"(?:take|taking|took|have|having|had|inject|injecting|injected|swallow|do|get|use)"
_EACH = r"(?:each|every|any)"
_AFTER = r"(?:after|following|post|with)"
_MY = r"(?:(?:my|the|a|an|each|every|this|that|last|latest|first|second|third|next|morning|evening|daily|weekly|monthly) )*"
_OF = rf"(?:{_GIVEN}|{_TAKE} {_MY}{_GIVEN}|i {_TAKE}(?: {_MY}{_GIVEN})?)"

# What is said -> ISO 8601 time after the dose, the longest that the words allow.
_KINDS = (
    ("PT1H", rf"{_AFTER} {_EACH} (?:\w+ )?{_TABLET}"),
    ("PT1H", rf"(?:{_EACH} time|when(?:ever)?|always (?:after|when)) (?:i )?{_TAKE} {_MY}{_TABLET}"),
    ("PT1H", rf"(?:{_EACH} time|whenever|always when) i (?:take|have taken|took|swallow) (?:it|them|one|my meds|(?:my )?§)"),
    ("PT1H", rf"(?:straight|right|immediately|directly|just|shortly|soon|minutes|moments) {_AFTER} {_MY}{_OF}"),
    ("PT1H", rf"(?:during|halfway through|part ?way through|while having|in the middle of|at) {_MY}(?:§ )?(?:infusion|drip|injection|§)"),
    ("PT1H", r"in the (?:infusion |drip |treatment )?chair|mid[ -](?:infusion|drip)"),
    ("PT1H", r"(?:while|when|as) (?:it|the drip) (?:was )?(?:running|going) in"),
    ("PT12H", rf"(?:hours|(?:the |that )?(?:night|evening|afternoon)s?) (?:{_AFTER}|of|i|when i) {_MY}{_OF}"),
    ("PT12H", rf"(?:{_AFTER} {_EACH}|(?:{_EACH} time|whenever) (?:i )?(?:{_TAKE})?|always after) ?{_MY}{_GIVEN}"),
    ("P1D", rf"(?:the )?(?:next day|day|morning) {_AFTER} {_MY}{_OF}"),
)  # fmt: skip
_THAT_DAY = re.compile(
    r"\b(?:that|the same|(?P<day>(?:mon|tues|wednes|thurs|fri|satur|sun)day)) (?:night|evening|afternoon)\b"
    r"|\b(?:in|during|through) the night\b|\bovernight\b|\bby (?:midnight|bed ?time)\b|\bat midnight\b|\b[1-5] ?am\b")
_WEEKDAYS = ("mon", "tues", "wednes", "thurs", "fri", "satur", "sun")
_HABIT_DAY = re.compile(rf"\b(?:(?:every|each) (?P<each>{'|'.join(_WEEKDAYS)})day|(?:on )?(?P<on>{'|'.join(_WEEKDAYS)})days)\b")
_LATELY_STARTED = 14  # days
_BESIDE = 20  # characters from the medicine to the day it is taken
_NEAR = 80  # characters from the dose to the words "that evening"
_PATTERNS = tuple((value, re.compile(rf"(?<![\w§])(?:{pattern})(?![\w§])")) for value, pattern in _KINDS)


def find_dose_times(text: str, medicines: Iterable[Entity]) -> Iterator[Entity]:
    """`after_dose` times of the text (start, end, value: ISO 8601), with the id of the `medicine` named in the words, else None."""
    named = [item for item in medicines if item["entity"] == "medicine"]
    plain = normalise(text)
    for item in named:
        plain = plain[: item["start"]] + "§".center(item["end"] - item["start"], "§") + plain[item["end"] :]
    plain = re.sub("§+", lambda found: "§" + "\x00" * (len(found[0]) - 1), plain)
    places = [at for at, character in enumerate(plain) if character != "\x00"]
    short = plain.replace("\x00", "")
    read: list[tuple[int, int]] = []
    for value, pattern in _PATTERNS:
        for found in pattern.finditer(short):
            start, end = places[found.start()], places[found.end() - 1] + 1
            if not meets(start, end, read):
                read.append((start, end))
                inside = [item["value"] for item in named if start <= item["start"] < end]
                yield {"entity": "after_dose", "start": start, "end": end, "value": value, "medicine": inside[0] if inside else None}
    yield from _later_that_day(normalise(text), named)
    yield from _on_another_weekday(normalise(text), named)


def _later_that_day(plain: str, named: list[Entity]) -> Iterator[Entity]:
    """"First pen on Thursday morning. That evening I had shivers", "Plegridy on Friday. Friday evening shivers"."""
    doses = [item for item in named if {"since_last_dose", "since_first_dose"} & item.get("status_time", {}).keys()]
    for found in _THAT_DAY.finditer(plain):
        before = [item for item in doses if 0 <= found.start() - item["end"] <= _NEAR]
        if before and (found["day"] is None or found["day"] in plain[before[-1]["end"]:found.start()]):
            yield {"entity": "after_dose", "start": found.start(), "end": found.end(), "value": "PT12H", "medicine": before[-1]["value"]}


def _on_another_weekday(plain: str, named: list[Entity]) -> Iterator[Entity]:
    """"Methotrexate every Friday, on Saturdays I feel queasy": a habit of one or two days after a weekly dose."""
    weekdays = [(found.start(), found.end(), _WEEKDAYS.index(found["each"] or found["on"])) for found in _HABIT_DAY.finditer(plain)]
    doses = [(day, item) for item in named for begin, _, day in weekdays if 0 <= begin - item["end"] <= _BESIDE]
    for dose, item in doses[:1]:
        for begin, end, day in weekdays:
            if begin > item["end"] and 1 <= (later := (day - dose) % 7) <= 2:
                yield {"entity": "after_dose", "start": begin, "end": end, "value": f"P{later}D", "medicine": item["value"]}


def set_last_doses(medicines: Iterable[Entity], times: Iterable[Entity]) -> None:
    """Who has a complaint the night after a dose had that dose no longer ago: of the medicine named, or of the only one."""
    current = [item for item in medicines if item["entity"] == "medicine" and item.get("role") == "current"]
    for time in times:
        about = [item for item in current if item["value"] == time["medicine"]] or (current if len(current) == 1 else [])
        for item in about[:1]:
            if days(item.get("status_time", {}).get("since_first_dose", "P1Y")) < _LATELY_STARTED:
                continue  # "first pen on Thursday. That evening ...": the day of that dose was told
            item.setdefault("status_time", {}).setdefault("since_last_dose", time["value"])


# Weeks between two infusions, at the longest: Tysabri SmPC 4.2 and 4.4 (every 4 weeks; extended interval dosing about 6 weeks).
_WEEKS_BETWEEN = {"natalizumab": 6}
_COUNTED = re.compile(
    rf"(?<!last )(?<!next )(?<!missed )(?<!skipped )(?<!every )(?<!of )"
    rf"\b(?P<many>\d{{1,3}}|{WHOLE})(?:st|nd|rd|th)? (?:infusions?|drips?)\b"
    r"(?! (?:left|to go|missed|a year|per|apart|late|ago|ahead)\b)")


def set_first_doses(text: str, medicines: Iterable[Entity]) -> None:
    """How many infusions there were tells how long ago the first was, at the most: "Tysabri, 41 infusions"."""
    current = [item for item in medicines if item["entity"] == "medicine" and item.get("role") == "current"]
    counts = [number_said(found["many"]) or 0 for found in _COUNTED.finditer(normalise(text))]
    for item in current if len({item["value"] for item in current}) == 1 and counts else []:
        if item["value"] in _WEEKS_BETWEEN and max(counts) > 1:
            length = f"P{max(counts) * _WEEKS_BETWEEN[item['value']]:.0f}W"
            item.setdefault("status_time", {}).setdefault("since_first_dose", length)
