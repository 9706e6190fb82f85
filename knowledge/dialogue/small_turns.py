"""Turns with a fixed text, after which the interview goes on."""

from __future__ import annotations

import re
from typing import Any

from knowledge import wording
from knowledge.dialogue.asking import retract
from knowledge.dialogue.going_on import carry_on
from knowledge.dialogue.reporting import put_beside, triage, with_aside
from knowledge.dialogue.showing import repeat
from knowledge.dialogue.standing import insist, instruction, stay
from knowledge.dialogue.state import ADVICE, RETURNED, Message, Session, State, in_crisis, tells
from knowledge.dialogue.taking_back import takes_back
from knowledge.intake import keep_words, take_in
from knowledge.language.other_languages import detect, is_danger, names_in, safe_sentence
from knowledge.language.short_answers import is_cross, is_short, plain
from knowledge.triage import assess
from knowledge.urgency import rank

ANSWERED_BY = ("thanks", "small_talk", "out_of_scope", "greet", "prompt_injection")  # what a short answer is taken for by mistake


def small_turn(state: State, intent: str, entities: list[dict[str, Any]], text: str, session: Session) -> list[Message]:
    """A fixed text, then the open question again so that the interview goes on. Medicines named on the way are kept."""
    if intent in ADVICE and tells(entities):
        return with_aside(triage(state, entities, text, session), intent, session)
    before = assess(state.case, session.knowledge).urgency
    kept = [entity for entity in entities if entity["entity"] in ("medicine", "age", "sex", "fact")]
    take_in(state.case, kept, "", None, session.knowledge, session.today)
    if state.case.floor == "emergency" and takes_back(state.case, entities, text, session.knowledge):
        return retract(state, entities, session)
    if intent == "refuse":
        return refused(state, session)
    if state.question and intent in (*ANSWERED_BY, *ADVICE) and is_short(text) and not text.rstrip().endswith("?"):
        # "no thanks", "no I wouldn't hurt myself" to the open question
        return triage(state, entities, text, session)
    if is_cross(text) and state.case.floor != "emergency":
        if state.question is not None:
            return triage(state, entities, text, session)  # asked once more, then passed over
        intent = "cross"
    if intent in ("thanks", "goodbye") and (in_crisis(state.case) or state.question == RETURNED):
        return stay(state, session) if in_crisis(state.case) else [Message(session.words.say(intent))]
    if intent in ADVICE and _speaks_for_itself(state, before, session):  # "can i just start again after two weeks?" may be urgent
        return triage(state, entities, text, session)
    if intent == "diagnosis" and state.assessment is not None and not in_crisis(state.case):  # "is it serious?"
        return put_beside(repeat(state, session), Message(session.words.say("aside.diagnosis")))
    if intent == "help" and state.case.red_flags and state.case.floor == "emergency":
        return [Message(instruction(state, session), custom=state.assessment)]
    if intent in ("out_of_scope", "small_talk", "greet", "prompt_injection", "help") and state.case.floor == "emergency":
        return carry_on(state, session)
    if intent == "goodbye" and not state.case.has_complaint():
        return [Message(session.words.say(intent))]
    begins = intent not in ("thanks", "goodbye") or state.case.has_complaint()  # who says thanks for an answer asks nothing now
    return [Message(session.words.say(intent)), *carry_on(state, session, only_open=not begins)]


def _speaks_for_itself(state: State, before: str | None, session: Session) -> bool:
    """Whether this message gives an urgency that nobody has been told yet. `before`: the urgency of what was told before it."""
    now, told = assess(state.case, session.knowledge).urgency, (state.assessment or {}).get("urgency")
    return rank(now) >= rank("soon") and rank(now) > rank(told) and (rank(now) > rank(before) or state.question is None)


def refused(state: State, session: Session) -> list[Message]:
    """Once with the reason and the number; after that the advice stands without an argument."""
    if state.assessment is None and state.case.floor is None:
        return [Message(session.words.say("refuse_other")), *carry_on(state, session)]
    return insist(state, session)


_CALLED = re.compile(
    r"\b(?:i|we|he|she|they|someone|my \w+)(?:'ve| have| has|'s)? (?:just |already |now )*(?:called|rang|rung|phoned|dialled|dialed)"
    r"(?: (?:them|it|999|112|911|000|111|(?:for )?(?:an |the )?ambulance|for help|already|now))*\W*$"
    r"|\b(?:i'?m|i am|we'?re|we are) (?:now |already )?(?:at|in|with|on (?:my|our|the) way to) (?:the |a |an )?"
    r"(?:a ?& ?e|hospital|er|emergency (?:room|department)|doctor|paramedics?|ambulance)\b"
    r"|\b(?:ambulance|paramedics?|help|they)(?:'s| is| are|'re) (?:on (?:its|the|their) way|coming)\b")


_WILL_CALL = re.compile(
    r"\W*(?:(?:ok(?:ay)?|all ?right|right|fine|yes|yeah|good|thanks|thank you|i think|so|and)\W+)*"
    r"(?:(?:i'?ll|i will|i'?m going to|i am going to|i'?m gonna|we'?ll|we will) (?:just |now )?(?:call|ring|phone|dial|get help)"
    r"|(?:i'?m |i am |we'?re )?(?:calling|ringing|phoning|dialling))"
    r"(?: (?:them|it|now|999|112|911|000|for help|(?:for )?(?:an |the )?ambulance|straight away|right away))*\W*")


def will_call(entities: list[dict[str, Any]], text: str) -> bool:
    """The person says that they will call now, and nothing new is told."""
    return bool(_WILL_CALL.fullmatch(plain(text))) and not tells(entities)


def has_called(entities: list[dict[str, Any]], text: str) -> bool:
    """There is help, or it is on its way, and nothing new is told."""
    return bool(_CALLED.search(plain(text))) and not tells(entities)


def other_language(state: State, entities: list[dict[str, Any]], text: str, session: Session) -> list[Message]:
    """One safe sentence in the person's language. Words of danger in it count as an emergency; the words are kept for the team."""
    code = detect(text, names_in(entities, text)) or "en"
    keep_words(state.case, text)
    named = [entity for entity in entities if entity["entity"] == "medicine"]  # names are the same in every language
    take_in(state.case, named, "", None, session.knowledge, session.today)
    said = Message(safe_sentence(code, session.words.clinic.emergency_number))
    if not is_danger(text, code):
        state.case.not_understood.append(text.strip()[:200])
        return [said]
    state.case.floor = "emergency"
    state.question = None
    state.assessment = wording.card(assess(state.case, session.knowledge), state.case, session.knowledge, session.words, session.model)
    said.custom = state.assessment
    return [said]
