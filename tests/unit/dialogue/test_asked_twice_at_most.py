"""Nobody is asked the same question three times, whatever they answer."""

from __future__ import annotations

from collections import Counter

import pytest
from conversing import text_of, turn, world
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.dialogue import RETRACT, State

BEGINS = (
    "hi", "something is off", "i have a fever", "i have a rash and i'm on ocrevus", "my hand is clumsy, i take tysabri",
    "on gilenya, my heart is slow", "on tecfidera, lymphocytes 0.6", "i stopped an injection years ago, now i bruise easily",
    "on mavenclad, temp 38.5", "i feel low and i'm on avonex", "on aubagio, alt 120",
    "a private panel found interleukin-6 at 14 pg/ml (under 7), crp 3, all the cells were normal. i take rebif and feel well",
)
# What people answer: to the point, beside it, about something else, and nothing that can be read.
ANSWERS = (
    "yes", "no", "i don't know", "not sure, maybe", "the second one", "2", "since tuesday", "it is worse", "38.2", "my mum thinks so",
    "il-6 14, crp 3, blood count normal", "wbc 4.1 and alt 30", "i am on kesimpta", "my dog died last week", "ankles are swollen too",
    "what a strange thing to ask", "qwrtz plmk", "...", "the nurse has them", "yes and no", "a bit of everything",
    "i had that two years ago", "only when i walk", "it's my left eye", "that's wrong", "i told you already", "this is stupid", "?",
)


@settings(max_examples=15, deadline=None)
@given(begin=st.sampled_from(BEGINS), answers=st.lists(st.sampled_from(ANSWERS), min_size=6, max_size=12))
def test_a_question_is_asked_twice_at_most(begin: str, answers: list[str]) -> None:
    asked: Counter[str] = Counter()
    state, reminder = State(), world()[1].words.say("still_open")
    for text in (begin, *answers):
        retracting = state.question == RETRACT
        said = text_of(turn(state, text))
        if retracting:
            asked.clear()  # an emergency was taken back, or not: what it rested on may be asked anew
        if state.question and state.question != RETRACT and reminder not in said:
            asked[state.question] += 1
        assert not asked or max(asked.values()) <= 2, f"{asked.most_common(1)} after {text!r}"


@pytest.mark.parametrize("answer", ANSWERS)
def test_the_same_answer_over_and_over_comes_to_an_end(answer: str) -> None:
    """A report of other results was once asked about seven times."""
    state = State()
    turn(state, BEGINS[-1])
    for _ in range(16):
        if state.question is None:
            break
        turn(state, answer)
    assert state.question is None and state.assessment


def test_what_was_passed_over_is_asked_once_more_and_says_so() -> None:
    state, words = State(), world()[1].words
    turn(state, "on mavenclad, temp 38.5")
    first = state.question
    said = text_of(turn(state, "my ankles are swollen too"))
    assert first and first.startswith("danger") and state.question.startswith("danger")
    assert words.say("asked_before") in said
    assert not turn(state, "my elbow itches")[-1].text.startswith(words.say("asked_before"))
