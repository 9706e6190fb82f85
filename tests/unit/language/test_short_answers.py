"""Short answers: what counts as yes, no, not sure, and which option is meant."""

from __future__ import annotations

import pytest

from knowledge.language.short_answers import chosen_options, is_cross, is_half_yes, is_no, is_only, is_unsure, is_yes

NO = (
    "no", "nope", "nah", "nah not really", "noo", "none of these", "not really", "not at all", "not that i know of", "i don't", "I do not",
    "i have not", "havent noticed any", "don't think so", "nothing like that", "no, none of these", "thankfully not", "luckily no",
    "no thanks",
    "never had that", "it doesn't", "definitely not", "well no", "erm no", "not yet", "neither", "nowt", "nah mate", "no more than usual",
    "wouldn't say so", "god no", "not today", "nothing",
)
YES = (
    "yes", "yeah a bit", "yep", "aye", "a bit", "just a bit", "only when I cough", "i think so", "I suppose so", "sort of", "kinda",
    "sometimes",
    "now and then", "on and off", "comes and goes", "probably", "it is", "I do", "well yes", "sadly yes", "i'm afraid so", "only at night",
    "when i walk", "not much", "not all the time", "slightly", "yes but not bad", "yh", "just when i stand up", "oh yes", "of course",
    "mhm",
)
UNSURE = (
    "not sure", "dunno love", "i don't know", "idk", "no idea", "maybe", "hard to say", "can't tell", "might be", "haven't checked",
    "no clue",
    "not really sure", "who knows", "could be", "yes and no", "i couldn't say", "sorry i dont know", "haven't got a thermometer",
    "probably not",
    "I can’t remember", "?",
)
NEITHER = (
    "i'm fine", "it's nothing", "probably nothing", "its prob nothing", "feel ok", "my husband says it's nothing", "blah blah", "ocrevus",
    "what", "38.4", "thanks", "just wind",
)
KINDS = {"no": NO, "yes": YES, "unsure": UNSURE, "neither": NEITHER}
OPTIONS = ("Fever", "A stiff neck", "Confusion", "No, none of these", "Not sure")


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in KINDS.items() for text in texts])
def test_what_is_meant(kind: str, text: str) -> None:
    found = {"yes": is_yes(text), "no": is_no(text), "unsure": is_unsure(text)}
    assert [name for name, holds in found.items() if holds] == [kind] * (kind != "neither")


@pytest.mark.parametrize(("text", "places"), [
    ("2", [1]), ("the second one", [1]), ("2nd", [1]), ("one", [0]), ("number 3 please", [2]), ("i think the first one", [0]),
    ("1 and 3", [0, 2]), ("1,2", [0, 1]), ("the first and the third", [0, 2]), ("the last one", [2]), ("a stiff neck", [1]), ("Not sure",
    [4]),
    ("9", []), ("3 days", []), ("both", []), ("one of them", []), ("last two", []), ("38.2", []),
])
def test_which_option(text: str, places: list[int]) -> None:
    assert chosen_options(text, OPTIONS, listed=3) == tuple(OPTIONS[place] for place in places)


def test_half_a_yes_is_told_from_a_whole_one() -> None:
    assert all(is_half_yes(text) for text in ("yeah a bit", "only when i cough", "i think so", "sort of", "slightly"))
    assert not any(is_half_yes(text) for text in ("yes", "yeah", "yep", "it is", "yes please", "no", "not sure"))


def test_anger_is_told_from_a_complaint() -> None:
    assert all(is_cross(text) for text in ("stupid bot", "this is useless", "fuck off", "you never listen", "I already told you",
    "you're rubbish"))
    assert not any(is_cross(text) for text in ("my hand is useless", "this fucking pain", "i feel rubbish", "rubbish night's sleep"))


def test_only_that_is_told_from_only_then() -> None:
    assert all(is_only(text) for text in ("just the rash", "only a headache", "rash, nothing else", "the cough, that's it"))
    assert not any(is_only(text) for text in ("only when i cough", "just when i stand up", "only at night", "i've just got a cough"))
