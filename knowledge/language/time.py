"""Durations and points in time as people write them, read as ISO 8601 durations with at most two units."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Any

import dateparser
from isodate import Duration, duration_isoformat

from knowledge.durations import DAYS_IN_A_MONTH
from knowledge.language.text import ORDINAL, ORDINALS, normalise

Entity = dict[str, Any]

_ONES = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
         "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
         "seventeen": 17, "eighteen": 18, "nineteen": 19, "couple": 2, "few": 3, "several": 4, "dozen": 12, "half": 0.5}
_VAGUE = {"a", "an", "half", "couple", "few", "several", "dozen"}
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
_UNITS = {
    "seconds": "seconds?|secs?", "minutes": "minutes?|mins?|minuets?|minits?", "hours": "hours?|hrs?|ours|huors?", "days": "days?|dayz|dys",
    "weeks": "weeks?|wks?|weaks?|wekks?|weks?", "fortnights": "fortnights?",
    "months": "months?|mths?|mnths?|mos?|moths?|monthes|monts",
    "years": "years?|yrs?|yeers?|yaers?|decades?", "nights": "nights?",
}
_MONTHS = ("jan(?:uary)?", "feb(?:r?u?a?ry)?", "mar(?:ch)?", "apr(?:il)?", "may", "june?", "july?", "aug(?:ust)?",
           "sept?(?:ember)?", "oct(?:ober)?", "nov(?:ember)?", "dec(?:ember)?")
_WEEKDAYS = ("mon(?:day)?", "tue(?:s|sday)?", "wed(?:nesday|s)?", "thu(?:r|rs|rsday)?", "fri(?:day)?", "sat(?:urday)?",
             "sun(?:day)?")
# Middle of each season in the northern half of the world, where the content's clinics are.
_SEASONS = {"spring": (4, 15), "summer": (7, 15), "autumn": (10, 15), "fall": (10, 15), "winter": (1, 15)}
_FEASTS = {"christmas": (12, 25), "xmas": (12, 25), "easter": (4, 10), "new year": (1, 1), "halloween": (10, 31)}
_NEAR = {  # how long ago words mean, when only the day is known
    "just now": timedelta(minutes=10), "this morning": timedelta(hours=6), "earlier today": timedelta(hours=6),
    "this afternoon": timedelta(hours=3), "this evening": timedelta(hours=2), "tonight": timedelta(hours=2),
    "today": timedelta(hours=6), "this am": timedelta(hours=6), "this pm": timedelta(hours=3),
    "last night": timedelta(hours=12), "overnight": timedelta(hours=12),
    "the other day": timedelta(days=3), "other day": timedelta(days=3), "day before yesterday": timedelta(days=2),
    "the night before last": timedelta(days=2), "night before last": timedelta(days=2),
    "yesterday morning": timedelta(hours=30), "yesterday evening": timedelta(hours=18),
    "yesterday": timedelta(days=1), "yesturday": timedelta(days=1), "yday": timedelta(days=1),
    "last weekend": timedelta(days=6), "the weekend": timedelta(days=3), "at the weekend": timedelta(days=3),
    "this week": timedelta(days=3), "last week": timedelta(weeks=1), "last wk": timedelta(weeks=1),
    "last fortnight": timedelta(weeks=2),
}
_FAR = {"last month": Duration(months=1), "last year": Duration(years=1), "the year before last": Duration(years=2),
        "this month": timedelta(weeks=2), "earlier this month": timedelta(weeks=2),
        "the month before last": Duration(months=2),
        "this time last year": Duration(years=1), "earlier this year": Duration(months=5), "this year": Duration(months=5)}


def _any(words: Any) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_NUMBER = (
    rf"(?:\d{{1,3}}(?:[.,]\d{{1,2}})?(?:\s?1/2|\u00bd)?|\u00bd|1/2"
    rf"|(?:{_any(_TENS)})(?:[ -](?:{_any(set(_ONES) - _VAGUE)}))?"
    rf"|(?:a )?(?:couple|few|dozen)(?: of)?|half(?: of)?(?: an?)?|{_any(_ONES)})")
_SOME_LENGTHS = {"hours": "PT3H", "days": "P3D", "weeks": "P3W", "months": "P3M"}  # "for hours": a few of them
_UNIT = "(?:" + "|".join(_UNITS.values()) + r"|(?<=\d)[hdwy])"


def _quantity(index: int) -> str:
    return (
        rf"(?:{_NUMBER}(?: ?- ?| to | or ))?(?P<n{index}>{_NUMBER})(?P<more{index}> and (?:a half|half"
        rf"|1/2))?(?: and a bit)?[ -]?(?:or so |full |whole |solid |long )?(?P<u{index}>{_UNIT})\b(?:' )?")


_MONTH = "(?:" + "|".join(_MONTHS) + ")"
_WEEKDAY = "(?:" + "|".join(_WEEKDAYS) + ")"
_PART = r"(?:the )?(?P<part>early|beginning of|start of|mid|middle of|late|end of)?[ -]?(?:the )?"
_YEAR = r"(?:19[89]\d|20[0-4]\d)"
_A_YEAR = re.compile(_YEAR)

_LASTING = re.compile(
    rf"(?<![\w.,/-])(?<!times )(?<!once )(?<!twice )(?<!two )(?<!three )(?<!four )(?<!\d )"
    rf"{_quantity(1)}(?P<half> and a half)?(?:(?:,? and |,? )(?!a\b){_quantity(2)})?")
_AGES = re.compile(
    r"\b(?<!took )(?<!takes )(?<!taking )(?:ages|yonks|donkeys years|donkey's years|a long time|as long as i can remember)\b(?! ago)")
_SOME = re.compile(
    r"\b(?:for|lasted|lasting|lasts|been|over) (?:many |some |several )?(?P<unit>hours|days|weeks|months)\b(?! (?:ago|old))")
_QUARTERS = re.compile(r"\b(?:(?P<three>three quarters)|(?:a )?quarter) of an hour\b")
_WHOLE = re.compile(r"\b(?:all|the whole|whole) (?P<unit>day|night|week|month|morning|afternoon|weekend)\b")
_AGO = re.compile(r"(?:\s*(?:or so|now|roughly))?\s*(?:ago|aog|agao|back(?! pain| ache| hurt)|previously|since(?=\s*(?:$|[,.;!?])))\b")
_AFTER = re.compile(r"(?:\s(?:today|now|yesterday))?\s*(?:after|post|since|from|following|out from|into|on from)\b")
_RATE = re.compile(  # "two boxes of tissues a day"
    rf"\b(?:\d{{1,3}}|{_any(set(_ONES) - _VAGUE - {'one'})}|several|few|couple of|dozen) (?:\w+ ){{1,4}}$")
_AFTER_THAT = re.compile(r" (?:after|later|before|after that|before that)\s*(?:$|[.,;!?])")  # counted from what was told just before
_NOT_A_SPAN = re.compile(
    r"[- ]?(?:old|of age|monthly|weekly|a (?:day|week|month)|per|infusions?|course|courses|starter|appointments?"
    r"|check(?:s|up)?|scan|wait|early|late|later|interval|schedule|time|from now|tablets?|treatments?|drips?"
    r"|inject\w*|shots?|pens?|capsules?|pills?|supply|titration|follow[- ]?up|review|pregnant|gestation)\b")
_NOT_BEFORE = re.compile(
    r"(?:\bwait|\bwaiting|\bevery(?: other)?|\beach|\bper|\btimes|\bonce|\btwice|\bx|\dx|\bage[d]?|\bi'?m|\bi am|\bnext|\bplus|\bday"
    r"|\bweek|[/<>=]) ?$")
_I_AM = re.compile(r"\bi(?:'?m| am) ?$")
_IN_FUTURE = re.compile(r"\b(?:in|within|for another|another|after|every|next)\s(?:about |around |the next )?$")
_FUTURE_VERB = re.compile(
    r"\b(?:due|start(?:ing|s)?|going|will|begin(?:ning|s)?|booked|scheduled|appointment|switching|next|should"
    r"|supposed|next is)\b")
_ORDINAL_SPAN = re.compile(
    r"\b(?P<unit>day|week|month|year(?= \w+ (?:after|since|post|out)\b)) \+?(?P<n>\d{1,2}|" + _any(set(_ONES) - _VAGUE)
    + r")\b(?: today)?(?= (?:or|of|on|after|post|since|into|from|following|now|and|but)\b|\s*[,.;]|\s*$)")
_NTH_SPAN = re.compile(  # "sixth day of the pack", "it's my 3rd week"
    rf"(?<!every )(?<!each )(?<!the )\b(?P<n>(?!first|1st){ORDINAL}) (?P<unit>day|week)\b"
    rf"(?= (?:of (?!{_MONTH}\b)|on|into|in)\b|\s*[,.;]|\s*$)")
_WORDS = re.compile(rf"(?<!every )(?<!for )\b(?:{_any([*_NEAR, *_FAR])})(?='?s?\b)(?<!today(?= since ))")
_ITS = re.compile(r"'?s\b")
_OVER_THE = re.compile(r"\b(?:over|in|during|within|for|all) (?:the|this) $")  # "over the last year"
_DATE = re.compile(
    rf"\b(?:(?<!year )(?<!yr )(?<!no )(?<!round )(?<!course )(?<!dose )(?<!week )(?<!infusion )"
    rf"\d{{1,2}}(?:st|nd|rd|th)? (?:of )?{_MONTH}(?:,? {_YEAR})?|{_MONTH} \d{{1,2}}(?:st|nd|rd"
    rf"|th)?\b(?!\d)(?:,? {_YEAR})?|{_YEAR}-\d\d-\d\d|\d{{1,2}}[/.-]\d{{1,2}}[/.-](?:20)?\d\d)(?![\d/%])\b")
_IN_MONTH = re.compile(
    rf"(?<![a-z])(?P<lead>\b(?:in|since|from|a year last|last|this|during|until|till?|around|about|back in|of|was"
    rf"|on)\s)?{_PART}(?P<month>{_MONTH})\b(?P<rest>(?: of)?(?: last| this)? year|,? '?(?P<year>{_YEAR}"
    rf"|\d\d(?!\d|st|nd|rd|th| ?m?c?g\b)))?")
_IN_YEAR = re.compile(
    rf"(?:\b(?:in|since|from|during|until|till?|around|of|was|back in)\s{_PART}|\b(?:early|mid"
    rf"|late)[ -]|(?<=\bfinished )|(?<=\bstopped )|(?<=\bstarted )|(?<=\bended ))(?P<year>{_YEAR})\b")
_YEARS = re.compile(  # ended in the second
    rf"\b(?:(?:in|from|between) )?(?P<first>{_YEAR}) ?(?:(?:[-/]|to|and|until|till?) ?(?P<year>{_YEAR})|(?:-"
    rf"|to) ?'?(?P<short>\d\d))\b(?!-\d)")
_YEAR_TO_NOW = re.compile(
    rf"\b(?:from |since )?(?P<year>{_YEAR}) ?(?:-+|to|until|till?|up to) ?(?:the )?(?:present|now|date|today|current\w*|ongoing)\b")
_ON_THE = re.compile(
    rf"\b(?:(?:on|since|from|was|(?<!next ){_WEEKDAY}) the|(?<!next ){_WEEKDAY}) (?P<day>\d{{1,2}})(?:st|nd|rd|th)\b(?: of this month)?"
    r"(?! (?:of|day|floor|dose|infusion|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))")
_BARE_YEAR = re.compile(
    rf"(?:(?<=[a-z] )|(?<=[a-z], )|(?<=[a-z] \()|(?<=\d{{4}}, )|(?<=\d{{4}} & )|(?<=\d{{4}} and ))(?P<year>{_YEAR})(?=\s*(?:$|[,.;()&]"
    rf"|(?:and|then|but)\b))")  # "Rebif 2014, ..."
_MONTH_OF_YEAR = re.compile(rf"(?<![\d/])(?:(?:in|since|from|until|till?) )?(?P<month>0?[1-9]|1[0-2])/(?P<year>{_YEAR})\b")
_SHORT_YEAR = re.compile(r"\b(?:since|in|from|until|till?) '(?P<year>\d\d)\b(?!')")  # "since '99"
_START_OF_YEAR = re.compile(r"\b(?:since |from |at )?(?:the )?(?:start|beginning) of (?:the|this) year\b")
_SLASHED = re.compile(r"(?<![\d/])(?P<n>\d{1,2})/(?P<unit>52|(?:7|12)(?= (?:ago|post|after|since|now|history)\b))(?![\d/])")
_IN_SEASON = re.compile(
    rf"\b(?:(?:in|since|over|during|from|until|at|before|after|around) )?(?P<last>last |this |the "
    rf"|the last )?(?P<name>{_any([*_SEASONS, *_FEASTS])})(?:,?(?: of| in)? (?P<year>{_YEAR})| (?P<before>before last))?\b(?! (?:break"
    rf"|down|over|asleep"
    rf"|ill|off|back|roll|out|water|onion|backwards))")
_ON_DAY = re.compile(
    rf"\b(?:on |last |since |this |was |from |this past )(?P<day>{_WEEKDAY})\b(?!,? (?:the )?\d{{1,2}}"
    rf"(?:(?:st|nd|rd|th)(?! (?:one|dose|drip|infusion|injection|jab))|[/.]\d| {_MONTH}))"
    rf"(?: (?P<when>night|morning|evening"
    rf"|last week|gone|just gone))?")
_DAY_OF_DOSE = re.compile(
    r"\b(?:last|had|took|did|injected|infused|infusion|injection|dose|jab|shot|started|stopped|finished|ended)(?: \w+){0,5} "
    r"(?P<day>(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b(?!,? (?:the )?\d)(?P<when> night| morning| evening)?")
_DAY_PART = re.compile(  # "Plegridy Saturday evening"
    r"(?<!every )(?<!each )(?<!most )(?<!next )(?<!coming )(?<!or )(?<!the )(?<!a )\b(?P<day>(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
    r" (?:night|evening|morning|afternoon|lunchtime|teatime)\b")
_MORNING_NOW = re.compile(r"\b(?:this morning|woke up|overnight)\b")
_MORNING_HOUR = 11  # o'clock: "this morning" is told no later
_BARE_DAY = re.compile(rf"^\W*(?P<day>{_WEEKDAY})\W*$")
_OF_A_DOSE = re.compile(r"\b(?:one|dose|infusion|injection|course|shot|jab|treatment|started|stopped|given)[ ,:-]*$")
_BEGUN = re.compile(r"\b(?:since|after|from) (?:i |my )?(?:start|begin|going|switching)")
_CLAUSE_END = re.compile(r"[.,;!?()]|\b(?:and|but|so)\b")
_PUT_OFF = re.compile(r"\b(?:mov|push|put|shift|reschedul|postpon|chang|delay)\w*(?: \w+){0,2} (?:from|to) (?:\w+ to )?$")  # an appointment
_COUNT = re.compile(rf" (?P<n>{_NUMBER})\s*(?=$|[,.;!)]|(?:and|but|now|then)\b)")
_MOST = 12
_SAME_TIME = re.compile(r"[ ,(]{1,2}(?:about |around |so |i\.?e\.? )?")  # "this morning, about 4 hours ago"
_NEXT = re.compile(r"\b(?:next|coming|this coming|tomorrow)\s*$")


_HOUR = (
    rf"(?P<hour>noon|midnight|\d{{1,2}}|{_any(set(_ONES) - _VAGUE)})(?:[:.](?P<minutes>[0-5]\d))?(?: ?o'?clock)?"
    r"(?P<part> ?[ap]\.?m\b\.?|,? (?:in the |this )?(?:morning|afternoon|evening|tonight)| at night)?")
_CLOCK = re.compile(rf"(?P<before>\b(?:this (?:morning|afternoon|evening)|today) )?\bat (?:about |around )?{_HOUR}\b(?! (?:mg|weeks|days))")
_CLOCK_NOW = re.compile(
    rf"\b(?:it'?s|it is|now)(?: now| it'?s| nearly| about| almost| just| gone| half)* (?!\d+ (?:day|week|month|year)){_HOUR}"
    r"(?(part)|(?:(?= now\b)|(?<=midnight)))")


@dataclass(frozen=True)
class Found:
    """A time in the text: its ISO 8601 value, as a length (`duration`) or a distance to now (`time_since`)."""

    start: int
    end: int
    value: str
    entity: str

    def as_entity(self) -> Entity:
        return {"entity": self.entity, "start": self.start, "end": self.end, "value": self.value}


def find_times(text: str, today: date) -> list[Entity]:
    """Durations and times since something in a message, as entities with ISO 8601 values, in order, not overlapping.

    Schedules ("every 6 months"), ages and points in the future are left out.
    """
    plain = normalise(text)
    found: list[Found] = []
    taken = bytearray(len(plain))
    for finder in (_clock, _slashed, _dates, _days_of_the_month, _months, _ordinals, _days_and_weeks, _seasons, _years, _lengths):
        for one in finder(plain, today):
            if not any(taken[one.start:one.end]):
                taken[one.start:one.end] = b"\x01" * (one.end - one.start)
                found.append(one)
    found.sort(key=lambda one: one.start)
    told_again = {first for first, second in pairwise(found) if _SAME_TIME.fullmatch(plain, first.end, second.start)
                  and first.entity == second.entity == "time_since" and _WORDS.fullmatch(plain, first.start, first.end)
                  and not _WORDS.fullmatch(plain, second.start, second.end)}
    return [one.as_entity() for one in found if one not in told_again]


def in_the_same_unit(text: str, place: int, length: str) -> Entity | None:
    """The number at `place`, in the unit of a length told before it: "avonex nine years, gilenya four"."""
    match = _COUNT.match(text, place)
    count = _number(match["n"]) if match else None
    if match is None or count is None or count > _MOST or count % 1 or not re.fullmatch(r"P\d+[YMW]", length):
        return None  # a larger number is a dose
    return Found(match.start("n"), match.end("n"), f"P{count:g}{length[-1]}", "duration").as_entity()


_GUESSED = "i think|i believe|i guess|i reckon|maybe|probably|perhaps"
_ONLY_A_YEAR = re.compile(
    rf"\W*(?:(?:about|around|early|late|mid|it was|must be|must have been|back in|sometime|{_GUESSED})\W+)*({_YEAR})"
    rf"(?: ?ish\b|\W+(?:or so|or thereabouts|{_GUESSED}))*\W*")


def parse_time_answer(text: str, today: date) -> str | None:
    """The time since a dose in a short answer ("about 2 yrs ago", "march 2023"), or None when none was given."""
    plain = normalise(text).strip()
    if re.search(r"\b(?:in|next) .{0,20}\btime\b|\bnext\b|\btomorrow\b", plain):
        return None
    times = find_times(plain, today)
    since = [time for time in times if time["entity"] == "time_since"] or times
    if since and not _AGES.search(plain):
        return str(since[0]["value"])
    weekday = _BARE_DAY.match(plain)
    if weekday:
        return _iso(timedelta(days=_days_since_weekday(weekday["day"], today)))
    year = _ONLY_A_YEAR.fullmatch(plain)
    if year:
        return _since_year(int(year[1]), today)
    return None


def _lengths(text: str, today: date) -> Any:
    for match in _QUARTERS.finditer(text):
        yield Found(match.start(), match.end(), "PT45M" if match["three"] else "PT15M", "duration")
    for match in _LASTING.finditer(text):
        length = _sum(match)
        if length is None:
            continue
        before, after = text[max(0, match.start() - 20):match.start()], text[match.end():match.end() + 24]
        ago = _AGO.match(after)
        if ago:
            yield Found(match.start(), match.end() + ago.end(), length, "time_since")
            continue
        if _AFTER_THAT.match(after) or match["n1"] in ("a", "an") and _RATE.search(text, max(0, match.start() - 40), match.start()):
            continue
        since = _AFTER.match(after) if not (before.endswith("for ") and after.lstrip().startswith("after")) else None
        old = not since and match["u1"].startswith("y")  # "I'm 40 years"; nobody is "4 weeks"
        if (_NOT_BEFORE.search(before) and not (_I_AM.search(before) and not old)) or _NOT_A_SPAN.match(after):
            continue
        if _IN_FUTURE.search(before) and _FUTURE_VERB.search(text[max(0, match.start() - 60):match.start()]):
            continue
        yield Found(match.start(), match.end(), length, "time_since" if since else "duration")
    for match in _AGES.finditer(text):
        yield Found(match.start(), match.end(), "P6M", "duration")
    for match in _SOME.finditer(text):
        yield Found(match.start("unit"), match.end(), _SOME_LENGTHS[match["unit"]], "duration")
    for match in _WHOLE.finditer(text):
        value = {"day": "P1D", "week": "P1W", "month": "P1M", "weekend": "P2D"}.get(match["unit"], "PT8H")
        yield Found(match.start(), match.end(), value, "duration")


def _slashed(text: str, today: date) -> Any:
    """Doctors' shorthand: 3/7 is three days, 3/52 three weeks, 3/12 three months."""
    for match in _SLASHED.finditer(text):
        value = f"P{int(match['n'])}{ {'7': 'D', '52': 'W', '12': 'M'}[match['unit']] }".replace(" ", "")
        ago = _AGO.match(text, match.end())
        yield Found(match.start(), ago.end() if ago else match.end(), value, "time_since" if ago else "duration")


def _ordinals(text: str, today: date) -> Any:
    for match in (*_ORDINAL_SPAN.finditer(text), *_NTH_SPAN.finditer(text)):
        count = _rank(match["n"]) if match.re is _NTH_SPAN else _number(match["n"])
        if count:
            yield Found(match.start(), match.end(), f"P{count:g}{match['unit'][0].upper()}", "time_since")


def _clock(text: str, today: date) -> Any:
    """The hour of a dose today, where the message tells what time it is now too: "at 8 this morning, it's 2 pm now"."""
    now = _CLOCK_NOW.search(text)
    if now is None:
        for match in _CLOCK.finditer(text):
            gone = _MORNING_HOUR + 24 - _hour(match)
            if _hour(match) >= 17 and _MORNING_NOW.search(text, match.end()):  # "at 8pm ... this morning it was gone"
                yield Found(match.start(), match.end(), _iso(timedelta(hours=gone)), "time_since")
        return
    for match in _CLOCK.finditer(text):
        if match.end() <= now.start() or match.start() >= now.end():
            gone = (_hour(now) - _hour(match)) % 24
            yield Found(match.start(), match.end(), _iso(timedelta(hours=gone)) if gone else "PT10M", "time_since")


def _hour(match: re.Match[str]) -> float:
    """The hour of the day, 0 to 24, that a match of `_CLOCK` or `_CLOCK_NOW` tells."""
    if match["hour"] == "midnight":
        return 0.0
    hour = 12.0 if match["hour"] == "noon" else _number(match["hour"]) or 0.0
    part = match["part"] or match.groupdict().get("before") or ""
    late = re.search(r"p\.?m|afternoon|evening|tonight|night", part)
    return hour % 12 + (12 if late or match["hour"] == "noon" else 0) + int(match["minutes"] or 0) / 60


def _days_and_weeks(text: str, today: date) -> Any:
    for match in _WORDS.finditer(text):
        word = match.group()
        if word in ("tonight", "today") and _ITS.match(text, match.end()):
            continue  # "tonight's dose" may be still to come
        value = _iso(_NEAR[word]) if word in _NEAR else duration_isoformat(_FAR[word])
        lasting = word.startswith("last ") and _OVER_THE.search(text, max(0, match.start() - 12), match.start())
        yield Found(match.start(), match.end(), value, "duration" if lasting else "time_since")
    for match in (*_ON_DAY.finditer(text), *_DAY_OF_DOSE.finditer(text), *_DAY_PART.finditer(text)):
        days = _days_since_weekday(match["day"], today)
        ahead = _FUTURE_VERB.search(text[max(0, match.start() - 25):match.start()])
        if ahead and not match.group().startswith(("last", "since")):
            continue
        start = match.start("day") if match.re is _DAY_OF_DOSE else match.start()
        yield Found(start, match.end(), _iso(timedelta(days=days)), "time_since")


def _dates(text: str, today: date) -> Any:
    for match in _DATE.finditer(text):
        ahead = _FUTURE_VERB.search(text[max(0, match.start() - 20):match.start()])
        day = _parse_date(match.group(), today, bool(ahead))
        if ahead and not re.search(r"\d{4}|[/.-]\d\d$", match.group()):
            continue
        if day is not None and day <= today:
            yield Found(match.start(), match.end(), _since_day(day, today), "time_since")


def _days_of_the_month(text: str, today: date) -> Any:
    for match in _ON_THE.finditer(text):
        day = int(match["day"])
        before = text[max(0, match.start() - 25):match.start()]
        if not 1 <= day <= 31 or _FUTURE_VERB.search(before) or before.endswith(" is "):
            continue
        month = today if day <= today.day else today.replace(day=1) - timedelta(days=1)
        if day <= calendar.monthrange(month.year, month.month)[1]:
            yield Found(match.start(), match.end(), _since_day(month.replace(day=day), today), "time_since")


def _months(text: str, today: date) -> Any:
    for match in _IN_MONTH.finditer(text):
        named = match["year"] or match["rest"]
        spoken_of = _OF_A_DOSE.search(text[max(0, match.start() - 24):match.start()])
        if not (match["lead"] or match["part"] or named or spoken_of) and text.strip(" .!?") != match.group().strip():
            continue
        if match["month"] in ("may", "mar", "sun") and not (match["lead"] or named):
            continue
        if _PUT_OFF.search(text, max(0, match.start("month") - 40), match.start("month")):
            continue
        if _NEXT.search(text[:match.start()][-12:]) or (match["lead"] or "").strip() == "on":
            continue
        month = 1 + next(i for i, name in enumerate(_MONTHS) if re.fullmatch(name, match["month"]))
        year = today.year if month <= today.month else today.year - 1
        if match["year"]:
            year = int(match["year"]) + (2000 if len(match["year"]) == 2 else 0)
        elif (match["rest"] and "last" in match["rest"]) or (month == today.month and (match["lead"] or "") == "last "):
            year = today.year - 1
        if (match["lead"] or "").startswith("a year"):
            year -= 1
        planned = _FUTURE_VERB.search(_CLAUSE_END.split(text[max(0, match.start() - 40):match.start()])[-1])
        begun = _BEGUN.search(text[max(0, match.start() - 40):match.start()])
        ahead = planned and not begun and not named and (match["lead"] or "").strip() in ("in", "")
        if ahead or (year, month) > (today.year, today.month):
            continue
        start = match.start() if match["lead"] else match.start() + (len(match.group()) - len(match.group().lstrip()))
        yield Found(start, match.end(), _since_month(year, month, match["part"], today), "time_since")


def _years(text: str, today: date) -> Any:
    for match in _START_OF_YEAR.finditer(text):
        yield Found(match.start(), match.end(), _since(date(today.year, 1, 1), today), "time_since")
    for match in _SHORT_YEAR.finditer(text):
        year = int(match["year"]) + (2000 if int(match["year"]) <= today.year % 100 else 1900)
        yield Found(match.start(), match.end(), str(_since_year(year, today)), "time_since")
    if not _A_YEAR.search(text):
        return
    for match in _MONTH_OF_YEAR.finditer(text):
        if (int(match["year"]), int(match["month"])) <= (today.year, today.month):
            yield Found(match.start(), match.end(), _since_month(int(match["year"]), int(match["month"]), None, today), "time_since")
    for match in (*_YEAR_TO_NOW.finditer(text), *_YEARS.finditer(text), *_IN_YEAR.finditer(text), *_BARE_YEAR.finditer(text)):
        last = match["year"] or match["first"][:2] + match["short"]  # "2015-17"
        if match.re is _YEARS and last < match["first"]:
            continue
        value = _since_year(int(last), today)
        if value:
            yield Found(match.start(), match.end(), value, "time_since")


def _seasons(text: str, today: date) -> Any:
    for match in _IN_SEASON.finditer(text):
        month, day = _SEASONS.get(match["name"]) or _FEASTS[match["name"]]
        if match.group().startswith("in the new year"):
            continue
        if match["name"] == "fall" and not (match["last"] or match["year"]):
            continue
        moment = date(int(match["year"] or today.year), month, day)
        if not match["year"] and moment > today:
            moment = moment.replace(year=moment.year - 1)
        if match["before"]:
            moment = moment.replace(year=moment.year - 1)
        if match["last"] == "last " and (today - moment).days < 60:  # said in autumn, "last autumn" is the one before
            moment = moment.replace(year=moment.year - 1)
        if moment <= today:
            yield Found(match.start(), match.end(), _since(moment, today), "time_since")


def _rank(words: str) -> int:
    """Which of a row an ordinal names: 3 for "third" and "3rd"."""
    return int(digits[0]) if (digits := re.match(r"\d+", words)) else ORDINALS.index(words) + 1


def _number(words: str) -> float | None:
    words = words.replace(" of", "").strip()
    half = 0.5 if re.search(r"(?:1/2|\u00bd)$", words) else 0.0
    words = re.sub(r"\s?(?:1/2|\u00bd)$", "", words)
    if not words:
        return half
    if words[0].isdigit():
        return float(words.replace(",", ".")) + half
    if words.startswith("half"):
        return 0.5
    parts = re.split(r"[ -]", words)
    if parts[0] == "a" and len(parts) > 1:
        parts = parts[1:]
    return float(sum(_TENS.get(part, _ONES.get(part, 0)) for part in parts)) or None


def _unit(word: str) -> str:
    if len(word) == 1:
        return {"m": "months", "h": "hours", "d": "days", "w": "weeks", "y": "years"}[word]
    return next(unit for unit, pattern in _UNITS.items() if re.fullmatch(pattern, word))


def _sum(match: re.Match[str]) -> str | None:
    """ISO duration of a match of `_LASTING`: one or two quantities, or None when it is none ("5 m")."""
    spans: list[tuple[float, str]] = []
    for index in ("1", "2"):
        if match[f"n{index}"] is None:
            continue
        count = _number(match[f"n{index}"])
        letter = match[f"u{index}"]
        if count is None or (len(letter) == 1 and (letter == "m" or not match[f"n{index}"][0].isdigit())):
            return None
        if match[f"more{index}"] or (index == "1" and match["half"]):
            count += 0.5
        if letter.startswith("decade"):
            count *= 10
        spans.append((count, _unit(letter)))
    return _as_iso(spans)


def _as_iso(spans: list[tuple[float, str]]) -> str:
    years = months = 0.0
    rest = timedelta()
    for count, unit in spans:
        if unit == "years":
            years += count
        elif unit == "months":
            months += count
        else:
            rest += timedelta(**{_PLAIN.get(unit, unit): count * (2 if unit == "fortnights" else 1)})
    months += (years % 1) * 12
    rest += timedelta(days=(months % 1) * DAYS_IN_A_MONTH)
    if not (years or months):
        return _iso(rest)
    parts = [(int(years), "Y"), (int(months), "M"), (round(rest.total_seconds() / 86400), "D")]
    return "P" + "".join(f"{count}{letter}" for count, letter in [part for part in parts if part[0]][:2])


_PLAIN = {"fortnights": "weeks", "nights": "days"}


def _iso(length: timedelta) -> str:
    """ISO duration with at most two units: minutes and hours below two days, then days, or whole weeks."""
    if length >= timedelta(days=2):
        days = round(length.total_seconds() / 86400)
        return f"P{days // 7}W" if days % 7 == 0 else f"P{days}D"
    hours, minutes = divmod(round(length.total_seconds() / 60), 60)
    if not minutes and hours == 24:
        return "P1D"
    return "PT" + (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes or not hours else "")


def _since(moment: date, today: date) -> str:
    days = (today - moment).days
    if days < 1:
        return "PT6H"
    if days < 61:
        return f"P{days}D"
    months = round(days / DAYS_IN_A_MONTH)
    if months < 24:
        return f"P{months}M"
    return f"P{months // 12}Y" + (f"{months % 12}M" if months % 12 else "")


def _since_day(day: date, today: date) -> str:
    """Time since a date of which the day was said: within a year to the day, as months and days."""
    if not 61 <= (today - day).days < 365:
        return _since(day, today)
    months = (today.year - day.year) * 12 + today.month - day.month - (today.day < day.day)
    rest = (today - (day + Duration(months=months))).days
    return f"P{months}M" + (f"{rest}D" if rest else "")


def _since_month(year: int, month: int, part: str | None, today: date) -> str:
    months = (today.year - year) * 12 + today.month - month
    if months >= 2 and part is None:
        return f"P{months}M" if months < 24 else f"P{months // 12}Y" + (f"{months % 12}M" if months % 12 else "")
    early, late = ("early", "beg", "start"), ("late", "end")
    day = 4 if part and part.startswith(early) else 26 if part and part.startswith(late) else 15
    moment = date(year, month, day)
    if moment >= today:  # this month, the day not said: half of what has passed of it
        moment = today - timedelta(days=max(1, today.day // 2))
    return _since(moment, today)


def _since_year(year: int, today: date) -> str | None:
    if year > today.year:
        return None
    first = date(year, 1, 1)
    return f"P{today.year - year}Y" if year < today.year else _since(first + (today - first) / 2, today)


def _days_since_weekday(name: str, today: date) -> int:
    index = next(i for i, pattern in enumerate(_WEEKDAYS) if re.fullmatch(pattern, name))
    return (today.weekday() - index - 1) % 7 + 1


@lru_cache(maxsize=1024)
def _parse_date(words: str, today: date, ahead: bool) -> date | None:
    """A written date, day before month unless only the other order has passed; without a year, the latest one that has passed.

    `ahead`: it is spoken of as still to come, and may be.
    """
    settings = {"PREFER_DATES_FROM": "past", "PARSERS": ["absolute-time"],
                "RELATIVE_BASE": datetime(today.year, today.month, today.day, 23, 59)}
    read = [dateparser.parse(words, languages=["en"], settings={**settings, "DATE_ORDER": order}) for order in ("DMY", "MDY")]
    days = [one.date() for one in read if one]
    return next((day for day in days if ahead or day <= today), None)
