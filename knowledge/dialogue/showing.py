"""What the person asks to see: the rest, the summary, what was understood, why, where they stand, a step back, a new beginning."""

from __future__ import annotations

import copy

from knowledge import wording
from knowledge.case import Case
from knowledge.dialogue.asking import ask, retract
from knowledge.dialogue.going_on import carry_on
from knowledge.dialogue.standing import stay
from knowledge.dialogue.state import AFTER_ANSWER, RETRACT, RETURNED, Message, Session, State, in_crisis, remember
from knowledge.interview import question_by_id
from knowledge.summary import summary_card, understood_card
from knowledge.triage import assess
from knowledge.urgency import most_urgent


def understood(state: State, session: Session) -> list[Message]:
    """The case as a list that can be corrected."""
    data = understood_card(state.case, session.knowledge)
    if not data["items"]:
        return [Message(session.words.say("understood_nothing"), custom=None), *carry_on(state, session)]
    lines = [f"{number}. {item['label']}: {item['value']}" for number, item in enumerate(data["items"], 1)]
    state.amending = 1
    return [Message("\n".join([session.words.say("understood_lead"), *lines]), custom=data), *carry_on(state, session)]


def chosen(state: State, choice: str, session: Session) -> list[Message]:
    """What one of the buttons under an answer stands for, picked by its number."""
    return dict(zip(AFTER_ANSWER, (more, summary, understood), strict=True))[choice](state, session)


def more(state: State, session: Session) -> list[Message]:
    """The rest of the answer, part by part, or the open question when nothing was answered yet."""
    if state.assessment is None:
        return repeat(state, session)
    card, parts = {**state.assessment, "detail": True}, wording.more_parts(state.assessment, session.words)
    state.read += 1  # after the last part it begins again
    return [Message(parts[(state.read - 1) % len(parts)], ("Summary for my MS team", "Change something"), card)]


def summary(state: State, session: Session) -> list[Message]:
    """The note for the MS team."""
    data = summary_card(state.case, state.assessment, session.knowledge, session.words)
    return [Message(data["text"], custom=data), *carry_on(state, session)]


def why(state: State, session: Session) -> list[Message]:
    """Why the open question is asked, or why the advice was given."""
    question = question_by_id(state.question, state.case, session.knowledge) if state.question else None
    if question is None:
        return repeat(state, session)
    asked = ask(question, session)
    return [Message(f"{question.why or session.words.say('why_nothing')} {asked.text}", asked.buttons)]


def repeat(state: State, session: Session) -> list[Message]:
    """Where we stand, to somebody who doubts it or does not know what to do: the advice, why, its source, whom to ask; or what is asked."""
    words = session.words
    if state.assessment is None or state.question in (RETRACT, RETURNED):
        question = question_by_id(state.question, state.case, session.knowledge) if state.question else None
        return [ask(question, session, "no_advice_yet")] if question else [Message(words.say("help")), *carry_on(state, session)]
    if in_crisis(state.case):
        return stay(state, session)
    state.repeated += 1
    text = wording.advice_again(state.assessment, state.case, session.knowledge, words) if state.repeated == 1 else \
        words.say("answer.said_again", headline=state.assessment["headline"], whom=words.whom(state.assessment["urgency"], short=True))
    emergency = state.assessment["urgency"] == "emergency"
    following = [] if emergency else carry_on(state, session)
    return [Message(text, () if emergency or following else AFTER_ANSWER, state.assessment), *following]


def go_back(state: State, session: Session) -> list[Message]:
    """Take back the last answer; said again, the one before it. What made it an emergency is taken back by a clear word only."""
    words = session.words
    if not state.history:
        return [Message(words.say("nothing_to_go_back")), *carry_on(state, session)]
    if state.question == RETRACT:
        state.question = None
        return stay(state, session)
    if state.case.floor == "emergency":
        return retract(state, [], session)
    flags, floor, before = state.case.red_flags, state.case.floor, state.history[-1]
    state.case = Case.from_dict(copy.deepcopy(before["case"]))
    state.case.floor, state.case.red_flags = most_urgent(floor, state.case.floor), {**flags, **state.case.red_flags}
    state.question, state.history, state.missed, state.unanswered = before["question"], state.history[:-1], 0, []
    if state.assessment is not None:
        state.assessment = wording.card(assess(state.case, session.knowledge), state.case, session.knowledge, words, session.model)
    stands = words.say("answer.floor", headline=state.assessment["headline"]) if state.assessment else ""
    said = f"{words.say('gone_back', said=before['said'])} {stands}".strip()
    following = carry_on(state, session)
    return [Message(said, () if following or not stands else AFTER_ANSWER, state.assessment), *following]


def start_over(state: State, session: Session) -> list[Message]:
    """Begin anew; "go back" brings it all back. An emergency already given stays the floor until it is corrected."""
    case = state.case
    fresh = Case(contact_count=case.contact_count, contact_again=case.contact_again, red_flags=dict(case.red_flags),
                 floor="emergency" if case.floor == "emergency" else None)
    remember(state, session.words.say("all_of_it"))
    state.case, state.question, state.missed, state.unanswered = fresh, None, 0, []
    if not fresh.floor:
        state.assessment = None
    return [Message(session.words.say("started_over")), *carry_on(state, session)]
