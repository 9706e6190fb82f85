"""Letters that only look right, and characters that cannot be seen."""

import pytest

from knowledge.language.text import readable


@pytest.mark.parametrize(("typed", "plain"), [
    ("I c\u200ban't b\u200breathe", "I can't breathe"),
    ("\u0441hest p\u0430in", "chest pain"),
    ("у меня температура", "у меня температура"),
    ("\ufeffrash\ud83d", "rash"),
    ("rash", "rash"),
])  # fmt: skip
def test_a_message_is_read_as_it_looks(typed: str, plain: str) -> None:
    found, places = readable(typed)
    assert found == plain and len(places) == len(plain)
    assert all(typed[place] == letter for place, letter in zip(places, found, strict=True) if typed[place].isascii())


@pytest.mark.parametrize(("typed", "plain"), [
    ("i.can't.breathe", "i can't breathe"),
    ("I...can't...breathe now", "I   can't   breathe now"),
    ("cant_breathe", "cant breathe"),
    ("see www.nhs.uk or ms.society.org, q.d.s, 0.8. Worse.Help me", "see www.nhs.uk or ms.society.org, q.d.s, 0.8. Worse.Help me"),
])  # fmt: skip
def test_words_joined_by_dots_are_words(typed: str, plain: str) -> None:
    assert readable(typed)[0] == plain
