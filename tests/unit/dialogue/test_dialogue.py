"""Single turns: contacting again, unclear answers, and how many questions come before an answer."""

from __future__ import annotations

from dataclasses import replace
from statistics import median

import pytest
from conversing import told, turn, world

from knowledge.dialogue import State
from knowledge.dialogue.reporting import triage
from knowledge.dialogue.small_turns import small_turn
from knowledge.interview import question_by_id

STORIES = (
    "on ocrevus since march, bit tired and sniffly", "lemtrada 3 years ago, really tired and putting on weight",
    "aubagio, my hair is falling out", "copaxone, got a rash on my arm", "tecfidera, rash on my tummy and itchy",
    "on kesimpta, temp 38.3", "gilenya, blurry vision in one eye", "rebif, low mood", "rebif, hb 9.8, tired",
    "tysabri, my left hand got clumsy over three weeks", "mitoxantrone 6 years ago, ankles swollen", "mavenclad, shingles",
    "i'm not sure what i take, headache", "gilenya, swollen ankles", "tecfidera, red and hot face after the tablet",
)


def questions_before_answer(story: str) -> int:
    state, asked = told(story), 0
    while state.assessment is None:
        asked += 1
        assert asked <= 7, f"no answer to {story!r}"
        turn(state, "no, none of these")
    return asked


def test_an_answer_comes_soon() -> None:
    assert median(questions_before_answer(story) for story in STORIES) <= 3


def test_contacting_again_about_the_same_raises_the_level() -> None:
    first = told("on rebif, burning when i pee", *["no, none of these"] * 6)
    reader, session = world()
    again = State()
    later = replace(session, earlier=[first.case])
    for text in ("on rebif, burning when i pee", *["no, none of these"] * 6):
        entities = reader.read(text, session.today)
        triage(again, entities, text, later)
    assert again.case.contact_again and again.case.contact_count == 2
    assert first.assessment and again.assessment and "again" in again.assessment["notes"]


@pytest.mark.parametrize("answer", ["not sure", "i don't know"])
def test_an_unclear_answer_about_danger_counts_as_yes(answer: str) -> None:
    state = told("on tysabri, rash on my leg", answer)
    assert state.assessment is None and state.question  # asked once which one
    turn(state, answer)
    assert state.assessment and state.assessment["urgency"] == "emergency"


def test_a_listed_sign_can_be_picked_by_number_or_words() -> None:
    for choice in ("2", "the second one", "Swelling of the face, lips, tongue or throat"):
        state = told("on tysabri, rash on my leg", choice)
        assert state.assessment and state.assessment["urgency"] == "emergency", choice


def test_nothing_told_or_denied_is_asked() -> None:
    state = told("on tysabri, rash on my leg, no trouble breathing, no swelling of my face, no blisters")
    question = question_by_id(state.question or "", state.case, world()[1].knowledge)
    assert question and not set(state.case.findings) & set(question.about)


@pytest.mark.parametrize("intent", ["diagnosis", "dose_advice"])
def test_what_is_told_beside_a_question_for_a_diagnosis_or_a_dose_is_assessed(intent: str) -> None:
    reader, session = world()
    text, state = "is this rash from my injection?", State()
    said = small_turn(state, intent, reader.read(text, session.today), text, session)
    assert "rash" in state.case.findings
    assert session.words.say(f"aside.{intent}") in [message.text for message in said] and state.question


@pytest.mark.parametrize(("text", "pattern"), [
    ("rebif. after a hot shower my right eye goes misty. It's never been different", "usual"),
    ("rebif. after a hot shower my right eye goes misty. It's always been like this, but now it is worse", None),
    ("rebif. after a hot shower my right eye goes misty. It's always been like this with the left eye, this one is new", None),
])
def test_what_has_never_been_different_is_long_standing(text: str, pattern: str | None) -> None:
    assert told(text).case.findings["blurred_vision"].attributes.get("pattern") == pattern


@pytest.mark.parametrize(("messages", "urgency"), [
    (["mistake with the methotrexate", "I took one tablet each morning since Tuesday"], "emergency"),
    (["I took one tablet each morning since Tuesday", "methotrexate"], "emergency"),
    (["I take Gilenya every morning", "feel fine"], "routine"),
])
def test_a_weekly_medicine_taken_daily_is_an_emergency_and_a_daily_one_is_not(messages: list[str], urgency: str) -> None:
    assert told(*messages).assessment["urgency"] == urgency
