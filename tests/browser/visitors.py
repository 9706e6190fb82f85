"""The page's server as a process, and what a visitor does on the page."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from playwright.sync_api import BrowserContext, Locator, Page

from assistant.staff.password import hashed

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


def chromium() -> str | None:
    """Where Debian's browser is, None when it is not installed."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


class Host:
    """The page's server as a process of its own, which tests kill and start again."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.database, self.port = folder, folder / "conversations.db", _free_port()
        self.knowledge = folder / "knowledge.db"
        self.origin = f"http://localhost:{self.port}"
        self.url = f"{self.origin}/chat/"
        self.clinic_port = _free_port()  # of the one other site that may embed the page
        settings = (HERE / "clinic.yml").read_text("utf-8")
        (folder / "clinic.yml").write_text(settings.replace("PORT", str(self.clinic_port)), "utf-8")

    def start(self) -> None:
        command = [str(HERE / "host.py"), str(self.port), str(self.database), str(self.folder / "clinic.yml")]
        self._run(command, {"PYTHONPATH": str(ROOT)})

    def _run(self, command: list[str], environment: dict[str, str]) -> None:
        self.process = subprocess.Popen([sys.executable, *command], cwd=ROOT, env={**os.environ, **environment})
        self._wait()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def _wait(self) -> None:
        for _ in range(900):
            assert self.process.poll() is None, "the page's host ended"
            try:
                urllib.request.urlopen(self.url).close()
                return
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.2)
        raise TimeoutError("the page's host did not start")


PASSWORD = "correct horse battery"  # of the staff page


class RealHost(Host):
    """The assistant as `make run` starts it, with databases of its own and without ASSISTANT_SECRET, as at first.

    Its staff page writes into `checkout`, a folder of its own with one of the project's stories in it.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.staff, self.checkout = f"{self.origin}/staff", folder / "checkout"
        shutil.copytree(ROOT / "stories" / "dimethyl_fumarate", self.checkout / "stories" / "dimethyl_fumarate")
        shutil.copy(ROOT / "stories" / "fragments.yml", self.checkout / "stories")
        for needed in (".git", "knowledge/content"):
            (self.checkout / needed).mkdir(parents=True)

    def start(self) -> None:
        environment = {
            "ASSISTANT_ENV": "development", "ASSISTANT_PORT": str(self.port), "RASA_TELEMETRY_ENABLED": "false",
            "TRACKER_DATABASE_URL": f"sqlite:///{self.database}", "KNOWLEDGE_DATABASE_URL": f"sqlite:///{self.knowledge}",
            "ASSISTANT_STAFF_PASSWORD_HASH": hashed(PASSWORD), "ASSISTANT_STAFF_CHECKOUT": str(self.checkout),
        }  # fmt: skip
        for task in (["assistant.training"], ["knowledge", "build"]):
            subprocess.run([sys.executable, "-m", *task], cwd=ROOT, env={**os.environ, **environment}, check=True, timeout=240)
        self._run(["-m", "assistant.server"], environment)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def sign_in(host: RealHost, visitor: BrowserContext) -> Page:
    """Open the staff page and give the password."""
    opened = visitor.new_page()
    opened.goto(f"{host.staff}/")
    opened.get_by_label("Password").fill(PASSWORD)
    opened.get_by_role("button", name="Sign in").click()
    opened.get_by_role("heading", name="Try").wait_for()
    return opened


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
