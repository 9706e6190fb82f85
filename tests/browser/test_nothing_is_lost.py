"""Killed servers, dead networks, two tabs, reloads: every message is answered once and shown everywhere."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from conftest import NewContext
from playwright.sync_api import Page, expect
from visitors import Host, send, visit


@pytest.fixture
def mortal(tmp_path) -> Iterator[Host]:
    """A host of the test's own, to be killed."""
    host = Host(tmp_path)
    host.start()
    yield host
    host.kill()


def words(page: Page) -> list[str]:
    return page.locator("#transcript > li .words").all_inner_texts()


def test_a_reload_keeps_the_conversation(page: Page) -> None:
    send(page, "hello")
    page.reload()
    page.get_by_text("Connected.").wait_for()
    assert words(page) == ["hello", "You said: hello"]


def test_two_tabs_show_the_same(host: Host, context: NewContext) -> None:
    visitor = context()
    one, two = visit(host, visitor), visit(host, visitor)
    send(one, "from one")
    two.locator("#transcript").get_by_text("You said: from one").wait_for()
    send(two, "from two")
    one.locator("#transcript").get_by_text("You said: from two").wait_for()
    assert words(one) == words(two) == ["from one", "You said: from one", "from two", "You said: from two"]


def test_another_visitor_sees_nothing(host: Host, context: NewContext) -> None:
    send(visit(host, context()), "private")
    assert words(visit(host, context())) == []


def test_words_sent_without_a_network_are_kept_marked_and_sent_later_once(host: Host, context: NewContext) -> None:
    visitor = context()
    page, other = visit(host, visitor), visit(host, visitor)
    visitor.set_offline(True)
    page.evaluate("window.dispatchEvent(new Event('offline'))")
    page.get_by_text("No connection").wait_for(timeout=60_000)
    page.get_by_label("Your message").fill("written in a tunnel")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".pending .unsent")).to_have_text("Not sent yet. It will be sent when the connection is back.")
    assert page.get_by_role("link", name="Call 999, the emergency number").is_visible()
    visitor.set_offline(False)
    page.locator("#transcript").get_by_text("You said: written in a tunnel").wait_for(timeout=90_000)
    other.locator("#transcript").get_by_text("You said: written in a tunnel").wait_for(timeout=90_000)
    assert words(page) == words(other) == ["written in a tunnel", "You said: written in a tunnel"]


def test_a_server_killed_between_turns(mortal: Host, context: NewContext) -> None:
    page = visit(mortal, context())
    send(page, "before")
    mortal.kill()
    page.get_by_text("No connection").wait_for()
    page.get_by_label("Your message").fill("meanwhile")
    page.get_by_role("button", name="Send", exact=True).click()
    mortal.start()
    page.locator("#transcript").get_by_text("You said: meanwhile").wait_for(timeout=90_000)
    assert words(page) == ["before", "You said: before", "meanwhile", "You said: meanwhile"]
    page.reload()
    page.get_by_text("Connected.").wait_for()
    assert words(page) == ["before", "You said: before", "meanwhile", "You said: meanwhile"]


def test_a_server_killed_within_a_turn(mortal: Host, context: NewContext) -> None:
    page = visit(mortal, context())
    page.get_by_label("Your message").fill("slow and interrupted")
    page.get_by_role("button", name="Send", exact=True).click()
    page.wait_for_timeout(500)
    mortal.kill()
    mortal.start()
    page.locator("#transcript").get_by_text("You said: slow and interrupted").wait_for(timeout=90_000)
    assert words(page) == ["slow and interrupted", "You said: slow and interrupted"]


def test_a_page_left_within_a_turn_has_the_answer_on_return(host: Host, context: NewContext) -> None:
    visitor = context()
    page = visit(host, visitor)
    page.get_by_label("Your message").fill("slow question from a bus")
    page.get_by_role("button", name="Send", exact=True).click()
    page.wait_for_timeout(300)
    page.goto("about:blank")
    page.wait_for_timeout(2000)
    page.goto(host.url)
    page.locator("#transcript").get_by_text("You said: slow question from a bus").wait_for()
    assert words(page) == ["slow question from a bus", "You said: slow question from a bus"]


def test_a_reload_with_unsent_words_still_sends_them(mortal: Host, context: NewContext) -> None:
    page = visit(mortal, context())
    mortal.kill()
    page.get_by_text("No connection").wait_for()
    page.get_by_label("Your message").fill("kept over a reload")
    page.get_by_role("button", name="Send", exact=True).click()
    mortal.start()
    page.reload()
    page.locator("#transcript").get_by_text("You said: kept over a reload").wait_for(timeout=90_000)
    assert words(page) == ["kept over a reload", "You said: kept over a reload"]
