"""Facts that people tell in their own words, put together from parts: what was taken, how often, what should have been.

A fact holds when each of its parts stands in one sentence, or in two that follow each other. Where a fact can lower the urgency, the
parts are what has to be said for it: nothing is concluded from one of them alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from knowledge.language.number_words import NUMBER_WORDS, number_said
from knowledge.language.text import normalise

OWN, OTHER = "§", "¤"  # stand for each letter of an MS medicine's name, and of another medicine's
LONGEST_REACTION = 30  # minutes, as the fact's question says
EARLIEST_OVERDUE = 3  # months since a monthly test: then it is more than a month late

_NUMBER = rf"(?:\d{{1,3}}|{NUMBER_WORDS})"
_SOME = rf"(?:{_NUMBER}|an?|some|several|both|a few|a couple(?: of)?|few|couple)"
_NAMED = f"{OWN}+"
_PIECE = rf"(?:tablets?|pills?|capsules?|doses?|injections?|jabs?|shots?|pens?|meds|medicine|medication|{_NAMED})"
_WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_DAY = r"(?:mon|tues?|wed(?:nes|s)?|thu(?:r|rs)?|fri|sat(?:ur)?|sun)(?:day)?"
_LENGTH = rf"(?:{_SOME} (?:days?|nights?|weeks?|wks?|months?)|a fortnight)"
_OF_MINE = r"(?:(?:my|the|a|an|any|some|all|both|single|usual|full|normal|weekly|daily|morning|evening|last|this|of) )*"

# A weekly medicine, daily
_TOOK = r"(?:did|done|injected|took|taken|taking|take|having|had|swallowed|swallowing|swallow)"
_A_DOSE = rf"(?:it|them|one(?: of them)?|(?:{_SOME} )?{_OF_MINE}(?:{_NUMBER} ?mg )?(?:{_PIECE}|{_NUMBER} ?mg)|my weekly one|{_NUMBER})"
_EVERY_DAY = (
    r"(?:(?:every|each) (?:single )?(?:day|morning|evening|night)|daily|nightly|(?:once|twice|one|two|\d) (?:times )?a day"
    r"|a day(?= (?:since|for|all|instead|now)\b)"
    rf"|{_NUMBER} (?:days|mornings|evenings|nights) (?:running|in a row)|day after day"
    rf"|(?:on )?(?:{_DAY}(?:,? (?:and )?|, ?)){{2,}}(?:{_DAY}|today))\b")
_ONCE_A_WEEK = (
    r"\b(?:once (?:a|per|every|each) week|one a week|weekly|(?:only )?(?:every|each) week|a week"
    rf"|(?:only|just)(?: on)? {_WEEKDAY}s?|on {_WEEKDAY}s|{_WEEKDAY}s(?: only)?|(?:every|each) {_WEEKDAY})\b")
_OTHERWISE = (
    r"\b(?:instead|should|shouldn't|supposed|meant|rather than|whereas|mistake|misread|wrong\w*|used to|normally|error|confused"
    r"|mix(?:ed)?[ -]up|prescribed|before|until then)\b")
# More than one dose at once
_ALL_OF_THEM = rf"all (?:{_NUMBER}|of (?:them|it|{_OF_MINE}{_PIECE}))(?: {_PIECE})?"
_TODAY = r"(?:this (?:morning|afternoon|evening)|today|tonight|yesterday|last night)\b"
# A child at the tablets
_CHILD = (
    rf"\b(?:(?:toddler|baby|child|kid|grand(?:child|kid|son|daughter)|son|daughter|niece|nephew|bairn|wean|twin|lad|boy|girl)(?:'s|s)?"
    rf"|(?:children|little (?:one|man|fella|fellow|lad|boy|girl)|wee (?:one|fella|man|lad|boy|girl))(?:'s|s)?"
    rf"|{_NUMBER}[ -]?(?:(?:yr|year|month|mth|week)s?[ -]old|y/?o|m/?o)|(?:only|just|aged?) {_NUMBER} (?:months|years)?)\b")
_SMALL_CHILD = (
    rf"(?:{_CHILD}"
    r"|\b(?:he's|she's|he is|she is|aged?) (?:only |just )?(?:one|two|three|four|five|[1-5])\b(?! (?:weeks|days|times|dos)))")
_EATING = r"(?:ate|eat(?:en|ing)|swallow(?:ed|ing)|chew(?:ed|ing)|suck(?:ed|ing)|bit(?:ten)?|lick(?:ed|ing)|necked|scoffed|drank)"
_MEDICINE = (
    rf"(?<!his )(?<!her )(?<!their )(?:{_PIECE}|steroids?"
    r"|(?:pill|tablet|medicine|med)s? ?(?:box|bag|pack|organi[sz]er|cupboard)|blister)"
    r"(?![a-z])(?!(?: [a-z]+)? (?:to|down|back to|round to|down to) (?:the |our |my )?(?:local )?(?:pharmacy|chemist|boots)\b)")
_AT_THE = (  # who "took" or "had" a medicine may have been given it, but not mine
    rf"\b(?:{_EATING}|(?:got|been) (?:at|hold of|a hold of|into|to)|opened|helped (?:him|her)self|play(?:ed|ing) with"
    r"|(?<!\bi )(?<!\bi've )(?<!\bi have )(?:took|taken|had|has|put)"
    r"(?= (?:(?:half|an?|one|two|\d|some|a few|a capsule|a tablet|a pill) )?(?:of )?(?:my|ma|mine)\b))"
    rf"(?:\W+(?!i\b|me\b|i'm\b)\w+){{0,6}}?\W+{_MEDICINE}")
_HAS_IT = (
    rf"\b(?:in (?:his|her|their) (?:mouth|hands?)|thought (?:they|it) (?:were|was) (?:sweets|candy)"
    rf"|(?:{_SOME}|half|{_PIECE})(?: (?:are|is|has|have|were|was|{_PIECE}))* (?:missing|gone)"
    rf"|{_EATING} (?:it|them|some|half|{_SOME}))\b")
# Left out
_LEFT_OUT = r"(?:forgot(?:ten)?|forgetting|missed|missing|skipped|skipping|(?:ran|run) out of)(?: to (?:take|pack|bring|inject|have))?"
_ENDS = r"(?=\s*(?:$|[.,;!?)\n])| (?:and|but|now|so|because|cause|cos|'cause|as|thanks|due)\b)"
# Taken up again
_WILL = (
    r"(?:i'?ll|i will|i'?m going to|going to|gonna|about to|plan(?:ning)? to|want to|intend to|can i|could i|should i|shall i|may i"
    r"|(?:ok|okay|safe|fine) to)(?: just| simply| then)?")
_THE_DOSE = rf"(?:it|them|one|{_OF_MINE}(?:{_NUMBER} ?mg|{_PIECE})(?: {_PIECE}| dose)?)"
_STOPPED = r"(?:stopped|quit|binned|packed in|came off|gave up)"
_SOON = rf"(?:today|tonight|tomorrow|(?:this|next) (?:week|{_WEEKDAY})|(?:on )?{_WEEKDAY}|in (?:a few|two|three|\d) days)"
_WORD = rf"[\w{OWN}{OTHER}']"
# Checks of the blood
_TEST = (
    rf"(?:{_NAMED} )?(?:monthly )?(?:bloods|blood (?:and urine )?(?:tests?|checks?|work)|urine (?:tests?|checks?|samples?)"
    rf"|monitoring)(?! results?)\b")
_MY_TESTS = rf"(?:(?:my|the|a|any|all|these|last|monthly|months?|of|about|for|to|do|have|get|{_SOME}|{_NAMED}) )*{_TEST}"
# How it passed
_PASSED = (
    r"(?<!not )(?<!n't )(?<!nearly )(?<!almost )(?<!half )(?<!mostly )(?:gone|over|passed|settled|stopped|finished"
    r"|disappeared|vanished|cleared|faded|went (?:off|away)|wore off|eased off|died down)")
_MINUTES = (
    rf"(?:(?P<minutes>{_NUMBER})(?:(?: or | to |-)(?P<more>{_NUMBER}))? ?(?:minutes|mins?)|half an hour|(?:a )?quarter of an hour"
    r"|(?:a (?:few|couple of) )?(?:minutes|mins))")
_ABOUT = r"(?:(?:about|around|just|only|less than|under|roughly|maybe|some) )*"
_COOLING = (
    r"\b(?:cool(?:s|ed|ing)? (?:down|off|myself|me)|(?:cold|cool|iced|wet) (?:drink|shower|water|flannel|towel|pack|bath|room)"
    r"|ice pack|air ?con\w*"
    r"|in front of (?:a|the) fan|in the shade)\b")
_AS_BEFORE = (
    r"\b(?:(?:is|are|it's|they're|all|both|everything's) (?:gone|fine|ok|okay|normal|clear)(?: again)?|back to (?:normal|what|how|usual)"
    r"|(?:goes|go|went|passes|settles|clears)(?: away| off| again)|(?:pass|clear|vanish|disappear)(?:es|s|ed)|settle[sd]|all gone"
    r"|(?:it|they|that|everything)(?:'s|'re| is| are| had| has| have)(?: \w+){0,2} gone|(?:fine|normal|grand|myself"
    r"|better|ok|clear) again)\b")
_NOT_PASSED = r"\b(?:still|not|never goes|doesn't|don't|isn't|aren't|hasn't|haven't|won't|no better)\b"
_INFUSION = rf"\b(?:after|of|on|get|have|from) (?:the|my|each|every|an) (?:infusion|drip|dose|{_NAMED})"
# Known to the team
_TEAM = r"(?:nurses?|team|neurologist|neuro|consultant|doctors?|clinic)"
_KNOWS = (
    rf"\b{_TEAM}(?: has| have)?(?: already)? (?:knows?|checked|seen|saw|looked at|(?:calls?|called|says?|said) (?:it|that|this))\b"
    rf"|\b(?:told|showed|shown|mentioned it to|checked by|known to) (?:my|the) (?:ms )?{_TEAM}\b")
_UNCHANGED = (
    r"\b(?:(?:the )?same as (?:before|always|last|ever|usual|the)|(?:exactly|always|just) the same"
    r"|never (?:been )?(?:anything )?(?:different|new|worse)|for (?:exactly|just) (?:that|this|it)|the harmless one"
    r"|every single (?:month|time|week|year)|same (?:old )?(?:story|thing|pattern)|as (?:it )?always(?: has)?|like always)\b")
_WORSE = r"\b(?:not the same|different (?:now|this time)|worse (?:now|this time|than (?:before|last|usual))|this time)\b"
_KNOCKED = (
    r"\bi(?:'ve| have)? (?:(?:just|only) )?(?:walked|bumped|banged|bashed|cracked|knocked|whacked|caught|hit)"
    r"(?: (?:it|my (?!head)\w+|myself))? (?:into|against|on|off)"
    r" (?:the|a|an|my|our)\b")
# A scan report
_PML = r"(?:pml|progressive multifocal \w+)"
_PML_POSSIBLE = (
    rf"\b(?:(?:possible|suspected|probable|(?:suspicious|suggestive|suspicion) (?:of|for)|consider|query|\?) ?{_PML}"
    rf"|(?<!is )(?<!could )(?<!what ){_PML},? (?:\w+ ){{0,2}}?(?:considered|possible|suspected|query|(?:excluded|ruled out)))\b")
_SCAN = r"\b(?:mri|scans?|report|lesions?|spots?|radiolog\w+)\b"
_NO_PML = (
    rf"\b(?:no (?:\w+ )?(?:evidence|signs?|features|suspicion)|not (?:suspicious|suggestive)|unlikely"
    rf"|{_PML} (?:is |was |has been )?(?:excluded|ruled out))\b")
# Plans
_ASKED = (
    r"(?:plan(?:ning|ned)?|going|want|hoping|booked|need|needs|can i|could i|should i|may i|ok|okay|safe|allowed|asks?|asking"
    r"|ask for|due|wants? me)")
_PLAN = (
    r"(?:trip|travel\w*|holiday|fly|flight|abroad|vaccin\w+|immunisation|(?:flu|covid|shingles|pneumonia|travel) (?:jabs?|shots?)"
    r"|booster|dentist|tooth out|root canal|filling)\b")
_PLANNED_ALREADY = r"\b(?:since|after|had|got|following|yesterday)\b"


@dataclass(frozen=True)
class Telling:
    """One way to tell a fact: all `parts` in a sentence or in two neighbouring ones, none of `unless`. Its role is that of the first part.

    `own`: the first part is about an MS medicine, not about another medicine that was named last.
    """

    fact: str
    parts: tuple[re.Pattern[str], ...]
    unless: re.Pattern[str] | None = None
    own: bool = False


def _telling(fact: str, *parts: str, unless: str | None = None, own: bool = False) -> Telling:
    return Telling(fact, tuple(re.compile(part) for part in parts), re.compile(unless) if unless else None, own)


_TELLINGS = (
    _telling("more_than_weekly_dose", rf"\b{_TOOK} (?:\w+ )?{_A_DOSE}(?: \w+){{0,3}}? {_EVERY_DAY}", own=True),
    _telling("more_than_weekly_dose", rf"\b(?:{_TOOK}|giv(?:en|ing)|gave) (?:(?:it|them|her|him) )?{_EVERY_DAY}",
             own=True),
    _telling("more_than_weekly_dose", rf"\b(?:giv(?:en|ing)|gave) (?:(?:it|them|one|her|him|mum|dad) )*"
             rf"(?:{_OF_MINE}{_PIECE} )?{_EVERY_DAY}",
             own=True),
    _telling("more_than_weekly_dose", rf"\b{_A_DOSE}(?: \w+){{0,3}}? {_EVERY_DAY}", _ONCE_A_WEEK, _OTHERWISE, own=True),
    _telling("several_doses_at_once", rf"\b{_TOOK} {_ALL_OF_THEM} (?:at once|in one go|together|in (?:one|a) day)\b"),
    _telling("several_doses_at_once", rf"\b{_TOOK} {_ALL_OF_THEM} {_TODAY}", _OTHERWISE),
    _telling("child_took_it", _AT_THE, _SMALL_CHILD),
    _telling("child_took_it", _SMALL_CHILD, _MEDICINE, _HAS_IT),
    _telling("missed_doses", rf"\b{_LEFT_OUT} (?:{_SOME} )?(?:days? of )?{_OF_MINE}(?:{_SOME} )?{_PIECE}"),
    _telling("missed_doses", rf"\b(?:left|leaving|forgot) {_OF_MINE}{_PIECE}(?: \w+)? (?:at|behind|in|on)\b"),
    _telling("missed_doses", rf"\b(?:no|without|not (?:had|taken)|have(?:n'?t| not) (?:had|taken)|did(?:n'?t| not) (?:have"
             rf"|take)) {_OF_MINE}(?:{_NUMBER} )?{_PIECE}"
             rf"(?: at all)?(?: (?:for|since|in|over))? (?:{_ABOUT}{_LENGTH}|(?:last )?{_DAY}\b)"),
    _telling("missed_doses", rf"\b{_LEFT_OUT} (?:the )?(?:last |past )?{_ABOUT}{_LENGTH}\b"
             rf"(?!'| (?:off|at|from|of (?!{_OF_MINE}{_PIECE})))",
             unless=r"\b(?:contracept\w+|the pill|work|school|college|uni\w*|gym|class)\b"),
    _telling("missed_doses", rf"\b{_OF_MINE}{_NAMED} (?:is|was|are) {_ABOUT}{_LENGTH} (?:overdue|late)\b"),
    _telling("missed_doses", rf"\b{_LENGTH} without(?: {_OF_MINE}(?:it|them|any|{_PIECE}))?{_ENDS}"),
    _telling("missed_doses", rf"\boff (?:it|them|my (?:{_PIECE}|ms meds)|{_NAMED}) (?:for |now )*{_ABOUT}{_LENGTH}(?! ago)"),
    _telling("about_to_restart", rf"\b(?:take|taking|pop|popping|have|having|start|starting|swallow) {_THE_DOSE}"
             r" (?:tonight|tonite|today|tomorrow|now|later|this evening|in the morning|as (?:normal|usual|before)"
             r"|like (?:normal|before))\b"),
    _telling("first_dose_or_restart", rf"\b(?:took|taken|swallowed|had|popped|started|restarted|back on) (?:{_WORD}+ ){{0,4}}?after"
             rf" {_ABOUT}{_LENGTH} (?:off|without)\b"),
    _telling("missed_doses", rf"\bafter {_ABOUT}{_LENGTH} (?:off|without)(?: {_OF_MINE}(?:it|them|any|{_PIECE}))?{_ENDS}"),
    _telling("about_to_restart", rf"\b(?:carry|carrying|go|going) on with {_THE_DOSE} (?:tonight|tonite|today|tomorrow|now)\b"),
    _telling("about_to_restart", rf"\bcarry on with (?:the|my) {_NUMBER}(?: ?mg)?\b"),
    _telling("stopped_without_plan", rf"\b{_STOPPED} (?:{_WORD}+ ){{0,8}}?(?:off my own bat|on my own|by myself"
             r"|without (?:telling|asking) (?:anyone|anybody|them|my \w+|the \w+))\b"),
    _telling("stopped_without_plan", rf"\b{_STOPPED} ", r"\b(?:nobody|no one|no-one) (?:planned|knows)\b", own=True),
    _telling("dose_due", rf"\b(?:infusions?|injection|dose|drip|{_NAMED})(?: is| due| booked| are)+ (?:for |on )?{_SOON}\b"),
    _telling("course_due", rf"\b(?:year (?:two|2)|second (?:year|course))(?: of {_NAMED})? (?:is |due |to |starts? |starting )*"
             rf"(?:on )?(?:{_SOON}|the \d{{1,2}}(?:st|nd|rd|th))"),
    _telling("about_to_restart", rf"\b{_WILL} (?:take|have|swallow|start|begin)(?: taking)? {_THE_DOSE} again\b"),
    _telling("about_to_restart", rf"\b{_WILL} (?:re-?start|resume|go back (?:on|to)|get back on)(?: taking)? {_THE_DOSE}"),
    _telling("monitoring_overdue", rf"\blet(?:ting)? {_MY_TESTS}(?: \w+)? (?:slide|slip|lapse|go|drift)\b"),
    _telling("monitoring_overdue", rf"\b(?:missed|skipped|skipping|behind (?:on|with)|late (?:with|for)|(?:not|haven't"
             rf"|have not) (?:done|had|been for)"
             rf"|forgot(?:ten)?|put(?:ting)? off|neglected|overdue for|stopped going for) {_MY_TESTS}"),
    _telling("monitoring_overdue", rf"\b(?:nobody|no one|no-one)(?: has| have|'s)? (?:done|taken|checked|looked at) {_MY_TESTS}"),
    _telling("monitoring_overdue", rf"\b{_TEST} (?:(?:is|are|were|was|has been|have been|months?|weeks?|well|long"
             rf"|{_SOME}) )*(?:overdue|late|lapsed|skipped)\b"),
    _telling("monitoring_overdue", rf"\blast (?:\w+ )?{_TEST}(?: \w+){{0,4}}? (?P<months>{_NUMBER}) months (?:ago|back)\b"),
    _telling("settled_30min", rf"\b{_PASSED}(?: (?:again|completely|off|away|by itself|on its own|now))* (?:in|within|after"
             rf"|inside) {_ABOUT}{_MINUTES}"),
    _telling("settled_30min", rf"\b{_MINUTES}(?: or so| later| at most)?(?:,|,?(?: (?:and|then|later|it|they|was|were|had"
             rf"|everything|all|completely|totally))+) {_PASSED}\b"),
    _telling("settled_after_cooling", _AS_BEFORE, _COOLING, unless=_NOT_PASSED),
    _telling("settles_after_infusion", rf"\b(?:within days|{_SOME} days?|the next day|by (?:the )?(?:{_DAY}|weekend|wkend))\b",
             _INFUSION, _AS_BEFORE, unless=_NOT_PASSED),
    _telling("known_pattern", _KNOWS, _UNCHANGED, unless=_WORSE),
    _telling("first_injections", rf"\b(?:first|second|third)(?: ever| full| proper)? {_NAMED}",
             unless=r"\b(?:(?:19|20)\d\d|(?:year|month)s? ago|since)\b"),
    _telling("known_knock", _KNOCKED, r"\bbruis\w*"),
    _telling("otherwise_well", r"\b(?:feel|feeling) (?:perfectly|completely|totally|absolutely|entirely|generally) (?:fine|well"
             r"|normal|ok|okay|good|healthy)\b"),
    _telling("otherwise_well", r"\bnothing (?:anywhere )?else(?: (?:wrong|new|different|unusual|at all|anywhere))?(?=\s*(?:$|[.,;!?\n]))"),
    _telling("mri_suspicious_of_pml", _PML_POSSIBLE, _SCAN, unless=_NO_PML),
    _telling("planning_question", rf"\b{_ASKED}(?: [\w']+){{0,6}}? {_PLAN}", unless=_PLANNED_ALREADY),
)  # fmt: skip
_SENTENCE = re.compile(r"[^.!?;\n]+(?:\.(?=\d)[^.!?;\n]+)*")


def told_in_parts(text: str, medicines: Iterable[Mapping[str, Any]] = ()) -> Iterator[tuple[int, int, str]]:
    """Facts in `text`: the characters [start, end) of the first part, and the fact's id. `medicines` are entities of the text."""
    plain = _masked(text, medicines)
    sentences = [match.span() for match in _SENTENCE.finditer(plain)]
    windows = [*sentences, *((first[0], second[1]) for first, second in pairwise(sentences))]
    told: set[str] = set()
    for telling in _TELLINGS:
        if telling.fact in told:
            continue
        found = (_found(telling, plain, *window) for window in (windows if len(telling.parts) > 1 else sentences))
        if first := next(filter(None, found), None):
            told.add(telling.fact)
            yield (*first, telling.fact)


def _masked(text: str, medicines: Iterable[Mapping[str, Any]]) -> str:
    plain = normalise(text)
    for item in medicines:
        sign = OWN if item["entity"] == "medicine" else OTHER if item["entity"] == "other_medicine" else ""
        if sign:
            plain = plain[: item["start"]] + sign * (item["end"] - item["start"]) + plain[item["end"] :]
    return plain


def _found(telling: Telling, plain: str, start: int, end: int) -> tuple[int, int] | None:
    others = all(part.search(plain, start, end) for part in telling.parts[1:])  # the rarer words, so they are looked for first
    first = telling.parts[0].search(plain, start, end) if others else None
    if not first:
        return None
    of_another = telling.own and plain.rfind(OTHER, 0, first.end()) > plain.rfind(OWN, 0, first.end())
    if of_another or telling.unless and telling.unless.search(plain, start, end):
        return None
    return first.span() if _within_limits(first.groupdict()) else None


def _within_limits(groups: Mapping[str, str | None]) -> bool:
    minutes = [number_said(said) or 0 for name in ("minutes", "more") if (said := groups.get(name))]
    months = groups.get("months")
    return max(minutes, default=0) <= LONGEST_REACTION and (not months or (number_said(months) or 0) >= EARLIEST_OVERDUE)
