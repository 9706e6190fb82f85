"""Times as people write them. Today is Sunday 22 November 2026."""

from datetime import date

import isodate
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.language.time import find_times, parse_time_answer

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(("text", "entity", "value"), [
    ("a couple of weeks", "duration", "P2W"),
    ("a fortnight ago", "time_since", "P2W"),
    ("18 months", "duration", "P18M"),
    ("two and a half years", "duration", "P2Y6M"),
    ("an hour and a half", "duration", "PT1H30M"),
    ("half an hour ago", "time_since", "PT30M"),
    ("since yesterday", "time_since", "P1D"),
    ("the day before yesterday", "time_since", "P2D"),
    ("since March", "time_since", "P8M"),
    ("in december", "time_since", "P11M"),
    ("last november", "time_since", "P12M"),
    ("in 2019", "time_since", "P7Y"),
    ("last spring", "time_since", "P7M"),
    ("over three weeks", "duration", "P3W"),
    ("2-3 days", "duration", "P3D"),
    ("twenty four hours", "duration", "P1D"),
    ("last tuesday", "time_since", "P5D"),
    ("3rd of march 2024", "time_since", "P2Y9M"),
    ("12/03/2026", "time_since", "P8M10D"),
    ("2 years and 3 months", "duration", "P2Y3M"),
    ("6 wks post lemtrada", "time_since", "P6W"),
    ("since 2 months and my stomach hurts", "duration", "P2M"),
])
def test_reads_a_time(text: str, entity: str, value: str) -> None:
    assert [(time["entity"], time["value"]) for time in find_times(text, TODAY)] == [(entity, value)]


@pytest.mark.parametrize("text", [
    "every 6 months", "I'm 45 years old", "i may go", "my 5 day infusion", "3 times a week", "starting in two weeks",
    "24 weeks pregnant", "not long ago", "5 m", "neuts 0.8",
])
def test_schedules_ages_and_the_future_are_no_times(text: str) -> None:
    assert find_times(text, TODAY) == []


@pytest.mark.parametrize(("answer", "value"), [
    ("about 2 yrs ago", "P2Y"), ("march 2023", "P3Y8M"), ("last week", "P1W"), ("yesterday", "P1D"), ("2019", "P7Y"),
    ("tuesday", "P5D"), ("6 months", "P6M"), ("today", "PT6H"), ("its been 5 weeks", "P5W"), ("june", "P5M"),
    ("dunno", None), ("no idea", None), ("ages ago", None), ("months ago", None), ("next week", None), ("", None),
])
def test_reads_a_short_answer(answer: str, value: str | None) -> None:
    assert parse_time_answer(answer, TODAY) == value


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="0123456789 adehiklmnorstuwy,./-½'", max_size=60), st.dates(date(2000, 1, 1), date(2045, 1, 1)))
def test_values_are_iso_durations_of_two_units_at_most_inside_the_text(text: str, today: date) -> None:
    end = 0
    for time in find_times(text, today):
        assert end <= time["start"] < time["end"] <= len(text)
        end = time["end"]
        isodate.parse_duration(time["value"])
        assert 1 <= sum(letter.isalpha() for letter in time["value"].replace("P", "").replace("T", "")) <= 2
