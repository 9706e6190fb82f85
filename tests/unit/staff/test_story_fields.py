"""The form of a story's expectations: nothing is lost between the form and the file."""

import pytest

from assistant.staff import story_fields
from assistant.stories import schema
from assistant.stories.expectations import QUESTIONS
from knowledge.release import Knowledge

FILES = [path for path in schema.STORIES.rglob("*.yml") if path.parent != schema.STORIES]
STORY = """steps:
- says: on tysabri
  asks: noticed
- later: 2 days
- says: my hand is clumsy
  urgency: at least same_day
  risks: [natalizumab_pml, ms_relapse]
  words: [today, [call, ring]]
  understood: natalizumab
"""


def sent(data: story_fields.Data, knowledge: Knowledge, likely: tuple[str, ...] = ()) -> dict[str, list[str]]:
    """What a browser sends of the form when nothing was changed."""
    form: dict[str, list[str]] = {}
    for step in story_fields.fields_of(data, list(likely), knowledge):
        n = step.number
        form |= {f"level-{n}": [step.level], f"bound-{n}": [step.bound], f"asks-{n}": [step.asks], f"words-{n}": [step.words],
                 f"not_words-{n}": [step.not_words], f"contact-{n}": list(step.contact)}
        form |= {f"risk-{n}-{item.id}": [item.expected] for item in step.risks}
    return form


def test_a_story_that_nobody_changed_in_the_form_stays_as_it_is(knowledge: Knowledge) -> None:
    for path in FILES:
        data = story_fields.read(path.read_text(encoding="utf-8"))
        assert not story_fields.differ(data, story_fields.with_fields(data, sent(data, knowledge, ("ms_relapse",)))), path


def test_what_is_chosen_in_the_form_stands_in_the_file(knowledge: Knowledge) -> None:
    data = story_fields.read(STORY)
    form = sent(data, knowledge, ("natalizumab_pml_iris",))
    form |= {"level-2": ["emergency"], "bound-2": [""], "words-2": ["today\r\n call | ring | phone\r\n"], "not_words-2": ["wait"],
             "contact-2": ["emergency"], "risk-2-natalizumab_pml": ["first_risk"], "risk-2-natalizumab_pml_iris": ["not_risks"],
             "asks-0": ["nothing"]}
    story = schema.read(schema.dumped(story_fields.with_fields(data, form)), "a/b", knowledge=knowledge)
    first, waited, last = story.steps
    assert first.asks == ["nothing"] and waited.later == "2 days"
    assert last.urgency == "emergency" and last.first_risk == "natalizumab_pml" and last.risks == ["ms_relapse"]
    assert last.not_risks == ["natalizumab_pml_iris"] and last.contact == ["emergency"] and last.not_words == ["wait"]
    assert last.words == ["today", ["call", "ring", "phone"]] and last.understood == ["natalizumab"]


def test_what_is_emptied_in_the_form_is_gone_from_the_file(knowledge: Knowledge) -> None:
    data = story_fields.read(STORY)
    form = {name: [""] for name in sent(data, knowledge)}
    assert story_fields.with_fields(data, form)["steps"][2] == {"says": "my hand is clumsy", "understood": "natalizumab"}


def test_each_kind_of_question_can_be_chosen() -> None:
    assert set(story_fields.ASKS) == set(QUESTIONS)


@pytest.mark.parametrize("text", ["", "steps: [", "steps: none", "- says: x", "steps:\n- says"])
def test_a_file_that_is_no_story_has_no_fields(text: str) -> None:
    assert story_fields.read(text) is None
