"""A conversation on the project's own content, without Rasa."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache

from knowledge import dialogue, schema
from knowledge.clinic import load_clinic
from knowledge.dialogue import Message, Session, State
from knowledge.reading import Reader, vocabulary_of
from knowledge.release import Knowledge
from knowledge.wording import Words


@cache
def world() -> tuple[Reader, Session]:
    """The reader and a session on the project's own content."""
    data = schema.load()
    words = Words(data["wording"]["en"], load_clinic(), datetime.fromisoformat("2026-01-05T10:00+00:00"))
    return Reader(vocabulary_of(data)), Session(Knowledge(data, "1-test"), words, date(2026, 1, 5))


def turn(state: State, text: str, later: timedelta = timedelta()) -> list[Message]:
    """One turn as the trained model and the actions run it, without Rasa, so much later than the fixed hour of these tests."""
    reader, session = world()
    if later:
        words = Words(session.words.strings, session.words.clinic, session.words.now + later)
        session = replace(session, words=words, today=words.now.date())
    entities = reader.read(text, session.today)
    return dialogue.take(state, reader.wanted(text, entities, None, 0.0)[0], entities, text, session)


def told(*messages: str) -> State:
    """The state after these messages."""
    state = State()
    for message in messages:
        turn(state, message)
    return state


def answer_no(state: State, later: timedelta = timedelta()) -> State:
    """Deny everything until nothing is asked."""
    for _ in range(8):
        if not state.question:
            return state
        turn(state, "no, none of these", later)
    raise AssertionError(f"still asked: {state.question}")


def text_of(messages: list[Message]) -> str:
    """All that was said."""
    return "\n".join(message.text for message in messages if message.text)
