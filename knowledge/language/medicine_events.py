"""What a message says of a medicine after it has named it: "stopped it in jan", "they took me off 3 weeks ago", "back on it".

A clause that names no medicine speaks of the one in focus, the last one named, when its verb has no other subject and no
other object: no word stands before the verb but of people, doses and time.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from knowledge.language.medicine_cues import HAD, START, STOP, TAKE, Cue, cues
from knowledge.language.text import ORDINAL, word_set

# Words that may stand between a name and its time: doses, schedules, how it is given, that all is well.
DOSING = word_set(
    "yr ms dmt dmts rrms ppms spms inj injs infusion infusions injection injections dose doses capsule capsules tablet tablets "
    "pill pills jab jabs pen pens "
    "drip drips bag bags pulse pulses course courses cycle cycles round rounds shot shots lot lots top booster "
    "session sessions therapy treatment treatments trial programme "
    "study mg mcg g ml iv sc im bd od tds daily weekly monthly yearly nightly once twice thrice a an the my day days every each other "
    "second third fortnight week weeks month months year years per at in on night morning evening home hospital clinic mon monday tue "
    "tuesday wed wednesday thu thursday fri friday sat saturday sun sunday number no nos times time x one two three four five six half "
    "full loading maintenance starter titration pack generic brand user patient taker girl guy lady veteran done dusted "
    "here just only already was is back approx about "
    "around for since now roughly nearly almost over past last well of so far and been going great fine good ok okay brilliant with "
    "without any i think maybe circa nineties noughties eighties zero problem problems issue issues trouble bother side effects effect "
    "r this total first yrs mths wks")
SOMEBODY = word_set(
    "i ive ve im m we they she he it them that this these and but so then which what who have has had do did were be being to from "
    "when up finally most recent previous latest final next our his her me us neuro neurologist doctor consultant nurse team "
    "specialist gp again yet not didn t couldn due out off by st nd rd th mine all meds medication medicine medicines drugs everything "
    "anything exactly precisely about roughly just today yesterday "
    "forgot s its went nothing none because really quite ever very own myself completely actually")
WORDS = re.compile(r"[^\W\d_]+|\d[\d.,]*|(?<!\bno)[;.!?]")
NO_OTHER_OBJECT = re.compile(
    r"\s*(?:$|[,.;!?()-]|(?:in|on|at|by|due|because|cos|as|after|when|since|for|last|this|\d+|an?|one|two|three|four|five|six|seven"
    r"|eight|nine|ten|twelve|about"
    r"|around|some|years?|months?|ages|yesterday|today|and|but|so|me|us|working|it|them|that|taking|using|altogether|completely"
    r"|early|now|then|before|until"
    r"|suddenly|recently|the|just|over|nearly|almost|earlier|back|again|forever|jan\w*|feb\w*|mar\w*|apr\w*|may|june?|july?|aug\w*"
    r"|sep\w*|oct\w*|nov\w*|dec\w*"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|spring|summer|autumn|winter|christmas|xmas|easter|with|without|myself|ok|well|cold"
    r"|same|there|safely|injecting|injections|treatment"
    r"|the (?:treatment|injections|tablets)|from|of|too|already|once|twice|not"
    r"|never|or|if|while|having|itself)\b)")
_COUNTED = re.compile(rf"\d[\d.,]*|{ORDINAL}")
_CLAUSE = re.compile(r"[.,;!?\n():]+|\s-+\s|\b(?:and|but|so|then|because|cos|which|though|although)\b")
_IT = re.compile(r" (?:it|them|that)\b")
_LEFT_FOR_SURE = re.compile(  # what only people do with a medicine
    r"(?:came|come|taken|took) (?:me )?(?:completely |right )?off|quit|g[ai]ve (?:it |them )?up")
_ITSELF = re.compile(r"\b(?:it|that|this|which)(?: was| has| is)?(?: all| then| finally)? $")  # "that ended at Easter"
_ANOTHER_OBJECT = re.compile(
    r"\s(?:a|an|the|my|this|that|\d+)\s(?!(?:days?|weeks?|months?|years?|yrs?|hours?|drug|med\w*|treatment|dmt|tablets?|pills?"
    r"|infusions?|injections?)\b)\w+")
_A_COURSE_IS = re.compile(r"finish|complet|end")  # what a course does; the treatment may go on
SPOILT = re.compile(r"(?:went|gone|going|goes|go) off\b")  # what a medicine does in a warm fridge
_LEAVING = re.compile(  # the cues that need no name after them
    r".*\boff\b|stop|pull|quit|g[ai]v|pack|jack|finish|complet|end|discont|ceas|drop|ditch|left|bin|aband|came|withdr|no longer|not any")
_AGAIN = re.compile(r"\b(?:re-?start\w*|again|back on|still on|on it|on (?:that|them)|resum\w+)\b")
_NOT_MEANT = re.compile(
    r"\b(?:should|shall|can|could|may|might|if|when|want|wants|wanted|going|need|needs|until|before|never|not|didn't|haven't|n't"
    r"|told|scared|afraid|thinking|after)\b")


class Clause(NamedTuple):
    """A clause that names no medicine, at character offsets, and the cue that governs it."""

    start: int
    end: int
    cue: Cue


def clauses(text: str, start: int, end: int) -> list[Clause]:
    """The clauses between two offsets whose verb has no subject but people and no object but the medicine."""
    found = []
    left = start
    for right, after in [match.span() for match in _CLAUSE.finditer(text, start, end)] + [(end, end)]:
        inside = cues(text, left, right)
        verb = next((cue for cue in inside if cue.kind in (STOP, START, TAKE, HAD)), None)
        if verb is not None and NO_OTHER_OBJECT.match(text, verb.end) and only_people_and_doses(text, left, verb.start, inside):
            found.append(Clause(left, right, verb))
        left = after
    return found


def only_people_and_doses(text: str, start: int, end: int, said: list[Cue]) -> bool:
    """Whether no word between two offsets, but for the cues `said`, speaks of anything else than a medicine's doses."""
    verbs = {at for cue in said for at in range(cue.start, cue.end)}
    words = [word for word in WORDS.finditer(text, start, end) if word.start() not in verbs]
    return all(word.group() in DOSING or word.group() in SOMEBODY or _COUNTED.fullmatch(word.group()) for word in words)


def left_it(text: str, start: int, end: int, goes_on: bool | None) -> bool:
    """Whether the medicine in focus was stopped by what is said between two offsets, and not taken up again.

    `goes_on`: whether the treatment goes on when a course of it is finished (None: it has no courses).
    """
    gone = False
    for clause in clauses(text, start, end):
        cue = clause.cue
        words = text[clause.start:clause.end]
        verb = text[cue.start:cue.end]
        unsure = cue.ahead or cue.denied or _NOT_MEANT.search(text, clause.start, cue.start)
        if cue.kind == STOP and _LEAVING.match(verb) and not unsure:
            it = _IT.search(verb) or _IT.match(text, cue.end) or _ITSELF.search(text, clause.start, cue.start)
            course = _A_COURSE_IS.match(verb) and (goes_on or goes_on is None and not it)
            spoilt = not it and SPOILT.match(verb)
            ended = course is False and goes_on is False and not text[clause.start:cue.start].strip()  # "methylpred ..., ended 4 days ago"
            told = it or ended or _LEFT_FOR_SURE.match(verb) or re.search(r"[a-z]", text[clause.start:cue.start]) or only_people_and_doses(
                text, start, clause.start, [])
            if told and not course and not spoilt and not (_ANOTHER_OBJECT.match(text, cue.end) and not it):
                gone = True
        elif gone and not (cue.ahead or cue.denied) and _AGAIN.search(words):
            gone = False
    return gone
