"""Each of the 25 red flags in each state of a conversation: answered at once, kept, never talked down."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest
from flags import FLAG_MESSAGES, QUESTION_KINDS, STATES
from talks import Talk

from knowledge import schema
from knowledge.interview import BASICS
from knowledge.urgency import rank

AFTERWARDS = ("ok", "no", "my husband says it's nothing")  # three turns that change nothing
LOWER = ("Mention it to your MS team", "You can look after this at home", "in the next 1 to 3 days")


@cache
def levels() -> dict[str, str]:
    """Red flag id to its own level."""
    return {flag["id"]: flag["urgency"] for flag in schema.load()["red_flags"]}


def test_every_flag_meets_every_state() -> None:
    assert len(levels()) == 25 and set(FLAG_MESSAGES) == set(levels())
    kinds = {state for state in STATES if state in QUESTION_KINDS}
    assert kinds == QUESTION_KINDS and set(BASICS) <= QUESTION_KINDS
    assert len(STATES) * len(FLAG_MESSAGES) == 20 * 25


@pytest.mark.parametrize("state", STATES)
def test_red_flag(state: str, new_talk: Callable[[], Talk]) -> None:
    failures, before = [], None
    for flag in FLAG_MESSAGES:
        talk = new_talk()
        talk(*STATES[state])
        before = before or talk.slots  # the same for each flag
        if state in QUESTION_KINDS:
            asked = before["follow_up_question"] or ""
            assert asked.partition(":")[0] == state, f"this no longer leads to the question: {asked}"
        try:
            holds(talk, flag, before)
        except AssertionError as error:
            failures.append(f"{flag}: {error}")
    assert not failures, "\n".join(failures)


def holds(talk: Talk, flag: str, before: dict) -> None:
    """The flag is answered at once, remembered, and nothing below its level is advised in the next three turns."""
    level = levels()[flag]
    text = talk(FLAG_MESSAGES[flag])
    assert any(words in text.lower() for words in ("999", "same day", "same-day", "today")), text
    assert "999" in text or level == "same_day", text
    asked = check(talk, flag, level, before)["follow_up_question"]
    assert not asked, f"asks {asked} on top"
    for message in AFTERWARDS:
        said = talk(message)
        assert not any(words in said for words in LOWER), said
    check(talk, flag, level, before)


def check(talk: Talk, flag: str, level: str, before: dict) -> dict:
    """The stored case, which holds the flag, its level and all that was known before."""
    slots = talk.slots
    assert flag in slots["context"]["red_flags"], slots["context"]["red_flags"]
    given = (slots["assessment"] or {}).get("urgency")
    assert rank(given) >= rank(level), f"{given} is below {level}"
    for slot, key in (("medicines", "id"), ("findings", "id"), ("lab_results", "test")):
        lost = {item[key] for item in before[slot] or []} - {item[key] for item in slots[slot] or []}
        assert not lost, f"forgot {lost}"
    return slots
