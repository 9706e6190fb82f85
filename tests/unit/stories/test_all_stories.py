"""The stories as a collection: enough of them, each its own, and every therapy at the levels it can reach."""

import re
from collections import defaultdict

import pytest

from assistant.stories import report, schema
from assistant.stories.story import Story
from knowledge.release import Knowledge

NUMBER_WORDS = ("one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen"
                "|nineteen|twenty|thirty|forty|fifty|couple")
NAMES = ("generic", "brands", "regional_brands", "biosimilars", "spellings", "short_names")


@pytest.fixture(scope="module")
def stories(knowledge: Knowledge) -> list[Story]:
    return schema.load(knowledge=knowledge)


def told(story: Story, names: re.Pattern[str]) -> tuple[str, ...]:
    """What is said, without the medicine and the numbers."""
    said = [step.says if step.says is not None else str(step.answers or step.later) for step in story.steps]
    numbers = re.compile(rf"\d+([.,/]\d+)*|\b({NUMBER_WORDS})\b", re.I)
    return tuple(re.sub(r"\W+", " ", numbers.sub("#", names.sub("@", text.lower()))).strip() for text in said)


def all_names(knowledge: Knowledge) -> re.Pattern[str]:
    listed = (name for item in knowledge.data["names"] for key in NAMES for name in item.get(key) or ())
    names = {name.lower() for name in listed if isinstance(name, str) and len(name) > 3}
    return re.compile("|".join(rf"\b{re.escape(name)}\b" for name in sorted(names, key=len, reverse=True)))


def test_there_are_at_least_200_stories(stories: list[Story]) -> None:
    assert len(stories) >= 200


def test_no_story_differs_from_another_only_in_a_medicine_or_a_number(stories: list[Story], knowledge: Knowledge) -> None:
    names, same = all_names(knowledge), defaultdict(list)
    for story in stories:
        same[told(story, names)].append(story.path)
    assert not [paths for paths in same.values() if len(paths) > 1]


def test_the_names_of_stories_read_as_sentences(stories: list[Story]) -> None:
    for story in stories:
        assert re.fullmatch(r"[a-z0-9_]+", story.path.rpartition("/")[2]) and len(story.title.split()) >= 3, story.path


def test_each_therapy_has_stories_at_each_level_it_can_reach(stories: list[Story], knowledge: Knowledge) -> None:
    table = report.levels(stories, knowledge)
    assert set(table) == set(knowledge.medicines)
    assert not [(medicine, level) for medicine, row in table.items() for level, number in row.items() if number == 0]


def test_an_emergency_is_never_a_known_failure(stories: list[Story]) -> None:
    known = schema.known_failures()
    by_path = {story.path: story for story in stories}
    assert known.keys() <= by_path.keys()
    assert not [path for path in known if {"emergency", "at least emergency"} & set(by_path[path].expected_urgencies)]
