"""Body temperatures in patients' words, and numbers that are none."""

import pytest
from growth import assert_grows_with_length_only
from hypothesis import given
from hypothesis import strategies as st

from knowledge.language.temperature import find_temperatures, parse_temperature_answer


def read(text: str) -> list[tuple[float, str]]:
    return [(entity["value"]["value"], entity["role"]) for entity in find_temperatures(text)]


@pytest.mark.parametrize(
    ("text", "celsius"),
    [
        ("38.6", 38.6),
        ("36.8", 36.8),
        ("🌡️ 39", 39.0),
        ("🤒 102", 38.9),
        ("temp 101", 38.3),
        ("temperature of 38,5", 38.5),
        ("39 degrees", 39.0),
        ("100.4F", 38.0),
        ("I have 39 this morning", 39.0),
        ("i'm 35.1 and confused", 35.1),
        ("thermometer says 38", 38.0),
        ("running 38.2", 38.2),
        ("101.3 fever", 38.5),
        ("neuts 0.8, temp 38.4", 38.4),
        ("thirty eight point five", 38.5),
        ("temp of thirty nine", 39.0),
        ("38c", 38.0),
        ("fever of 102", 38.9),
        ("temp is 98.6", 37.0),
        ("been hot and shivery, 38.9", 38.9),
        ("temperature 40.1°C", 40.1),
        ("temp hit 103 last night", 39.4),
        ("on ocrevus and 38.4 today", 38.4),
        ("38 and a half", 38.5),
        ("temperature: 101.2 f", 38.4),
        ("TEMP 39!!", 39.0),
        ("temp 38 5", 38.5),
        ("my fever is 38.7 and i feel sick", 38.7),
        ("no fever just 36.8", 36.8),
        ("no temp, 37.1", 37.1),
        ("woke up and I'm 39.1", 39.1),
        ("bloods monday and today 38.3", 38.3),
        ("tempreture 38.1", 38.1),
        ("a temp of thirty nine and a half", 39.5),
        ("38 point 5", 38.5),
        ("97.9 so normal", 36.6),
        ("one oh one point five", 38.6),
        ("my temp says 39 4", 39.4),
        ("axillary 38.1", 38.1),
    ],
)
def test_readings(text: str, celsius: float) -> None:
    assert read(text) == [(celsius, "present")]


@pytest.mark.parametrize(
    "text",
    [
        "38 years old",
        "i'm 38",
        "size 38",
        "38 weeks pregnant",
        "it's 38 degrees outside",
        "had a bath at 38 degrees",
        "took 38.5mg",
        "on rebif 44",
        "whats a normal temperature",
        "bus 38",
        "weigh 101 lbs",
        "101 things to do",
        "38 tablets left",
        "pulse 101",
        "my son is 38",
    ],
)
def test_not_a_temperature(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("my temp was 38 yesterday", "past"),
        ("no temp above 38", "negated"),
        ("my daughter has a temp of 39", "other_person"),
        ("what if my temp goes over 38?", "hypothetical"),
        ("is 37.8 a fever?", "hypothetical"),
    ],
)
def test_roles(text: str, role: str) -> None:
    assert [found for _, found in read(text)] == [role]


def test_where_it_came_down_from_is_not_the_latest() -> None:
    assert read("temp came down to 37.1 from 38.9") == [(37.1, "present"), (38.9, "present")]  # a tablet may hide the fever


def test_the_latest_of_two_counts() -> None:
    assert read("37.9 this morning 38.6 now") == [(37.9, "past"), (38.6, "present")]


def test_a_fever_earlier_today_is_not_forgotten() -> None:
    assert read("38.6 this morning, 37.2 now after paracetamol") == [(38.6, "present"), (37.2, "present")]


def test_a_lost_decimal_point_is_asked_about() -> None:
    (entity,) = find_temperatures("temp 385")
    assert (entity["value"]["value"], entity["needs"]) == (38.5, "confirm")


def test_a_number_that_belongs_to_a_laboratory_result_is_left_alone() -> None:
    text = "my alt is 38.5"
    assert find_temperatures(text, taken=[(3, len(text))]) == []


def test_answers_to_the_question() -> None:
    assert parse_temperature_answer("38") == {"value": 38.0, "unit": "Cel"}
    assert parse_temperature_answer("about 101") == {"value": 38.3, "unit": "Cel"}
    assert parse_temperature_answer("don't know") is None


@given(st.text(max_size=300))
def test_no_text_breaks_it(text: str) -> None:
    for entity in find_temperatures(text):
        assert 0 <= entity["start"] < entity["end"] <= len(text)


@pytest.mark.parametrize("piece", ["38.6 ", "temp ", "9", "thirty ", "a hundred and ", "if ", "no ", "38.6, "])
def test_time_grows_with_length_only(piece: str) -> None:
    assert_grows_with_length_only(find_temperatures, piece)
