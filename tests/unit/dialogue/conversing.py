"""A conversation on the project's own content, without Rasa."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache

from knowledge import dialogue, schema
from knowledge.clinic import load_clinic
from knowledge.dialogue import Message, Session, State
from knowledge.language.intent import intent_of
from knowledge.reading import Reader, vocabulary_of
from knowledge.release import Knowledge
from knowledge.wording import Words


@cache
def world() -> tuple[Reader, Session]:
    """The reader and a session on the project's own content."""
    data = schema.load()
    words = Words(data["wording"]["en"], load_clinic(), datetime.fromisoformat("2026-01-05T10:00+00:00"))
    return Reader(vocabulary_of(data)), Session(Knowledge(data, "1-test"), words, date(2026, 1, 5))


def turn(state: State, text: str) -> list[Message]:
    """One turn as the trained model and the actions run it, without Rasa."""
    reader, session = world()
    entities = reader.read(text, session.today)
    intent = intent_of(text, entities, None, 0.0)[0]
    if any(entity["entity"] == "red_flag" for entity in entities):
        return dialogue.triage(state, entities, text, session, flag_said=True)
    if intent in ("report", "affirm", "deny", "dont_know", "nlu_fallback"):
        return dialogue.triage(state, entities, text, session)
    if intent == "correct":
        return dialogue.correct(state, entities, text, session)
    if intent == "ask":
        return dialogue.answer(state, entities, text, session)
    if intent in ("more", "summary", "understood", "why", "go_back", "start_over"):
        return getattr(dialogue, intent)(state, session)
    return dialogue.small(state, intent, entities, text, session)


def told(*messages: str) -> State:
    """The state after these messages."""
    state = State()
    for message in messages:
        turn(state, message)
    return state
