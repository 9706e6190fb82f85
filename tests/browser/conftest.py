"""A real host process and a real browser for the page tests."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from visitors import Host, RealHost, chromium, visit


@pytest.fixture(scope="session")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    running = Host(tmp_path_factory.mktemp("page"))
    running.start()
    yield running
    running.kill()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = chromium()
    if program is None:
        say = pytest.fail if os.environ.get("CI") else pytest.skip
        say("THE PAGE WAS NOT TESTED: no Chromium here. Install it (Debian, Ubuntu: apt install chromium).")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture(scope="session")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealHost]:
    """The whole assistant: model, actions and databases of its own."""
    running = RealHost(tmp_path_factory.mktemp("assistant"))
    running.start()
    yield running
    running.kill()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if chromium() is None:
        terminalreporter.section("THE PAGE WAS NOT TESTED: no Chromium here", red=True, bold=True)


NewContext = Callable[..., BrowserContext]


@pytest.fixture
def context(browser: Browser) -> Iterator[NewContext]:
    """Make browser contexts that are closed after the test; each is a visitor of its own."""
    made: list[BrowserContext] = []

    def make(**options: object) -> BrowserContext:
        made.append(browser.new_context(**options))  # type: ignore[arg-type]
        made[-1].set_default_timeout(10_000)
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def page(host: Host, context: NewContext) -> Page:
    return visit(host, context())
