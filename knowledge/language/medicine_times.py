"""Which medicine a time belongs to, and what it tells: since the last dose, since the first, or since stopping.

The message is read with a sign in place of each name and each time ("came off § ●, on § ◂"), so that what stands around a time is a
short line. `FRAMES` says what the words beside a time mean, the first that fits counts; where none fits, the last thing that was said
to happen in the clause does (`_by_event`), and where nothing is said to happen, that the time stands by the name (`_by_place`).
A clause without a name speaks of the medicine named last when it has words for people, doses and what is done with them only.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import Any, NamedTuple

from knowledge.durations import days
from knowledge.language.medicine_cues import HAD, START, STOP, TAKE, WAS, cues
from knowledge.language.medicine_events import DOSING, WORDS, only_people_and_doses
from knowledge.language.medicine_names import Mention
from knowledge.language.medicine_roles import A_YEAR, FROM_TO, HAD_BEFORE, IN_PLACE_OF, NEW_DOSE, sentence_around
from knowledge.language.text import ORDINAL, Masked

Entity = dict[str, Any]
LAST, FIRST, STOPPED, NONE = "since_last_dose", "since_first_dose", "since_stop", ""
NAME, SINCE, UNTIL, POINT, LENGTH, HOURS, WEEKDAY, DAY = "§◂▸●▬▭○◆"  # a day of the week may be ahead; ◆ is "day 3", "week 2"
_TIMES = SINCE + UNTIL + POINT + LENGTH + HOURS + WEEKDAY + DAY
_FUZZ = re.compile(
    r"(?:\b(?:a?bout|around|roughly|nearly|almost|just (?:over|under)|over|only|just|approx\w*|exactly|maybe|circa|well|going on"
    r"|coming up (?:to|for)|a good|at least|at \d{1,2}(?:[:.]\d\d)? ?(?:am|pm)?) )+$")
_COURSE_DAYS = 5  # of the longest course of drips on following days
_FORTNIGHT = 13  # days: no infusion is followed by another sooner
_FAR = 200  # characters after which "it" is no longer the medicine named last
_DOSE = (rf"(?:{ORDINAL}|dose|infusion|injection|inj|shot|jab|pill|tablet|capsule|course|one|lot|top[- ]up|booster|round|treatment|drip"
         r"|pen|cycle|bag|pulse|half|session)s?")
_MY = r"(?:(?:i|we|my|the|a|an|having|had|last|second|third|full|half|very|own|ms|next) )*"
_AFTER = r"(?: today| now| yesterday)? (?:after|since|post|from|following|out from)[ -]"
_IT = r"(?:it|them|this|that|these)"
_FIRST_ONE = rf"[\s,(]*(?:(?:was|is|it was|that was) )?(?:my |the )?(?:very )?first(?: ever)?(?: {_DOSE}| time)?\s*(?:$|[,.;!?)])"
_END = r"\s*(?:$|[,.;!?)(]|(?:and|but|now|so|or)\b)"
_STOPPING = r"(?:stopp\w*|com\w+ off|came off|finish\w*|quit\w*|end\w*|discontinu\w*|leaving|going off)"
_STARTING = r"(?:start\w*|first|beg[aiu]n\w*|go\w* on(?:to)?|switch\w*|moving|changing)"
_PUT_OFF = r"(?:cancell?ed|postponed|delayed|put (?:off|back)|missed|late|overdue|pushed back|due)"
_NOT_HAD = r"(?:haven't|havent|have not|hasn't|hasnt|didn't|didnt|did not|not|without|no|none)"
_NOT_TAKEN = (
    r"\b(?:haven't|havent|have not|hasn't|hasnt|didn't|didnt|did not|not (?:taking|taken|had|having)|(?:have|'ve|ve) had no|forgot|missed"
    r"|missing|skipp(?:ed|ing)|left out|fridge|deliver\w*|arrived|ordered|postponed|cancell?ed|delayed|put off|pushed back|remember"
    r"|(?:not|n't) sure)\b")
_TO_COME = r"\b(?:i have|i've got|ive got|i get|i'm having|im having|i am having|i'm getting|due|booked|next)\b(?! been| had| taken| felt)"


class Frame(NamedTuple):
    """What a time of one of `signs` tells between the words `before` (ending at it) and `after` it, of a medicine in one of `roles`."""

    kind: str
    signs: str
    before: re.Pattern[str] | None
    after: re.Pattern[str] | None
    roles: tuple[str, ...] = ()

    def fits(self, sign: str, before: str, after: str, role: str) -> bool:
        """Whether this is what is said."""
        return (sign in self.signs and (not self.roles or role in self.roles)
                and (not self.before or self.before.search(before) is not None) and (not self.after or self.after.match(after) is not None))


def _frame(kind: str, signs: str, before: str = "", after: str = "", *roles: str) -> Frame:
    return Frame(kind, signs, re.compile(rf"(?:{before})$") if before else None, re.compile(after) if after else None, roles)


_ANY = _TIMES
_LONG = LENGTH + HOURS
_DATED = SINCE + POINT + WEEKDAY
_TAKEN = ("current", "other_person")
FRAMES = (
    # what follows the time
    _frame(STOPPED, _ANY, "", rf"{_AFTER}{_MY}{_STOPPING}"),
    _frame(FIRST, _ANY, "", rf"{_AFTER}{_MY}{_STARTING}"),
    _frame(NONE, _ANY, r"\b(?:it'll|it will|will) be "),
    _frame(FIRST, LENGTH, "", r" (?:that )?(?:i|we)(?:'ve| have|ve) (?:been|taken|had|used|injected)\b", *_TAKEN),
    _frame(LAST, _LONG + POINT + DAY, "", rf"{_AFTER}{_MY}(?:\w+ )?(?:{_DOSE}\b|last\b|{NAME})"),
    _frame(LAST, LENGTH, rf"\bpost[- ]{NAME} "),
    _frame(LAST, LENGTH, rf"\b{_PUT_OFF}\b.*\b(?:it'?s|it has|been) (?:now )?(?:been )?"),
    _frame(NONE, LENGTH, "", rf" (?:in |on )?[{POINT}{SINCE}]"),
    _frame(NONE, LENGTH, r"\b(?:is|next|due)\b[^,]*\bin "),
    _frame(NONE, _ANY, r"\bbefore (?:that|this|it)\b[^,]*", "", "current"),
    _frame(FIRST, LENGTH, "", rf" into (?:my |the )?{NAME}"),
    _frame(LAST, HOURS, "", rf" (?:into|after) (?:my |the )?(?:{NAME}|{_DOSE})"),
    _frame(FIRST, LENGTH, r"(?:^|\b(?:i'm|im|am|after|been|with|now|was|just|here)) *",
           rf" (?:of|on|into|with|taking) (?:my |the )?{NAME}", *_TAKEN),
    _frame(FIRST, LENGTH + DAY, "", rf" (?:of|on|into|in|with|taking)(?: to)? (?:my |the |taking )?{_IT}\b"),
    _frame(FIRST, DAY, "", rf" (?:of|on|into|with) (?:my |the )?{NAME}(?! (?:monitoring|bloods?|tests?)\b)"),
    _frame(STOPPED, LENGTH, "", rf" off (?:of )?(?:my |the )?(?:{NAME}|{_IT}\b|treatment)|[- ]{NAME}[- ]free|[- ]free\b", "past"),
    _frame(LAST, LENGTH, "", rf" off (?:of )?(?:my |the )?{NAME}", "current"),
    _frame(NONE, LENGTH, "", r" off\b"),
    _frame(STOPPED, LENGTH, r"\bwash(?:ed|ing)?[- ]?out\b.*", rf" in{_END}"),
    _frame(LAST, LENGTH, "", rf" (?:out|post)(?: now)?{_END}| without(?: (?:it|them|any))?{_END}"),
    _frame(FIRST, LENGTH, "", rf" (?:in|in now|in total|altogether|all told|so far|and counting){_END}", *_TAKEN),
    _frame(LAST, POINT, "", rf"'?s? {_DOSE}\b(?! (?:is|are) )"),
    _frame(FIRST, SINCE + POINT + HOURS, "", _FIRST_ONE),
    _frame(FIRST, _DATED, "", r" (?:was|is) (?:my |the )?(?:very )?first"),
    _frame(FIRST, POINT, r"\bday (?:1|one) was "),
    _frame(FIRST, POINT, "", r"[^.!?]{0,20}\b(?:still (?:on|taking|using)|to date|ongoing)\b", "current"),
    # until then
    _frame(STOPPED, UNTIL, "", "", "past"),
    _frame(STOPPED, POINT, r"\b(?:until|till?|up to)\b[^§]*", "", "past"),
    _frame(NONE, UNTIL),
    # a certain dose
    _frame(LAST, _ANY, r"\b(?:last|latest|most recent)\b[^,]*"),
    _frame(LAST, _DATED, r"\b(?:re-?start\w*|resum\w*|(?:went|gone|got|am|im|i'm) back on)[^,]*"
           r"|\b(?:paused|suspended|held|on hold|interrupted)\b[^,]*", "", *_TAKEN),
    _frame(FIRST, LENGTH, r"\b(?:never|not|haven't|havent) (?:once )?(?:missed|skipped|forgot(?:ten)?)\b[^,]*", "", *_TAKEN),
    # none taken
    _frame(STOPPED, LENGTH + SINCE, rf"\b(?:been off|off|stopped|no longer on|came off|nothing|no (?:dmt|treatment|meds|medication|drugs?))"
           rf"(?: (?:it|them|of|the|my|{NAME}|for|in|since|now|all|treatment|else|any))* ", "", "past"),
    _frame(LAST, LENGTH + SINCE, rf"\b{_NOT_HAD} (?:(?:had|taken|have|given|been|my|any|the|a|more) )*"
           rf"(?:{_DOSE}|any|it|{NAME}|given|had|taken|have)(?: (?:{_DOSE}|since|for|in|now|at all))* "),
    _frame(NONE, POINT + WEEKDAY + LENGTH, rf"{_NOT_TAKEN}[^,]*"),
    _frame(LAST, POINT, "", rf"'s {NAME}"),
    _frame(NONE, LENGTH, r"\b(?:overdue|late)\b[^,]*"),
    _frame(NONE, WEEKDAY, rf"{_TO_COME}.*"),
    _frame(FIRST, DAY, rf"(?:^|\b(?:on|now|into|is|it'?s)|[,:{NAME}])\s*(?:my )?", rf"(?! of (?:my |the )?{NAME})"),
    _frame(NONE, HOURS, "", r" in\b"),
)


def tie(text: str, mentions: list[Mention], times: list[Entity], courses: frozenset[str]) -> list[Entity]:
    """Give each mention its times (in place); return the tied times with the medicine's `group`. `courses`: as in `set_roles`."""
    ends = {time["end"] for time in times}
    times = [time for time in times if not (time["start"] - 1 in ends and _TODAY.match(text, time["start"] - 1))]
    times = sorted([*times, *_since_then(text, times)], key=lambda time: int(time["start"]))
    line = _Line(text, mentions, times, courses)
    tied: list[Entity] = []
    latest: list[Mention] = []  # those whose last dose was named as such; else the latest of several doses is the last one
    for mention in mentions:
        regular = mention.role in _TAKEN and mention.name.ids[0] not in courses
        if regular and _JUST_HAD.search(text[max(0, mention.start - 40):mention.start]):
            mention.times[LAST] = "PT10M"
    for number, time in enumerate(times):
        kind, mention = line.read(number) if line.when[number] >= 0 else (NONE, None)
        line.told.append((kind, mention))
        if mention is None or not kind or time["entity"] == "since_then" and kind != FIRST:
            continue
        words = text[time["start"]:time["end"]]
        if words == "this week" and FIRST in mention.times:
            continue  # "a year on it this week"
        if kind == LAST and line.in_another_form(mention):
            continue
        told, value = mention.times.get(kind, "PT10M"), time["value"]
        if told != "PT10M" and _WEEKDAY_FIRST.match(words):
            continue  # "Plegridy Friday evening, Sunday night a fever": the second is no dose
        left = line.left_for(mention) if kind != STOPPED else None
        if left is not None and kind == LAST and not re.search(r"\blast\b", text[mention.end:time["start"]]):
            kind = FIRST  # "from that to this two weeks ago"
        later = kind == LAST and mention not in latest and 1 <= days(value) < days(told)
        if told != "PT10M" and not later:
            continue
        if re.search(r"\b(?:last|latest|recent|final)\b", text[max(0, time["start"] - 40):time["start"]]):
            latest.append(mention)
        ongoing = words == "this week" and kind == LAST and re.search(r"\b(?:on|taking) (?:my |the )?$", text[:mention.start][-12:])
        mention.times[kind] = "P1D" if ongoing else value
        if left is not None and kind == FIRST:
            left.times.setdefault(STOPPED, value)
        before = text[max(0, time["start"] - 60):time["start"]]
        first = re.search(r"\bfirst|\bday (?:1|one)\b", before) or _THE_FIRST.match(text, time["end"])
        if kind == FIRST and first and days(value) <= (_FORTNIGHT if re.search(r"\b(?:drip|infusion)\b", before) else 1):
            mention.times.setdefault(LAST, value)  # the first dose a day ago is also the last one
        if kind == FIRST and words.lower().startswith("day") and days(value) <= _COURSE_DAYS and mention.name.ids[0] in courses:
            mention.times.setdefault(LAST, "P1D")  # "day 3 of Lemtrada": a course of drips on following days
        mention.group = mention.group or f"medicine_{mentions.index(mention) + 1}"
        if time["entity"] != "since_then":
            tied.append({**time, "group": mention.group})
    return tied


def _since_then(text: str, times: list[Entity]) -> list[Entity]:
    """"X until 2024, Y since", "been on Y ever since": since the time told just before."""
    found = []
    for match in _SINCE_THEN.finditer(text):
        before = [time for time in times if time["end"] <= match.start() and time["entity"] == "time_since"]
        if before:
            found.append({"entity": "since_then", "start": match.start(), "end": match.end(), "value": before[-1]["value"]})
    return found


class _Line:
    """A message with signs for names and times."""

    def __init__(self, text: str, mentions: list[Mention], times: list[Entity], courses: frozenset[str]) -> None:
        self.mentions, self.times, self.courses = mentions, times, courses
        self.told: list[tuple[str, Mention | None]] = []  # what the times before tell
        spans = [(one.start, one.end, NAME) for one in mentions]
        spans += [_span(text, time, max([0, *(one.end for one in mentions if one.end <= time["start"])])) for time in times]
        masked = Masked(text, spans)
        self.text = masked.text
        self.at, self.when = masked.signs[:len(mentions)], masked.signs[len(mentions):]
        self.number = {id(mention): number for number, mention in enumerate(mentions)}

    def read(self, number: int) -> tuple[str, Mention | None]:
        """What a time tells, and of which medicine."""
        at = self.when[number]
        sign = self.text[at]
        before_it = self.when[number - 1] if number else -1
        row = number and sign == self.text[before_it] == POINT
        if row and _GLUE.fullmatch(self.text, before_it + 1, at):
            kind, mention = self.told[-1]
            return LAST if kind == FIRST else kind, mention  # "12 jan, 14 july"
        start, own, end, close = self._clause(at)
        if self.times[number]["entity"] == "since_then" and not re.search(rf"{NAME}|\bon {_IT}", self.text[own:end]):
            return NONE, None  # "injected it on Sunday, in bed ever since"
        said = self._said(start, at)
        mention = self._nearest(start, end, at)
        focus = mention is None
        before = self.text[start:at]
        if mention is None:
            mention = self._focus(start, sign)
            if mention is None or not self._about_it(start, at, end, said):
                return NONE, None
        elif self._place(mention) > at and not said and sign not in _LONG:
            said = self._said(at, self._place(mention))
            before += self.text[at + 1:self._place(mention)] if said else ""
        elif mention.role == "past" and (moved := self._left_by(mention)):
            return FIRST, moved  # "changed over to this from that in May"
        if mention.role in ("asked", "negated", "planned"):
            return NONE, None
        for frame in FRAMES:
            if frame.fits(sign, before, self.text[at + 1:close], mention.role):
                return frame.kind, mention
        if any(cue.kind == STOP and cue.ahead for cue in cues(self.text, start, at)) and STOP not in said:
            return NONE, None  # "stopping it today"
        kind = self._by_event(sign, self.text[own:at], self._said(own, at), mention.role) if own > start else NONE
        kind = kind or self._by_event(sign, before, said, mention.role)
        if not kind and not focus:
            kind = self._by_place(number, mention)
        if not kind and (focus or start < own < at and self._about_it(own, at, end, [])):
            kind = self._by_focus(sign, self.text[own:at], self.text[at + 1:end], own, mention)
        if kind == STOPPED and mention.role != "past":
            moved = START in said or mention.role == "other_person" and self.left_for(mention)
            kind = FIRST if moved or sign == SINCE else LAST if mention.role == "current" else STOPPED
        if not kind and row and only_people_and_doses(self.text, before_it + 1, at, []):
            return (LAST if self.told[-1][0] in (LAST, FIRST) else NONE), self.told[-1][1]  # "first round 2017, second 2018"
        return kind, mention

    def _said(self, start: int, end: int) -> list[str]:
        """What is said to have happened between two places."""
        return [cue.kind for cue in cues(self.text, start, end) if cue.kind in _EVENTS and not (cue.ahead or cue.denied)]

    def _about_it(self, start: int, at: int, end: int, said: list[str]) -> bool:
        """Whether a clause that names no medicine still speaks of one: no word in it but of doses, people and what they do."""
        if _THAT_DOSE.match(self.text, at + 1) or _A_DOSE_WAS.match(self.text, start, at):
            return True  # "shivers after last night's jab", "the first one gave me a fever on Sunday"
        if _DEGREES.search(self.text, start, at):
            return False  # "36.4 this morning"
        told = said or re.search(rf"\b(?:{_DOSE}|mine|last|latest|nothing|off|no\.? \d+)\b", self.text[start:at])
        closed = _FRAGMENT.fullmatch(self.text, at + 1, end) or _FRAMED.match(self.text, at + 1)
        if not told and self.text[at] == DAY and not self.text.endswith("my ", 0, at):
            start = max([sentence_around(self.text, at, at)[0], *(place for place in self.at if place < at)])  # "sneezing, day 2"
        return only_people_and_doses(self.text, start, at, cues(self.text, start, at)) and bool(told or closed)

    def _by_event(self, sign: str, before: str, done: list[str], role: str) -> str:
        """What a time tells by the last thing that was said to happen in its clause."""
        rank = list(_RANK.finditer(before))
        first = bool(rank) and rank[-1].group() in ("first", "1st")
        if sign == WEEKDAY and not ({HAD, START, STOP} & set(done) or re.search(r"\bwas\b", before)):
            return NONE
        if STOP in done and not (first and STOP not in {cue.kind for cue in cues(before, rank[-1].end(), len(before))}):
            return STOPPED if sign not in _LONG else NONE
        if sign == LENGTH and role == "past":
            return NONE
        if START in done or first:
            return FIRST
        if sign == LENGTH:
            return FIRST if _GOES_ON.search(before) or {TAKE, WAS} & set(done) else NONE
        if sign == SINCE:
            return FIRST if role != "past" else NONE
        return LAST if HAD in done or re.search(rf"\b(?:{_DOSE}|went in|infused|no\. ?\d+|# ?\d+)\b", before) else NONE

    def _by_focus(self, sign: str, before: str, after: str, start: int, mention: Mention) -> str:
        """What a clause with a time and little else tells of the medicine named last: "Since March.", "that was in May"."""
        earlier = [kind for kind in self._said(self._place(mention), start) if kind in (STOP, START, HAD)]
        event = earlier[-1] if earlier else mention.said
        if sign in _LONG and event == STOP:
            return STOPPED if re.search(r"\b(?:that's|thats|it's|its|been) $", before) else NONE
        if sign in _LONG:
            return FIRST if re.match(r" (?:now|so far)\b", after) and mention.role == "current" else NONE
        return NONE if sign == WEEKDAY else STOPPED if event == STOP else FIRST if event == START else LAST

    def left_for(self, mention: Mention) -> Mention | None:
        """The medicine that was left for this one: "from that to this", "this instead of that"."""
        number = self.number[id(mention)]
        before = self.mentions[number - 1] if number else None
        if before is not None and before.role in ("past", "other_person") and (
                FROM_TO.match(self._gap(number - 1)) or before.name != mention.name and _MOVED_ON.search(self._gap(number - 1))):
            return before
        after = self.mentions[number + 1] if number + 1 < len(self.mentions) else None
        if after is not None and after.role == "past" and (
                re.search(r"\bfrom (?:my |the )?$", self._gap(number)[-80:]) or IN_PLACE_OF.match(self._gap(number))):
            return None if re.search(r",(?! (?:switch|chang|mov|swap)\w*)", self._gap(number)) else after
        return None

    def _left_by(self, mention: Mention) -> Mention | None:
        """The medicine named before this one and taken since, where this one was left for it."""
        number = self.number[id(mention)]
        before = self.mentions[number - 1] if number else None
        return before if before is not None and self.left_for(before) is mention else None

    def in_another_form(self, mention: Mention) -> bool:
        """Whether the text says "from this form of it to that": a time of it is no dose's."""
        number = self.number[id(mention)]
        return bool(number) and self.mentions[number - 1].name == mention.name and bool(NEW_DOSE.match(self._gap(number - 1)))

    def _gap(self, number: int) -> str:
        return self.text[self.at[number] + 1:self.at[number + 1]]

    def _place(self, mention: Mention) -> int:
        return self.at[self.number[id(mention)]]

    def _by_place(self, number: int, mention: Mention) -> str:
        """What a time right beside a name tells when no verb does ("Rebif, 3 years", "Ocrevus infusion last week")."""
        at, name = self.when[number], self._place(mention)
        sign, value = self.text[at], self.times[number]["value"]
        gap = self.text[min(at, name) + 1:max(at, name)]
        gap = _PLACE.sub(" ", gap)
        others = (word for word in WORDS.findall(gap) if word not in DOSING and not word[0].isdigit())
        if len(gap) > 80 or set(gap) & set(_TIMES) - {WEEKDAY} or any(others):
            return NONE
        if sign in SINCE + DAY:
            return FIRST if mention.role != "past" and (sign == SINCE or at > name) else NONE
        if sign == LENGTH:
            lasting = re.search(r"\b(?:for|since) $", gap)
            closed = lasting or _LASTED.match(self.text, at + 1)
            return FIRST if closed and mention.role in ("current", "other_person") and at > name else NONE
        if sign in (WEEKDAY, HOURS) or at < name and not re.search(rf"\b{_DOSE} (?:of )?(?:my )?$", gap):
            return NONE
        course = mention.name.ids[0] in self.courses
        if mention.role == "past":
            return LAST if course or HAD_BEFORE.search(self.text[max(0, name - 60):name]) else STOPPED
        if mention.role == "current" and days(value) >= 2 * A_YEAR:
            mention.role = "past"
            return LAST if course else STOPPED
        return LAST

    def _nearest(self, start: int, end: int, at: int) -> Mention | None:
        first, beyond, after = (bisect_left(self.at, place) for place in (start, end, at))
        if first == beyond:
            return None
        return self.mentions[min(after, beyond) - 1 if after > first else first]

    def _focus(self, start: int, sign: str) -> Mention | None:
        """The medicine named last; where none was named yet, the only one of the message."""
        earlier = bisect_left(self.at, start) - 1
        if earlier >= 0 and start - self.at[earlier] < _FAR:
            return self.mentions[earlier]
        return self.mentions[0] if len(self.mentions) == 1 and sign != LENGTH and start < self.at[0] else None

    def _clause(self, at: int) -> tuple[int, int, int, int]:
        """The words around a time: where they begin with what they continue, where the time's own clause begins and ends, and the sentence.

        A clause continues the one before when it has little but the time ("tec, 3 years"; "the second was in May").
        """
        left, right = sentence_around(self.text, at, at)
        breaks = list(_BREAK.finditer(self.text, left, right))
        before = [one.end() for one in breaks if one.end() <= at]
        own = start = before[-1] if before else left
        for begin in [*reversed(before[:-1]), left]:
            if NAME in self.text[start:at] or not _CLOSED.match(self.text, at + 1) or self._said(start, at) or (
                    not only_people_and_doses(_PLACE.sub(" ", self.text[start:at]), 0, at - start, [])):
                break
            start = begin
        return start if NAME in self.text[start:at] else own, own, next((one.start() for one in breaks if one.start() > at), right), right



_GOES_ON = re.compile(
    r"\b(?:on|taking|taken|using|used|been|injecting|injected|takes?|doing|(?:have|'ve|ive) had)\b|\bhave(?: done)? for $")
_RANK = re.compile(rf"\b{ORDINAL}\b(?! (?:full|proper|normal))|\b(?:number|no\.?|dose) \d+")
_EVENTS = (STOP, START, HAD, TAKE, WAS)
_COUNTED_FROM = re.compile(r" (?:after|post|since|from|following|out from|into|on from)\b")
_LASTED = re.compile(rf"(?: (?:now|so far|already|or so|and counting|only|to the (?:day|week|month)|it is going"
    rf"|going strong))*(?:{_END}| (?:no|with|without)\b)")
_MOVED_ON = re.compile(r"\b(?:switch|swap|mov|chang|transferr)(?:p?ed|d)(?: me| us)?(?: over| across)? (?:on)?to (?:the )?$")
_THE_FIRST = re.compile(_FIRST_ONE)
_SINCE_THEN = re.compile(r"\b(?:(?:that |the )?same (?:year|month|week|day)|since then|ever since(?: then| that)?|since(?=\s*(?:$"
    r"|[,.;!?)]|and\b|but\b))"
                         r"|(?:until|till?|to) (?:now|date|today|present)\b)")
_SINCE_WHAT = re.compile(  # "since my diagnosis in"
    r"\b(?:ever )?(?:since|from) (?:the |my |i was |i )?(?:own )?"
    r"(?!(?:stopp|com\w* off|came off|quit|finish|end|last|off|start|beg|first|go)\w*)"
    r"(?:it came out |[a-z]+ ){0,2}(?:(?:in|on|of|back in) )?$")
_PLACE = re.compile(r"^, (?!now|and|but|so|then)[a-z]+(?=, )|\b(?:in|at) (?:the )?[a-z]+ ")  # "transplant in Mexico last May"
_HAS_BEEN = re.compile(  # what is told after a dose "on Friday" that has been
    r"\b(?:that|same|next|(?:mon|tues|wednes|thurs|fri|satur|sun)day) (?:night|evening|afternoon|morning|day)\b|\bafterwards\b"
    r"|\bever since\b")
_TODAY = re.compile(r" (?:today|this week|this month)\b")  # "a week ago today"
_GLUE = re.compile(r"(?:[\s,/&]|\b(?:and|then|again)\b)*")
_WEEKDAY_FIRST = re.compile(r"(?:mon|tues|wednes|thurs|fri|satur|sun)day\b", re.I)
_DEGREES = re.compile(r"\b(?:3[5-9]|4[01])[.,]\d\b")
_THAT_DOSE = re.compile(rf"'?s {_DOSE}\b")
_A_DOSE_WAS = re.compile(  # what a clause begins with that is about a dose, whatever else it tells
    rf"\W*(?:(?:the |my )?(?:{ORDINAL}|last|latest|final)(?: ever)?|(?:i |we )?(?:had|did|took|injected) (?:the"
    rf"|my)) {_DOSE}\b(?! of (?!{_IT}))")
_FRAMED = re.compile(rf"{_AFTER}| (?:into|in|on|of|off|out|without)\b")
_FRAGMENT = re.compile(r"(?: so far| as (?:normal|usual|always)| i think| or so| now| already| today| again)*\W*")
_JUST_HAD = re.compile(r"\bjust(?: got)? (?:home|back|out) (?:from|after)(?:\s\w+){0,3}\s$|\bjust(?: now)? (?:had|done|did|taken|took"
                       r"|injected|jabbed|been given|received|finished|come from)(?:\s\w+){0,4}\s$")
_CLOSED = re.compile(r"\s*(?:in\s*)?(?:$|[,.;!?)(]|(?:was (?:no different|fine|ok|the same)|to the (?:day|week|month)|and|but|now"
    r"|so|every|with|at|without|no|because|for|after)\b)")
_BREAK = re.compile(
    r"[,:()]|\b(?:and(?! counting)|but|because|cos|cause|then|when|while|so(?! far)|which|though|although|where|who)\b")


def _span(text: str, time: Entity, since: int) -> tuple[int, int, str]:
    """A time with the words from `since` on that make it vague, and the sign for its kind."""
    start, end, words = time["start"], time["end"], text[time["start"]:time["end"]]
    if today := _TODAY.match(text, end):
        end = today.end()
    if time["entity"] == "since_then":
        return start, end, SINCE
    before = text[max(since, start - 40):start]
    fuzz = _FUZZ.search(before)
    start -= len(fuzz.group()) if fuzz else 0
    before = text[max(since, start - 12):start]
    if re.match(r"until|till?\b|up to", words) or re.search(r"\d ?(?:-|to|until|till?) ?\d{4}$", words):
        return start, end, UNTIL
    if found := re.search(r"\b(?:until|till?|up to) (?:the )?$", before):
        return start - len(found.group()), end, UNTIL
    if words.startswith("since") or re.match(r"from (?!.*day$)", words) and not re.match(r" ?(?:to|until|till?|-)", text[time["end"]:]):
        return start, end, SINCE
    if found := _SINCE_WHAT.search(text, max(since, start - 40), start):
        return start - len(found.group()), time["end"], SINCE
    if re.search(r"\d ?\W? ?(?:to |until |till )?(?:present|now|date|today|current\w*|ongoing)$", words):
        return start, end, SINCE
    if re.fullmatch(rf"(?:day|week|month) \+?\w+(?: today)?|{ORDINAL} (?:day|week|month)", words):
        return start, end, DAY
    length = _COUNTED_FROM.match(text, end) and re.search(r"\b(?:year|yr|month|mth|week|wk|day|hour|hr|minute|min|fortnight)s?$", words)
    if time["entity"] == "duration" or length:
        if found := re.search(r"\b(?:the )?(?:past|last) $", before):
            start -= len(found.group())
        return start, end, HOURS if "T" in time["value"] else LENGTH
    return start, end, (
        WEEKDAY if re.fullmatch(r"on [a-z]+|tonight", words) and not _HAS_BEEN.search(text, time["end"]) else POINT)
