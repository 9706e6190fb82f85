"""The thirteen rules of an accessible chat, each checked in a real browser; a human check is still owed."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import NewContext
from host import HEADLINES
from playwright.sync_api import Page
from visitors import Host, newest, send, visit

AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "rules": {"color-contrast-enhanced": {"enabled": True}, "target-size": {"enabled": True}},
}
STATES = [*HEADLINES, "red flag", "summary", "what did you understand?", "question", "strange card", "hello"]
LOOKS = {
    "light": {},
    "dark": {"color_scheme": "dark"},
    "forced colours": {"forced_colors": "active"},
    "more contrast": {"contrast": "more"},
}


def violations(page: Page) -> list[str]:
    results = Axe().run(page, options=AXE)
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in results.response["violations"]]


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_in_any_state(host: Host, context: NewContext, look: str) -> None:
    page = visit(host, context(**LOOKS[look]))
    assert violations(page) == [], "start"
    for state in STATES:
        send(page, state)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    assert violations(page) == [], "all cards"
    page.get_by_label("Your message").fill("x" * 8001)
    page.get_by_role("button", name="Send", exact=True).click()
    page.context.set_offline(True)
    page.get_by_text("No connection").wait_for(timeout=60_000)
    assert violations(page) == [], "error and offline"


# 1 and 2: what a screen reader is told

WATCH = """() => {
  window.heard = [];
  for (const id of ["announcer", "alarm"]) {
    new MutationObserver((changes) => changes.forEach((change) => change.addedNodes.forEach((node) =>
      heard.push([id, node.textContent])))).observe(document.getElementById(id), { childList: true });
  }
}"""


def test_each_turn_is_announced_once_apart_from_the_transcript_and_then_removed(page: Page) -> None:
    page.evaluate(WATCH)
    send(page, "hello")
    send(page, "question")
    page.wait_for_timeout(1600)
    assert page.evaluate("heard") == [
        ["announcer", "Assistant: You said: hello."],
        ["announcer", "Assistant: Did it start suddenly? 3 answers to choose from."],
    ]
    assert page.locator("#announcer").inner_html() == ""
    assert page.locator("#transcript[aria-live], #transcript [aria-live], #transcript [role=status]").count() == 0
    for region in ("announcer", "alarm", "state"):
        assert page.locator(f"#{region}").get_attribute("aria-live") is None


@pytest.mark.parametrize(("state", "region"), [("emergency", "alarm"), ("red flag", "alarm"), ("soon", "announcer")])
def test_only_an_emergency_interrupts_and_sources_are_not_read_out(page: Page, state: str, region: str) -> None:
    page.evaluate(WATCH)
    send(page, state)
    page.wait_for_timeout(500)
    ((where, words),) = page.evaluate("heard")
    assert where == region
    assert "Emergency" in words if region == "alarm" else "In 1 to 3 days" in words
    assert "product summary" not in words
    assert not re.search(r"\d\d:\d\d", words)


# 3: focus

def test_focus_never_moves_when_a_message_arrives(page: Page) -> None:
    box = page.get_by_label("Your message")
    box.focus()
    page.keyboard.type("slow question")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    before = page.evaluate("document.activeElement.textContent")
    page.locator("#transcript > .assistant").wait_for()
    page.wait_for_timeout(400)
    assert page.evaluate("document.activeElement.textContent") == before


@pytest.mark.parametrize("height", [256, 720, 1000])
def test_everything_is_reached_by_tab_and_stays_in_sight(host: Host, context: NewContext, height: int) -> None:
    page = visit(host, context(viewport={"width": 640, "height": height}, reduced_motion="reduce"))
    send(page, "question")
    send(page, "soon")
    page.reload()  # the walk begins at the top again
    page.get_by_text("Connected.").wait_for()
    seen: list[str] = []
    for _ in range(60):
        page.keyboard.press("Tab")
        here = page.evaluate("""() => {
          const one = document.activeElement, box = one.getBoundingClientRect();
          if (one === document.body) return null;
          const style = getComputedStyle(one);
          const top = document.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height, 60) / 2);
          return { name: (one.ariaLabel || one.labels?.[0]?.textContent || one.textContent).trim(),
                   ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
                   inside: box.top >= -1 && box.bottom <= innerHeight + 1,
                   covered: !one.contains(top) && !top?.contains(one) };
        }""")
        if here is None:
            break
        seen.append(here["name"])
        assert here["ring"], here
        assert here["inside"] and not here["covered"], here
    assert seen[0] == "Skip to your message"
    assert {"Call 999, the emergency number", "Your message", "Send", "Where this comes from"} <= set(seen)
    assert "Delete my conversation" in seen
    assert len(seen) < 60, "the focus must leave the page in the end"


# 4: answers

def test_a_chosen_answer_is_said_in_words_and_the_answers_stay_readable(page: Page) -> None:
    send(page, "question")
    newest(page).get_by_role("button", name="No", exact=True).click()
    page.locator("#transcript").get_by_text("You said: no", exact=True).wait_for()
    answers = page.locator(".answers .answer")
    assert answers.all_inner_texts() == ["Yes", "No (chosen)", "Not sure"]
    assert [one.get_attribute("aria-disabled") for one in answers.all()] == ["true"] * 3
    assert page.locator(".answers .answer:disabled").count() == 0
    answers.first.dispatch_event("click")
    page.wait_for_timeout(300)
    assert page.locator("#transcript > .assistant").count() == 2


def test_a_typed_answer_closes_the_question_as_well(page: Page) -> None:
    send(page, "question")
    send(page, "Yes")
    assert page.locator(".answer.chosen").inner_text() == "Yes (chosen)"


# 5: targets

@pytest.mark.parametrize("width", [320, 1280])
def test_targets_are_44_pixels_and_apart(host: Host, context: NewContext, width: int) -> None:
    page = visit(host, context(viewport={"width": width, "height": 800}))
    for state in ("emergency", "summary", "what did you understand?", "question"):
        send(page, state)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    boxes = page.evaluate("""() => [...document.querySelectorAll("a[href], button, summary, textarea")]
      .filter((one) => one.checkVisibility() && !one.closest(".skip"))
      .map((one) => { const box = one.getBoundingClientRect();
        return { name: one.textContent, x: box.x, y: box.y, w: box.width, h: box.height }; })""")
    assert len(boxes) > 15
    for box in boxes:
        assert box["w"] >= 44 and box["h"] >= 44, box


# 6: contrast is axe's color-contrast-enhanced above; urgency is more than a colour

@pytest.mark.parametrize("urgency", HEADLINES)
def test_urgency_is_a_word_a_shape_and_a_colour(page: Page, urgency: str) -> None:
    send(page, urgency)
    card = newest(page).locator(".card")
    words = dict(zip(HEADLINES, ("Emergency", "Today", "In 1 to 3 days", "Next contact", "At home"), strict=True))
    assert card.locator("h2").inner_text().startswith(words[urgency])
    assert card.locator("svg.shape > *").count() == 1
    assert card.evaluate("one => parseFloat(getComputedStyle(one).borderLeftWidth)") >= 8


def test_the_five_shapes_differ(page: Page) -> None:
    for urgency in HEADLINES:
        send(page, urgency)
    shapes = page.evaluate("[...document.querySelectorAll('svg.shape')].map((one) => one.innerHTML.trim())")
    assert len(set(shapes)) == 5


# 7: reflow

CUT_OFF = """[...document.querySelectorAll("main *")].filter((one) => one.checkVisibility()
  && one.tagName !== "TEXTAREA" && one.scrollWidth > one.clientWidth + 1
  && getComputedStyle(one).overflowX !== "visible").map((one) => one.outerHTML)"""
SCROLLING = """[...document.querySelectorAll("main, main *")].filter((one) =>
  /auto|scroll/.test(getComputedStyle(one).overflowY)).map((one) => one.tagName)"""


@pytest.mark.parametrize("scale", ["320 px", "400 %", "text 200 %", "text spacing"])
def test_nothing_scrolls_sideways(host: Host, context: NewContext, scale: str) -> None:
    small = {"320 px": {"width": 320, "height": 640}, "400 %": {"width": 320, "height": 256}}
    page = visit(host, context(viewport=small.get(scale, {"width": 640, "height": 800})))
    if scale == "text 200 %":
        page.evaluate("document.documentElement.style.fontSize = '200%'")
    if scale == "text spacing":
        page.evaluate("""document.body.append(Object.assign(document.createElement("style"))),
          document.adoptedStyleSheets = [(() => { const sheet = new CSSStyleSheet(); sheet.replaceSync(
            "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }" +
            "p { margin-bottom: 2em !important }"); return sheet; })()]""")
    for state in [*HEADLINES, "red flag", "summary", "what did you understand?", "w" * 300]:
        send(page, state)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), state
        assert page.evaluate(CUT_OFF) == [], state


def test_the_page_scrolls_and_no_box_inside_it_does(page: Page) -> None:
    send(page, "emergency")
    assert page.evaluate(SCROLLING) in ([], ["TEXTAREA"])


def test_the_start_of_a_new_message_comes_into_view(host: Host, context: NewContext) -> None:
    page = visit(host, context(viewport={"width": 320, "height": 256}, reduced_motion="reduce"))
    send(page, "hello")
    send(page, "emergency")
    page.wait_for_timeout(300)
    top, bar = page.evaluate("""[
      document.querySelector("#transcript > .assistant:last-child").getBoundingClientRect().top,
      document.querySelector("header").getBoundingClientRect().bottom]""")
    assert bar - 1 <= top < 150


def test_the_emergency_link_stays_at_its_place(host: Host, context: NewContext) -> None:
    page = visit(host, context(viewport={"width": 320, "height": 480}))
    places = []
    for state in ("", "soon", "emergency", "summary"):
        if state:
            send(page, state)
        page.wait_for_timeout(600)
        places.append(page.get_by_role("link", name="Call 999, the emergency number").bounding_box())
    assert all(place == places[0] for place in places)
    assert page.locator("header a").get_attribute("href") == "tel:999"


# 8: time

def test_a_draft_survives_a_reload(page: Page) -> None:
    page.get_by_label("Your message").fill("half a sent")
    page.reload()
    assert page.get_by_label("Your message").input_value() == "half a sent"


# 9: little effort

def test_enter_sends_and_shift_enter_starts_a_line(page: Page) -> None:
    page.get_by_label("Your message").focus()
    page.keyboard.type("one")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("two")
    page.keyboard.press("Enter")
    page.locator("#transcript").get_by_text("You said: one").wait_for()
    assert newest(page).locator(".words").inner_text() == "You said: one\ntwo"


@pytest.mark.parametrize(("name", "words"), [("Undo my last answer", "undo"), ("What I told you", "understand")])
def test_help_is_always_at_the_same_place(page: Page, name: str, words: str) -> None:
    page.get_by_role("button", name=name).click()
    page.locator("#transcript > .you .words").filter(has_text=words).wait_for()


def test_what_was_understood_can_be_changed(page: Page) -> None:
    send(page, "what did you understand?")
    page.get_by_role("button", name="Change: Medicine").click()
    page.locator("#transcript").get_by_text("You said: not Ocrevus").wait_for()


# 10: no overlay; 11: motion

def test_nothing_moves_under_reduced_motion(host: Host, context: NewContext) -> None:
    page = visit(host, context(reduced_motion="reduce"))
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    send(page, "emergency")
    assert page.evaluate("document.getAnimations().length") == 0
    css = page.request.get(page.locator("link[rel=stylesheet]").evaluate("one => one.href")).text()
    assert "animation" not in css and "transition" not in css


# 12: language

def test_language_and_speakers_are_named(page: Page) -> None:
    assert page.locator("html").get_attribute("lang") == "en"
    send(page, "hello")
    assert page.locator("#transcript > li .who b").all_inner_texts() == ["You", "Assistant"]
    assert page.locator("#transcript > li time[datetime]").count() == 2


# 13: to take away

def test_the_conversation_can_be_saved_as_text_with_card_and_sources(page: Page) -> None:
    send(page, "same_day")
    with page.expect_download() as download:
        page.locator(".keep").get_by_role("button", name="Save as text").click()
    text = download.value.path().read_text("utf-8")
    source = "Ocrevus: product summary, 4.4 Infections, https://www.example.org/smpc"
    for part in ("You (", "TODAY", HEADLINES["same_day"], "020 7946 0018", source):
        assert part in text


def test_the_summary_can_be_saved_and_copied(host: Host, context: NewContext) -> None:
    page = visit(host, context(permissions=["clipboard-read", "clipboard-write"]))
    send(page, "summary")
    with page.expect_download() as download:
        newest(page).get_by_role("button", name="Save as text").click()
    assert download.value.path().read_text("utf-8") == "Bruises since Tuesday\nLemtrada"
    newest(page).get_by_role("button", name="Copy").click()
    page.get_by_text("Copied.").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == "Bruises since Tuesday\nLemtrada"


def test_on_paper_there_are_the_card_and_its_open_sources_and_no_controls(page: Page) -> None:
    send(page, "soon")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.locator("#composer, header, .quick, .keep").filter(visible=True).count() == 0
    assert page.get_by_role("link", name="Ocrevus: product summary").is_visible()
    assert page.locator("#transcript").get_by_text(HEADLINES["soon"], exact=True).is_visible()
