"""Who writes again after a clear gap: the same matter rises, a new one is not coloured by an old emergency."""

from __future__ import annotations

from datetime import timedelta

import pytest
from conversing import answer_no, text_of, told, turn

from knowledge.dialogue import RETURNED, State
from knowledge.urgency import rank

SOON, DAYS = timedelta(minutes=50), timedelta(days=5)


def urgency(state: State) -> str | None:
    return (state.assessment or {}).get("urgency")


def test_an_emergency_stands_within_the_same_contact() -> None:
    state = told("on gilenya, crushing chest pain")
    turn(state, "hi", SOON)
    assert urgency(state) == "emergency" and state.question != RETURNED


def test_a_greeting_after_days_is_answered_with_what_is_remembered_and_one_question() -> None:
    state = told("on gilenya, crushing chest pain")
    said = turn(state, "hi", DAYS)
    text = text_of(said)
    assert "5 days ago" in text and "chest pain" in text and "Gilenya" in text and "999" in text
    assert len(said) == 1 and state.question == RETURNED and urgency(state) == "emergency"


@pytest.mark.parametrize("new", [("hi", "something new", "runny nose"), ("my nose is runny",), ("hello", "it's about my nose, it's runny")])
def test_an_old_emergency_does_not_colour_a_new_matter(new: tuple[str, ...]) -> None:
    state = told("on gilenya, crushing chest pain")
    said = "".join(text_of(turn(state, text, DAYS)) for text in new)
    answer_no(state, DAYS)
    assert rank(urgency(state)) < rank("same_day") and list(state.case.medicines) == ["fingolimod"] and not state.case.red_flags
    assert "If you still have" in said or "If you have it now" in said


@pytest.mark.parametrize("same", [("hi", "the same"), ("hi", "yes"), ("hello", "blah", "blah"), ("my chest still hurts",)])
def test_the_same_emergency_is_one_still(same: tuple[str, ...]) -> None:
    state = told("on gilenya, crushing chest pain")
    for text in same:
        said = turn(state, text, DAYS)
    assert urgency(state) == "emergency" and "999" in text_of(said) or said[0].custom


@pytest.mark.parametrize("again", [("hello", "the same"), ("still burning when i pee",), ("burning when i pee is getting worse",)])
def test_the_same_complaint_rises_and_its_dangers_are_asked_anew(again: tuple[str, ...]) -> None:
    state = answer_no(told("on rebif, burning when i pee"))
    before = urgency(state)
    for text in again:
        turn(state, text, DAYS)
    assert not [name for name, finding in state.case.findings.items() if finding.status == "denied"]
    answer_no(state, DAYS)
    assert rank(urgency(state)) > rank(before) and state.case.contact_count == 2


def test_a_danger_after_a_gap_is_answered_at_once() -> None:
    state = answer_no(told("on rebif, burning when i pee"))
    turn(state, "i can't breathe", DAYS)
    assert urgency(state) == "emergency" and "painful_urination" not in state.case.findings


def test_a_question_after_a_gap_is_answered_first() -> None:
    state = told("on gilenya, crushing chest pain")
    text = text_of(turn(state, "does ocrevus lower neutrophils?", DAYS))
    assert "B-cell" in text and "5 days ago" in text and state.question == RETURNED


def test_a_dose_of_last_week_is_not_the_last_one_for_ever() -> None:
    state = answer_no(told("on tecfidera, took it an hour ago and my face is flushed"))
    turn(state, "hi", DAYS)
    turn(state, "something new", DAYS)
    assert state.case.medicines["dimethyl_fumarate"].since_last_dose is None
