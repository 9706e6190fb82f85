"""The whole assistant behind its channels, as `make run` starts it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest
from processes import PROJECT, end
from talks import Server


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One assistant for all tests of this folder."""
    subprocess.run([sys.executable, "-m", "assistant.training"], cwd=PROJECT, check=True, timeout=240)
    started = Server(tmp_path_factory.mktemp("assistant"))
    yield started
    end(started.process)
