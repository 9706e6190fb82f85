"""What counts as expected: each kind of expectation, met and not met."""

import pytest

from assistant.stories.compare import changes
from assistant.stories.expectations import differences
from assistant.stories.play import draft
from assistant.stories.play_file import RESULTS
from assistant.stories.result import Result, Turn
from assistant.stories.story import Step, Story

CARD = {"urgency": "same_day", "risks": [{"id": "natalizumab_pml"}, {"id": "ms_relapse"}],
        "sources": [{"id": "label_us", "title": "Tysabri prescribing information"}], "rules": []}
TURN = Turn("my hand is clumsy", "report", [], ["Contact your MS team today: 01632 960 123.", "Did it come on suddenly?"], ["Yes", "No"],
            "danger:face_droop+seizure", CARD, ["natalizumab", "clumsiness", "no fever"], 0.01)


@pytest.mark.parametrize("met", [
    {"urgency": "same_day"}, {"urgency": "at least soon"}, {"urgency": "at most emergency"}, {"asks": ["danger"]},
    {"asks": [["medicine", "come on suddenly"]]}, {"first_risk": "natalizumab_pml"}, {"risks": ["ms_relapse"]},
    {"not_risks": ["ocrelizumab_pml"]}, {"words": ["ms TEAM", ["nurse", "today"]]}, {"not_words": ["harmless"]},
    {"sources": ["any"]}, {"sources": ["prescribing"]}, {"contact": ["ms_team"]}, {"understood": ["clumsiness", "no fever"]},
])
def test_what_came_meets_it(met: dict) -> None:
    assert not list(differences(Step(says="x", **met), TURN, 0))


@pytest.mark.parametrize("missed", [
    {"urgency": "soon"}, {"urgency": "none yet"}, {"urgency": "at least emergency"}, {"urgency": "at most soon"}, {"asks": ["nothing"]},
    {"asks": ["medicine"]}, {"asks": ["breathing"]}, {"first_risk": "ms_relapse"}, {"risks": ["ocrelizumab_pml"]},
    {"not_risks": ["ms_relapse"]}, {"words": ["999"]}, {"not_words": ["today"]}, {"sources": ["smpc"]}, {"contact": ["emergency"]},
    {"understood": ["fever"]},
])
def test_what_came_misses_it(missed: dict) -> None:
    assert len(list(differences(Step(says="x", **missed), TURN, 0))) == 1


def result(*urgencies: str | None) -> Result:
    story = Story(path="a/b", steps=[Step(says="x", urgency="soon") for _ in urgencies])
    return Result(story, [Turn("x", "report", [], ["y"], [], None, {"urgency": level} if level else None, [], 0.0, number)
                          for number, level in enumerate(urgencies)])


def test_a_change_to_less_urgent_is_found_and_comes_first() -> None:
    before = [result("routine"), result(None, "emergency"), result("soon")]
    after = [result("soon"), result(None, "same_day"), result("soon")]
    found = changes(before, after)
    assert [change.falls for change in found] == [True, False]
    assert str(found[0]) == "a/b: emergency → same_day at step 2"


def test_a_saved_conversation_expects_what_was_got() -> None:
    story = draft([TURN], "natalizumab/clumsy_hand", "daughter")
    assert story.who == "daughter" and story.steps[0].urgency == "same_day" and story.steps[0].asks == ["danger"]
    assert not list(differences(story.steps[0], TURN, 0))


def test_results_survive_the_way_to_another_process() -> None:
    results = [result(None, "emergency")]
    assert RESULTS.validate_json(RESULTS.dump_json(results)) == results
