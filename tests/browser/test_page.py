"""What the page shows and does: cards, odd messages, no JavaScript, privacy, nothing from outside."""

from __future__ import annotations

import pytest
from conftest import NewContext
from host import HEADLINES
from playwright.sync_api import Page
from visitors import Host, newest, send, visit

UNFOLD = "document.querySelectorAll('#transcript details').forEach((one) => { one.open = true; })"


@pytest.mark.parametrize("urgency", HEADLINES)
def test_a_card_shows_first_what_counts_in_few_words(page: Page, urgency: str) -> None:
    send(page, urgency)
    card = newest(page).locator(".card")
    text = card.inner_text()
    assert len(text.split()) < 120
    for part in (HEADLINES[urgency], "Have somebody stay", "Too few infection-fighting", "An infection can"):
        assert part in text
    assert "I did not understand all of your words" in text
    number = "999" if urgency == "emergency" else "020 7946 0018"
    assert card.get_by_role("link", name=f"Call {number}").get_attribute("href") == f"tel:{number.replace(' ', '')}"
    assert ("Call 999 at once if you get" in text and "shaking chills" in text) == (urgency != "emergency")


@pytest.mark.parametrize("urgency", ["emergency", "soon"])
def test_the_rest_of_a_card_unfolds(page: Page, urgency: str) -> None:
    send(page, urgency)
    card = newest(page).locator(".card")
    for hidden in ("wobbly zigzags", "you take Ocrevus", "product summary", "Plain text of"):
        assert hidden not in card.inner_text()
    page.evaluate(UNFOLD)
    for part in ("wobbly zigzags", "you take Ocrevus", "Ocrevus since March", f"Plain text of {urgency}."):
        assert part in card.inner_text()
    assert card.get_by_role("link", name="Call 020 7946 0018").is_visible()
    source = card.get_by_role("link", name="Ocrevus: product summary")
    assert source.get_attribute("href") == "https://www.example.org/smpc"
    assert source.get_attribute("rel") == "noopener noreferrer"
    assert card.locator("a[href^=javascript]").count() == 0


def test_a_question_below_a_card_is_one_link_away(host: Host, context: NewContext) -> None:
    page = visit(host, context(viewport={"width": 320, "height": 480}, reduced_motion="reduce"))
    send(page, "card and question")
    page.wait_for_timeout(200)
    assert 0 <= page.locator(".headline").bounding_box()["y"] < 300  # type: ignore[index]
    page.get_by_role("link", name="I also have a question").click()
    question = page.get_by_text("Can you stand up?", exact=True)
    question.wait_for()
    assert 0 <= question.bounding_box()["y"] < 480  # type: ignore[index]


def test_advice_that_only_stands_is_said_in_its_own_words_beside_a_small_card(page: Page) -> None:
    send(page, "card stands")
    assert "I have noted that." in newest(page).locator(".words").first.inner_text()
    card = newest(page).locator(".card")
    assert "An infection can" not in card.inner_text()
    card.get_by_text("The whole advice").click()
    assert "An infection can" in card.inner_text()


def test_the_words_of_a_red_flag_stand_inside_its_card(page: Page) -> None:
    send(page, "flag and card")
    assert newest(page).locator("> .words").count() == 0
    text = newest(page).locator(".card").inner_text()
    assert "Unlock the door." in text
    assert text.count("Do not drive yourself") == 1


def test_an_emergency_card_has_a_call_button(page: Page) -> None:
    send(page, "red flag")
    assert newest(page).get_by_role("link", name="Call 999").get_attribute("href") == "tel:999"
    assert newest(page).get_by_text("Do not drive yourself.").is_visible()


def test_an_unknown_card_is_named_and_a_broken_one_keeps_its_words(page: Page) -> None:
    send(page, "strange card")
    assert "This message cannot be shown here. Please call the clinic." in newest(page).inner_text()
    send(page, "broken card")
    assert "Call your team." in newest(page).inner_text()
    assert "This message cannot be shown here. Please call the clinic." in newest(page).inner_text()


def test_html_in_a_message_stays_text(page: Page) -> None:
    send(page, "<img src=x onerror=alert(1)><b>bold</b>")
    assert page.locator("#transcript img, #transcript .words b").count() == 0
    page.reload()
    page.get_by_text("Connected.").wait_for()
    assert page.locator("#transcript img, #transcript .words b").count() == 0


def test_an_empty_or_too_long_text_is_refused_in_words_and_kept(page: Page) -> None:
    page.get_by_role("button", name="Send", exact=True).click()
    assert page.locator("#problem").inner_text() == "Please write something first."
    page.get_by_label("Your message").fill("y" * 8001)
    page.get_by_role("button", name="Send", exact=True).click()
    assert "999" in page.locator("#problem").inner_text()
    assert page.get_by_label("Your message").input_value() == "y" * 8001
    assert page.locator("#transcript > li").count() == 0


def test_nothing_comes_from_outside_and_nothing_breaks_the_policy(host: Host, context: NewContext) -> None:
    visitor = context()
    asked: list[str] = []
    complaints: list[str] = []
    visitor.on("request", lambda request: asked.append(request.url))
    visitor.on("console", lambda message: complaints.append(message.text))
    page = visit(host, visitor)
    send(page, "emergency")
    assert {address.split("/chat/")[0].replace("ws:", "http:") for address in asked} == {host.origin}
    assert complaints == []
    cookies = visitor.cookies()
    assert [(one["name"], one["httpOnly"], one["expires"]) for one in cookies] == [("conversation", True, -1)]
    assert page.evaluate("Object.keys(localStorage).length") == 0


def test_the_privacy_notice_stands_before_the_first_message(page: Page) -> None:
    notice = page.get_by_role("region", name="Your privacy")
    assert notice.locator("p").inner_text().count(".") == 3
    assert notice.bounding_box()["y"] < page.get_by_label("Your message").bounding_box()["y"]  # type: ignore[index]


def test_delete_empties_every_tab(host: Host, context: NewContext) -> None:
    visitor = context()
    page, other = visit(host, visitor), visit(host, visitor)
    send(page, "hello")
    other.locator("#transcript").get_by_text("You said: hello").wait_for()
    page.get_by_text("Delete my conversation").click()
    page.get_by_role("button", name="Yes, delete everything").click()
    page.get_by_text("Your conversation was deleted.").wait_for()
    other.get_by_text("Your conversation was deleted.").wait_for()
    for one in (page, other):
        assert one.locator("#transcript > li").count() == 0
        assert one.evaluate("Object.values(sessionStorage)") in ([], ["[]"]), "no draft, no unsent words, no token"


# Without JavaScript

@pytest.fixture
def plain(host: Host, context: NewContext) -> Page:
    page = context(java_script_enabled=False).new_page()
    page.goto(host.url)
    return page


def test_without_javascript_a_conversation_is_possible(plain: Page) -> None:
    plain.get_by_label("Your message").fill("question")
    plain.get_by_role("button", name="Send", exact=True).click()
    plain.get_by_role("button", name="No", exact=True).click()
    assert plain.locator("#transcript").get_by_text("You said: no").is_visible()
    plain.get_by_label("Your message").fill("emergency")
    plain.get_by_role("button", name="Send", exact=True).click()
    assert plain.get_by_role("link", name="Call 999", exact=True).last.is_visible()
    plain.get_by_role("button", name="Summary for my MS team").click()
    assert plain.locator("#transcript").get_by_text("Bruises since Tuesday").is_visible()
    assert plain.get_by_role("button", name="Print or save as PDF").count() == 0


def test_without_javascript_too_long_a_text_is_refused_and_kept(plain: Page) -> None:
    plain.get_by_label("Your message").fill("z" * 8001)
    plain.get_by_role("button", name="Send", exact=True).click()
    assert "999" in plain.locator("#problem").inner_text()
    assert plain.get_by_label("Your message").input_value() == "z" * 8001


def test_without_javascript_the_conversation_can_be_deleted(plain: Page) -> None:
    plain.get_by_label("Your message").fill("hello")
    plain.get_by_role("button", name="Send", exact=True).click()
    plain.get_by_text("Delete my conversation").click()
    plain.get_by_role("button", name="Yes, delete everything").click()
    assert plain.get_by_text("Your conversation was deleted.").is_visible()
    assert plain.locator("#transcript > li").count() == 0
