"""How long reading takes: no text makes a regular expression blow up, and time grows with the length only."""

import time
from collections.abc import Callable
from datetime import date
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge import schema
from knowledge.language.lab_results import LabFinder
from knowledge.language.medicines import MedicineFinder
from knowledge.language.temperature import find_temperatures
from knowledge.language.time import find_times

TODAY = date(2026, 11, 22)
LONGEST = 8000  # characters a message may have
# Pieces that begin, nearly match or nest the patterns of the finders.
PIECES = [
    "ocrevus", "tysabri", "steroids", "on", "was on", "stopped", "didn't get on with", "switched from", "to", "instead of", "never",
    "not", "if i", "going to start", "just had", "had my infusion", "number 3", "last", "first", "since", "for", "after", "ago",
    "in march", "3 weeks", "12/52 ago", "over the last year", "on the 5th", "tonight", "2019", "dec 10th", "my friend is",
    "gave my mother", "neuts", "ALT", "0.8", "250", "(ref up to", "normal", "<40)", "1/9", "17/11/2026", "jan 5", "Date", "\n", "\t",
    "|", "* ", "10^9/L", "point four", "hundred and", "temp", "38.4", "feverish", "and", "a", "the", "my", "i", ",", ".", "?", "(", "-",
    "'", "x", "9",
]


@cache
def finders() -> dict[str, Callable[[str], object]]:
    data = schema.load()
    medicines = MedicineFinder(data["names"], data["other_medicines"])
    labs = LabFinder([*data["labs"], {"unit_lists": data["units"]}, {"other_tests": data["other_tests"]}])
    return {"medicines": lambda text: medicines.find(text, TODAY), "labs": labs.find, "temperature": find_temperatures,
            "times": lambda text: find_times(text, TODAY)}


def seconds(finder: Callable[[str], object], text: str) -> float:
    """The shorter of two runs, in time of this thread's processor."""
    taken = []
    for _ in range(2):
        began = time.thread_time()
        finder(text)
        taken.append(time.thread_time() - began)
    return min(taken)


def assert_linear(name: str, piece: str) -> None:
    text = (piece * LONGEST)[:LONGEST]
    short, long = seconds(finders()[name], text[: LONGEST // 4]), seconds(finders()[name], text)
    assert long < max(0.25, 8 * short) and long < 2.5, f"{name}: {short:.3f} s, {long:.3f} s for {piece!r}"


@pytest.mark.parametrize("name", ["medicines", "labs", "temperature", "times"])
@settings(max_examples=15, deadline=None)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=6), min_size=1, max_size=8).map(" ".join), st.sampled_from(["", " ", "\n"]))
def test_time_grows_with_length_only(name: str, piece: str, glue: str) -> None:
    assert_linear(name, piece + glue)


@pytest.mark.long
@pytest.mark.parametrize("name", ["medicines", "labs", "temperature", "times"])
@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=6), min_size=1, max_size=12).map(" ".join), st.sampled_from(["", " ", "\n"]))
def test_time_grows_with_length_only_at_length(name: str, piece: str, glue: str) -> None:
    assert_linear(name, piece + glue)
