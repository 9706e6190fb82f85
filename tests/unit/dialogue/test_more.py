"""The rest of an answer, part by part."""

from __future__ import annotations

import re

import pytest
from conversing import answer_no, text_of, told, turn

MOST_WORDS = 120  # of one message that a tired person can read


@pytest.mark.parametrize("story", [
    "lemtrada 2 years ago, new bruises", "on tysabri, my leg has been weak for days", "on rebif, platelets 90, alt 95, hb 9.8",
    "on gilenya, swollen ankles", "on ocrevus and mavenclad before, a cough, low mood and my hand got clumsy over weeks",
])
def test_more_comes_in_short_parts_and_all_of_it_comes(story: str) -> None:
    state = answer_no(told(story))
    first = text_of(turn(state, "more"))
    parts = [first] + [text_of(turn(state, "more")) for _ in range(int((re.findall(r"part 1 of (\d+)", first) or ["1"])[0]) - 1)]
    assert all(len(part.split()) < MOST_WORDS for part in parts)
    assert not any("the last one" in part for part in parts[:-1]) and ("the last one" in parts[-1] or len(parts) == 1)
    everything = " ".join(" ".join(parts).split())
    for risk in (state.assessment or {})["risks"]:
        assert all(sentence in everything for sentence in re.split(r"(?<=[.!?])\s+", f"{risk['name']}. {risk['advice']}".strip()))
    assert "Sources: " in everything and "Call 999" in first and "Do not stop or change your medicine" in first
    assert text_of(turn(state, "more")) == first


def test_another_turn_begins_the_parts_anew() -> None:
    state = answer_no(told("lemtrada 2 years ago, new bruises"))
    first = text_of(turn(state, "more"))
    assert text_of(turn(state, "tell me more")) != first
    turn(state, "what checks do i need after lemtrada?")
    assert text_of(turn(state, "more")) == first
