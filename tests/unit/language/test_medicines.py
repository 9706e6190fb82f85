"""Medicines, their roles and their times, on the labelled messages and on spellings made up here."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from growth import assert_grows_with_length_only
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.language.medicines import MedicineFinder

ROOT = Path(__file__).parents[3]
NAMES = ROOT / "knowledge" / "content" / "names"
TODAY = date(2026, 11, 22)


def _load(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)


MESSAGES = [message for path in sorted((ROOT / "tests/language/medicines").glob("*.yml")) for message in _load(path)]
THERAPIES = [_load(path) for path in sorted(NAMES.glob("*.yml")) if path.stem != "other_medicines"]


PIECES = ["ocrevus", "not", "tysabri", "last", "dose", "ago", "2 weeks", "never", ",", ".", "?", "from", "to",
          "my sister", "in march", "stopped", "’", "-", "é", "\n"]


@pytest.fixture(scope="module")
def finder() -> MedicineFinder:
    return MedicineFinder(THERAPIES, _load(NAMES / "other_medicines.yml"))


def _values(entities: list[dict[str, Any]], kind: str) -> list[Any]:
    return [entity["value"] for entity in entities if entity["entity"] == kind]


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message["text"][:50])
def test_labelled_message_names_the_right_medicines(finder: MedicineFinder, message: dict[str, Any]) -> None:
    found = finder.find(message["text"], TODAY)
    assert set(_values(found, "medicine")) == {wanted["id"] for wanted in message["medicines"]}  # one may be named twice
    assert set(message.get("other", [])) <= set(_values(found, "other_medicine"))
    assert bool(_values(found, "medicine_hint")) == bool(message.get("hint"))
    assert bool(_values(found, "unknown_medicine")) == bool(message.get("unknown"))


def _told(found: list[dict[str, Any]], name: str, role: str) -> dict[str, str]:
    """The times of a medicine in one role, over all its mentions; the first one said counts."""
    told: dict[str, str] = {}
    for one in found:
        if (one["value"], one.get("role")) == (name, role):
            told = {**one.get("status_time", {}), **told}
    return told


def test_roles_and_times_of_the_labelled_messages(finder: MedicineFinder) -> None:
    """A medicine is right when its role and all its times are, with no time that was not said of it."""
    roles = whole = labels = 0
    wrong = []
    for message in MESSAGES:
        found = [entity for entity in finder.find(message["text"], TODAY) if entity["entity"] == "medicine"]
        for label in message["medicines"]:
            since = {key: value for key, value in label.items() if key.startswith("since_")}
            role = any((one["value"], one["role"]) == (label["id"], label["role"]) for one in found)
            right = role and _told(found, label["id"], label["role"]) == since
            labels, roles, whole = labels + 1, roles + role, whole + right
            if not right:
                wrong.append(f"{message['text']}: {label}")
    assert roles / labels >= 0.99, "\n".join(wrong)
    assert whole / labels >= 0.98, "\n".join(wrong)


def test_every_listed_name_is_found(finder: MedicineFinder) -> None:
    for therapy in THERAPIES:
        for kind in ("generic", "brands", "biosimilars", "regional_brands", "spellings"):
            for name in therapy.get(kind, ()):
                found = finder.find(f"I take {name.upper()}", TODAY)
                ids = _values(found, "medicine") + [one for hint in _values(found, "medicine_hint") for one in hint]
                assert therapy["id"] in ids, name


BRANDS = ["ocrevus", "tecfidera", "gilenya", "kesimpta", "lemtrada", "tysabri", "copaxone", "aubagio", "plegridy",
          "mavenclad", "vumerity", "zeposia", "mayzent", "ponvory", "briumvi", "rituximab"]
EVERYDAY = ["debrief", "leotard", "numeracy", "rebecca", "gilroy", "lemmy", "fingerprint", "octopus", "entrada",
            "coaxing"]


@pytest.mark.parametrize("word", EVERYDAY)
def test_everyday_words_and_people_are_no_medicine(finder: MedicineFinder, word: str) -> None:
    assert _values(finder.find(f"the {word} was nice, I told {word.title()}", TODAY), "medicine") == []


@pytest.mark.parametrize("brand", BRANDS)
def test_one_dropped_or_doubled_letter_is_forgiven(finder: MedicineFinder, brand: str) -> None:
    therapy = _values(finder.find(brand, TODAY), "medicine")
    for place in range(1, len(brand)):
        for typed in (brand[:place] + brand[place + 1:], brand[:place] + brand[place] + brand[place:]):
            assert _values(finder.find(f"i take {typed} for my ms", TODAY), "medicine") == therapy, typed


def test_offsets_point_into_the_original_text(finder: MedicineFinder) -> None:
    text = "I’m on TYSABRI’s drip – last one 3 weeks ago"
    found = finder.find(text, TODAY)
    assert [text[one["start"]:one["end"]] for one in found] == ["TYSABRI’s", "3 weeks ago"]
    assert found[0]["group"] == found[1]["group"]


def test_a_dose_not_taken_is_no_last_dose(finder: MedicineFinder) -> None:
    for text in ("I haven't taken tecfidera today", "not taking my rebif tonight", "forgot my aubagio this morning"):
        assert "status_time" not in finder.find(text, TODAY)[0], text


def test_mmf_is_asked_about(finder: MedicineFinder) -> None:
    assert _values(finder.find("I'm on MMF", TODAY), "medicine_hint") == [["monomethyl_fumarate", "mycophenolate"]]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=30))
def test_any_order_of_words_is_survived(finder: MedicineFinder, words: list[str]) -> None:
    text = " ".join(words)
    for entity in finder.find(text, TODAY):
        assert 0 <= entity["start"] < entity["end"] <= len(text)


@pytest.mark.parametrize("piece", ["ocrevus in march, ", "my last first dose since ", "two and ", "a ", "zxqwv "])
def test_time_grows_with_length_only(finder: MedicineFinder, piece: str) -> None:
    assert_grows_with_length_only(lambda text: finder.find(text, TODAY), piece)
