"""The whole assistant behind its channels, as `make run` starts it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest
from homeserver import MISSING, PYTHON, Homeserver, Patients
from processes import PROJECT, end, free_port
from standins import Hooks, Providers
from talks import Server


@pytest.fixture(scope="session")
def homeserver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Homeserver | None]:
    """A Matrix home server; None where Synapse is missing."""
    if not PYTHON.exists():
        yield None
        return
    running = Homeserver(tmp_path_factory.mktemp("synapse"))
    yield running
    running.stop()


@pytest.fixture(scope="session")
def patients(homeserver: Homeserver | None) -> Iterator[Patients | None]:
    """The people who use Matrix."""
    running = Patients(homeserver) if homeserver else None
    yield running
    if running:
        running.process.kill()


@pytest.fixture(scope="session")
def server(
    tmp_path_factory: pytest.TempPathFactory, homeserver: Homeserver | None, patients: Patients | None
) -> Iterator[Server]:
    """One assistant with all its channels on."""
    subprocess.run([sys.executable, "-m", "assistant.training"], cwd=PROJECT, check=True, timeout=240)
    providers, port = Providers(), free_port()
    providers.start()
    settings = providers.settings(port)
    if homeserver:
        settings = {**settings, **homeserver.settings("bot"), "ASSISTANT_CHANNELS": f"{settings['ASSISTANT_CHANNELS']},matrix"}
    started = Server(tmp_path_factory.mktemp("assistant"), ASSISTANT_PORT=str(port), **settings)
    started.providers, started.patients = providers, patients  # type: ignore[attr-defined]
    yield started
    end(started.process)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not PYTHON.exists():
        terminalreporter.section(MISSING, red=True, bold=True)


@pytest.fixture
def providers(server: Server) -> Providers:
    """The stand-ins that the assistant talks to."""
    return server.providers  # type: ignore[attr-defined]


@pytest.fixture
def hooks(server: Server) -> Hooks:
    """Calls the assistant as a provider would."""
    return Hooks(f"http://127.0.0.1:{server.port}")
