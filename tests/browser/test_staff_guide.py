"""docs/staff.md, tried step by step: what it says to open, write and press is done, and what it says one sees must be there."""

from __future__ import annotations

import re

import pytest
from conftest import NewContext
from playwright.sync_api import Page
from visitors import PASSWORD, ROOT, RealHost, sign_in

GUIDE = (ROOT / "docs" / "staff.md").read_text("utf-8")
DEED = re.compile(r"Open `(?P<open>[^`]+)`|Choose `(?P<choice>[^`]+)` in \*\*(?P<list>[^*]+)\*\*"
                  r"|Write `(?P<words>[^`]+)` into \*\*(?P<label>[^*]+)\*\*|Press \*\*(?P<press>[^*]+)\*\*"
                  r"|[Yy]ou see (?P<seen>“[^”]+”(?: and “[^”]+”)*)")
A_RUN = 240_000  # milliseconds on a busy machine


def steps(title: str) -> list[str]:
    """The numbered steps under a heading."""
    part = GUIDE.partition(f"### {title}\n")[2].partition("\n#")[0]
    return [re.sub(r"\s+", " ", step) for step in re.findall(r"^\d+\. (.*?)(?=^\d+\. |\n\n)", part, re.M | re.S)]


def follow(page: Page, host: RealHost, step: str) -> int:
    """Do what the step says; gives the number of things done and seen."""
    deeds = list(DEED.finditer(step))
    for deed in deeds:
        if deed["open"]:
            page.goto(host.origin + deed["open"])
        elif deed["label"]:
            words = PASSWORD if deed["words"] == "the password" else deed["words"]
            page.get_by_label(deed["label"]).filter(visible=True).last.fill(words)
        elif deed["choice"]:
            page.get_by_label(deed["list"]).filter(visible=True).last.select_option(label=deed["choice"])
        elif deed["press"]:
            button, link = (page.get_by_role(role, name=deed["press"], exact=True) for role in ("button", "link"))
            button.or_(link).last.click()
        else:
            for words in re.findall("“([^”]+)”", deed["seen"]):
                page.get_by_text(words).filter(visible=True).first.wait_for(timeout=A_RUN)
    return len(deeds)


def test_the_guide_has_a_picture_of_each_view_and_each_is_there() -> None:
    pictures = re.findall(r"!\[[^]]+\]\(([^)]+)\)", GUIDE)
    assert len(pictures) >= 5
    assert all((ROOT / "docs" / picture).exists() for picture in pictures)


def test_from_signing_in_to_a_saved_story(real: RealHost, context: NewContext) -> None:
    page, told = context().new_page(), steps("From signing in to a saved story")
    assert len(told) == 13
    assert all(follow(page, real, step) for step in told), "each step says something to do or to see"
    (story,) = real.checkout.glob("stories/dimethyl_fumarate/flushing_without_danger_signs_is_looked_after_at_home.yml")
    text = story.read_text("utf-8")
    assert "says: red and hot face" in text and "why: The leaflet calls flushing" in text
    assert "urgency: at most self_care" in text and "words: at home" in text


def test_reading_and_reviewing(real: RealHost, context: NewContext) -> None:
    page, told = sign_in(real, context()), steps("Read and review the content")
    assert len(told) == 4
    assert all(follow(page, real, step) for step in told)
    file = real.checkout / "knowledge/content/reviews/alemtuzumab_itp.same_day.yml"
    assert "by: A. Nurse, MS nurse" in file.read_text("utf-8")


@pytest.mark.parametrize("title", ["From signing in to a saved story", "Read and review the content"])
def test_no_step_asks_for_what_the_test_does_not_do(title: str) -> None:
    for step in steps(title):
        undone = DEED.sub("", step)
        assert not re.search(r"\b(Open|Write|Press|Click|Choose|Type|Tick)\b", undone), step
