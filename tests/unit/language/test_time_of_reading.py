"""How long reading takes: no text makes a regular expression blow up, and time grows with the length only."""

from collections.abc import Callable
from datetime import date
from functools import cache

import pytest
from growth import assert_grows_with_length_only
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge import schema
from knowledge.language.lab_results import LabFinder
from knowledge.language.medicines import MedicineFinder
from knowledge.language.temperature import find_temperatures
from knowledge.language.time import find_times

TODAY = date(2026, 11, 22)
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


@pytest.mark.parametrize("name", ["medicines", "labs", "temperature", "times"])
@settings(max_examples=15, deadline=None)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=6), min_size=1, max_size=8).map(" ".join), st.sampled_from(["", " ", "\n"]))
def test_time_grows_with_length_only(name: str, piece: str, glue: str) -> None:
    assert_grows_with_length_only(finders()[name], piece + glue)


@pytest.mark.long
@pytest.mark.parametrize("name", ["medicines", "labs", "temperature", "times"])
@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=6), min_size=1, max_size=12).map(" ".join), st.sampled_from(["", " ", "\n"]))
def test_time_grows_with_length_only_at_length(name: str, piece: str, glue: str) -> None:
    assert_grows_with_length_only(finders()[name], piece + glue)
