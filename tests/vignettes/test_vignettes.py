"""Patient vignettes end to end: reading, intent, dialogue and triage together give the urgency that the fact pack asks for.

`known_failures.txt` names the vignettes that still go wrong, each with its cause. It may only shrink: one that has come right
fails here until its line is taken out.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from reading_ease import EASY, ease, medicine_names
from simulate import LEVELS, Outcome, desk, load, play, rank, verdict

from knowledge.interview import BASICS
from knowledge.wording import MOST_WORDS

KNOWN = {line.split()[0]: line.split(maxsplit=1)[1].strip()
         for line in (Path(__file__).parent / "known_failures.txt").read_text().splitlines() if line and not line.startswith("#")}
VIGNETTES = load()


def _cases() -> list[Any]:
    return [pytest.param(item, id=item["id"], marks=_marks(item["id"])) for item in VIGNETTES]


def _marks(name: str) -> list[Any]:
    return [pytest.mark.xfail(reason=KNOWN[name], strict=True)] if name in KNOWN else []


@cache
def played(place: int) -> Outcome:
    """How the vignette at this place went."""
    return play(VIGNETTES[place])


@pytest.mark.parametrize("vignette", _cases())
def test_urgency(vignette: dict[str, Any]) -> None:
    outcome = played(VIGNETTES.index(vignette))
    assert verdict(vignette, outcome) == "right", "\n".join([*outcome.said, f"{outcome.urgency} {outcome.reasons}"])


def test_vignettes_are_well_formed() -> None:
    names = [item["id"] for item in VIGNETTES]
    assert len(names) == len(set(names))
    assert set(KNOWN) <= set(names)
    for item in VIGNETTES:
        assert {item["urgency"], *item.get("acceptable", [])} <= set(LEVELS), item["id"]
        assert item["source"] and item["says"], item["id"]


def test_no_emergency_is_a_known_failure() -> None:
    """A missed emergency is never put off."""
    assert not [item["id"] for item in VIGNETTES if item["id"] in KNOWN and rank(item["urgency"]) == rank("emergency")]


def test_answers_are_short_and_easy_to_read() -> None:
    data = desk()[1].knowledge.data
    names = medicine_names(data)
    ending = data["wording"]["en"]["answer"]["more"]
    said = [text for place in range(len(VIGNETTES)) for text in played(place).said if text.endswith(ending)]
    assert len(said) > len(VIGNETTES) / 2
    assert not [text for text in said if len(text.split()) > MOST_WORDS or ease(text, names) < EASY]


def test_few_questions_come_before_an_answer() -> None:
    """At most five, as the interview promises: which medicine or unit is meant, and a question put again, are beside them."""
    asked = [played(place).questions for place in range(len(VIGNETTES))]
    assert median(map(len, asked)) <= 3
    assert max(len({question for question in questions if not question.startswith(BASICS)}) for questions in asked) <= 5
