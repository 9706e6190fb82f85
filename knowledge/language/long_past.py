"""Times long gone: told in years, as `time` reads them ("eleven years back", "for nine years"), or as a time of one's life ("when I was
at uni", "in the nineties", "before the kids were born")."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from knowledge.durations import days
from knowledge.language.text import word_set

_LONG = 180  # days
_WHO = r"(?:i|he|she|we|they|(?:my|the|our) \w+)"
_YOUNG = (
    r"(?:kid|child|baby|toddler|tot|nipper|bairn|wean|teen\w*|youngster|youth|student|lad|lass|boy|girl|schoolboy|schoolgirl|newborn|infant"
    r"|young (?:\w+))"
)
_PLACE = r"(?:at|in) (?:the )?(?:uni\w*|school|college|sixth form|primary|secondary|high school|nursery|army|navy|forces|womb)"
_TENS = r"(?:twenties|thirties|forties|fifties|sixties|seventies|eighties|nineties|noughties)"
_NUMBER = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|[1-9]|[1-3]\d)"
_LIFE = re.compile(
    rf"\b(?:when|while|before|until|since) {_WHO} (?:was|were) (?:only |just |still |about |first )*"
    rf"(?:an? {_YOUNG}|{_PLACE}|little|small|young\w*|{_NUMBER}\b(?! (?:hours?|min\w*|days?|weeks?))|born|single|married|diagnosed)"
    rf"|\bas an? (?:\w+ )?{_YOUNG}\b"
    rf"|\b(?:back )?(?:{_PLACE})(?= (?:i|he|she|we)\b|,| once\b)"
    rf"|\bin (?:my|his|her|our|their) (?:early |mid |late )?(?:teens|{_TENS}|youth|childhood|(?:\w+ )?(?:days|years))\b"
    rf"|\b(?:back )?in the (?:early |mid |late )?(?:{_TENS}|(?:19|20)[4-9]0'?s|old days|first lockdown|last century)\b"
    r"|\bback in the (?:early |mid |late )?[4-9]0'?s\b"  # "pulse in the 40s" is no time
    r"|\b(?:in|during|at the start of) (?:the )?(?:first |second |covid )?(?:lockdown|pandemic)\b"
    r"|\bback in the day\b|\bin (?:a past|another) life\b"
    r"|\b(?:ages|yonks|decades|many moons|(?:years and )?years|donkey'?s(?: years)?|a long (?:time|while)|a lifetime) (?:ago|back|since)\b"
    r"|\bbefore (?:the|my|our) (?:kids|children|son|daughter|boys|girls|twins|wedding|divorce|pandemic|diagnosis|lockdown|ms)\b"
    r"|\bbefore i (?:had (?:kids|ms|the kids|children)|got (?:married|ms|diagnosed))"
    r"|\bthe (?:year|summer|winter|spring|autumn) (?:of (?!this)|(?:i|we|he|she|they|my \w+|our \w+) \w+)"
)
_FIRST_WORDS = word_set("when while before until since as back at in during ages yonks decades many years donkeys donkey a the my")
_THROUGH = re.compile(
    r"\b(?:for|since|these|last|past|over|been)(?: (?:about|around|nearly|over|more than|the|the last|the past|at least))? $")


def time_of_life(words: str) -> str:
    """The words that name a time of one's life at the very beginning of `words`, empty if none do."""
    match = _LIFE.match(words) if words.split(" ", 1)[0] in _FIRST_WORDS else None
    return match[0] if match else ""


def long_past(text: str, times: Iterable[Mapping[str, Any]]) -> list[tuple[int, int, bool]]:
    """(start, end, whether it goes on until now) of what is named so in normalised `text`. `times` as `find_times` gives them."""
    found = [(match.start(), match.end(), False) for match in _LIFE.finditer(text)]
    for time in times:
        start, end = time["start"], time["end"]
        goes_on = text[start:end].startswith("since") or bool(_THROUGH.search(text, max(0, start - 30), start))
        if time["entity"] in ("time_since", "duration") and days(time["value"]) >= _LONG and (time["entity"] == "time_since" or goes_on):
            found.append((start, end, goes_on))
    return sorted(found)
