"""What a change of content, language or code does to the advice: the same stories before and after."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from assistant.stories.play_file import RESULTS, STORIES
from assistant.stories.result import Result
from assistant.stories.story import Story
from knowledge.urgency import rank


class NoSuchVersion(Exception):
    """The git ref is not known, or that version cannot be run."""


@dataclass
class Change:
    """One story whose advice differs. `steps` holds each step's urgency before and after, where they differ."""

    path: str
    steps: list[tuple[int, str | None, str | None]]
    first_risk: tuple[str | None, str | None]

    @property
    def falls(self) -> bool:
        """Whether the urgency is lower than before at any step."""
        return any(rank(after) < rank(before) for _, before, after in self.steps)

    def __str__(self) -> str:
        steps = ", ".join(f"{before or 'none yet'} → {after or 'none yet'} at step {number + 1}" for number, before, after in self.steps)
        risk = "first risk {} → {}".format(*(item or "none" for item in self.first_risk)) if len(set(self.first_risk)) > 1 else ""
        return f"{self.path}: {'; '.join(filter(None, (steps, risk)))}"


def against(ref: str, now: list[Result]) -> list[Change]:
    """The changes in advice from the git ref to `now`, those with a falling urgency first. Raises NoSuchVersion."""
    return changes(play_at(ref, [result.story for result in now]), now)


def changes(before: list[Result], now: list[Result]) -> list[Change]:
    """The stories whose urgency or first risk differs."""
    found = []
    for old, new in zip(before, now, strict=True):
        pairs = enumerate(zip(old.urgencies, new.urgencies, strict=True))
        change = Change(new.story.path, [(step, *pair) for step, pair in pairs if pair[0] != pair[1]], (_first_risk(old), _first_risk(new)))
        if change.steps or len(set(change.first_risk)) > 1:
            found.append(change)
    return sorted(found, key=lambda change: not change.falls)


def play_at(ref: str, stories: list[Story]) -> list[Result]:
    """The stories as that version answers them: its code, its content, and a model trained from its data."""
    with _checkout(ref) as folder:
        shutil.rmtree(folder / "assistant/stories", ignore_errors=True)
        shutil.copytree(Path(__file__).parent, folder / "assistant/stories")  # the present runner on the older assistant
        files = folder / "stories.json", folder / "results.json"
        files[0].write_bytes(STORIES.dump_json(stories))
        for module, *arguments in (("assistant.training",), ("assistant.stories.play_file", *map(str, files))):
            ran = subprocess.run([sys.executable, "-m", module, *arguments], cwd=folder, env={**os.environ, "PYTHONPATH": str(folder)},
                                 capture_output=True, text=True, check=False)
            if ran.returncode:
                reason = (ran.stderr.strip() or ran.stdout.strip()).splitlines()
                raise NoSuchVersion(f"The version {ref} cannot play the stories: {reason[-1] if reason else module}")
        return RESULTS.validate_json(files[1].read_bytes())


@contextmanager
def _checkout(ref: str) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="stories-base-") as temporary:
        folder = Path(temporary) / "base"
        added = subprocess.run(["git", "worktree", "add", "--detach", str(folder), ref], capture_output=True, text=True, check=False)
        if added.returncode:
            raise NoSuchVersion(f"git does not know the version '{ref}': {added.stderr.strip()}")
        try:
            yield folder
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", str(folder)], capture_output=True, check=False)


def _first_risk(result: Result) -> str | None:
    given = (result.turns[-1].assessment if result.turns else None) or {}
    return next((risk["id"] for risk in given.get("risks", [])), None)
