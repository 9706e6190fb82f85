"""A turn as plain text: urgency first, options numbered, parts under the limit, nothing lost and nothing empty."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.channels.page import Strings
from assistant.channels.texts import in_words, split

T = Strings().table("en", "GB")
CARD = {
    "type": "assessment", "urgency": "emergency", "headline": "Call 999 now.", "actions": ["Call 999 now. Do not drive yourself."],
    "risks": [{"name": "Neutropenia", "lay_name": "too few white cells", "rules": ["r"], "matched": ["fever"], "advice": "Go now."}],
}  # fmt: skip
YES_NO = [{"title": "Yes", "payload": "Yes"}, {"title": "No", "payload": "No"}]


def test_the_words_of_a_red_flag_stand_and_the_risk_behind_them_is_named() -> None:
    text = in_words([{"text": "Call 999 now. Unlock the door."}, {"custom": CARD}], T)
    assert text == "Call 999 now. Unlock the door.\nWhat this could be: Too few white cells."


def test_a_card_without_words_still_says_what_to_do() -> None:
    text = in_words([{"custom": CARD}], T)
    assert text.startswith("Call 999 now. Do not drive yourself.")


def test_an_emergency_comes_before_anything_else_of_the_turn() -> None:
    stays = {"text": "My advice is still: call 999 now.", "custom": CARD}
    assert in_words([{"text": "Note for the MS team"}, stays], T).startswith("My advice is still: call 999 now.")


def test_details_begin_with_the_urgency() -> None:
    assert in_words([{"text": "Neutropenia: a lack of white cells.", "custom": CARD}], T).startswith("Call 999 now.\n\nNeutropenia")


def test_options_are_numbered_once_and_last() -> None:
    asked = {"text": "Do you have any of these?\n- Yes\n- No\nIf this is happening now, call 999.", "buttons": YES_NO}
    assert in_words([asked], T) == "Do you have any of these?\nIf this is happening now, call 999.\n\n1. Yes\n2. No"


@pytest.mark.parametrize("messages", [[], [{"text": ""}], [{"custom": None}], [{"buttons": []}]])
def test_nothing_arrives_empty(messages: list[dict]) -> None:
    assert "999" in in_words(messages, T)


def test_a_card_that_is_not_known_is_named() -> None:
    assert in_words([{"custom": {"type": "hologram"}}], T) == T["unknown_card"]


@pytest.mark.parametrize("broken", [{"risks": 7}, {"actions": 7}, {"headline": 7}, {"risks": [7]}])
def test_a_broken_card_does_not_take_the_words_away(broken: dict) -> None:
    assert "Call your team." in in_words([{"text": "Call your team."}, {"custom": {**CARD, **broken}}], T)


def test_a_long_text_is_parted_at_sentences() -> None:
    assert split("Call 999 now. Do not drive.\nSay which medicine.", 28) == ["Call 999 now. Do not drive.", "Say which medicine."]


@given(st.text(alphabet=st.sampled_from("ab .!?\n\N{GRINNING FACE}"), max_size=300), st.integers(2, 60))
def test_no_part_is_too_long_or_empty_and_nothing_is_lost(text: str, limit: int) -> None:
    def utf16(part: str) -> int:
        return len(part.encode("utf-16-le")) // 2

    parts = split(text, limit, utf16)
    assert all(part.strip() and utf16(part) <= limit for part in parts)
    assert re.sub(r"\s", "", "".join(parts)) == re.sub(r"\s", "", text)
