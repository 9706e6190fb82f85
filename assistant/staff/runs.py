"""Stories played in a process of their own, which gives way to patients' turns; one run at a time."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import signal
import sys
import tempfile
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from assistant.stories import compare
from assistant.stories.play_file import RESULTS, STORIES
from assistant.stories.result import Result
from assistant.stories.story import Story
from assistant.training import model_file

KEPT_RUNS = 10


@dataclass
class Run:
    """One run: of the present content, or of two releases one after the other."""

    title: str
    stories: list[Story]
    releases: list[tuple[str, dict[str, Any]]]  # name and content; the last one is what is shown
    known: dict[str, str]  # failures that are known, with the reason
    key: str = field(default_factory=lambda: secrets.token_urlsafe(6))
    began: datetime = field(default_factory=lambda: datetime.now().astimezone())
    done: int = 0
    results: list[Result] = field(default_factory=list)
    changes: list[compare.Change] | None = None
    problem: str = ""
    ended: bool = False

    @property
    def total(self) -> int:
        """How many times a story is played in all."""
        return len(self.stories) * len(self.releases)

    def state_of(self, result: Result) -> str:
        """Passed, failed or known."""
        return "passed" if result.passed else "known" if result.story.path in self.known else "failed"

    def in_state(self, state: str) -> list[Result]:
        """The results in this state."""
        return [result for result in self.results if self.state_of(result) == state]

    def result(self, path: str) -> Result | None:
        """How one story went."""
        return next((result for result in self.results if result.story.path == path), None)


class Runs:
    """The last runs, newest first."""

    def __init__(self) -> None:
        """Nothing runs yet."""
        self._runs: OrderedDict[str, Run] = OrderedDict()
        self._task: asyncio.Task[None] | None = None
        self._process: asyncio.subprocess.Process | None = None

    @property
    def all(self) -> list[Run]:
        """Newest first."""
        return list(self._runs.values())[::-1]

    def get(self, key: str) -> Run | None:
        """The run of this key; None when it is gone."""
        return self._runs.get(key)

    @property
    def busy(self) -> Run | None:
        """The run that goes on."""
        return next((run for run in self._runs.values() if not run.ended), None)

    def start(self, run: Run) -> None:
        """Begin a run. Raises RuntimeError while another one goes on."""
        if self.busy:
            raise RuntimeError("another run goes on")
        self._runs[run.key] = run
        while len(self._runs) > KEPT_RUNS:
            self._runs.popitem(last=False)
        self._task = asyncio.create_task(self._go(run))

    def stop(self) -> None:
        """End what runs, with all processes it started."""
        if self._process and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)

    async def _go(self, run: Run) -> None:
        try:
            if not model_file().exists():
                raise RuntimeError("The content or the training data changed since the model was trained. Run `make train` first.")
            played = [await self._play(run, content) for _, content in run.releases]
            run.results = played[-1]
            if len(played) > 1:
                run.changes = compare.changes(*played)
        except RuntimeError as error:
            run.problem = str(error)
        except Exception as error:  # whatever it was, the page must say that the run is over
            run.problem = f"The run ended early: {type(error).__name__}."
        finally:
            run.ended = True

    async def _play(self, run: Run, content: dict[str, Any]) -> list[Result]:
        with tempfile.TemporaryDirectory(prefix="staff-run-") as name:
            stories, data, results = (Path(name) / file for file in ("stories.json", "content.json", "results.json"))
            stories.write_bytes(STORIES.dump_json(run.stories))
            data.write_bytes(orjson.dumps(content))
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "assistant.stories.play_file", str(stories), str(results), str(data),
                stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip
            assert self._process.stdout is not None
            async for _ in self._process.stdout:  # one line for each story that has ended
                run.done += 1
            if await self._process.wait():
                raise RuntimeError("The run was ended from outside, or the stories could not be played.")
            return await asyncio.to_thread(RESULTS.validate_json, results.read_bytes())
