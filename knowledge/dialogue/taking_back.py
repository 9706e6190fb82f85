"""Taking an emergency back: one confirming question, shown with the emergency line."""

from __future__ import annotations

import re
from typing import Any

from knowledge import wording
from knowledge.case import DENIED, Case, Finding
from knowledge.dialogue.asking import STILL_THERE, asked_whether_now, level_to_take_back
from knowledge.dialogue.going_on import go_on
from knowledge.dialogue.standing import urgent
from knowledge.dialogue.state import RETRACT, Message, Session, State, in_crisis, remember
from knowledge.intake import take_in
from knowledge.intake.amending import amends_a_result
from knowledge.intake.changes import Changes
from knowledge.language.people import RELATIVE
from knowledge.language.short_answers import chosen_options, is_no, is_unsure, plain
from knowledge.questions import is_told
from knowledge.release import Knowledge
from knowledge.returning import is_same
from knowledge.triage import assess
from knowledge.urgency import rank

_OVER = r"(?:over|gone|stopped|passed|settled|better|went away)"
_HAS_ENDED = re.compile(rf"\b{_OVER}\b")
# Said after an emergency, these take it back. They only lead to the confirming question, never lower anything alone.
_DENIES = re.compile(
    r"\b((with|in|by) (the |an )?(ambulance|paramedics?|hospital|a ?& ?e)|(ambulance|paramedics?|doctor|nurse)s? (is|are|'s|has|have)"
    rf"|(not|isn't|wasn't) (me|mine|real|happening|now|true)|(it's|it is|it was|that's|that was) my {RELATIVE}\b|(was|were) joking"
    r"|(was|only|just) (a|for a) joke"
    r"|only (asking|testing|a test)|(over|gone|passed|settled|stopped|fine) now"
    rf"|it'?s {_OVER}|it (has |'s )?(gone|passed|stopped|went away)"
    r"|didn't mean|by mistake|misunderst\w+)\b"
    rf"|^\W*(?:(?:no|ok|oh|it'?s|it is|they'?ve|now|all|much|feeling|i feel|i'?m)\W+)*{_OVER}(?:\W+(?:now|again))*\W*$")


_TAKES_BACK = re.compile(
    r"\b(last (year|month|week|summer|winter)|(a|\d+|two|three|few|many) (year|month|week|summer|winter)s? ago"
    r"|(years|months|weeks|ages|long time) ago|in (19|20)\d\d)\b"
    rf"|{_DENIES.pattern}")


def takes_back(case: Case, entities: list[dict[str, Any]], text: str, knowledge: Knowledge) -> bool:
    """Whether words say that it is not there (any more), or not the person's, and nothing is told with them."""
    reported = ("symptom", "temperature", "lab_result", "red_flag_doubt", "symptom_doubt")
    present = any(entity["entity"] in reported and is_told(entity) for entity in entities)
    named = {entity["value"] for entity in entities if entity["entity"] == "symptom"}
    if named and case.findings and not any(is_same({name}, case, knowledge) for name in named):
        return False  # "he had a water infection last month": another thing is over
    of_a_medicine = any(entity["entity"] in ("medicine", "unknown_medicine") for entity in entities)  # "lemtrada, 2 years ago"
    return not present and bool((_DENIES if of_a_medicine else _TAKES_BACK).search(plain(text)))


def retracted(state: State, entities: list[dict[str, Any]], text: str, session: Session, correcting: bool) -> list[Message]:
    """The answer to the confirming question: a clear no takes back what made it urgent; anything else leaves it as it stands."""
    case, knowledge = state.case, session.knowledge
    answer = next(iter(chosen_options(text, STILL_THERE)), text)
    pending, state.pending = state.pending, []
    of_a_medicine = any(entity["entity"] == "medicine" for entity in entities)  # "no i meant mavenclad" corrects that only
    remember(state, text)
    renumbered = not entities and amends_a_result(case, text, session.today, knowledge)  # "no, its 200"
    if is_unsure(answer) or renumbered or not (is_no(answer) and not of_a_medicine or takes_back(case, entities, text, knowledge)):
        changes = take_in(case, entities, text, None, knowledge, session.today, correcting)
        if renumbered and not case.red_flags:
            case.floor = None
        now = assess(case, knowledge)
        if now.urgency == "emergency":
            return urgent(state, now, session, changes=changes, text=text)
        return go_on(state, None, changes, now, session, text)
    crisis, level = in_crisis(case), level_to_take_back(case, knowledge)
    denied = [item for item in asked_whether_now(case, knowledge, level) if item in knowledge.symptoms]
    case.red_flags.clear()
    ended = bool(_HAS_ENDED.search(plain(f"{state.inquiry} {text}")))
    # Who has written of suicide, or had an emergency that has passed, is to be asked about it by a person today.
    case.floor = "same_day" if crisis or ended and level == "emergency" else None
    take_in(case, pending, "", None, knowledge, session.today, correcting=True)
    _drop_findings(case, knowledge, level)
    for item in denied:  # and it is not asked for again
        case.findings.setdefault(item, Finding(item, DENIED, {}, wording.quoted(text.strip())))
    now = assess(case, knowledge)
    if now.urgency == "emergency":  # a result that stands by itself
        return urgent(state, now, session)
    state.assessment = None
    messages = go_on(state, None, Changes(corrected=[RETRACT]), now, session, text)
    at_once = session.words.say(f"emergency.at_once.{level}")
    return [Message(session.words.say("taken_back_suicidal" if crisis else "taken_back", at_once=at_once)), *messages]


def _drop_findings(case: Case, knowledge: Knowledge, level: str) -> None:
    """What made it so urgent goes with it: symptoms and a fever, not a measured blood result."""
    while rank((now := assess(case, knowledge)).urgency) >= rank(level):
        evidence = {item for match in now.matches if rank(match.urgency) >= rank(level) for item in match.evidence}
        told = [item for item in evidence if item in case.findings or item in case.facts]
        if "fever" in evidence and case.temperature is not None:
            case.temperature = None
        elif not told:
            return
        for item in told:
            case.findings.pop(item, None)
            case.facts.pop(item, None)
