"""Complaints that no phrase of the vocabulary matches are found by their meaning, and what is no complaint is left alone."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from knowledge.clinic import load_clinic
from knowledge.dialogue import Session, State
from knowledge.dialogue.reporting import triage
from knowledge.language.meaning import MeaningFinder, kept_vectors, vectors
from knowledge.language.status import Context
from knowledge.reading import Reader
from knowledge.release import Knowledge
from knowledge.wording import Words

TODAY = date(2026, 1, 5)
PHRASES = [
    ("clumsiness", "bump into doors"),
    ("low_mood", "feeling very low"),
    ("skin_dent", "dips in my skin"),
    ("severe_breathlessness", "can't breathe"),
    ("", "the post is late again"),
]


@pytest.fixture(scope="module")
def finder() -> MeaningFinder:
    """A finder of a handful of phrases."""
    return MeaningFinder(PHRASES, vectors([phrase for _, phrase in PHRASES]))


@pytest.fixture(scope="module")
def session(knowledge: Knowledge) -> Session:
    """What a turn needs from outside."""
    words = Words(knowledge.data["wording"]["en"], load_clinic(), datetime.fromisoformat("2026-01-05T10:00+00:00"))
    return Session(knowledge, words, TODAY)


def _found(finder: MeaningFinder, text: str) -> list[str]:
    return [ident for _, _, ident, _ in finder.find(Context(text), [])]


def test_a_clause_is_found_by_its_meaning(finder: MeaningFinder) -> None:
    assert _found(finder, "I bump into doorways all the time") == ["clumsiness"]
    assert _found(finder, "there are dips in the skin of my thighs") == ["skin_dent"]


@pytest.mark.parametrize(
    "text",
    [
        "the postman came late again",  # nearest to what is no complaint
        "I can breathe",  # a phrase that denies stands only for words that deny
        "neck is not stiff",  # the words of a phrase, denied
        "my mood is fine, not low at all",
        "my mother bumps into doors all the time",  # somebody else's
        "should I worry if I bump into doors?",
        "",
    ],
)
def test_what_is_no_present_complaint_is_left_alone(finder: MeaningFinder, text: str) -> None:
    assert _found(finder, text) == []


def test_the_nearest_phrase_of_the_same_polarity_decides_what_is_no_complaint() -> None:
    phrases = [("limping", "I can't walk on it"), ("", "I walk on it daily"), ("walking_difficulty", "walk on it slowly"),
               ("walking_difficulty", "I walk on it with a stick"), ("walking_difficulty", "walk on it and rest")]
    assert _found(MeaningFinder(phrases, vectors([phrase for _, phrase in phrases])), "I can walk on it") == []


def test_nothing_new_is_no_complaint() -> None:
    phrases = [("unable_to_walk", "no use of my legs")]
    assert _found(MeaningFinder(phrases, vectors([phrase for _, phrase in phrases])), "nothing new with my legs") == []


def test_what_was_understood_already_is_not_read_again(finder: MeaningFinder) -> None:
    text = "I bump into doorways all the time"
    assert list(finder.find(Context(text), [(7, 21)])) == []


def test_a_word_that_was_understood_does_not_hide_what_its_clause_means(finder: MeaningFinder) -> None:
    clause = Context("I bump into doors")
    assert [ident for *_, ident, _ in finder.find(clause, [], heard=[(2, 6)])] == ["clumsiness"]  # "bump": a lump
    assert list(finder.find(clause, [], heard=[(2, 11)])) == []  # what was found says it all


@pytest.mark.parametrize(
    ("text", "found"),
    [("my skin has gone into dips", ["skin_dent"]), ("the dips in my skin have gone", []), ("dips in my skin gone by lunch", [])],
)
def test_gone_is_well_at_the_end_and_become_before_other_words(finder: MeaningFinder, text: str, found: list[str]) -> None:
    assert _found(finder, text) == found


def test_phrases_and_vectors_must_belong_together() -> None:
    with pytest.raises(ValueError, match="train the model again"):
        MeaningFinder(PHRASES, vectors(["one"]))


def test_vectors_are_kept_and_a_broken_cache_is_made_anew(tmp_path: Path) -> None:
    cache = tmp_path / "kept" / "meanings.npz"
    made = kept_vectors(["cold feet", "a rash"], cache)
    assert np.allclose(kept_vectors(["a rash", "cold feet"], cache), made[::-1])
    cache.write_bytes(b"broken")
    assert np.allclose(kept_vectors(["cold feet", "a rash"], cache), made)
    assert np.allclose(np.linalg.norm(made, axis=1), 1, atol=1e-2)


@pytest.mark.parametrize(
    ("text", "symptom"),
    [
        ("on zeposia, I've been low most days for about three weeks now", "low_mood"),
        ("i'm covered in bites from the midges", "insect_bite"),
        ("the whole world looks like it is behind a dirty window", "blurred_vision"),
    ],
)
def test_a_whole_message(reader: Reader, text: str, symptom: str) -> None:
    assert symptom in {entity["value"] for entity in reader.read(text, TODAY) if entity["entity"] == "symptom"}


WORDS = "the stairs have beaten me"
DOUBT = {"entity": "symptom_doubt", "value": "unable_to_walk", "role": "present", "text": WORDS, "start": 0, "end": 25}


def _asked(session: Session) -> tuple[State, Any]:
    state = State()
    (said,) = triage(state, [DOUBT], WORDS, session)
    return state, said


def test_an_emergency_that_may_be_meant_is_asked_about_first_with_the_number(session: Session) -> None:
    state, said = _asked(session)
    assert state.question == "meant:unable_to_walk"
    assert WORDS in said.text and "999" in said.text
    assert said.buttons == ("Yes", "No", "Not sure")


@pytest.mark.parametrize(("answer", "meant"), [("yes", True), ("not sure", True), ("only a bit", True), ("no", False)])
def test_only_a_no_takes_the_doubt_away_and_the_words_are_kept(session: Session, answer: str, meant: bool) -> None:
    state, _ = _asked(session)
    triage(state, [], answer, session)
    assert ("unable_to_walk" in state.case.findings) is meant
    assert (WORDS in state.case.not_understood) is not meant
    assert not state.case.symptom_doubts
