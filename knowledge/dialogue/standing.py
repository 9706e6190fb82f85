"""What is advised: the first time, after something new, in an emergency, and to somebody who will not have it."""

from __future__ import annotations

import re
from typing import Any

from knowledge import wording
from knowledge.case import PRESENT, Case
from knowledge.dialogue.state import AFTER_ANSWER, Message, Session, State, in_crisis
from knowledge.intake.changes import Changes
from knowledge.interview import Question, medicine_name
from knowledge.language.intent import intent_of
from knowledge.language.short_answers import is_cross, is_no, is_nod, is_short, is_worried, plain
from knowledge.triage import Assessment, assess
from knowledge.urgency import most_urgent

_WILL_NOT = re.compile(r"\b(?:no|don'?t want|won'?t|not going|not calling|can'?t)\b")


def urgent(state: State, now: Assessment, session: Session, flag_said: bool = False, changes: Changes | None = None,
            text: str = "") -> list[Message]:
    """An emergency: its answer, or what was noted since, or what stands. `flag_said`: its words were spoken in this turn."""
    words, case = session.words, state.case
    already = (state.assessment or {}).get("urgency") == now.urgency
    case.floor = most_urgent(case.floor, now.urgency)
    state.question = None
    state.assessment = wording.card(now, case, session.knowledge, words, session.model)
    if flag_said:
        state.refused = 0
        return [Message(custom=state.assessment)]
    if not already:
        return [Message(wording.answer_text(state.assessment, case, session.knowledge, words), custom=state.assessment)]
    known = {name for name, finding in case.findings.items() if finding.status == PRESENT} | set(case.labs) | set(case.medicines)
    before = Case.from_dict(state.history[-1]["case"]) if state.history else Case()
    known -= {*before.findings, *before.medicines, *(before.labs if changes and not changes.corrected else ())}
    told = [medicine_name(name, session.knowledge) if name in case.medicines else wording.name_of(name, session.knowledge)
            for name in dict.fromkeys(changes.added if changes else ()) if name in known]
    if state.refused and (is_no(text) or _WILL_NOT.search(plain(text))) or text and intent_of(text, [], None, 0.0)[0] == "refuse":
        return insist(state, session)
    if told and not in_crisis(case):
        return [Message(words.say("emergency.noted", words=", ".join(told)), custom=state.assessment)]
    return stay(state, session)


def stay(state: State, session: Session) -> list[Message]:
    """What stands once more, in the words that fit it: to somebody in despair never twice the same in a row."""
    given = state.assessment or {}
    if given and given["urgency"] != "emergency":
        return [Message(session.words.say("answer.floor", headline=given["headline"]), custom=given)]
    if not in_crisis(state.case):
        return [Message(session.words.say("emergency.stay"), custom=state.assessment)]
    said = session.words.lines("emergency.stay_suicidal")
    state.stayed += 1
    return [Message(said[(state.stayed - 1) % len(said)], custom=state.assessment)]


def insist(state: State, session: Session) -> list[Message]:
    """The advice to somebody who will not take it: the first time with the reason and the number, then as it stands."""
    if in_crisis(state.case):
        return stay(state, session)  # warm words, no argument
    state.refused += 1
    words, given = session.words, state.assessment or {}
    headline = given.get("headline") or words.say("urgency.emergency.headline")
    if given.get("urgency", "emergency") != "emergency":
        return [Message(words.say("refuse_call", headline=headline, whom=words.whom(given["urgency"])))]
    return [Message(words.say("refuse" if state.refused == 1 else "refuse_again", headline=headline))]


def instruction(state: State, session: Session) -> str:
    """What to do about the most urgent red flag, once more: in its own words if they are those of an emergency."""
    flag = session.knowledge.red_flags[assess(state.case, session.knowledge).red_flags[0]]
    own = session.words.fill(flag["instruction"])
    return own if flag["urgency"] == "emergency" else " ".join(session.words.lines("urgency.emergency.actions"))


def give_answer(state: State, now: Assessment, session: Session, following: Question | None, beside: int = 0) -> list[Message]:
    """The answer of the first time, with its card. `following`: the question as it is put behind it; `beside`: other words said."""
    now.urgency = now.urgency or "routine"
    state.case.floor = most_urgent(state.case.floor, now.urgency)
    state.assessment = wording.card(now, state.case, session.knowledge, session.words, session.model)
    text = wording.answer_text(state.assessment, state.case, session.knowledge, session.words, following, beside)
    return [Message(text, () if following else AFTER_ANSWER, state.assessment)]


def answer_again(state: State, now: Assessment, changes: Changes, text: str, session: Session, following: Question | None,
                 beside: int = 0) -> list[Message]:
    """After an answer: say what changed, or that nothing did."""
    given = state.assessment or {}
    now.urgency = now.urgency or "routine"
    state.assessment = wording.card(now, state.case, session.knowledge, session.words, session.model)
    buttons = () if following else AFTER_ANSWER
    same_level = now.urgency == given.get("urgency")
    said_alike = (given.get("red_flags"), _first_risk(given)) == (state.assessment["red_flags"], _first_risk(state.assessment))
    if same_level and said_alike:
        key = "unchanged" if changes.anything else (
            "stays" if is_short(text) or is_nod(text) else "cross" if is_cross(text) else "worried" if is_worried(text) else "not_caught")
        return [Message(session.words.say(f"answer.{key}", headline=state.assessment["headline"]), buttons, state.assessment)]
    answer = give_answer(state, now, session, following, beside)
    lead = "answer.same_level" if same_level and not changes.corrected else "answer.changed"
    answer[0].text = f"{session.words.say(lead)} {answer[0].text}"
    return answer


def _first_risk(given: dict[str, Any]) -> str | None:
    return next((risk["id"] for risk in given.get("risks", ())), None)
