"""Each of the 25 red flags in each state of a conversation: answered at once, kept, never talked down."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest
from flags import AT_ONCE, FLAG_MESSAGES, FOR_TODAY, QUESTION_KINDS, STATES
from talks import Talk

from knowledge import schema
from knowledge.interview import BASICS
from knowledge.urgency import rank

AFTERWARDS = ("ok", "no", "my husband says it's nothing")  # three turns that change nothing
EMERGENCIES = ("after an emergency", "retract")
OTHER_LEVEL = (*EMERGENCIES, "first message", "medicine", "danger", "after an answer", "after goodbye")
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


@pytest.mark.parametrize("state", OTHER_LEVEL)
def test_words_that_make_a_flag_one_for_today(state: str, new_talk: Callable[[], Talk]) -> None:
    """It opens with what to do today and a number, unless an emergency stands: then with that."""
    for flag, message in FOR_TODAY.items():
        talk = new_talk()
        talk(*STATES[state])
        before = talk.slots
        opening = f"{talk(message)}\n"[:100]
        if state in EMERGENCIES:
            assert "999" in opening and talk.urgency == "emergency", (flag, talk.text)
        else:
            assert "Contact your MS team today." in opening and "999" not in opening and "01632" in talk.text, (flag, talk.text)
            assert talk.urgency == "same_day", (flag, talk.urgency)
        check(talk, flag, "same_day", before)
        talk("ok")
        check(talk, flag, "same_day", before)


@pytest.mark.parametrize("state", OTHER_LEVEL)
def test_words_that_make_a_flag_for_today_an_emergency(state: str, new_talk: Callable[[], Talk]) -> None:
    for flag, message in AT_ONCE.items():
        talk = new_talk()
        talk(*STATES[state])
        before = talk.slots
        text = talk(message)
        assert text.startswith("Call 999") and "team today" not in text and not talk.question, (flag, text)
        check(talk, flag, "emergency", before)


def test_a_flag_for_today_that_is_told_as_a_correction_is_not_taken_back(talk: Talk) -> None:
    text = talk("on rebif, my back itches", "that's wrong", "my leg has been weak for 3 days")
    assert text.startswith("Contact your MS team today.") or "Contact your MS team today." in text.split("\n")[0], text
    assert talk.urgency == "same_day" and talk.question != "retract"


def test_what_was_only_for_today_is_taken_back_without_the_emergency_number(talk: Talk) -> None:
    assert "999" not in talk("on ocrevus, my leg has been weak for 3 days", "sorry, that's wrong")
    talk("no, not now")
    assert not talk.slots["context"]["red_flags"] and talk.findings.get("leg_weakness") != "present"


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
