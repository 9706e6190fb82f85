"""What people read of the results."""

from dataclasses import replace

import yaml

from assistant.stories import report
from assistant.stories.compare import Change
from assistant.stories.rasa_format import in_rasa_format
from assistant.stories.result import Difference, Result, Turn
from assistant.stories.story import Step, Story
from knowledge.release import Knowledge

RULE = "cd4.1"
STORY = Story(path="corrections/user_says_<b>_twice", why="An example", steps=[Step(says="on tysabri, no fever", urgency="soon")])
TURN = Turn("on tysabri, no fever", "report", [], ["Call <them>."], ["Yes"], "danger:seizure", {"urgency": "soon", "rules": [RULE]},
            ["natalizumab", "no fever"], 0.1)
GOOD = Result(STORY, [TURN])
BAD = Result(STORY, [TURN], [Difference(0, 3, "urgency", "soon", "routine")])


def test_the_page_tells_what_was_said_understood_and_not_as_expected(knowledge: Knowledge) -> None:
    html = report.page([BAD], knowledge, changes=[Change("a/b", [(0, "emergency", "soon")], (None, None))], base="v1")
    for text in ("1 not as expected", "Tysabri (natalizumab); not: fever", "Call &lt;them&gt;.", "Open question: danger", "1 (line 3)",
                 "1 of them to less urgent", "emergency → soon at step 1"):
        assert text in html
    assert "<b>" not in html and "<script" not in html and "http" not in html


def test_the_table_counts_by_folder_and_shows_failures_that_are_not_known() -> None:
    assert "expected soon, got routine" in "\n".join(report.table([GOOD, BAD], {}))
    assert "expected" not in "\n".join(report.table([BAD], {STORY.path: "known"}))


def test_coverage_names_what_no_story_touches(knowledge: Knowledge) -> None:
    found = {item.kind: item for item in report.coverage([GOOD], knowledge)}
    assert RULE not in found["rules"].untouched and len(found["rules"].untouched) == found["rules"].total - 1
    assert "natalizumab" not in found["medicines"].untouched and "rituximab" in found["medicines"].untouched


def test_rasas_format_holds_what_passed() -> None:
    text = in_rasa_format([GOOD, BAD])
    assert text.count("- story:") == 1 and "action: action_triage" in text


def test_rasas_format_annotates_what_it_can_hold_and_names_the_intent_of_the_rest() -> None:
    medicine = {"entity": "medicine", "value": "natalizumab", "start": 3, "end": 10, "role": "current"}
    told = yaml.safe_load(in_rasa_format([Result(STORY, [replace(TURN, entities=[medicine])])]))["stories"][0]["steps"][0]
    assert told["user"] == 'on [tysabri]{"entity": "medicine", "value": "natalizumab"}, no fever'
    hint = {**medicine, "entity": "medicine_hint"}
    for cannot in ([medicine, hint], [{**medicine, "value": {"test": "cd4"}}]):
        told = yaml.safe_load(in_rasa_format([Result(STORY, [replace(TURN, entities=cannot)])]))["stories"][0]["steps"][0]
        assert told == {"intent": "report"}
