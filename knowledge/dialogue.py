"""One turn of the conversation: what was read in, what is said out. Pure: Rasa, the shell and the tests all call this."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from knowledge import wording
from knowledge.case import Case
from knowledge.intake import Changes, chosen_option, is_no, is_unsure, is_yes, take_in
from knowledge.interview import Question, next_question, question_by_id
from knowledge.questions import answer_question, is_told
from knowledge.release import Knowledge
from knowledge.summary import summary_card, understood_card
from knowledge.triage import Assessment, assess
from knowledge.urgency import most_urgent, rank

AFTER_ANSWER = ("Tell me more", "Summary for my MS team", "Change something")


@dataclass
class Message:
    """One thing said: text, buttons (titles that can as well be typed) and an optional card."""

    text: str | None = None
    buttons: tuple[str, ...] = ()
    custom: dict[str, Any] | None = None


@dataclass
class State:
    """What a conversation remembers: the case, the open question, the assessment given, and the case before the last answer."""

    case: Case = field(default_factory=Case)
    question: str | None = None
    assessment: dict[str, Any] | None = None
    previous: dict[str, Any] | None = None
    missed: int = 0


@dataclass
class Session:
    """What a turn needs from outside: the knowledge, the words and the day."""

    knowledge: Knowledge
    words: wording.Words
    today: date
    model: str | None = None


def triage(state: State, entities: list[dict[str, Any]], text: str, session: Session, correcting: bool = False,
           flag_said: bool = False) -> list[Message]:
    """Take a message into the case, assess, then warn, ask or answer. Changes `state` in place.

    `flag_said` tells that a red flag's own words were already spoken in this turn.
    """
    knowledge, case = session.knowledge, state.case
    question = question_by_id(state.question, case, knowledge) if state.question else None
    if state.question and state.question.startswith("retract"):
        return _retracted(state, text, session)
    state.previous = {"case": case.to_dict(), "question": state.question}
    before = assess(case, knowledge)
    changes = take_in(case, entities, text, question, knowledge, session.today, correcting)
    if correcting and not changes.anything:
        return understood(state, session)
    if correcting and rank(case.floor) > 0:
        case.floor = None if not case.red_flags else case.floor
    _nothing_read(case, question, text, entities, changes)
    now = assess(case, knowledge)
    if now.urgency == "emergency" or (flag_said and case.red_flags):
        return _urgent(state, now, before, session, flag_said, changes)
    return _go_on(state, question, changes, now, before, session)


def _nothing_read(case: Case, question: Question | None, text: str, entities: list[dict[str, Any]], changes: Changes) -> None:
    """Words that answer "what have you noticed?" and were not understood are kept as they stand."""
    if question is not None and question.id == "noticed" and not case.has_complaint() and text.strip():
        if is_no(text) or is_unsure(text):
            case.facts.setdefault("otherwise_well", "yes" if is_no(text) else "unclear")
            case.asked.append("noticed")
        elif not any(entity["entity"] in ("medicine", "unknown_medicine") for entity in entities):
            case.not_understood.append(text.strip()[:200])
        changes.answered = True


def _urgent(state: State, now: Assessment, before: Assessment, session: Session, flag_said: bool, changes: Changes) -> list[Message]:
    words, case = session.words, state.case
    already = before.urgency == now.urgency and state.assessment is not None
    case.floor = most_urgent(case.floor, now.urgency)
    state.question = None
    state.assessment = wording.card(now, case, session.knowledge, words, session.model)
    if flag_said:
        return [Message(custom=state.assessment)]
    if already:
        return [Message(words.say("emergency.stay"), custom=state.assessment)]
    return [Message(wording.answer_text(state.assessment, case, session.knowledge, words), custom=state.assessment)]


def _go_on(state: State, question: Question | None, changes: Changes, now: Assessment, before: Assessment, session: Session) -> list[Message]:
    case, knowledge = state.case, session.knowledge
    messages: list[Message] = []
    if question is not None and not changes.anything:
        repeated = _ask_again(state, question, session)
        if repeated:
            return repeated
        messages.append(Message(session.words.say("move_on")))
        _pass_over(case, question, session)
        now = assess(case, knowledge)
    if question is not None and (changes.answered or state.missed):
        case.asked.append(question.id)
        state.missed = 0
    following = next_question(case, knowledge)
    if rank(now.urgency) >= rank("same_day") and (state.assessment is None or rank(now.urgency) > rank(state.assessment["urgency"])):
        messages += _answer(state, now, session, final=following is None)
        if following is None:
            return messages
    if following is not None:
        state.question = following.id
        return [*messages, _asked(following, session)]
    state.question = None
    if state.assessment is None:
        return messages + _answer(state, now, session)
    return messages + _again(state, now, session)


def _asked(question: Question, session: Session) -> Message:
    text = question.text
    if question.decides_emergency:
        text = f"{text} {session.words.say('emergency.question')}"
    if question.id == "medicine":
        text = f"{text} {session.words.say('medicine_options_hint')}"
    return Message(text, question.options)


def _ask_again(state: State, question: Question, session: Session) -> list[Message] | None:
    """The question once more, said to be asked again; None when it was repeated already."""
    if state.missed:
        return None
    state.missed = 1
    asked = _asked(question, session)
    return [Message(f"{session.words.say('asked_again')} {asked.text}", asked.buttons)]


def _pass_over(case: Case, question: Question, session: Session) -> None:
    """No usable answer twice: go on as if the person did not know."""
    if question.id.startswith("doubt:"):
        take_in(case, [], "", question, session.knowledge, session.today)
    elif not question.id.startswith(("noticed", "medicine")):
        take_in(case, [], "not sure", question, session.knowledge, session.today)
        case.words.pop()
    elif question.id == "medicine":
        case.unknown_medicines.append("not known")
    else:
        case.not_understood.append("(no complaint understood)")


def _answer(state: State, now: Assessment, session: Session, final: bool = True) -> list[Message]:
    now.urgency = now.urgency or "routine"
    state.case.floor = most_urgent(state.case.floor, now.urgency if rank(now.urgency) >= rank("same_day") else None)
    state.assessment = wording.card(now, state.case, session.knowledge, session.words, session.model)
    text = wording.answer_text(state.assessment, state.case, session.knowledge, session.words)
    return [Message(text, AFTER_ANSWER if final else (), state.assessment)]


def _again(state: State, now: Assessment, session: Session) -> list[Message]:
    """After an answer: say what changed, or that nothing did."""
    given = state.assessment or {}
    leading = given["risks"][0]["id"] if given.get("risks") else None
    now.urgency = now.urgency or "routine"
    if now.urgency == given.get("urgency") and now.leading == leading:
        state.assessment = wording.card(now, state.case, session.knowledge, session.words, session.model)
        headline = state.assessment["headline"]
        return [Message(f"{session.words.say('unchanged')} {headline}", AFTER_ANSWER)]
    answer = _answer(state, now, session)
    answer[0].text = f"{session.words.say('answer.changed')} {answer[0].text}"
    return answer


# Taking a flag back: one confirming question, shown with the emergency line


def retract(state: State, session: Session) -> list[Message]:
    """The person says that an emergency is not (or no longer) theirs: ask once, with the emergency line."""
    if not state.case.red_flags and state.case.floor != "emergency":
        return understood(state, session)
    names = [wording.name_of(flag, session.knowledge) for flag in state.case.red_flags] or ["this emergency"]
    state.question = "retract"
    text = f"To be sure: is it right that nobody has {' or '.join(names)} now? {session.words.say('emergency.question')}"
    return [Message(text, ("Yes, not now", "No, it is happening", "Not sure"))]


def _retracted(state: State, text: str, session: Session) -> list[Message]:
    option = chosen_option(text, ("Yes, not now", "No, it is happening", "Not sure"))
    state.question = None
    if is_yes(option or text) and not is_unsure(text):
        state.case.red_flags.clear()
        state.case.floor = None
        state.assessment = None
        _drop_emergency_findings(state.case, session)
        now = assess(state.case, session.knowledge)
        return _go_on(state, None, Changes(answered=True), now, now, session)
    return [Message(session.words.say("emergency.stay"), custom=state.assessment)]


def _drop_emergency_findings(case: Case, session: Session) -> None:
    """The findings that alone mean an emergency go with the flag they came with."""
    for identifier in list(case.findings):
        if session.knowledge.symptoms.get(identifier, {}).get("urgency") == "emergency":
            del case.findings[identifier]


# Small turns


def understood(state: State, session: Session) -> list[Message]:
    """The case as a list that can be corrected."""
    data = understood_card(state.case, session.knowledge)
    if not data["items"]:
        return [Message(session.words.say("understood_nothing"), custom=None), *_continue(state, session)]
    lines = [f"{number}. {item['label']}: {item['value']}" for number, item in enumerate(data["items"], 1)]
    return [Message("\n".join([session.words.say("understood_lead"), *lines]), custom=data), *_continue(state, session)]


def correct(state: State, entities: list[dict[str, Any]], text: str, session: Session) -> list[Message]:
    """A correction. One that takes back an emergency is confirmed first; one that names nothing shows what was understood."""
    flagged = state.case.red_flags or state.case.floor == "emergency"
    if flagged and not any(entity["entity"] in ("medicine", "lab_result", "temperature") for entity in entities):
        return retract(state, session)
    return triage(state, entities, text, session, correcting=True)


def answer(state: State, entities: list[dict[str, Any]], text: str, session: Session) -> list[Message]:
    """Answer a question from the content; triage what the same message reports; go on with the interview."""
    found = answer_question(text, entities, session.knowledge)
    said = [Message(found)] if found else []
    if any(entity["entity"] in ("symptom", "lab_result", "temperature") and is_told(entity) for entity in entities):
        return said + triage(state, entities, text, session)
    if not found:
        return say(state, "out_of_scope", session) if not entities else triage(state, entities, text, session)
    return said + _continue(state, session, only_open=True)


def more(state: State, session: Session) -> list[Message]:
    """The rest of the answer, or the open question when nothing was answered yet."""
    if state.assessment is None:
        return [Message(session.words.say("help")), *_continue(state, session)]
    return [Message(wording.more_text(state.assessment, session.words), ("Summary for my MS team", "Change something"), state.assessment)]


def summary(state: State, session: Session) -> list[Message]:
    """The note for the MS team."""
    data = summary_card(state.case, state.assessment, session.knowledge, session.words)
    return [Message(data["text"], custom=data), *_continue(state, session)]


def why(state: State, session: Session) -> list[Message]:
    """Why the open question is asked."""
    question = question_by_id(state.question, state.case, session.knowledge) if state.question else None
    if question is None:
        return more(state, session) if state.assessment else [Message(session.words.say("no_question_open"))]
    asked = _asked(question, session)
    return [Message(f"{question.why or session.words.say('why_nothing')} {asked.text}", asked.buttons)]


def go_back(state: State, session: Session) -> list[Message]:
    """Take back the last answer."""
    if not state.previous:
        return [Message(session.words.say("nothing_to_go_back")), *_continue(state, session)]
    floor = state.case.floor
    state.case = Case.from_dict(copy.deepcopy(state.previous["case"]))
    state.case.floor = most_urgent(floor, state.case.floor)
    state.question, state.previous = state.previous["question"], None
    return [Message(session.words.say("gone_back")), *_continue(state, session)]


def start_over(state: State, session: Session) -> list[Message]:
    """Begin anew. An emergency already given stays the floor until it is corrected."""
    case = state.case
    fresh = Case(contact_count=case.contact_count, floor="emergency" if case.floor == "emergency" else None,
                 red_flags=dict(case.red_flags))
    state.case, state.question, state.assessment, state.previous = fresh, None, state.assessment if fresh.floor else None, None
    if fresh.floor:
        return [Message(f"{session.words.say('started_over')} {session.words.say('emergency.stay')}")]
    return [Message(session.words.say("started_over")), *_continue(state, session)]


def say(state: State, key: str, session: Session) -> list[Message]:
    """A fixed text, then the open question again so that the interview goes on."""
    return [Message(session.words.say(key)), *_continue(state, session)]


def _continue(state: State, session: Session, only_open: bool = False) -> list[Message]:
    """The open question again, the first question, or the standing emergency; nothing after a finished answer."""
    if state.case.floor == "emergency":
        return [Message(session.words.say("emergency.stay"))]
    question = question_by_id(state.question, state.case, session.knowledge) if state.question else None
    if question is None and state.assessment is None and not only_open:
        question = next_question(state.case, session.knowledge)
    if question is None:
        return []
    state.question = question.id
    return [_asked(question, session)]

