"""The page's server as a process, and what a visitor does on the page."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from playwright.sync_api import BrowserContext, Locator, Page

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


class Host:
    """The page's server as a process of its own, which tests kill and start again."""

    def __init__(self, folder: Path) -> None:
        self.database, self.port = folder / "conversations.db", _free_port()
        self.origin = f"http://localhost:{self.port}"
        self.url = f"{self.origin}/chat/"

    def start(self) -> None:
        command = [sys.executable, str(HERE / "host.py"), str(self.port), str(self.database), str(HERE / "clinic.yml")]
        self.process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})
        self._wait()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def _wait(self) -> None:
        for _ in range(900):
            try:
                urllib.request.urlopen(self.url).close()
                return
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.2)
        raise TimeoutError("the page's host did not start")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def visit(host: Host, visitor: BrowserContext) -> Page:
    """Open the page and wait until it is connected."""
    opened = visitor.new_page()
    opened.goto(host.url)
    opened.get_by_text("Connected.").wait_for()
    return opened


def send(page: Page, text: str) -> None:
    """Type and send a message, and wait for the answer."""
    before = page.locator("#transcript > .assistant").count()
    page.get_by_label("Your message").fill(text)
    page.get_by_role("button", name="Send", exact=True).click()
    page.locator("#transcript > .assistant").nth(before).wait_for()


def newest(page: Page) -> Locator:
    """The assistant's last turn."""
    return page.locator("#transcript > .assistant").last
