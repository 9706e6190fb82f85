"""What the page says of a run and of a comparison. How stories are played for it, the browser's tests show."""

import re

import pytest

from assistant.settings import Settings
from assistant.staff.password import hashed
from assistant.staff.runs import Run
from assistant.staff.site import Site
from assistant.stories import compare
from assistant.stories.result import Difference, Result, Turn
from assistant.stories.story import Step, Story

HASH = hashed("correct horse battery")


def result(name: str, urgency: str, *differences: Difference) -> Result:
    story = Story(path=f"folder/{name}", steps=[Step(says="x", urgency="soon")])
    return Result(story, [Turn("x", "report", [], ["y"], [], None, {"urgency": urgency}, [], 0.0)], list(differences))


@pytest.fixture(scope="module")
def site() -> Site:
    return Site(Settings(ASSISTANT_STAFF_PASSWORD_HASH=HASH), HASH)


def text_of(site: Site, run: Run) -> str:
    template = site.page.templates.get_template("staff/run.html")
    html = template.render(run=run, base="/staff", asset=site.page.asset_url, clinic=site.page.clinic, path="/staff/run/", staff=True)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_a_comparison_counts_the_changes_and_tells_what_falls_first(site: Site) -> None:
    before = [result("one_that_rises", "routine"), result("one_that_falls", "emergency"), result("one_that_stays", "soon")]
    after = [result("one_that_rises", "soon"), result("one_that_falls", "same_day"), result("one_that_stays", "soon")]
    run = Run("Comparison", [item.story for item in after], [("1-a", {}), ("2-b", {})], {}, results=after, ended=True)
    run.changes = compare.changes(before, after)
    text = text_of(site, run)
    assert "2 stories change, 1 of them to less urgent. 3 were played with each release." in text
    assert text.index("One that falls") < text.index("One that rises") and "One that stays" not in text
    assert re.search(r"emergency becomes same day at step 1 Less urgent than before\.", text)


def test_a_run_tells_failures_before_what_is_known_and_what_passed(site: Site) -> None:
    failed = result("one_that_fails", "routine", Difference(0, 3, "urgency", "soon", "routine"))
    known = result("one_that_is_known", "routine", Difference(0, 3, "urgency", "soon", "routine"))
    results = [result("one_that_passes", "soon"), known, failed]
    run = Run("All stories", [item.story for item in results], [("1-a", {})], {known.story.path: "Waits for a cure."}, results=results,
              ended=True)
    text = text_of(site, run)
    assert "1 of 3 not as expected." in text and "Turn 1, urgency: expected soon, got routine" in text
    assert text.index("One that fails") < text.index("One that is known") < text.index("One that passes")


def test_a_run_that_could_not_be_made_says_why(site: Site) -> None:
    run = Run("All stories", [], [("1-a", {})], {}, problem="Run `make train` first.", ended=True)
    assert "Run `make train` first." in text_of(site, run)
