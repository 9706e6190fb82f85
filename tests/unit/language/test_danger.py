"""Danger that no pattern holds is felt from the message as a whole: it is asked about, or counts, and nothing is ever taken back."""

from datetime import date
from pathlib import Path

import pytest
from growth import assert_grows_with_length_only

from knowledge.language.danger import DangerSense
from knowledge.reading import Reader
from knowledge.yaml_files import read_yaml

TODAY = date(2026, 11, 22)
LANGUAGE = Path(__file__).parents[2] / "language"
KEPT_APART = read_yaml((LANGUAGE / "waiting_room_kept_apart.yml").read_text(encoding="utf-8"))
DANGER = "the voices are saying the baby is not mine and to get rid of it"


@pytest.fixture(scope="module")
def sense() -> DangerSense:
    return DangerSense()


def alarms(reader: Reader, text: str, **how: bool) -> dict[str, str]:
    """Red flag -> whether it is raised or a doubt."""
    return {item["value"]: item["entity"] for item in reader.read(text, TODAY, **how) if item["entity"] in ("red_flag", "red_flag_doubt")}


def test_it_knows_every_red_flag_and_no_other(sense, knowledge):
    assert set(sense.flags) == {"", *knowledge.red_flags}


def test_what_the_patterns_miss_is_asked_about(reader):
    assert not alarms(reader, DANGER, by_sense=False)
    assert "psychosis_harm_to_others" in alarms(reader, DANGER)


def test_it_takes_nothing_back(reader):
    for item in KEPT_APART:
        before = alarms(reader, item["text"], by_sense=False)
        assert before.items() <= alarms(reader, item["text"]).items()


def test_it_feels_dangers_that_it_was_not_taught(sense):
    """Without the patterns, on messages kept apart: about three dangers in four, and few of the look-alikes."""
    felt = [(bool(item["flags"]), sense.find(item["text"]) is not None) for item in KEPT_APART]
    dangers, others = [yes for danger, yes in felt if danger], [yes for danger, yes in felt if not danger]
    assert sum(dangers) >= 0.65 * len(dangers)
    assert sum(others) <= 0.2 * len(others)


@pytest.mark.parametrize("text", ["ok", "", "thank you", "when is my next appointment", "i take it every morning with breakfast"])
def test_everyday_talk_is_no_danger(sense, text):
    assert sense.find(text) is None


def test_a_danger_in_a_long_message_is_felt(sense):
    talk = "I have been on it for two years and it suits me. My nurse is lovely and the pharmacy is quick. "
    told = f"Now {DANGER}. They say it louder every night, and I keep the knife under my pillow because they told me to do it. "
    danger = sense.find(talk * 4 + told + talk * 4)  # among other talk in one part it would be too faint
    assert danger is not None and danger.flag == "psychosis_harm_to_others"


def test_it_takes_time_in_proportion_to_the_length(sense):
    assert_grows_with_length_only(sense.find, "i bump into the door again. ")
