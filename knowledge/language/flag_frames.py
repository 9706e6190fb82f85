"""What frames a sign of danger in its sentence, so that it may be none now: a tale or a dream, a time long past."""

from __future__ import annotations

import re
from bisect import bisect_left

from knowledge.language.flag_matches import Match, Reading

_ON_IT = (  # what tells of others and happens to nobody
    r"(?:book|novel|thriller|comic|film|movie|drama|soap opera|panto\w*|episode|programme|documentary|podcast|radio|telly|tv|newspaper"
    r"|magazine|news|cartoon|poem|advert|crossword)"
)
_WORK = rf"(?:{_ON_IT}|show|series|soap|play|musical|opera|game|song|quiz|essay|reel|video|poster|joke)"
_SEEN = (
    r"(?:(?: that| which)? (?:i|we)(?:'?m|'?re|'?ve)?(?: am| are| have| was| were)?(?: just)?"
    r" (?:read|reading|watch\w*|saw|seen|play\w*|hear\w*)(?: now)?)?"
)
_TALE = re.compile(
    rf"\b(?:in|on) (?:the|a|an|this|that|our|my|his|her) (?:\w+ ){{0,2}}?{_ON_IT}\b{_SEEN}"
    rf"(?! (?:when|group|club|shop|store|fair|case|crew|festival|studio|stand)\b)"
    rf"|\b{_WORK}s?{_SEEN} (?:where|in which|who|whose|about)\b"
    r"|\b(?:clue|riddle|title|lyrics?|punchline) (?:is|was|says|goes)\b"
    r"|\b(?:watch(?:ed|ing)|saw|read(?:ing)?|heard) (?:\w+ ){0,3}?(?:one|bit|scene|part) (?:where|in which|about)\b"
)
_DREAM = re.compile(
    r"\bdream(?:t|ed|ing)\b|\b(?:dreams?|nightmares?) (?:about|of|that|where|in which|i)\b|\bin (?:a|my|the) (?:dream|nightmare)\b")
IS_SO = re.compile(
    r"\b(?:is|are|am|'?m|has|have|can|cannot|keeps?|getting|goes|feels?|it'?s|i'?ve|he'?s|she'?s|(?:is|ca|wo|do|does)n'?t)\b"
)
_OF_LATE = re.compile(
    r"\b(?:now|today|tonight|sudden\w*|yesterday|overnight|again|new|worse\w*|never|only|just|woke"
    r"|last (?:night|week|month)|this (?:morning|afternoon|evening|week|month|lunchtime|time)|at the moment|lately|recently"
    r"|(?:second|minute|min|hour|hr|day|week)s? ago|(?:half|an?) hour"
    r"|since (?:\w+day|this|last|lunch|breakfast|tea\w*|noon|midday|the weekend))\b"
)
_AS_EVER = re.compile(
    r"\b(?:(?:the )?same (?:as|like) (?:ever|always|usual|before|it (?:ever|always) w?[ai]s)"
    r"|as (?:it |they |he |she )?(?:ever|always|usual|normal)(?: (?:do|does|did|is|was|are))?|nothing new|no (?:change|different|worse)"
    r"|not (?:new|changed|worse|any worse)|unchanged|(?:normal|ordinary|usual|standard|par for the course) for (?:me|him|her)"
    r"|always (?:has|have|had|been|does|did)|long[ -]?standing|baseline"
    r"|(?:neuro\w*|nurse|doctor|gp|consultant|team) (?:all )?knows?(?: about (?:it|this|that))?)\b"
)
_EXCEPT = re.compile(r"\b(?:but|except|apart from|other than|though|however)\b")
_TREATED = re.compile(
    r"\b(?:ms|rrms|spms|ppms|dmt|diagnos\w+|treatment|tablets?|pills?|infusions?|injections?|drip|dose|course|on it|aged?|old)\b")


def in_a_tale(match: Match, reading: Reading) -> bool:
    """Whether it is dreamt, or belongs to a work, and the writer does not speak of themself in between: "in the book I'm reading she
    can't breathe", "the one where the diver drowns"."""
    low = reading.words[match.first].start
    before = reading.lower[reading.sentence(low, low)[0] : low]
    ends = [low - len(before) + tale.end() for tale in _TALE.finditer(before)]
    told = any(bisect_left(reading.own, end) == bisect_left(reading.own, low) for end in ends) or bool(_DREAM.search(before))
    return told and not reading.near(match, "ACUTE")


def long_gone(match: Match, reading: Reading) -> bool:
    """Whether its sentence dates it to a time long past, or says that it has been so since or is as ever, with no word of a change or
    of now: "back in the nineties I had a fit", "in a wheelchair for nine years, can't stand", "face droops, same as always"."""
    low, high = reading.words[match.first].start, reading.words[match.last - 1].end
    sentence = reading.sentence(low, high)
    as_ever = _AS_EVER.search(reading.lower, *sentence) and not _EXCEPT.search(reading.lower, *sentence)
    old = [time for time in reading.old if sentence[0] <= time[0] and time[1] <= sentence[1]]
    if not (old or as_ever) or _OF_LATE.search(_AS_EVER.sub("", reading.lower[slice(*sentence)])) or reading.near(match, "CHANGED"):
        return False
    return bool(as_ever) or any(_dates(match, time, reading) for time in old)


def over_long_ago(match: Match, reading: Reading) -> bool:
    """Whether its sentence dates it to a time long past that has ended: not "I can't walk since 2019", which is so now."""
    low, high = reading.words[match.first].start, reading.words[match.last - 1].end
    begin, end = reading.sentence(low, high)
    ended = any(begin <= start and stop <= end and not goes_on for start, stop, goes_on in reading.old)
    return ended and not _AS_EVER.search(reading.lower, begin, end) and long_gone(match, reading)


def _dates(match: Match, time: tuple[int, int, bool], reading: Reading) -> bool:
    """Whether the time is said of the match: it goes on until now, or stands in the same clause, or nothing there is said to be so."""
    start, stop, goes_on = time
    low, high = reading.words[match.first].start, reading.words[match.last - 1].end
    begin, end = reading.clause(low, high)
    there = reading.clause(start, stop)
    same = there[0] <= low and high <= there[1] or begin <= start < end
    return (goes_on or same or not IS_SO.search(reading.lower, begin, end)) and not _of_treatment(*there, reading)


def _of_treatment(low: int, high: int, reading: Reading) -> bool:
    """Whether a clause dates a treatment, the illness or an age, not what else the sentence tells."""
    drugs = (reading.words[start].start for name in ("RISKY_DRUG", "AFTER_DOSE") for start, _ in reading.at.get(name, ()))
    return bool(_TREATED.search(reading.lower, low, high)) or any(low <= at < high for at in drugs)
