"""The launcher on a clinic's own page: another origin, hostile styles, native button and dialog rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from conftest import NewContext
from playwright.sync_api import Page
from visitors import Host

ANY_OTHER = 0  # a free port, which clinic.yml does not name
HOSTILE = """* { all: unset !important; display: none !important; font-size: 1px !important; color: red !important }
html, body, h1, a { display: block !important }
button, iframe { visibility: hidden !important; transform: scale(0) !important }"""


@pytest.fixture
def clinic_page(host: Host, context: NewContext) -> Iterator[Callable[[int], Page]]:
    """Open a clinic's page with the script tag, served on a port of its own, which makes it another origin."""
    running: list[ThreadingHTTPServer] = []
    tag = f'<script src="{host.origin}/chat/static/embed.js" data-clinic="Riverside" data-position="left"></script>'
    html = f"<!doctype html><html lang=en><style>{HOSTILE}</style><h1>Clinic</h1>{tag}</html>".encode()

    class ClinicSite(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(html)

    def show(port: int) -> Page:
        running.append(ThreadingHTTPServer(("localhost", port), ClinicSite))
        Thread(target=running[-1].serve_forever, daemon=True).start()
        page = context(viewport={"width": 800, "height": 700}).new_page()
        page.goto(f"http://localhost:{running[-1].server_port}/")
        return page

    yield show
    for server in running:
        server.shutdown()
        server.server_close()


def test_the_launcher_opens_talks_closes_and_gives_the_focus_back(host: Host, clinic_page: Callable[[int], Page]) -> None:
    page = clinic_page(host.clinic_port)
    launcher = page.get_by_role("button", name="Check a side effect, Riverside")
    box = launcher.bounding_box()
    assert box and box["height"] >= 44 and box["x"] < 100
    launcher.focus()
    page.keyboard.press("Enter")
    page.get_by_role("dialog", name="Check a side effect, Riverside").wait_for()
    frame = page.frame_locator("iframe")
    frame.get_by_text("Connected.").wait_for()
    frame.get_by_label("Your message").fill("hello")
    frame.get_by_role("button", name="Send", exact=True).click()
    frame.locator("#transcript").get_by_text("You said: hello").wait_for()
    page.keyboard.press("Escape")
    page.get_by_role("dialog").wait_for(state="hidden")
    assert launcher.evaluate("one => one.getRootNode().activeElement === one")
    launcher.click()
    page.get_by_role("button", name="Close").click()
    page.get_by_role("dialog").wait_for(state="hidden")


def test_nothing_is_loaded_before_it_is_opened(host: Host, clinic_page: Callable[[int], Page]) -> None:
    assert [frame.url for frame in clinic_page(host.clinic_port).frames[1:]] in ([], ["about:blank"])


def test_an_origin_that_the_clinic_does_not_allow_gets_no_page(clinic_page: Callable[[int], Page]) -> None:
    page = clinic_page(ANY_OTHER)
    with page.expect_request(lambda request: "/chat/" in request.url and "static" not in request.url) as asked:
        page.get_by_role("button", name="Check a side effect").click()
    asked.value.response()
    page.wait_for_timeout(300)
    assert page.frame_locator("iframe").get_by_label("Your message").count() == 0
