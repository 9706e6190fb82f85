"""The `rasa` commands run on the project as a Rasa user would run them, each in a process session of its own.

Sanic ends its whole process group in some failures: without a session of its own that would be the tests' own group.
"""
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from processes import PROJECT, end

RASA = Path(sys.executable).with_name("rasa")


@pytest.fixture(scope="session")
def model() -> Path:
    """The model for the present data; trained if it is not there."""
    subprocess.run([sys.executable, "-m", "assistant.training"], cwd=PROJECT, check=True, timeout=240)
    from assistant.training import model_file

    os.chdir(PROJECT)
    return PROJECT / model_file()


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Variables for a command: conversations go to a database of the test's own."""
    return {
        **os.environ,
        "RASA_TELEMETRY_ENABLED": "false",
        "TRACKER_DATABASE_URL": f"sqlite:///{tmp_path}/conversations.db",
    }


Start = Callable[..., subprocess.Popen]


@pytest.fixture
def start(environment: dict[str, str], tmp_path: Path) -> Iterator[Start]:
    """`start("run", "--port", "1")` starts a rasa command in its own session; it is ended with the test."""
    running: list[subprocess.Popen] = []

    def start_command(*arguments: object, **options: object) -> subprocess.Popen:
        process = subprocess.Popen(
            [str(RASA), *map(str, arguments)],
            **{"cwd": PROJECT, "env": environment, "start_new_session": True, **_to_file(tmp_path), **options},
        )
        running.append(process)
        return process

    yield start_command
    for process in running:
        end(process)


@pytest.fixture
def rasa(environment: dict[str, str]) -> Callable[..., subprocess.CompletedProcess]:
    """`rasa("train")` runs a command to its end and returns it with its output (standard error included)."""

    def run(*arguments: object, **options: object) -> subprocess.CompletedProcess:
        return subprocess.run(
            [str(RASA), *map(str, arguments)], cwd=PROJECT, env=environment, start_new_session=True, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=240, **options,
        )

    return run


def _to_file(folder: Path) -> dict[str, object]:
    log = (folder / "output.log").open("a")
    return {"stdin": subprocess.DEVNULL, "stdout": log, "stderr": subprocess.STDOUT}
