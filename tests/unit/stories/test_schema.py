"""Story files: what a nurse gets wrong is told in plain words, with file and line."""

import re
from pathlib import Path

import pytest

from assistant.stories import schema
from assistant.stories.story import Step, Story
from knowledge.yaml_files import ContentError

GOOD = """why: an example
steps:
- says: on tysabri
  asks: noticed
- says: no
  urgency: at least soon
  words: [call, [team, nurse]]
"""


def said(text: str, path: str = "folder/a_story") -> str:
    with pytest.raises(ContentError) as caught:
        schema.read(text, path)
    return str(caught.value)


def test_a_story_is_read_as_it_stands() -> None:
    story = schema.read(GOOD, "tysabri/nothing_is_noticed")
    assert story.title == "Nothing is noticed" and story.folder == "tysabri" and story.who == "patient"
    assert story.steps[1].says == "no" and story.steps[1].line == 5 and story.steps[1].words == ["call", ["team", "nurse"]]


@pytest.mark.parametrize(("wrong", "complaint"), [
    (GOOD.replace("urgency:", "urgencies:"), "folder/a_story.yml:6: 'urgencies' is not a key that belongs here; did you mean 'urgency'?"),
    (GOOD.replace("at least soon", "quickly"), ":6: write emergency, same_day"),
    (GOOD.replace("says: on tysabri", "use: greets"), ":3: there is no fragment 'greets'"),
    ("steps:\n- says: hello\n", "the story expects nothing"),
    ("why: nothing else\n", "'steps' is missing"),
    ("steps: [\n", "this is not YAML"),
    ("steps:\n- later: soon\n", "write a time such as '2 days'"),
    ("steps:\n- urgency: soon\n", "a step has one of 'says', 'answers', 'later' or 'use'"),
])
def test_mistakes_are_told_in_plain_words(wrong: str, complaint: str) -> None:
    assert complaint in said(wrong)


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    story = schema.read(GOOD, schema.path_of("Tysabri", "I've noticed nothing"))
    assert schema.write(story, tmp_path) == tmp_path / "tysabri" / "ive_noticed_nothing.yml"
    assert [item.model_dump() for item in schema.load(tmp_path)] == [story.model_dump()]
    with pytest.raises(FileExistsError):
        schema.write(story, tmp_path)


@pytest.mark.parametrize("path", ["../outside", "no_folder", "a/../../b", "A/B"])
def test_a_story_stays_in_its_folder(path: str, tmp_path: Path) -> None:
    story = schema.read(GOOD, "a/b").model_copy(update={"path": path})
    with pytest.raises(ValueError, match="not a folder and a sentence"):
        schema.write(story, tmp_path)


def test_the_example_in_the_guide_is_a_good_story() -> None:
    example = re.search(r"```yaml\n(.*?)```", Path("docs/staff.md").read_text(encoding="utf-8"), re.S)
    assert example and len(schema.read(example[1], "guide/example").steps) == 4


def test_the_guide_names_every_key() -> None:
    guide = Path("docs/staff.md").read_text(encoding="utf-8")
    keys = {*Story.model_fields, *Step.model_fields, "use"} - {"path", "steps", "line"}
    assert not [key for key in keys if f"`{key}`" not in guide]
