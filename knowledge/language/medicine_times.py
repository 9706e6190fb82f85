"""Which medicine a time belongs to, and what it tells: since the last dose, since the first, or since stopping."""

from __future__ import annotations

import re
from typing import Any

from knowledge.durations import days
from knowledge.language.medicine_cues import HAD, START, STOP, TAKE, cues
from knowledge.language.medicine_events import DOSING, WORDS, clauses, only_people_and_doses
from knowledge.language.medicine_names import Mention
from knowledge.language.medicine_roles import A_YEAR, FROM_TO, HAD_BEFORE, IN_PLACE_OF, NEW_DOSE, sentence_around
from knowledge.language.text import ORDINAL

Entity = dict[str, Any]

_DOSE = (
    rf"(?:{ORDINAL}(?<!first)(?<!1st)|dose|infusion|injection|inj|shot|jab|pill|tablet|capsule|course|one|lot|top[- ]up|booster|round"
    rf"|treatment|drip"
    r"|pen|cycle|bag|pulse"
    r"|half|session"
    r"|infused"
    r"|injected|had|have|got|took|taken|take|did)s?")
_DOSE_OF_IT = re.compile(rf"\b(?:last|latest|most recent|final|previous|{_DOSE}|went in|infused|infusion)\b|\b(?:number|no\.?|#) ?\d+\b")
_THE_FIRST = re.compile(r"[\s,.;(]*(?:it was |that was )?(?:my |the )?(?:very )?first (?:one|ever|time|dose|tablet|pill|capsule|jab"
                        r"|infusion)\b")
_FAR = 200  # characters after which "it" is no longer the medicine named last
_UNTIL = re.compile(r"\b(?:until|till?|up to) ?")
_BEEN_ON_IT = re.compile(
    r"(?:^|\b(?:i'm|im|am|i've been|been|was|back|and)) ?(?:on|taking|using) (?:it|this|that|them|those)(?: again| now| ever| all along"
    r"| myself)*"
    r" (?:since |from |until |till |up to )?$")
_IT_WAS = re.compile(r"\W*(?:it|that|this|which|mine)(?:'s|s| is| were| was| would be| must be| must have been| has been)?(?: about| around"
                     r"| back| all| nearly| on)*(?: the)? ")
_THE_LAST = re.compile(rf"\b(?:last|latest|most recent|final|{ORDINAL}|infusion|dose|injection|course|round|drip)\b")
_ON_IT_NOW = re.compile(r"\s*(?:on|into) (?:it|them|this)\b")
_WASHED = re.compile(r"\bwash(?:ed|ing)?[- ]?out\b")
_DOSE_TAKEN = re.compile(  # a verb with the medicine or a dose of it as its object, right before the time
    rf"\b(?:(?:came|come|taken|took) (?:me )?(?:completely |right )?off(?: (?:it|them|that))?|quit(?: it)?|inject(?:ed)?(?: (?:it"
    rf"|myself|mine))?"
    rf"|(?:stopped|started|took|had|got|did|finished|began|restarted) (?:it|them|mine|one|two|both|another|taking it|(?:my|the) (?!flu"
    rf"|covid|rsv|shingles)(?:\w+ )?{_DOSE}|{ORDINAL}(?: {_DOSE})?)"
    rf"|(?:last|latest|most recent|{ORDINAL}) (?:one|{_DOSE})(?: (?:was|were|is|went in))?) (?:just |about |around |exactly |only "
    rf"|back )*$")
_FREE = re.compile(r"[- ]free\b")
_WAS_ON = re.compile(r"\b(?:was|were|had been) (?:on|taking|using) (?:it|that|this|them)\b")
_HAS_BEEN = re.compile(  # what is told after a dose "on Friday" that has been
    r"\b(?:that|same|next|(?:mon|tues|wednes|thurs|fri|satur|sun)day) (?:night|evening|afternoon|morning|day)\b|\bafterwards\b"
    r"|\bever since\b")
_POST = re.compile(r"\bpost[- ]$")
_NEVER_MISSED = re.compile(r"\b(?:never|not|haven't|havent) (?:once )?(?:missed|skipped|forgot(?:ten)?)\b[^.!?;]{0,30}$")
_WITHOUT = re.compile(r"\s*without\b(?: (?:it|them|any))?\s*(?:$|[,.;!?)])")
_ORDINAL_ENDS = ("st", "nd", "rd", "th")
_HAVE_DONE = re.compile(r"(?:^|\b)(?:have|has|i've|ive) (?:(?:done|had it|had that|had them)(?: so| that)? (?:for |since )?|for "
                        r"|since )(?:about |over "
                        r"|nearly )?$")
_FRAGMENT = re.compile(r"(?: so far| as (?:normal|usual|always)| i think| or so| now)*\W*")
_RATHER = re.compile(r"\W*(?:well|actually|i mean|sorry|no|or rather|to be exact)\W[^.!?]{0,6}$")
_LAST = re.compile(r"\b(?:last|latest|recent|final)\b")
_FULL_DOSE = re.compile(r"\bfirst (?:full|proper|normal) ")
_FIRST_OF_IT = re.compile(r"\b(?:first|1st) (?:ever )?$")
_FIRST = re.compile(r"\b(?:first|1st|been on|been taking)\b")
_DAY_OF_IT = re.compile(r"(?:day|week|month) \+?\w+(?: today)?")
_KINDS = {STOP: "since_stop", START: "since_first_dose", TAKE: "since_first_dose"}
_CLAUSE_BREAK = re.compile(
    r"[,:()]|\b(?:and(?! counting)|but|because|then|when|while|so(?! far)|which|now|cos|cause|since then|though|although|where|who|got"
    r"|getting|have had|having|have|feel|feeling|noticed|with)\b")
_CLOSED = re.compile(r"\s*(?:$|[,.;!?)]|(?:and|but|now|so|every|with|at|without)\b)")
_POINT = re.compile(r"(?:this|last|yesterday|today|tonight|in|on|since|earlier|the|over)\b")
_OBJECT_IS_DOSE = re.compile(
    rf"\bre-?start\w*|\b(?:last|latest|infused|injected)\b|\b(?:number|no\.?) ?\d+ (?:was|is|on)\b|\b{_DOSE}\s(?:was |is |it |mine "
    rf"|my |the |one |that |them |a |full "
    rf"|half |two |both |another |went |about |exactly |roughly |on |in "
    rf"|number |no |\d+ |only |just |again |yet |so far |{_DOSE} )*$")
_JUST_HAD = re.compile(r"\bjust(?: got)? (?:home|back|out) (?:from|after)(?:\s\w+){0,3}\s$|\bjust(?: now)? (?:had|done|did|taken|took"
                       r"|injected|jabbed|been given|received|finished"
    r"|come from)(?:\s\w+){0,4}\s$")
_MAY_BE_AHEAD = re.compile(r"on [a-z]+|tonight")  # "infusion on Friday", with no verb
_BEGINNING = re.compile(r"\b(?:titrat\w+|starter|first|loading|start\w*|began|new)\b")
_FROM_UNTIL = re.compile(r"\d ?(?:-|to|until|till?) ?\d{4}$")
_SAID_FIRST = re.compile(
    r"(?:^|[.!?,;:(\n]|\b(?:and|but|now|i'm|im|am|is|after|been|was|with|she's|he's))\s*(?:(?:about|around|nearly|almost|over|just"
    r"|only|for|now|been|roughly|well|i'm|im"
    r"|a|at|still|since|here|hi|hello|hey)\s+)*$")
_POINT_NEXT = re.compile(r" (?:last|in|this|ago|back)\b")
_ON_IT = re.compile(r"\b(?:on|taking|using|injecting|having) (?:it|them|this|that)\b(?: \w+){0,3} ?$")
_NOTHING = re.compile(r"\b(?:nothing|no (?:dmt|treatment|meds|medication|drugs?))(?: \w+)? (?:for|in) (?:about |over |nearly )?$")
_ONGOING = re.compile(r"\b(?:on|taking)(?: my| the)? $")
_TO_NOW = re.compile(r"\d ?\W? ?(?:to |until |till )?(?:present|now|date|today|current\w*|ongoing)$")
_STILL_ON = re.compile(r"[^.!?]{0,20}\b(?:still (?:on|taking|using)|to date|ongoing)\b")
_SINCE_AFTER = re.compile(
    r"(?: \w+){0,2} (?:(?:ever )?since(?: then| that)?|(?:until|till?|to) (?:now|date|today|present))"
    r"\s*(?:$|[,.;!?)]|and\b|but\b)")
_SINCE_BEFORE = re.compile(r"\b(?:since then|ever since|since)(?:,? (?:i've|ive|i have|i'm|im|been|was|on|taking|just|only|now|my))* $")
_IN_NOW = re.compile(r"\s*in(?: now)?\s*(?:$|[,.;!?)])")
_SINCE_WHAT = re.compile(
    r"\bsince(?: (?:the |my |my own )?(?!starting|last)[a-z]+(?: (?:in|on|of|back in))?"
    r"| (?:i|it|they|we)(?: \w+){1,3})? $")  # "since diagnosis 5 years ago"
_EARLIER_ONE = re.compile(r"before|prior|previous|former|past\b|ex\b")
_TAKEN_IT = re.compile(
    r"\s*(?:that )?(?:i|we)(?:'ve| have|ve) (?:been (?:on|taking|using|having)|taken|had|used|injected) (?:it|them|this)\b")
_IT_HAS_BEEN = re.compile(r"\b(?:it'?s|it has|been) (?:now )?(?:been )?(?:about |over |nearly |almost |now )*$")
_PUT_OFF = re.compile(r"\b(?:cancell?ed|postponed|delayed|put (?:off|back)|missed|late|overdue|pushed back|due)\b")
_MONTH_NAME = re.compile(r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)")
_OUT_NOW = re.compile(r"\s*(?:out|post)(?: now)?\s*(?:$|[,.;!?)])")  # "now 8 months out"
_NONE_OF_IT = re.compile(r"\b(?:no|without|without any) (?:my )?$")
_HELD = re.compile(r"\b(?:paused|suspended|held|on hold|interrupted)\b")
_DOSE_AFTER = re.compile(r"(?:'?s)? (?:dose|infusion|injection|inj|shot|jab|pill|tablet|capsule|drip|pen)s?\b(?! (?:is|are) )")
_COURSE_AFTER = re.compile(r"(?:'?s)? (?:dose|infusion|injection|shot|jab|drip|course|round|cycle)s?\b")
_STILL_TO_COME = re.compile(r"\b(?:i have|i've got|ive got|i get|i'm having|im having|i am having"
    r"|i'm getting)\b(?! been| had| taken| felt)")
_MOVED_FROM = re.compile(r"^(?:[^.!?]*\b(?:switch|chang|mov|swap|transition|transfer)\w*(?: over)?)? from (?:my |the )?$")
_FROM_THAT = re.compile(r"\bfrom\s+(?:my |the )?$")
_NOT_TAKEN = re.compile(
    r"\b(?:haven't|havent|have not|hasn't|didn't|didnt|did not|forgot|missed|missing|skipped|skipping"
    r"|not (?:taking|taken|had|having)|'ve had no|have had no|had no|left out|fridge|deliver\w*|arrived|ordered"
    r"|postponed"
    r"|cancell?ed|delayed|put off|pushed back|remember|(?:not|n't) sure)\b")
_AFTER_IT = re.compile(r"\s*(?:after|post|since|following|out from|into)\b")
_A_CERTAIN_DOSE = re.compile(rf"\W*(?:and |but |so )?(?:(?:the|my) )?(?:{ORDINAL}|last|latest"
    rf"|final)(?: ever)? {_DOSE}\b(?! of (?!it|that|them))")
_DOSE_BEFORE = re.compile(rf"[\s:,-]*(?:(?:my|the|full|half|second|third|fourth|\d+(?:st|nd|rd|th)?|{_DOSE}) )*{_DOSE} (?:of )?(?:my )?")
_PLACE = re.compile(r"^, (?!now|and|but|so|then)[a-z]+(?=, )|\b(?:in|at) (?:the )?[a-z]+ ")  # "transplant in Mexico last May"
_READING = re.compile(r"\d[.,]\d(?!\d* ?(?:mg|mcg|g|ml)\b)")  # a number that is no dose


def tie(text: str, mentions: list[Mention], times: list[Entity], courses: frozenset[str]) -> list[Entity]:
    """Give each mention its times (in place); return the tied times with the medicine's `group`. `courses`: as in `set_roles`."""
    tied: list[Entity] = []
    listed: tuple[Mention | None, int] = None, 0  # whose dose was told last, and where
    latest: list[Mention] = []  # those whose last dose was named as such; else the latest of several doses is the last one
    if not mentions:
        return tied
    for mention in mentions:
        regular = mention.role in ("current", "other_person") and mention.name.ids[0] not in courses
        if regular and _JUST_HAD.search(text[max(0, mention.start - 40):mention.start]):
            mention.times["since_last_dose"] = "PT10M"
    for time in times:
        kind, mention = _owner(text, mentions, time | {"words": text[time["start"]:time["end"]]}, courses)
        dated = time["entity"] == "time_since" and not text.startswith("since", time["start"])
        if mention is None and dated and listed[0] and only_people_and_doses(
                text, max(listed[1], listed[0].end), time["start"], []):
            mention, kind = listed[0], "since_last_dose"  # "infusions: 12 jan, 14 july"
        if mention is None:
            continue
        if kind == "since_last_dose":
            listed = mention, time["end"]
        if kind == "since_last_dose" and _other_form(text, mentions, mention):
            continue
        left = _moved_from(text, mentions, mention, time)
        if kind == "since_last_dose" and left is not None and not _LAST.search(text, mention.end, time["start"]):
            kind = "since_first_dose"  # "from that to this two weeks ago"
        told = mention.times.get(kind, "PT10M")
        earlier = [one["end"] for one in tied if one["group"] == mention.group and one["end"] <= time["start"]]
        corrected = bool(earlier) and bool(_RATHER.match(text, earlier[-1], time["start"]))
        later = corrected or kind == "since_last_dose" and mention not in latest and 1 <= days(time["value"]) < days(told)
        if told != "PT10M" and not later:
            continue
        if _LAST.search(text, max(0, time["start"] - 40), time["start"]):
            latest.append(mention)
        if text[time["start"]:time["end"]] == "this week" and "since_first_dose" in mention.times:
            continue  # "a year on it this week"
        ongoing = text[time["start"]:time["end"]] == "this week" and _ONGOING.search(text[max(0, mention.start - 12):mention.start])
        mention.times[kind] = "P1D" if ongoing and kind == "since_last_dose" else time["value"]
        if kind == "since_first_dose" and left is not None:
            left.times.setdefault("since_stop", time["value"])
        first = "first" in text[max(0, time["start"] - 60):time["start"]]
        if kind == "since_last_dose" and _THE_FIRST.match(text, time["end"]):
            mention.times.setdefault("since_first_dose", time["value"])
        only = kind == "since_first_dose" and first and days(time["value"]) <= 1
        if only and mention.times.get("since_last_dose", "PT10M") == "PT10M":
            mention.times["since_last_dose"] = time["value"]  # the first dose a day ago is also the last one
        mention.group = mention.group or f"medicine_{mentions.index(mention) + 1}"
        tied.append({**time, "group": mention.group})
    for mention in mentions:
        _since_then(text, mention, times)
    return tied


def _since_then(text: str, mention: Mention, times: list[Entity]) -> None:
    """"X until 2024, Y since", "been on Y ever since": since the time told just before."""
    start, end = sentence_around(text, mention.start, mention.end)
    since = mention.role in ("current", "other_person") and not mention.times.keys() & {"since_first_dose", "since_last_dose"} and (
        _SINCE_AFTER.match(text, mention.end, end) or _SINCE_BEFORE.search(text[start:mention.start]))
    before = [time for time in times if time["end"] <= mention.start and time["entity"] == "time_since"]
    if since and before:
        mention.times["since_first_dose"] = before[-1]["value"]


def _other_form(text: str, mentions: list[Mention], mention: Mention) -> bool:
    """Whether the text says "from this form of it to that": the time is no dose's."""
    position = mentions.index(mention)
    before = mentions[position - 1] if position else None
    return before is not None and before.name == mention.name and bool(NEW_DOSE.match(text[before.end:mention.start]))


def _moved_from(text: str, mentions: list[Mention], mention: Mention, time: Entity) -> Mention | None:
    """The name before, when the text says "from that to this": it was stopped when this one was started."""
    position = mentions.index(mention)
    before = mentions[position - 1] if position else None
    if before is not None and before.role in ("past", "other_person") and FROM_TO.match(text[before.end:mention.start]):
        return before
    after = mentions[position + 1] if position + 1 < len(mentions) else None
    gap = text[max(mention.end, time["end"] if time["end"] < after.start else 0):after.start] if after else ""
    if "," in gap:
        return None  # "this 4 days ago, came from that in March"
    if after is not None and after.role == "past" and (_FROM_THAT.search(gap[-80:]) or IN_PLACE_OF.match(gap)):
        return after
    return None


def _owner(text: str, mentions: list[Mention], time: Entity, courses: frozenset[str]) -> tuple[str, Mention | None]:
    """Which name a time belongs to and what it tells: since the last dose, since the first, since stopping."""
    sentence = sentence_around(text, time["start"], time["end"])
    start, end = _clause(text, sentence, time["start"], time["end"], mentions)
    before, after = text[start:time["start"]], text[time["end"]:end]
    time["put_off"] = bool(_PUT_OFF.search(text, sentence[0], time["start"]))
    time["been"] = bool(_HAS_BEEN.search(text, time["end"]))
    time["begun"] = bool(_BEGINNING.search(text, max(0, time["start"] - 80), time["start"]))
    said = [cue for cue in cues(text, start, time["start"]) if not (cue.ahead or cue.denied)]
    inside = [one for one in mentions if start <= one.start < end]
    mention, moved = _nearest(inside, time), False
    if mention is not None and mention.role == "past" and re.match(r"since\b", text[time["start"]:]):
        number = mentions.index(mention)
        if number and IN_PLACE_OF.match(text[mentions[number - 1].end:mention.start]):
            mention = mentions[number - 1]  # "this instead of that since May"
    elif mention is not None and mention.role == "past" and mentions.index(mention):
        other = mentions[mentions.index(mention) - 1]
        if other.role != "past" and _MOVED_FROM.search(text[other.end:mention.start]):
            mention, moved = other, True  # "changed over to this from that in May"
    if mention is None:
        kind, about = _of_focus(text, start, end, time, mentions)
        if about is not None:
            return kind, about
    none_for = mention is not None and time["entity"] == "duration" and _NONE_OF_IT.search(text, max(0, mention.start - 12), mention.start)
    kind = "since_first_dose" if moved else "since_last_dose" if none_for else ""
    kind = kind or _kind(before, after, time, mention, [cue.kind for cue in said])
    if kind and mention is None and _about_the_medicine(text, start, time):
        mention = _of_message(mentions, time, kind)
    earlier = [one for one in mentions if sentence[0] <= one.start and one.end <= time["start"]]
    if not kind and mention is None and earlier:
        kind = _by_position(text, earlier[-1], time, courses)  # "twice a day, been 6 days"
        mention = earlier[-1] if kind else None
    if mention is None or mention.role in ("asked", "negated", "planned"):
        return "", None
    if _STILL_TO_COME.search(before) and re.match(r"on\b", text[time["start"]:]):
        return "", None  # "I have my third infusion on Monday"
    if not kind and time["entity"] == "time_since" and time["end"] <= mention.start:
        kind = _kind_told_after(text[time["end"]:mention.start])
    if not kind and not (time["entity"] == "time_since" and _NOT_TAKEN.search(before)):
        kind = _by_position(text, mention, time, courses)
    if kind == "since_stop" and mention.role == "other_person" and _moved_from(text, mentions, mention, time):
        return "since_first_dose", mention
    if kind == "since_stop" and mention.role == "current" and any(_EARLIER_ONE.match(text, cue.start, cue.end) for cue in said):
        return "", None  # "40 since 2016, before that 20 since 2008"
    if kind == "since_stop" and mention.role == "current":  # "took me off that, put me on this in May"; "finished round two in May"
        last = next((cue.kind for cue in reversed(said) if cue.kind in (START, STOP)), START)
        kind = "since_first_dose" if last == START else "since_last_dose"
    return kind, mention if kind else None


def _of_focus(text: str, start: int, end: int, time: Entity, mentions: list[Mention]) -> tuple[str, Mention | None]:
    """What a clause without a name tells of the medicine last named: "on it since 2019", "it was in May", "Since March."."""
    earlier = [one for one in mentions if one.end <= start and one.role in ("current", "past", "other_person", "asked", "planned")]
    if not earlier or start - earlier[-1].end > _FAR:
        return "", None
    mention, before, after = earlier[-1], text[start:time["start"]], text[time["end"]:end]
    since = text.startswith("since", time["start"]) or before.endswith("since ")
    kind = ""
    if _BEEN_ON_IT.search(before):
        kind = "since_stop" if _UNTIL.match(text, time["start"]) or _UNTIL.search(before) else "since_first_dose" if since else ""
        mention.role = "past" if kind == "since_stop" else "current" if kind and mention.role == "asked" else mention.role
    elif mention.role in ("planned", "asked") and not _IT_WAS.fullmatch(before):
        return "", None
    elif _IT_WAS.fullmatch(before):
        told = clauses(text, mention.end, start)
        said = told[-1].cue.kind if told else mention.said
        last = _THE_LAST.search(text, max(0, mention.start - 24), mention.start) or _COURSE_AFTER.match(text, mention.end)
        kind = "since_last_dose" if last or "mine" in before else _KINDS.get(said, "since_last_dose" if said == HAD else "")
    elif _HAVE_DONE.search(before):
        kind = "since_first_dose"
    elif not before.strip() and _FRAGMENT.fullmatch(after) and mention.role == "current":
        regular = text.startswith("last", time["start"])
        lasting = time["entity"] == "duration" and (after.startswith((" now", " so far")) or text.startswith("now", end))
        kind = "since_first_dose" if since or lasting else "since_last_dose" if regular else ""
    return kind, mention if kind else None


def _about_the_medicine(text: str, start: int, time: Entity) -> bool:
    """Whether a clause that names no medicine still speaks of one: no word in it but of doses and people ("I stopped it")."""
    before = text[start:time["start"]]
    after = _DOSE_AFTER.match(text, time["end"]) or _AFTER_IT.match(text, time["end"])
    if time["entity"] == "duration" or after or _A_CERTAIN_DOSE.match(before):
        return True
    said = cues(text, start, time["start"])
    return _DOSE_TAKEN.search(before) is not None or only_people_and_doses(text, start, time["start"], said)


def _clause(text: str, sentence: tuple[int, int], start: int, end: int, mentions: list[Mention]) -> tuple[int, int]:
    """The words around a time up to the next comma, "and", "but" ..., never cutting through a name."""
    left, right = sentence
    near = [one for one in mentions if one.start < right and one.end > left]
    for match in _CLAUSE_BREAK.finditer(text, sentence[0], sentence[1]):
        bracket = match.group() in ("(", ")")
        if any(one.start - bracket <= match.start() < one.end + bracket for one in near):
            continue
        if match.end() <= start and not _keeps(text, match, start, end):
            left = match.start() if match.group() in ("have", "having", "with") else match.end()
        elif match.start() >= end:
            right = match.start()
            break
    return left, right


def _keeps(text: str, match: re.Match[str], start: int, end: int) -> bool:
    """A break that is none: "have been on it 3 years", "which I stopped", "(last dose May)"."""
    rest = text[match.end():start]
    if match.group() in ("have", "having", "since then", "got"):
        return bool(re.match(
            r"\s(?:been (?:on|off|taking)|stopped|started|taken|had|my|my last|it|mine|a|come off|finished)\b", rest))
    if match.group() == "," and re.match(r"since\b", text[start:start + 6]) and not _CLOSED.match(text, end):
        return False  # "on it for years, since monday my tummy hurts"
    if match.group() == "with" and re.search(r"\b(?:finished|done|ended) $", text[:match.start()][-12:]):
        return True
    return match.group() in (",", "(", ":", "which", "now", "and", "then") and bool(_SINCE_WHAT.fullmatch(rest.lstrip()) or
        re.fullmatch(
            r"\s*(?:about |around |for |roughly |nearly |almost |over |since |just over |in |the |back |approx "
            r"|only |now |just )*", rest))


def _nearest(mentions: list[Mention], time: Entity) -> Mention | None:
    before = [one for one in mentions if one.end <= time["start"]]
    after = [one for one in mentions if one.start >= time["end"]]
    return before[-1] if before else after[0] if after else None


def _of_message(mentions: list[Mention], time: Entity, kind: str) -> Mention | None:
    """The name a time without one in its clause belongs to: the one last spoken of, else the only one taken."""
    usable = [one for one in mentions if one.role in ("current", "past", "other_person")]
    earlier = [one for one in usable if one.end <= time["start"]]
    taken = [one for one in earlier if one.role == "current"]
    if kind == "since_stop" and time["entity"] == "duration":
        return next((one for one in reversed(earlier) if one.role == "past"), None)
    if kind == "since_stop" and re.match(r"(?:until|till?)\b", time["words"]):
        return earlier[-1] if earlier and earlier[-1].role == "past" else None
    if kind == "since_stop" and earlier:
        return earlier[-1]
    return (taken or earlier or usable)[-1] if usable else None


def _kind(before: str, after: str, time: Entity, mention: Mention | None, said: list[str]) -> str:
    """since_last_dose, since_first_dose, since_stop, or "" when no word of the clause says; `said`: kinds of its cues."""
    if re.match(r"\s?(?:of|with)\b", after) and mention is None:
        return ""
    if time["entity"] == "duration":
        return _kind_of_length(before, after, mention, time["value"], time["put_off"])
    if not time["words"].startswith("this ") and _DOSE_AFTER.match(after):
        return "since_last_dose"  # "last night's jab left a lump"
    if _HELD.search(before):
        return "since_last_dose"
    if _FROM_UNTIL.search(time["words"]):
        return "since_stop" if mention is not None and mention.role == "past" else ""
    after = re.sub(r"^ (?:today|now)(?= (?:since|after)\b)", "", after)
    left = re.match(r"\s*from\b", after) and re.search(r"\b(?:swap|switch|chang|mov|went|transfer)\w*\b", before)
    following = not left and re.match(r"\s*(?:after|post|since|from|following|out from|into|of"
        r"|on)\b(?P<rest>.*)", after, re.S)
    if following and not before.rstrip().endswith(("last", "dose")):
        if "T" in time["value"] and re.match(r"\s*into\b", after):
            return "since_last_dose"  # "2 hours into the drip"
        return _kind_after(following.group(), mention, time["words"])
    if re.match(r"(?:until|till?)\b", time["words"]) or re.search(r"\b(?:until|till?|up to)\s$", before):
        return "since_stop" if mention is None or mention.role == "past" else ""
    if mention is not None and mention.role == "past" and re.search(r"\b(?:until|till?)\b", before):
        return "since_stop"  # "until they withdrew it in 2018"
    begun = mention is not None or time["begun"] and not before.strip() or re.search(r"\b(?:on|now) $", before)
    if _DAY_OF_IT.fullmatch(time["words"]) and begun:
        return "since_first_dose"  # "starter pack, on day 4 now", "titration pack, day 3"
    if re.match(r"\s*(?:was|is) (?:my|the) (?:very )?first\b", after):
        return "since_first_dose"
    since = re.match(r"since\b", time["words"]) or before.rstrip().endswith("since")
    named = len(before) - (time["start"] - mention.start) if mention is not None else 0
    begun_then = since or _SINCE_WHAT.search(before) and not re.search(r"since (?:the |my )?$", before[:max(0, named)])
    if begun_then and mention is not None and mention.role == "current" and not (_NOT_TAKEN.search(before) or _LAST.search(before)):
        return "since_first_dose"
    happened = _LAST.search(before) or {HAD, START, STOP} & set(said) or re.search(r"\bwas\b", before)
    if _MAY_BE_AHEAD.fullmatch(time["words"]) and not happened and not time["been"]:
        return ""
    dosed = bool(_DOSE_OF_IT.search(before)) or HAD in said
    if not (dosed or set(said) & _KINDS.keys()) or (_NOT_TAKEN.search(before) and not since):
        return ""
    if _NOT_TAKEN.search(before):
        return "since_last_dose"
    if not re.search(r"\b(?:stopped|came off)\b", before) and _LAST.search(before):
        return "since_last_dose"
    if STOP in said:
        return "since_stop"
    if _FULL_DOSE.search(before):
        return "since_last_dose"  # of the weeks in which the dose is raised
    if START in said or _FIRST.search(before):
        return "since_first_dose"
    if dosed and mention is None and not _OBJECT_IS_DOSE.search(before):
        return ""  # "I had Covid in May while on it"
    if dosed:
        return "since_last_dose"
    return "since_first_dose" if mention is not None and re.search(r"\bsince\b", before[-8:]) else ""


def _kind_told_after(between: str) -> str:
    """"9 hours ago I took my first Gilenya": the verb stands between the time and the name."""
    if not re.match(r",?\s(?:i|we|they)(?:'ve|'d)?\s", between) or len(between) > 40 or _NOT_TAKEN.search(between):
        return ""
    said = {cue.kind for cue in cues(between, 0, len(between))}
    if STOP in said:
        return "since_stop"
    if START in said or "first" in between:
        return "since_first_dose"
    return "since_last_dose" if HAD in said or _DOSE_OF_IT.search(between) else ""


def _kind_of_length(before: str, after: str, mention: Mention | None, value: str, put_off: bool) -> str:
    if mention is not None and mention.role == "current" and _TAKEN_IT.match(after):
        return "since_first_dose"
    if put_off and _IT_HAS_BEEN.search(before):
        return "since_last_dose"  # "cancelled twice, it's been 11 weeks"
    if mention is None and _ON_IT_NOW.match(after):
        return "since_first_dose"  # "4 weeks on it"
    if mention is not None and mention.role == "past" and _IN_NOW.match(after) and _WASHED.search(before):
        return "since_stop"
    if _NEVER_MISSED.search(before):
        return "since_first_dose"
    if _WITHOUT.match(after):
        return "since_last_dose"
    if _OUT_NOW.match(after):
        return "since_last_dose"
    if mention is None and (_ON_IT.search(before) and not _WAS_ON.search(before) or re.match(r"\s*(?:in total|altogether|all told"
        r"|and counting"
        r"|so far)\b", after) or _IN_NOW.match(after) and "T" not in value):
        return "since_first_dose"
    if _NOTHING.search(before):
        return "since_stop" if mention is None or mention.role == "past" else ""
    if re.search(r"\b(?:been off|off|stopped|without|no longer on|came off)\b(?:\s\w+){0,4}\s*$", before):
        return "since_stop"
    if re.search(r"\b(?:(?:have|has)n't|(?:have|has)nt|(?:have|has) not|not|missed|without|no)\b(?:\s\w+){0,5}\s*$", before) and (
            mention is not None or re.search(rf"\b(?:{_DOSE}|any|it)\b", before)):
        return "since_last_dose" if re.search(rf"\b(?:{_DOSE}|have|missed|given)\b", before) else ""
    if mention is not None and mention.role == "current" and (re.search(r"\b(?:so far"
        r"|already) $", before) or _IN_NOW.match(after) and "T" not in value):
        return "since_first_dose"
    if mention is not None and mention.role in ("current", "other_person") and re.search(
        r"\b(?:on|taking|taken|using|used|been|injecting|injected)\b(?:\s\S+){0,6}\s*$", before):
        return "since_first_dose"
    return ""


def _kind_after(after: str, mention: Mention | None, words: str) -> str:
    if re.match(
        r"\s*(?:after|post|since|from|following|of)\b\s?(?:i |my |the |having |we )*(?:stopp\w*|com\w+ off"
        r"|came off|finish\w*|quit\w*|end\w*|discontinu\w*)", after):
        return "since_stop"
    if re.match(r"\s*(?:into|of|on)\b", after):
        return "since_first_dose" if mention is not None and not _POINT.match(words) else ""
    if re.match(
        r"\s*(?:after|post|since|from|following)\b\s?(?:i |my |the |having |we )*(?:start\w*|first|beg[aiu]n\w*"
        r"|go\w* on|switch\w*)", after):
        return "since_first_dose"
    if re.match(r"\s*since (?:the|my) last(?: one)?\s*(?:$|[,.;!?)])", after):
        return "since_last_dose"
    if mention is not None or re.match(
        rf"\s*(?:after|post|since|from|following|out from)[- ](?:my |the |having |last |second |third |a "
        rf"|\w+ )*?{_DOSE}\b", after):
        return "since_last_dose"
    return ""


def _by_position(text: str, mention: Mention, time: Entity, courses: frozenset[str]) -> str:
    """What a time right beside a name tells when no verb does ("Rebif, 3 years", "Ocrevus infusion last week")."""
    if mention.end <= time["start"]:
        gap = text[mention.end:time["start"]]
    else:
        gap = text[time["end"]:mention.start]
        if time["entity"] == "duration":
            if mention.role == "past" and gap == " " and _FREE.match(text, mention.end):
                return "since_stop"  # "2 years Lemtrada free"
            if re.fullmatch(r" off (?:of )?(?:my |the )?", gap) and mention.role == "past":
                return "since_stop"  # "two weeks off it"
            alone = _SAID_FIRST.search(text, max(0, time["start"] - 40), time["start"])  # not "headache 3 days on it", "my 5 days of it"
            return "since_first_dose" if alone and re.fullmatch(
                r"\s(?:on|of|taking|into|with)\s(?:my |the )?", gap) and mention.role == "current" else ""
        return "since_last_dose" if mention.role == "current" and _DOSE_BEFORE.fullmatch(gap) else ""
    gap = _PLACE.sub(" ", gap)
    others = (word for word in WORDS.findall(gap) if word not in DOSING and word not in _ORDINAL_ENDS and not word[0].isdigit())
    if len(gap) > 80 or _READING.search(gap) or any(others):
        return ""
    if _NOT_TAKEN.search(text[max(0, mention.start - 24):mention.start]) or (
            _MAY_BE_AHEAD.fullmatch(text, time["start"], time["end"]) and not time["been"]):
        return ""  # "forgot it for 3 weeks"; "infusion on Friday" may be still to come
    if _DAY_OF_IT.fullmatch(text, time["start"], time["end"]):
        return "since_first_dose"
    if time["entity"] == "duration" and re.search(r"\bin (?:about |just )?$", gap):
        return ""  # "is in a fortnight"
    if _FIRST_OF_IT.search(text, max(0, mention.start - 14), mention.start):
        return "since_first_dose"
    if time["entity"] == "duration" and _POST.search(text, max(0, mention.start - 8), mention.start):
        return "since_last_dose"  # "post that 5 years"
    if time["entity"] == "duration":
        closed = re.match(
            r"\s*(?:now|so far|already|or so|and counting|only)?\s*(?:[,.;!)]|(?:and|but|no|with|without)\b|$)", text[time["end"]:])
        lasting = re.search(r"\b(?:for|since) (?:about |around |nearly |over |the last )?$", gap)
        closed = closed or lasting and not _POINT_NEXT.match(text, time["end"])
        return "since_first_dose" if closed and mention.role in ("current", "other_person") else ""
    if re.search(r"\bsince\b|\bfrom [a-z]+(?: \d{4})?$|\bfrom \d{4}$", text[mention.end:time["end"]]):
        return "since_first_dose" if mention.role != "past" else ""
    if mention.role == "current" and (_TO_NOW.search(text, time["start"], time["end"]) or _STILL_ON.match(text, time["end"])):
        return "since_first_dose"
    if mention.role == "past":
        if re.match(r"(?:'s)?\s(?:x ?\d|was|infusion|dose|course|round|treatment)", text[mention.end:mention.end + 12]):
            return "since_last_dose"  # "my Lemtrada was 5 years ago"
        before = text[max(0, mention.start - 80):mention.start]
        had = HAD_BEFORE.search(before) or mention.name.ids[0] in courses
        return "since_stop" if not had else "since_last_dose"
    year_only = re.fullmatch(r"\D*\d{4}", text[time["start"]:time["end"]]) and not _MONTH_NAME.search(text, time["start"], time["end"])
    if mention.role == "current" and days(time["value"]) >= (A_YEAR if year_only else 2 * A_YEAR) and not re.search(r"\b(?:last"
        r"|latest)\b", gap):
        mention.role = "past"  # "Rebif 2014"
        return "since_last_dose" if mention.name.ids[0] in courses else "since_stop"
    return "since_last_dose" if mention.role == "current" else ""
