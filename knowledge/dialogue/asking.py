"""How a question is put: first, again, after something else; and which one is worth it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

from knowledge import wording
from knowledge.case import NO, Case
from knowledge.dialogue.state import RETRACT, Message, Session, State, in_crisis
from knowledge.intake import take_in
from knowledge.intake.changes import Changes
from knowledge.interview import BASICS, CAN_OR_NOT, Question
from knowledge.language.contrast import contrast, telling_words
from knowledge.language.short_answers import is_cross, is_no, is_unsure, is_worried, plain
from knowledge.release import Knowledge
from knowledge.returning import how_long, remembered
from knowledge.triage import assess

STILL_THERE = ("Yes, now", "No, not now", "Not sure")
SAME_OR_NEW = ("The same", "Something new")


def ask(question: Question, session: Session, lead: str | None = None) -> Message:
    """The question in words; `lead` names what is said before it."""
    text = question.text if lead is None else f"{session.words.say(lead)} {question.text}"
    if question.decides_emergency:
        text = f"{text}\n{session.words.say('emergency.question')}"
    if question.id == "medicine":
        text = f"{text} {session.words.say('medicine_options_hint')}"
    return Message(text, question.options)


def remind(question: Question, session: Session) -> Message:
    """The open question again after something else was answered: what is listed stands in its buttons."""
    return ask(replace(question, text=question.text.split("\n")[0]), session, "still_open")


def ask_again(state: State, question: Question, text: str, session: Session) -> list[Message] | None:
    """The question once more, said to be asked again; None when it was repeated already."""
    if state.missed:
        return None
    state.missed = 1
    if question.id == "noticed" and (part := part_named(text, session.knowledge)):
        return [Message(session.words.say("what_about_part", part=part))]
    return [ask(question, session, "cross" if is_cross(text) else "worried" if is_worried(text) else "asked_again")]


def part_named(text: str, knowledge: Knowledge) -> str:
    """The part of the body that is all a message names, in its words: "my left eye", "not my tummy, its my chest"; else empty."""
    words = plain(text)
    contrasted = contrast(words)
    named = contrasted[1] if contrasted else telling_words(words)
    parts = {word for part in knowledge.data["words"]["groups"]["part"] for word in telling_words(part)}
    if not named - _SIDES or not named <= parts | _SIDES:
        return ""
    return re.findall(r"[a-z']+", words)[-1]


_SIDES = frozenset({"left", "right", "both"})


def pass_over(case: Case, question: Question, text: str, session: Session) -> None:
    """No usable answer twice: go on as if the person did not know."""
    if question.id.startswith(("doubt:", "meant:")):
        take_in(case, [], "", question, session.knowledge, session.today)
    elif not question.id.startswith(("noticed", "medicine")):
        take_in(case, [], "not sure", question, session.knowledge, session.today)
    elif question.id == "medicine":
        case.unknown_medicines.append("not known")
    else:
        case.not_understood.append(text.strip()[:200] or "…")


def topic(question: Question) -> str:
    """What makes a question the same to a reader: another list of signs is the same question again."""
    kind = question.id.partition(":")[0]
    return kind if kind in ("danger", "signs") else question.id


def worth_asking(following: Question, question: Question | None, changes: Changes, still_open: bool) -> bool:
    """After an answer one decisive question follows what is new, not a second interview. Unanswered it is asked once more."""
    if question is not None and question.id.startswith(BASICS):
        return True
    return following.decides_emergency and (still_open or question is None and bool(changes.added))


def said_by_habit(question: Question, text: str) -> bool:
    """A bare "no" where no is the danger: people go on saying no after a list of dangers."""
    return question.options == CAN_OR_NOT and question.decides_emergency and is_no(text) and len(plain(text).split()) < 3


def unsure_of_danger(question: Question, text: str) -> bool:
    """Not sure whether a danger sign is there."""
    return question.decides_emergency and question.id.startswith(("signs:", "danger:")) and is_unsure(text)


def retract(state: State, entities: list[dict[str, Any]], session: Session) -> list[Message]:
    """The person says that an emergency, or a red flag for today, is not (or no longer) theirs: ask once, with what to do if it is."""
    case, knowledge = state.case, session.knowledge
    level = level_to_take_back(case, knowledge)
    asked = asked_whether_now(case, knowledge, level)
    felt = [item for item in asked if item not in case.labs] or asked
    names = dict.fromkeys(
        wording.result_in_words(case.labs[item], knowledge) if item in case.labs else wording.name_of(item, knowledge) for item in felt)
    state.question, state.pending = RETRACT, entities
    key = "still_suicidal" if in_crisis(case) else "is_it_right" if asked and set(felt) <= case.labs.keys() else "still_there"
    at_once = session.words.say(f"emergency.at_once.{level}")
    return [Message(session.words.say(f"emergency.{key}", names="; ".join(names) or "an emergency", at_once=at_once), STILL_THERE)]


def asked_whether_now(case: Case, knowledge: Knowledge, level: str) -> list[str]:
    """Ids of what the confirming question names: at most three symptoms, results, facts or red flags that give the level."""
    evidence = [item for match in assess(case, knowledge).matches if match.urgency == level for item in sorted(match.evidence)
                if case.facts.get(item) != NO]
    return list(dict.fromkeys([*evidence, *case.red_flags]))[:3]


def level_to_take_back(case: Case, knowledge: Knowledge) -> str:
    """The urgency that the confirming question is about: an emergency, or what is for today."""
    today = case.floor != "emergency" and assess(case, knowledge).urgency == "same_day"
    return "same_day" if today else "emergency"


def same_or_new(state: State, away: timedelta, session: Session) -> Message:
    """After a gap: the same matter or a new one?"""
    words = session.words
    given = (state.assessment or {}).get("headline") or words.say(f"urgency.{state.case.floor or 'routine'}.headline")
    emergency = state.case.floor == "emergency"
    text = words.say("back.emergency" if emergency else "back.ask", when=how_long(away, words), headline=given,
                     told=remembered(state.case, session.knowledge))
    return Message(text, SAME_OR_NEW)
