"""The staff page in a real browser: the same rules of accessibility as the patient page, on every view, and nothing that leaks."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from typing import Any

import orjson
import pytest
from conftest import NewContext
from playwright.sync_api import Browser, Page
from test_rules import CUT_OFF, LOOKS, violations
from visitors import RealHost, send, sign_in, visit

from knowledge.database import Store

SAID = ("on ocrevus since march, neuts 0.8",)
WRONG = """\
why: This one is wrong, so that a run has something to show.
steps:
- says: on ocrevus, neuts 0.8, temp 38.4
  urgency: self_care
  risks: ocrelizumab_pml
"""
A_RUN = 240_000  # milliseconds on a busy machine
SMALL = """[...document.querySelectorAll("a[href], button, summary, textarea, select, input:not([type=hidden])")]
  .filter((one) => one.checkVisibility() && !one.closest(".skip")).map((one) => [one.textContent.trim(), one.getBoundingClientRect()])
  .filter(([, box]) => box.width < 44 || box.height < 44).map(([text, box]) => [text, box.width, box.height])"""  # under 44 pixels
UNFOLD = "document.querySelectorAll('details').forEach((one) => { one.open = true; })"
Views = dict[str, str]
Open = Callable[..., Page]


@pytest.fixture(scope="session")
def session(real: RealHost, browser: Browser) -> dict[str, Any]:
    """One sign-in for all tests here: guessing is limited, and so is this."""
    visitor = browser.new_context()
    page = sign_in(real, visitor)
    for text in SAID:
        tell(page, text)
    (real.checkout / "stories" / "wrong").mkdir()
    (real.checkout / "stories" / "wrong" / "ocrevus_with_fever_can_wait.yml").write_text(WRONG)
    page.goto(f"{real.staff}/run/")
    page.get_by_label("Which stories").select_option("wrong")
    page.get_by_role("button", name="Run", exact=True).click()
    page.locator(".verdict").wait_for(timeout=A_RUN)
    state = dict(visitor.storage_state())
    state["run"] = page.url
    visitor.close()
    return state


def tell(page: Page, text: str) -> None:
    page.get_by_label("Message").fill(text)
    page.get_by_role("button", name="Send", exact=True).click()
    page.locator(".you .words").get_by_text(text, exact=True).wait_for()


@pytest.fixture
def staff(session: dict[str, Any], context: NewContext) -> Open:
    """`staff(address, **look)` opens a view as somebody who is signed in."""
    cookies = {"cookies": session["cookies"], "origins": []}

    def opened(address: str, **look: Any) -> Page:
        page = context(storage_state=cookies, **look).new_page()
        page.goto(address)
        return page

    return opened


@pytest.fixture(scope="session")
def views(real: RealHost, session: dict[str, Any]) -> Views:
    """Every view by name."""
    pages = ("try/", "try/story", "run/", "content/", "content/?q=pml", "content/topic/", "content/medicine/tolebrutinib",
             "content/test/cd4", "rule/alemtuzumab_itp.same_day", "rule/no_such_rule")
    failure = f"{session['run']}story?path=wrong/ocrevus_with_fever_can_wait"
    return {page: f"{real.staff}/{page}" for page in pages} | {"a run": session["run"], "a failure": failure}


@pytest.mark.parametrize(("look", "width"), [("light", 1280), ("dark", 320), ("forced colours", 640)])
def test_every_view_in_every_look_and_width(staff: Open, views: Views, look: str, width: int) -> None:
    page = staff("about:blank", viewport={"width": width, "height": 800}, **LOOKS[look])
    for name, address in views.items():
        page.goto(address)
        page.evaluate(UNFOLD)
        assert violations(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        assert page.evaluate(CUT_OFF) == [], name
        assert page.evaluate(SMALL) == [], name
        if width == 640:
            page.evaluate("document.documentElement.style.fontSize = '200%'")
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} with text of 200 %"


@pytest.mark.parametrize("look", ["light", "dark", "forced colours"])
def test_axe_finds_nothing_before_signing_in(real: RealHost, context: NewContext, look: str) -> None:
    page = context(**LOOKS[look]).new_page()
    page.goto(f"{real.staff}/")
    assert violations(page) == []


@pytest.mark.parametrize("view", ["try/", "try/story", "rule/alemtuzumab_itp.same_day"])
def test_everything_is_reached_by_tab_and_stays_in_sight(staff: Open, views: Views, view: str) -> None:
    page = staff(views[view], viewport={"width": 640, "height": 720}, reduced_motion="reduce")
    seen = []
    for _ in range(90):
        page.keyboard.press("Tab")
        here = page.evaluate("""() => {
          const one = document.activeElement, box = one.getBoundingClientRect(), style = getComputedStyle(one);
          return one === document.body ? null : { name: (one.ariaLabel || one.labels?.[0]?.textContent || one.textContent).trim(),
            ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
            inside: box.top < innerHeight && box.bottom > 0 };
        }""")
        if here is None:
            break
        seen.append(here["name"])
        assert here["ring"] and here["inside"], here
    assert seen[0] == "Skip to the page" and {"Try", "Run", "Content", "Sign out"} <= set(seen)
    assert len(seen) < 90, "the focus must leave the page in the end"


def test_a_turn_shows_what_was_understood_and_why(staff: Open, views: Views) -> None:
    page = staff(views["try/"])
    page.evaluate(UNFOLD)
    first = page.locator(".turn").first
    text = first.inner_text()
    for part in ("Ocrevus (ocrelizumab)", "current", "first dose", "Absolute neutrophil count 0.8 10^9/L", "same day"):
        assert part in text, part
    assert {"What makes it so", "Rules that nearly fired", "Questions considered", "Sources"} <= {
        summary.split(":")[0] for summary in first.locator(".behind summary").all_inner_texts()}
    assert {"true", "not known"} <= set(first.locator(".truth").all_inner_texts())


def test_a_failure_is_told_at_its_turn(staff: Open, views: Views) -> None:
    page = staff(views["a run"])
    assert "1 of 1 not as expected" in page.locator(".verdict").inner_text()
    page.get_by_role("link", name="Ocrevus with fever can wait").click()
    assert page.url.endswith("#turn-1")
    told = page.locator(".turn.differs .diff").inner_text()
    assert "Expected self care" in told and "Got emergency" in told


@pytest.mark.long  # half a minute; `tests/unit/staff/test_runs.py` looks at the same page without playing
def test_two_releases_are_compared_and_what_becomes_less_urgent_comes_first(real: RealHost, staff: Open) -> None:
    store = Store(f"sqlite:///{real.knowledge}")
    release = store.active_id()
    milder = orjson.loads(orjson.dumps(store.content(release)).replace(b'"urgency":"soon"', b'"urgency":"routine"'))
    other = store.add(milder, "soon became routine").id
    page = staff(f"{real.staff}/run/")
    page.get_by_label("Before").select_option(str(release))
    page.get_by_label("After").select_option(str(other))
    page.get_by_role("button", name="Compare").click()
    verdict = page.locator(".verdict")
    verdict.wait_for(timeout=A_RUN)
    assert re.search(r"[1-9]\d* stor(y changes|ies change), [1-9]\d* of them to less urgent", verdict.inner_text())
    first = page.locator(".rules .rule").first.inner_text()
    assert "Less urgent than before." in first and re.search(r"soon\s+becomes\s+routine", first)
    assert store.active_id() == release


def test_what_staff_try_is_stored_nowhere(real: RealHost, staff: Open, context: NewContext) -> None:
    patient = visit(real, context())
    send(patient, "on ocrevus, neuts 0.8")
    before = rows(real)
    page = staff(f"{real.staff}/try/")
    tell(page, "I take Lemtrada and I have a terrible headache since an hour, worst of my life")
    assert page.locator(".card.emergency").count()
    assert rows(real) == before
    send(patient, "and now I feel hot, 38.5")
    assert all(now > then for now, then in zip(rows(real), before, strict=True)), "a patient's own words are kept as ever"


def rows(host: RealHost) -> tuple[int, int]:
    """Events of conversations, and assessments."""
    counts = []
    for file, table in ((host.database, "events"), (host.knowledge, "assessments")):
        with sqlite3.connect(file) as database:
            counts.append(database.execute(f"select count(*) from {table}").fetchone()[0])
    return counts[0], counts[1]


def test_patients_are_answered_while_stories_run(real: RealHost, staff: Open, context: NewContext) -> None:
    page, patient = staff(f"{real.staff}/run/"), visit(real, context())
    page.get_by_role("button", name="Run", exact=True).click()
    page.locator("progress").wait_for()
    send(patient, "hello")
    assert page.locator("progress").count(), "the answer came before the run had ended"
    page.locator(".verdict").wait_for(timeout=A_RUN)


def test_a_mistake_in_a_story_is_told_in_plain_words_and_nothing_is_lost(staff: Open, real: RealHost) -> None:
    page = staff(f"{real.staff}/try/story")
    page.get_by_label("What is right, as a sentence").fill("A story with a mistake")
    page.get_by_label("The story").fill("steps:\n- says: hello\n  urgancy: soon\n")
    page.get_by_role("button", name="Save into stories/").click()
    told = page.locator(".problem").inner_text()
    assert "Line 3: 'urgancy' is not a key that belongs here; did you mean 'urgency'?" in told and "It reads: “urgancy: soon”" in told
    assert "urgancy" in page.get_by_label("The story").input_value()
    assert page.get_by_label("What is right, as a sentence").input_value() == "A story with a mistake"
    page.get_by_label("Folder").fill("../../elsewhere")
    page.get_by_label("The story").fill("steps:\n- says: hello\n  urgency: none yet\n")
    page.get_by_role("button", name="Save into stories/").click()
    page.get_by_role("heading", name="Story saved").wait_for()
    assert [path.parent.parent for path in real.checkout.parent.rglob("a_story_with_a_mistake.yml")] == [real.checkout / "stories"]


def test_expectations_are_set_in_a_form_and_the_yaml_follows(staff: Open, real: RealHost) -> None:
    page = staff(f"{real.staff}/try/story")
    text = page.get_by_label("The story")
    last = page.locator(".step[open]")
    last.get_by_label("Urgency").select_option(label="emergency: Call the emergency number now.")
    last.get_by_label("How strictly").select_option("at least")
    last.get_by_label("Words that must appear").fill("today\ncall | ring")
    last.get_by_label("Words that must not appear").fill("harmless")
    last.get_by_label("MS team").check()
    last.get_by_text("More risks").or_(last.get_by_text("Choose risks")).click()
    last.get_by_label("Find a risk").fill("PML ocrevus")
    last.locator(".choose li").filter(has_text="PML", visible=True).get_by_role("combobox").select_option(label="must be named")
    for line in ("urgency: at least emergency", "- [call, ring]", "not_words: harmless", "contact: ms_team", "risks: ocrelizumab_pml"):
        page.wait_for_function("line => document.querySelector('#text').value.includes(line)", arg=line)
    text.fill(text.input_value().replace("at least emergency", "at most soon"))
    page.get_by_role("button", name="Take over into the form").click()
    page.get_by_text("The form shows what the YAML says.").wait_for()
    last = page.locator(".step[open]")
    assert last.get_by_label("How strictly").input_value() == "at most" and last.get_by_label("Urgency").input_value() == "soon"
    assert last.get_by_label("Words that must appear").input_value() == "today\ncall | ring"
    text.fill(text.input_value().replace("at most soon", "soon"))
    last.get_by_label("Urgency").select_option("routine")
    page.locator("#yaml .problem").get_by_text("You changed the form and the YAML").wait_for()
    assert "urgency: soon" in text.input_value(), "what was written is not lost"
    assert violations(page) == []


def test_without_javascript_all_works_by_forms(real: RealHost, staff: Open) -> None:
    page = staff(f"{real.staff}/try/", java_script_enabled=False)
    tell(page, "hello there")
    page.get_by_role("link", name="Save as story").click()
    page.get_by_label("What is right, as a sentence").fill("Without any script")
    page.get_by_label("Folder").fill("first messages")
    page.locator(".step[open]").get_by_label("Words that must not appear").fill("ambulance")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the file").click()
    written = download.value.path().read_text("utf-8")
    assert "says: hello there" in written and "not_words: ambulance" in written


def test_nothing_comes_from_outside_and_nothing_breaks_the_policy(staff: Open, views: Views, real: RealHost) -> None:
    page = staff("about:blank")
    asked: set[str] = set()
    complaints: list[str] = []
    page.on("request", lambda request: asked.add(request.url.split("/staff/")[0]))
    page.on("console", lambda message: complaints.append(message.text))
    for address in views.values():
        if "no_such" not in address:
            page.goto(address)
    assert asked == {real.origin}
    assert complaints == []
