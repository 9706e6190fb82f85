"""Conversations through the trained model and the real REST channel, on a server of the tests' own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from processes import PROJECT, end
from talks import Server, Talk


@pytest.fixture(scope="session")
def trained() -> None:
    """A model for the present data."""
    subprocess.run([sys.executable, "-m", "assistant.training"], cwd=PROJECT, check=True, timeout=240)


@pytest.fixture(scope="session")
def server(trained: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all conversations."""
    started = Server(tmp_path_factory.mktemp("server"))
    yield started
    end(started.process)


@pytest.fixture
def new_talk(server: Server) -> Callable[[], Talk]:
    """Begins a conversation nobody had before."""
    return lambda: Talk(server, uuid4().hex)


@pytest.fixture
def talk(new_talk: Callable[[], Talk]) -> Talk:
    """`talk("hello", "on ocrevus")` sends messages one after the other."""
    return new_talk()
