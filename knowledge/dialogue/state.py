"""What a turn works on: the message, the memory of a conversation, and what comes from outside."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from knowledge import wording
from knowledge.case import Case
from knowledge.questions import is_told
from knowledge.release import Knowledge

ADVICE = ("dose_advice", "diagnosis")  # what only a clinician may say
SMALL_TURNS = ("greet", "goodbye", "thanks", "help", "human", "small_talk", "out_of_scope", "dose_advice", "diagnosis", "prompt_injection",
               "refuse")
# What the person wants -> the turn that `take` gives it. The actions of the assistant have these names.
TURNS = {
    **dict.fromkeys(("report", "affirm", "deny", "dont_know", "nlu_fallback"), "triage"),
    "correct": "correct", "ask": "answer", "more": "more", "summary": "summary", "understood": "understood", "why": "why",
    "repeat": "repeat",
    "go_back": "go_back", "start_over": "start_over", "other_language": "other_language", **dict.fromkeys(SMALL_TURNS, "small_turn"),
}
RED_FLAG = "emergency_"  # an intent of this kind names the red flag that is an emergency; what to do was said already
AFTER_ANSWER = ("Tell me more", "Summary for my MS team", "Change something")
RETRACT = "retract"  # the open question: is the emergency over, or not this person's?
RETURNED = "returned"  # the open question after a clear gap: the same matter or a new one?
MOST_BACK = 3  # answers that "go back" can take back, one after the other


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
    history: list[dict[str, Any]] = field(default_factory=list)  # what was said last, with the case and the question before it
    missed: int = 0  # the open question was asked twice
    unanswered: list[str] = field(default_factory=list)  # topics of questions that were asked, and something else was told
    pending: list[dict[str, Any]] = field(default_factory=list)  # a correction that waits for its confirmation
    refused: int = 0
    stayed: int = 0  # turns spent with somebody who thinks of suicide
    read: int = 0  # parts of "more" that were read in a row
    repeated: int = 0  # times in a row that the advice was said again
    about: list[str] = field(default_factory=list)  # ids of the medicines that were asked about last
    inquiry: str = ""  # the question about them
    offered: list[str] = field(default_factory=list)  # the buttons last shown while no question is open: a number picks one
    amending: int = 0  # what was understood was just shown to be corrected: 1 if asked for, 2 because something is wrong
    vain: int = 0  # corrections in a row that changed nothing
    at: str | None = None  # when the last message came (ISO 8601)


@dataclass
class Session:
    """What a turn needs from outside: the knowledge, the words and the day."""

    knowledge: Knowledge
    words: wording.Words
    today: date
    model: str | None = None
    earlier: list[Case] = field(default_factory=list)  # cases of contacts before this one, for `contact_again`


def remember(state: State, said: str) -> None:
    """Keep the case as it was before `said`, for "go back"."""
    now = {"case": state.case.to_dict(), "question": state.question, "said": wording.quoted(said.strip())}
    state.history = [*state.history, now][-MOST_BACK:]


def in_crisis(case: Case) -> bool:
    """Whether the person has written of suicide."""
    return "suicidal_thoughts" in case.red_flags


def tells(entities: list[dict[str, Any]]) -> bool:
    """Whether the message tells a complaint or a result, of now or asked about."""
    return any(entity["entity"] in ("symptom", "lab_result", "temperature") and is_told(entity) for entity in entities)
