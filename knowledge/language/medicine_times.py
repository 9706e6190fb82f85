"""Which medicine a time belongs to, and what it tells: since the last dose, since the first, or since stopping."""

from __future__ import annotations

import re
from typing import Any

from knowledge.durations import days
from knowledge.language.medicine_names import Mention
from knowledge.language.medicine_roles import FROM_TO, HAD_BEFORE, sentence_around

Entity = dict[str, Any]

_DOSE = (
    r"(?:dose|infusion|injection|shot|jab|pill|tablet|capsule|course|one|round|treatment|drip|pen|cycle|infused"
    r"|injected|had|have|took|taken|take|did)s?")
_STOP_CUE = re.compile(
    r"\b(?:stopped|stopping|stop|came off|come off|coming off|been off|off|quit|finished|finishing|ended|gave up"
    r"|given up|discontinued|completed|ceased|taken off|withdrawn|ditched|dropped|pulled|no longer|without)\b")
_START_CUE = re.compile(
    r"\b(?:started|starting|start|began|begun|begin|first|went on|put (?:me )?on|been on|on|switched|changed"
    r"|moved|swapped|into|taking|using|been taking|injecting|commenced)\b")
_LAST_CUE = re.compile(rf"\b(?:last|latest|most recent|final|previous|{_DOSE}|infused|infusion)\b")
_CLAUSE_BREAK = re.compile(
    r"[,:()]|\b(?:and|but|because|then|when|while|so|which|now|cos|cause|since then|though|although|where|who|got"
    r"|getting|have had|having|have|feel|feeling|noticed|with)\b")
_CLOSED = re.compile(r"\s*(?:$|[,.;!?)]|(?:and|but|now|so|every|with|at|without)\b)")
_POINT = re.compile(r"(?:this|last|yesterday|today|tonight|in|on|since|earlier|the|over)\b")
_OBJECT_IS_DOSE = re.compile(
    rf"\b(?:last|latest|infused|injected)\b|\b{_DOSE}\s(?:was |is |it |mine |my |the |one |that |them |a |full "
    rf"|half |about |on |in "
    rf"|number |no |\d+ |only |just |again |yet |so far |{_DOSE} )*$")
_ONGOING = re.compile(r"\b(?:on|taking)(?: my| the)? $")
_STILL_TO_COME = re.compile(r"\b(?:i have|i've got|ive got|i get|i'm having|im having|i am having"
    r"|i'm getting)\b(?! been| had| taken| felt)")
_FROM_THAT = re.compile(r"\bfrom\s+(?:my |the )?$")
_GIVEN_ONCE = re.compile(r"\b(?:gave me|given)\s+$")
_NOT_TAKEN = re.compile(
    r"\b(?:haven't|havent|have not|hasn't|didn't|didnt|did not|forgot|missed|missing|skipped|skipping"
    r"|not (?:taking|taken|had|having)|'ve had no|have had no|had no|left out|fridge|deliver\w*|arrived|ordered"
    r"|postponed"
    r"|cancell?ed|delayed|put off|pushed back|remember|(?:not|n't) sure)\b")
_BESIDE = re.compile(
    r"[\s,:()\-]*(?:(?:infusions?|injections?|doses?|capsules?|tablets?|pills?|therapy|treatment|\d+ ?m?c?g|daily"
    r"|twice|a day|every|weekly|monthly|about|around|for|since|now|roughly|nearly|almost|over|the past|the last"
    r"|past|since|x ?\d|\d\d|(?:three|3|two|2) times a week|user|patient|taker|here|just|only|already|on|was|back"
    r"|approx|well|of|years|every (?:\w+ )?(?:days|weeks|months)"
    r"|(?:in|at) (?:the )?[a-z]+|at|in)\b[\s,:(\-]*)*")


def tie(text: str, mentions: list[Mention], times: list[Entity]) -> list[Entity]:
    """Give each mention its times (in place); return the tied times with the medicine's `group`."""
    tied = []
    for time in times:
        kind, mention = _owner(text, mentions, time | {"words": text[time["start"]:time["end"]]})
        if mention is None:
            continue
        left = _moved_from(text, mentions, mention)
        if kind == "since_last_dose" and left is not None:
            kind = "since_first_dose"  # "from that to this two weeks ago"
        if kind in mention.times:
            continue
        ongoing = text[time["start"]:time["end"]] == "this week" and _ONGOING.search(text[max(0, mention.start - 12):mention.start])
        mention.times[kind] = "P1D" if ongoing and kind == "since_last_dose" else time["value"]
        if kind == "since_first_dose" and left is not None:
            left.times.setdefault("since_stop", time["value"])
        first = "first" in text[max(0, time["start"] - 60):time["start"]]
        if kind == "since_first_dose" and first and days(time["value"]) <= 1:
            mention.times.setdefault("since_last_dose", time["value"])  # the first dose a day ago is also the last one
        mention.group = mention.group or f"medicine_{mentions.index(mention) + 1}"
        tied.append({**time, "group": mention.group})
    return tied


def _moved_from(text: str, mentions: list[Mention], mention: Mention) -> Mention | None:
    """The name before, when the text says "from that to this": it was stopped when this one was started."""
    position = mentions.index(mention)
    before = mentions[position - 1] if position else None
    if before is not None and before.role == "past" and FROM_TO.match(text[before.end:mention.start]):
        return before
    after = mentions[position + 1] if position + 1 < len(mentions) else None
    if after is not None and after.role == "past" and _FROM_THAT.search(text[mention.end:after.start][-80:]):
        return after
    return None


def _owner(text: str, mentions: list[Mention], time: Entity) -> tuple[str, Mention | None]:
    """Which name a time belongs to and what it tells: since the last dose, since the first, since stopping."""
    sentence = sentence_around(text, time["start"], time["end"])
    start, end = _clause(text, sentence, time["start"], time["end"], mentions)
    before, after = text[start:time["start"]], text[time["end"]:end]
    inside = [one for one in mentions if start <= one.start < end]
    mention = _nearest(inside, time)
    kind = _kind(before, after, time, mention)
    if kind and mention is None:
        mention = _of_message(mentions, time, kind)
    if mention is None or mention.role in ("asked", "negated", "planned"):
        return "", None
    if _STILL_TO_COME.search(before) and re.match(r"on\b", text[time["start"]:]):
        return "", None  # "I have my third infusion on Monday"
    if not kind and time["entity"] == "time_since" and time["end"] <= mention.start:
        kind = _kind_told_after(text[time["end"]:mention.start])
    if not kind and not (time["entity"] == "time_since" and _NOT_TAKEN.search(before)):
        kind = _by_position(text, mention, time)
    if kind == "since_stop" and mention.role == "current":  # "took me off that, put me on this in May"; "finished round two in May"
        stopped = [match.end() for match in _STOP_CUE.finditer(before)]
        kind = "since_first_dose" if not stopped or _START_CUE.search(before.rstrip(" on"), stopped[-1]) else "since_last_dose"
    return kind, mention if kind else None


def _clause(text: str, sentence: tuple[int, int], start: int, end: int, mentions: list[Mention]) -> tuple[int, int]:
    """The words around a time up to the next comma, "and", "but" ..., never cutting through a name."""
    left, right = sentence
    near = [one for one in mentions if one.start < right and one.end > left]
    for match in _CLAUSE_BREAK.finditer(text, sentence[0], sentence[1]):
        if any(one.start <= match.start() < one.end + (match.group() == ")") for one in near):
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
    if match.group() in ("have", "having", "since then"):
        return bool(re.match(
            r"\s(?:been (?:on|off|taking)|stopped|started|taken|had|my|my last|it|a|come off|finished)\b", rest))
    if match.group() == "," and re.match(r"since\b", text[start:start + 6]) and not _CLOSED.match(text, end):
        return False  # "on it for years, since monday my tummy hurts"
    return match.group() in (",", "(", ":", "which", "now", "and", "then") and bool(
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
    if kind == "since_stop" and earlier:
        return earlier[-1]
    return (taken or earlier or usable)[-1] if usable else None


def _kind(before: str, after: str, time: Entity, mention: Mention | None) -> str:
    """since_last_dose, since_first_dose, since_stop, or "" when no word of the clause says."""
    if re.match(r"\s?(?:of|with)\b", after) and mention is None:
        return ""
    marks = []
    for kind, pattern in (("since_stop", _STOP_CUE), ("since_first_dose", _START_CUE), ("since_last_dose", _LAST_CUE)):
        for match in pattern.finditer(before):
            marks.append((match.start(), kind, match.group()))
    words = [word for _, _, word in marks]
    if time["entity"] == "duration":
        return _kind_of_length(before, words, mention)
    left = re.match(r"\s*from\b", after) and re.search(r"\b(?:swap|switch|chang|mov|went|transfer)\w*\b", before)
    following = not left and re.match(r"\s*(?:after|post|since|from|following|out from|into|of"
        r"|on)\b(?P<rest>.*)", after, re.S)
    if following and not before.rstrip().endswith(("last", "dose")):
        return _kind_after(following.group(), mention, time["words"])
    if re.match(r"(?:until|till)\b", time["words"]) or re.search(r"\b(?:until|till|up to)\s$", before):
        return "since_stop" if mention is not None and mention.role == "past" else ""
    since = re.match(r"since\b", time["words"]) or before.rstrip().endswith("since")
    if not marks or (_NOT_TAKEN.search(before) and not since):
        return ""
    if _NOT_TAKEN.search(before):
        return "since_last_dose"
    stopped = re.search(r"\b(?:stopped|came off)\b", before)
    if not stopped and re.search(r"\b(?:last|latest|recent|final)\b", before):
        return "since_last_dose"
    kinds = [kind for _, kind, _ in sorted(marks)]
    if "since_stop" in kinds:
        return "since_stop"
    if re.search(
        r"\b(?:first|started|starting|start|began|commenced|been on|been taking|went on|put (?:me )?on|switched"
        r"|changed|moved|swapped)\b", before):
        return "since_first_dose"
    if "since_last_dose" in kinds and mention is None and not _OBJECT_IS_DOSE.search(before):
        return ""  # "I had Covid in May while on it"
    if "since_last_dose" in kinds:
        return "since_last_dose"
    return "since_first_dose" if mention is not None and re.search(r"\bsince\b", before[-8:] + "") else ""


def _kind_told_after(between: str) -> str:
    """"9 hours ago I took my first Gilenya": the verb stands between the time and the name."""
    if not re.match(r",?\s(?:i|we|they)(?:'ve|'d)?\s", between) or len(between) > 40 or _NOT_TAKEN.search(between):
        return ""
    if _STOP_CUE.search(between):
        return "since_stop"
    if re.search(r"\b(?:first|started|began|went on)\b", between):
        return "since_first_dose"
    return "since_last_dose" if _LAST_CUE.search(between) else ""


def _kind_of_length(before: str, words: list[str], mention: Mention | None) -> str:
    if re.search(r"\b(?:been off|off|stopped|without|no longer on|came off)\b(?:\s\w+){0,4}\s*$", before):
        return "since_stop"
    if re.search(r"\b(?:haven't|havent|have not|not|missed|without|no)\b(?:\s\w+){0,5}\s*$", before) and (
            mention is not None or re.search(r"\b(?:doses?|any|it|one)\b", before)):
        return "since_last_dose" if re.search(r"\b(?:taken|had|take|have|injected|missed|dose)\b", before) else ""
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
    if mention is not None or re.match(
        rf"\s*(?:after|post|since|from|following|out from)[- ](?:my |the |having |last |second |third |a "
        rf"|\w+ )*?{_DOSE}\b", after):
        return "since_last_dose"
    return ""


def _by_position(text: str, mention: Mention, time: Entity) -> str:
    """What a time right beside a name tells when no verb does ("Rebif, 3 years", "Ocrevus infusion last week")."""
    if mention.end <= time["start"]:
        gap = text[mention.end:time["start"]]
    else:
        gap = text[time["end"]:mention.start]
        if time["entity"] == "duration":
            part = re.search(r"\b(?:my|the|our|through)\s*$", text[max(0, time["start"] - 10):time["start"]])  # "my 5 days of it"
            return "since_first_dose" if not part and re.fullmatch(
                r"\s(?:on|of|taking|into|with)\s(?:my |the )?", gap) and mention.role == "current" else ""
        return ""
    if not _BESIDE.fullmatch(gap):
        return ""
    if time["entity"] == "duration":
        closed = re.match(
            r"\s*(?:now|so far|already|or so|and counting)?\s*(?:[,.;!)]|and\b|but\b|$)", text[time["end"]:])
        return "since_first_dose" if closed and mention.role in ("current", "other_person") else ""
    if re.search(r"\bsince\b", text[mention.end:time["end"]]):
        return "since_first_dose" if mention.role != "past" else ""
    if mention.role == "past":
        if re.match(r"(?:'s)?\s(?:x ?\d|was|infusion|dose|course|round|treatment)", text[mention.end:mention.end + 12]):
            return "since_last_dose"  # "my Lemtrada was 5 years ago"
        before = text[max(0, mention.start - 80):mention.start]
        had = HAD_BEFORE.search(before) or _GIVEN_ONCE.search(before)
        return "since_stop" if not had else "since_last_dose"
    return "since_last_dose" if mention.role == "current" else ""
