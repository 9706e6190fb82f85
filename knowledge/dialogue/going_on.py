"""After a message was taken in: the next question, the answer, or what changed."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from knowledge.case import Case
from knowledge.dialogue.asking import ask, ask_again, pass_over, remind, retract, same_or_new, topic, unsure_of_danger, worth_asking
from knowledge.dialogue.standing import answer_again, give_answer, stay, urgent
from knowledge.dialogue.state import RETRACT, RETURNED, Message, Session, State
from knowledge.intake import take_in
from knowledge.intake.answers import is_vague
from knowledge.intake.changes import Changes
from knowledge.interview import Question, could_be_lowered, next_question, question_by_id
from knowledge.language.short_answers import is_half_yes, is_several, is_worried
from knowledge.returning import gap
from knowledge.triage import Assessment, assess
from knowledge.urgency import rank


def go_on(state: State, question: Question | None, changes: Changes, now: Assessment, session: Session, text: str,
          beside: int = 0) -> list[Message]:
    """What follows `changes`: the open question again or passed over, the next question, the answer, or what changed since it.

    `beside`: how many words are said beside it.
    """
    case, knowledge = state.case, session.knowledge
    messages: list[Message] = []
    if question is not None and not changes.anything and is_vague(question, text, []):
        messages, changes.answered = _yes_to_some(state, question, text, session), True
        if messages and messages[0].buttons:
            return messages
        now = assess(case, knowledge)
    elif question is not None and not changes.anything:
        repeated = ask_again(state, question, text, session)
        if repeated:
            return repeated
        messages.append(Message(session.words.say("move_on")))
        pass_over(case, question, text, session)
        now = assess(case, knowledge)
    if question is not None and unsure_of_danger(question, text):
        if not state.missed:
            state.missed = 1
            asked = session.words.say("emergency.unsure_which") if question.items else \
                f"{question.text} {session.words.say('emergency.unsure_one')}"
            return [Message(asked, question.options)]
        case.floor = "emergency"  # it could be happening: an unclear answer counts as yes
        messages.append(Message(session.words.say("emergency.unsure")))
        now = assess(case, knowledge)
    still_open = question is not None and not changes.answered and not state.missed
    renamed = still_open and _only_medicines_changed(state)
    if question is not None and not renamed:
        (state.unanswered if still_open else case.asked).append(topic(question) if still_open else question.id)
        state.missed = 0
    if now.urgency == "emergency":
        return messages + urgent(state, now, session, changes=changes)
    following = _worth_following(state, question, changes, now, session, still_open)
    again = renamed and question is not None and following is not None and following.id == question.id
    asked = _put(state, following, again, session)
    put = replace(following, text=asked.text or "") if following is not None and asked is not None else None
    if state.assessment is None and (_flags_told(case, changes) or _ready(case, now, following, session)):
        messages += give_answer(state, now, session, put, beside)
    elif state.assessment is not None:
        messages += answer_again(state, now, changes, text, session, put, beside)
    elif question is None and not changes.anything:
        key = "worried" if is_worried(text) else "empty" if not re.search(r"\w", text) else "not_caught"
        messages.append(Message(session.words.say(key)))
    return [*messages, asked] if asked is not None else messages


def _worth_following(state: State, question: Question | None, changes: Changes, now: Assessment, session: Session,
                     still_open: bool) -> Question | None:
    """The next question, unless a red flag for today was told, or it is not worth a second interview after the answer."""
    following = next_question(state.case, session.knowledge, now)
    flags = _flags_told(state.case, changes)
    if flags and not any(_is_eased(state.case, flag, session) for flag in flags):
        return None  # a red flag for today is answered at once, and nothing is asked on top
    asks_on = following is not None and (state.assessment is None or worth_asking(following, question, changes, still_open))
    return following if asks_on else None


def _put(state: State, following: Question | None, again: bool, session: Session) -> Message | None:
    """The next question as it is said; it becomes the open one. `again`: it is the one that was open, and something else was noted."""
    state.question = following.id if following is not None else None
    if following is None:
        return None
    state.missed = int(topic(following) in state.unanswered)
    noted = "noted_and_open" if state.assessment is None else "still_open"
    return ask(following, session, noted if again else "asked_before" if state.missed else None)


def _flags_told(case: Case, changes: Changes) -> list[str]:
    return [flag for flag in case.red_flags if flag in changes.added]


def _only_medicines_changed(state: State) -> bool:
    """The last message put another medicine in the place of one, and told nothing else: no answer is missing on that account."""
    before = state.history[-1]["case"] if state.history else {}
    now = state.case.to_dict()
    told = ("findings", "labs", "facts", "not_understood", "temperature", "red_flags")
    return before.get("medicines") not in ({}, now["medicines"]) and all(before[part] == now[part] for part in told)


def _yes_to_some(state: State, question: Question, text: str, session: Session) -> list[Message]:
    """Yes to a list, but not to what. A half yes is asked once which; a whole one to danger signs is enough."""
    danger = question.decides_emergency
    if not state.missed and (not danger or is_half_yes(text) or is_several(text)):
        state.missed = 1
        return [Message(session.words.say("emergency.which" if danger else "which_of_these"), question.options)]
    if danger:
        state.case.floor = "emergency"
        return [Message(session.words.say("emergency.yes_to_some"))]
    take_in(state.case, [], question.options[0], question, session.knowledge, session.today)
    return [Message(session.words.say("assume_first"))]


def _is_eased(case: Case, flag: str, session: Session) -> bool:
    """Whether the words made a red flag less urgent than it is by itself: then one question about danger may follow."""
    return rank(case.red_flags[flag]) < rank(session.knowledge.red_flags[flag]["urgency"])


def _ready(case: Case, now: Assessment, following: Question | None, session: Session) -> bool:
    """The answer is given when nothing more is to be asked, or when it is pressing and nothing could still make it less so."""
    if following is None:
        return True
    return rank(now.urgency) >= rank("same_day") and not could_be_lowered(case, session.knowledge, now, following)


def carry_on(state: State, session: Session, only_open: bool = False) -> list[Message]:
    """The open question again, the first question, or the standing emergency; nothing after a finished answer."""
    if state.question == RETRACT:
        return retract(state, state.pending, session)
    if state.question == RETURNED:
        return [same_or_new(state, gap(state.at, session.words.now) or timedelta(), session)]
    now = assess(state.case, session.knowledge)
    if now.urgency == "emergency":
        given = (state.assessment or {}).get("urgency") == "emergency"
        return stay(state, session) if given else urgent(state, now, session)
    question = question_by_id(state.question, state.case, session.knowledge) if state.question else None
    if question is None and state.assessment is None and not only_open:
        question = next_question(state.case, session.knowledge)
    if question is None:
        return []
    reminder, state.question = state.question == question.id, question.id
    return [remind(question, session) if reminder else ask(question, session)]
