"""A running server and a conversation with it, as the tests see them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
from processes import PROJECT, end, free_port, wait_for

from knowledge.urgency import rank


class Server:
    """`python -m assistant.server` with databases of its own in `folder`; further settings by name."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.port = int(settings.pop("ASSISTANT_PORT", 0)) or free_port()
        self.log = folder / "server.log"
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=30)
        self.variables = {**os.environ, **databases(folder), "ASSISTANT_PORT": str(self.port), **settings}
        self.start()

    def start(self) -> None:
        """Start the process, or start it again after its end: same databases, same port, a new log."""
        with self.log.open("w") as output:
            self.process = subprocess.Popen([sys.executable, "-m", "assistant.server"], cwd=PROJECT, env=self.variables,
                                            start_new_session=True, stdout=output, stderr=subprocess.STDOUT)
        try:
            wait_for(lambda: "is ready" in self.log.read_text(), 180, self.process)
        except AssertionError:
            end(self.process)
            raise

    def say(self, sender: str, text: str) -> list[dict[str, Any]]:
        """The messages that answer `text`."""
        answer = self.client.post("/webhooks/rest/webhook", json={"sender": sender, "message": text})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def slots(self, sender: str) -> dict[str, Any]:
        """What the conversation remembers."""
        return self.client.get(f"/conversations/{sender}/tracker?include_events=NONE").json()["slots"]


def databases(folder: Path) -> dict[str, str]:
    """Settings for a conversation and a knowledge database in `folder`; the second one is filled."""
    shutil.copy(Path(_built().name) / "knowledge.db", folder)
    return {"TRACKER_DATABASE_URL": f"sqlite:///{folder}/conversations.db", "KNOWLEDGE_DATABASE_URL": f"sqlite:///{folder}/knowledge.db"}


@cache
def _built() -> TemporaryDirectory:
    """A folder, gone at the end, with a knowledge database of the present content."""
    folder = TemporaryDirectory(prefix="knowledge-")
    subprocess.run([sys.executable, "-m", "knowledge", "build"], cwd=PROJECT, check=True, timeout=60, stdout=subprocess.DEVNULL,
                   env={**os.environ, "KNOWLEDGE_DATABASE_URL": f"sqlite:///{folder.name}/knowledge.db"})
    return folder


@dataclass
class Talk:
    """One conversation. Every message gets an answer, or the test fails."""

    server: Server
    sender: str
    answers: list[list[dict[str, Any]]] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def __call__(self, *messages: str) -> str:
        """Send the messages; the words of the last answer."""
        for message in messages:
            before = time.perf_counter()
            answer = self.server.say(self.sender, message)
            self.seconds.append(time.perf_counter() - before)
            assert any(part.get("text", "").strip() for part in answer), f"no words in answer to {message!r}: {answer}"
            self.answers.append(answer)
        return self.text

    @property
    def text(self) -> str:
        """The words of the last answer; none before the first one."""
        return "\n".join(part["text"] for answer in self.answers[-1:] for part in answer if part.get("text"))

    @property
    def slots(self) -> dict[str, Any]:
        return self.server.slots(self.sender)

    @property
    def assessment(self) -> dict[str, Any]:
        return self.slots["assessment"] or {}

    @property
    def urgency(self) -> str | None:
        """The urgency that was given; None while none was."""
        return self.assessment.get("urgency")

    @property
    def question(self) -> str:
        return self.slots["follow_up_question"] or ""

    @property
    def risks(self) -> list[str]:
        return [risk["id"] for risk in self.assessment.get("risks", [])]

    @property
    def medicines(self) -> dict[str, str]:
        """Medicine id to status."""
        return {use["id"]: use["status"] for use in self.slots["medicines"] or []}

    @property
    def findings(self) -> dict[str, str]:
        """Symptom id to present, denied or unclear."""
        return {finding["id"]: finding["status"] for finding in self.slots["findings"] or []}

    def is_at_least(self, urgency: str) -> bool:
        return rank(self.urgency) >= rank(urgency)
