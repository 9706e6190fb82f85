"""The whole assistant behind its channels, as `make run` starts it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest
from processes import PROJECT, end, free_port
from standins import Hooks, Providers
from talks import Server


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One assistant for all tests of this folder."""
    subprocess.run([sys.executable, "-m", "assistant.training"], cwd=PROJECT, check=True, timeout=240)
    providers, port = Providers(), free_port()
    providers.start()
    started = Server(tmp_path_factory.mktemp("assistant"), ASSISTANT_PORT=str(port), **providers.settings(port))
    started.providers = providers  # type: ignore[attr-defined]
    yield started
    end(started.process)


@pytest.fixture
def providers(server: Server) -> Providers:
    """The stand-ins that the assistant talks to."""
    return server.providers  # type: ignore[attr-defined]


@pytest.fixture
def hooks(server: Server) -> Hooks:
    """Calls the assistant as a provider would."""
    return Hooks(f"http://127.0.0.1:{server.port}")
