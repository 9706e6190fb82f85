"""A report or an answer: taken into the case, assessed, and followed by a warning, a question or an answer."""

from __future__ import annotations

import re
from typing import Any

from knowledge.case import Case
from knowledge.dialogue.asking import ask, part_named, retract, said_by_habit
from knowledge.dialogue.going_on import go_on
from knowledge.dialogue.showing import chosen, understood
from knowledge.dialogue.standing import urgent
from knowledge.dialogue.state import ADVICE, AFTER_ANSWER, RETRACT, Message, Session, State, remember, tells
from knowledge.dialogue.taking_back import retracted, takes_back
from knowledge.intake import has_contacted, take_in
from knowledge.intake.changes import Changes
from knowledge.interview import YES_OR_NO, Question, question_by_id
from knowledge.language.intent import intent_of
from knowledge.language.short_answers import chosen_options, is_no, is_nod, is_unsure, is_yes, plain
from knowledge.questions import answer_question
from knowledge.release import Knowledge
from knowledge.returning import complaints_in, is_same
from knowledge.triage import assess


def triage(state: State, entities: list[dict[str, Any]], text: str, session: Session, correcting: bool = False,
           flag_said: bool = False) -> list[Message]:
    """Take a message into the case, assess, then warn, ask or answer. Changes `state` in place.

    `flag_said` tells that an emergency's words were already spoken in this turn.
    """
    knowledge, case = session.knowledge, state.case
    if not flag_said and state.question is None and (choice := chosen_options(text, tuple(state.offered))) and choice[0] in AFTER_ANSWER:
        return chosen(state, choice[0], session)
    if state.question == RETRACT:
        state.question = None
        if not flag_said:
            return retracted(state, entities, text, session, correcting)
    if not flag_said and not correcting and case.floor == "emergency" and takes_back(case, entities, text, knowledge):
        return retract(state, entities, session)
    question = question_by_id(state.question, case, knowledge) if state.question else None
    if question is not None and not entities and not state.missed and said_by_habit(question, text):
        state.missed = 1
        return [Message(f"{session.words.say('surely_not')} {ask(question, session).text}", question.options)]
    remember(state, text)
    asked = None if correcting and question and question.id.startswith(YES_OR_NO) else question  # "no wait, i meant ..." denies nothing
    changes = take_in(case, entities, text, asked, knowledge, session.today, correcting)
    part_meant = question is not None and question.id == "noticed" and part_named(text, knowledge)  # "not my tummy, its my chest"
    if correcting and not changes.anything and not part_meant:
        state.vain += 1
        if state.vain == 1 or question is not None or state.assessment is None:
            said, state.amending = understood(state, session), 2
            return said
        changes.answered = True  # the words are kept; the list was just shown
    renumbered = any(item in case.labs for item in changes.corrected)  # "30 not 300" says itself that it corrects
    if (correcting or renumbered) and not case.red_flags:
        case.floor = None
    _nothing_read(case, question, text, entities, changes, knowledge, bool(state.missed))
    _contacts_again(case, entities, text, session)
    now = assess(case, knowledge)
    if now.urgency == "emergency" or (flag_said and case.red_flags):
        return urgent(state, now, session, flag_said, changes, text)
    intent = intent_of(text, [], None, 0.0)[0] if entities else None
    asked_too = None if intent in ADVICE else _asked_beside(state, text, entities, session)
    of_two = Message(session.words.say("one_at_a_time")) if _tells_of_two(case, entities) else None
    beside = [message for message in (asked_too, of_two) if message]
    words = sum(len((message.text or "").split()) for message in beside)
    messages = go_on(state, question, changes, now, session, text, words)
    for message in reversed(beside):
        messages = put_beside(messages, message)
    return messages if asked_too else with_aside(messages, intent, session)


def _contacts_again(case: Case, entities: list[dict[str, Any]], text: str, session: Session) -> None:
    """The same complaint as in an earlier contact, here or with anybody else: the level rises by rule."""
    if has_contacted(text) and case.has_complaint() and not case.contact_again:
        case.contact_again, case.contact_count = True, case.contact_count + 1
    told = complaints_in(entities)
    if not case.contact_again and any(is_same(told, other, session.knowledge) for other in session.earlier):
        case.contact_again, case.contact_count = True, case.contact_count + 1


def _asked_beside(state: State, text: str, entities: list[dict[str, Any]], session: Session) -> Message | None:
    """The answer to a question that stands beside a complaint: "my ankles are swollen and can i have the flu jab?"."""
    about = [entity for entity in entities if entity["entity"] == "medicine"]
    parts = [part for part in re.split(r"(?<=[.!;])\s+|,?\s+(?:and|but|also)\s+", text) if part.strip().endswith("?")]
    if len(parts) != 1 or parts[0].strip() == text.strip():
        return None
    found = answer_question(parts[0], about, session.knowledge, [use.id for use in state.case.taken()])
    return Message(session.words.fill(found)) if found else None


def _tells_of_two(case: Case, entities: list[dict[str, Any]]) -> bool:
    """The person tells their own complaint, and a complaint or a medicine of somebody else's."""
    others = any(entity["entity"] in ("medicine", "symptom") and entity.get("role") == "other_person" for entity in entities)
    return others and not case.for_other and tells(entities)


def with_aside(messages: list[Message], intent: str | None, session: Session) -> list[Message]:
    """A report that also asks about a dose or a diagnosis gets that answered too, after the urgency."""
    if intent not in ADVICE:
        return messages
    said = Message(session.words.say(f"aside.{intent}"))
    return messages if any(message.text == said.text for message in messages) else put_beside(messages, said)


def put_beside(messages: list[Message], said: Message) -> list[Message]:
    """`said` after the urgency, before the question."""
    place = 1 if messages[0].custom else 0
    return [*messages[:place], said, *messages[place:]]


def _nothing_read(case: Case, question: Question | None, text: str, entities: list[dict[str, Any]], changes: Changes,
                  knowledge: Knowledge, missed: bool) -> None:
    """Words that answer "what have you noticed?" and were not understood are kept as they stand."""
    if question is not None and question.id == "noticed" and not case.has_complaint() and text.strip():
        if is_yes(text) or is_nod(text) or not re.search(r"[^\W\d]", text) or _TO_ME.match(plain(text)):
            return
        if is_unsure(text) and _is_off(text):
            return  # asked again: something is wrong, only the words are missing
        if any(entity["entity"] in ("medicine", "unknown_medicine") for entity in entities) or changes.anything and _only_times(entities):
            return  # the medicine, or when it was taken, is not what was noticed
        if is_no(text) or is_unsure(text) or case.facts.get("otherwise_well") or _NOTHING.search(plain(text)):
            case.facts.setdefault("otherwise_well", "unclear" if is_unsure(text) else "yes")
            case.asked.append("noticed")
        elif part_named(text, knowledge) and not missed:
            return  # asked again: what is it about that part?
        else:
            case.not_understood.append(text.strip()[:200])
        changes.answered = True


def _only_times(entities: list[dict[str, Any]]) -> bool:
    return all(entity["entity"] in ("duration", "time_since") for entity in entities)


# Who says so has noticed nothing: "noticed nothing, just curious".
_NOTHING = re.compile(
    r"\b(?:(?:noticed|notice|feel|felt|have|had|got|there'?s|its|it'?s) nothing|nothing (?:new|really|at all|to (?:report|tell)|wrong"
    r"|unusual|much)|just (?:curious|wondering|checking|looking|asking)|no (?:symptoms?|problems?|complaints?))\b")
_TO_ME = re.compile(r"\W*(?:(?:so|but|and|well|ok) )*(?:you|u) (?:can|could|do|did|are|have|will|won|would|should|just|never)")
_OFF = re.compile(r"\b(?:off|wrong|right|different|strange|weird|odd|funny|myself|unwell|ill|poorly|rough)\b")


def _is_off(text: str) -> bool:
    """Something is felt, but not said what: "dunno, something's off", "don't know, just not right"."""
    return bool(_OFF.search(plain(text)))
