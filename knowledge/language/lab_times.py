"""When a laboratory number was measured, as the words around it tell, and which of several numbers of one test is the latest.

An age is in days, as far as words tell one: 0 for now, None where nothing is said. Of numbers whose order no word tells,
the more dangerous one counts as the latest.
"""

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from knowledge.language.lab_items import Item
from knowledge.language.number_words import number_said

Age = float | None

_MONTH = (r"(?:january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug"
          r"|sept?|oct|nov|dec)")
_SEASON = r"(?:spring|summer|autumn|fall|winter|new year|christmas|xmas|easter)"
_SPAN = r"(?:day|week|fortnight|month|year)"
_DAYS = {"day": 1, "week": 7, "fortnight": 14, "month": 30, "year": 365}
_JUST_PAST = 0.5  # "was": before what is told as of now, after what is told with a date
_MONTHS_BACK = 90  # a month or season by its name
_LAST_CHECK = 100  # "last time", "before"
_AT_FIRST = 1000  # "at baseline", "used to be", "from"

_SOME_TIME_AGO = (
    rf"(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|few|couple of|\d+|last|{_SPAN}) {_SPAN}s? (?:ago|back|before|earlier)"
    rf"|\b{_SPAN}s ago|last (?:{_SPAN}|{_SEASON}|night)|yesterday|(?:in|since|last|back in|over|during|of) (?:the )?(?:early |late |mid )?"
    rf"(?:{_MONTH}|{_SEASON})|(?:in|since) (?:19|20)\d\d"
    r"|last (?:time|one|test|check)|prev(?:ious(?:ly)?)?|prior|before(?: (?:that|then|(?:the|my|i|this|starting|year)\b[^.\n\d]{0,25}))?"
)
_PREVIOUS = re.compile(
    rf"\b(?:{_SOME_TIME_AGO}|was|were|from|used to(?: be)?|baseline|originally|at first|initially|started (?:at|on|off)|"
    r"had been|vor|after (?:being|having been|falling to|dropping to)|having been|after(?= $))\b(?:(?!\b(?:and|but|now)\b)[^.,\n]){0,25}$"
)
_AT_AN_EARLIER_TIME = re.compile(  # begins a sentence or clause that is said of the past
    rf"(?:^|[.,;(\n-]|\band\b|\bbut\b)\s*(?:and |but )?(?:back )?(?:{_SOME_TIME_AGO})\b(?:(?!\b(?:and|but|now)\b)[^.\n]){{0,25}}$")
PREVIOUS_AFTER = re.compile(
    rf"^[\s(,-]*(?:(?:back )?(?:last|a|\d+|two|three|six|few) (?:time|month|year|week|test|{_SEASON})s?|(?:back )?(?:in|since|at|on) "
    rf"(?:{_MONTH}|\d{{4}})|(?:in|last|this|over) (?:the )?{_SEASON}\b"
    r"|before(?! (?:they|he|she|you|it|any|a)\b)(?! (?:the|my|i|we|next|starting) (?:next|dose|infusion|see|go|start)\b)"
    r"|previously|at baseline|yesterday|last \w+ ?(?:ago)?|(?:\w+ ){1,3}ago)\b"
)
_NOW = re.compile(
    r"\b(?:now|today|currently|latest|this (?:week|month|time|morning|afternoon|evening)|most recent|current|just|tonight)\b[^.\n]{0,25}$")
_GOES_ON = re.compile(r"\b(?:to|then|is|are|new|it's)\b[^.\n]{0,25}$|(?:->|=>|>|→)\s*$")  # of a number that follows another
_NOW_AFTER = re.compile(r"^[\s(,-]*(?:(?:is|was|on|from) )?(?:(?:the|my) )?(?:now|today|tonight|this (?:week|month|time|morning)|currently"
                        r"|at the moment|latest)\b")


_MONTH_BEFORE = re.compile(rf"\b({_MONTH})\b(?: '?\d\d(?:\d\d)?\b)?(?: ?\([^()\d]*\))?[\s:,=-]*$")
_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FEWEST = 3  # dated numbers that are a course


def months_of(plain: str, results: Sequence[Item]) -> list[int]:
    """Of a course of numbers in order of time, each behind its month ("Jan 0.7, Apr 0.66, Aug 0.7"), the months since the first.

    The last one may be of now instead ("and last Tuesday 0.41"). An empty list where the numbers are no such course.
    """
    edges = [max(0, results[0].start - 40) if results else 0, *(item.end for item in results)]
    found = [_MONTH_BEFORE.search(plain, edge, item.start) for edge, item in zip(edges, results, strict=False)]
    named = [_MONTH_NAMES.index(match[1][:3]) for match in found if match]
    if len(named) < _FEWEST or None in found[:-1]:
        return []
    passed = [0]
    for one, following in pairwise(named):
        passed.append(passed[-1] + (following - one) % 12)
    return passed + passed[-1:] * (len(results) - len(named))


def age_in(words: str) -> float:
    """Days since what `words` name as the time of a measurement."""
    ago = re.search(rf"(?:(\w+) )?({_SPAN})s? (?:ago|back|before|earlier)|\blast ({_SPAN})\b", words)
    if ago:
        return _DAYS[ago[2] or ago[3]] * (_count(ago[1]) if ago[1] else 1)
    if re.search(r"\byesterday\b|\blast night\b", words):
        return 1
    if re.search(rf"\b(?:{_MONTH}|{_SEASON})\b(?! have\b)", words):
        return _MONTHS_BACK
    if re.search(r"\blast|\bprev|\bprior|\bbefore\b", words):
        return _LAST_CHECK
    return _JUST_PAST if re.match(r"(?:was|were)\b", words) else _AT_FIRST


def _count(word: str) -> float:
    return float(word) if word.isdigit() else number_said(word) or {"few": 3, "of": 2}.get(word, 1)


def age_of(before: str, tail: str, after: str, follows: bool) -> Age:
    """The age of a number between `before` and `tail` (the words up to its neighbours; `after`: those that are its own)."""
    dated = PREVIOUS_AFTER.search(after)
    if dated:
        return age_in(dated[0])
    previous = _PREVIOUS.search(before)
    if _NOW_AFTER.search(tail) or not previous and (_NOW.search(before) or follows and _GOES_ON.search(before)):
        return 0
    return age_in(previous[0]) if previous else None


def age_of_result(before: str, result: str, after: str) -> Age:
    """The age of a result that stands alone: its own words, what leads to them in its sentence, what follows."""
    dated = _AT_AN_EARLIER_TIME.search(before) or PREVIOUS_AFTER.search(after)
    if dated:
        return age_in(dated[0])
    if _NOW.search(before) or _NOW_AFTER.search(after) or re.search(r"\b(?:now|today|currently|latest)\b", result):
        return 0
    return _JUST_PAST if re.search(r"\b(?:was|were|had been)\b", result) else None


def latest(ages: Sequence[Age], danger: Callable[[int], float]) -> int:
    """The place of the latest of several measurements: what is told as of now, what has no time, what is least long ago.

    `danger(place)` decides between those that stand equal; of equally dangerous ones the last said counts.
    """
    now = [place for place, age in enumerate(ages) if age == 0]
    if now:
        return now[-1]
    untold = [place for place, age in enumerate(ages) if age is None]
    least = min((age for age in ages if age is not None), default=None)
    return max(untold or [place for place, age in enumerate(ages) if age == least], key=lambda place: (danger(place), place))


def ages_of(plain: str, ordered: Sequence[Item], results: Sequence[Item]) -> list[Age]:
    """The age of each of several numbers of one test; `ordered`: every piece of its group."""
    ages = []
    for index, item in enumerate(results):
        edge = max([p.end for p in ordered if p.end <= item.start], default=max(0, item.start - 30))
        until = min([p.start for p in ordered if p.start >= item.end], default=item.end + 40)
        before = plain[max(edge, item.start - 60) : item.start]
        near = until < item.end + 40
        tail = re.split(r"[,(]", plain[item.end : until].lstrip(" ("))[0] if near else plain[item.end : item.end + 40]
        if near and re.match(r"\s*[(,]", plain[item.end : until]):
            tail = ""
        age = age_of(before, tail, re.split(r"[.;)\n]|\bnow\b|\bto\b", tail)[0], bool(index))
        with_the_last = index and edge == results[index - 1].end and re.fullmatch(r"\s*(?:and|&)\s*", before)
        ages.append(ages[-1] if age is None and with_the_last else age)  # "90 after 220 and 400"
    return ages
