"""Each red flag is answered while the action server or a database is away, and nothing learnt before is lost.

`make test` meets each flag in one state for each thing that is away, `make test-long` in all of them.
"""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import cycle
from pathlib import Path
from uuid import uuid4

import pytest
from flags import FLAG_MESSAGES, FOR_TODAY, STATES
from processes import PROJECT, end, free_port, listens, wait_for
from talks import Server, Talk

from knowledge import schema
from knowledge.urgency import rank

Meeting = tuple[str, str]  # state and flag
BEGUN = ("first message", "danger", "after an answer", "after an emergency")
SAID = {**FLAG_MESSAGES, "for today": FOR_TODAY["new_weakness_cannot_walk"]}
ALL = [(state, flag) for state in BEGUN for flag in SAID]
IN_TURN = list(zip(cycle(BEGUN), SAID, strict=False))  # each flag in one of the states
some_and_all = pytest.mark.parametrize(
    "meetings", [pytest.param(IN_TURN, id="in turn"), pytest.param(ALL, id="all", marks=pytest.mark.long)])
URGENT_WORDS = ("999", "today", "same-day", "same day")


@contextmanager
def action_server(port: int, server: Server) -> Iterator[None]:
    """`rasa run actions` on this port, with the databases of `server`."""
    log = server.log.with_name("actions.log").open("a")
    process = subprocess.Popen(
        [str(Path(sys.executable).with_name("rasa")), "run", "actions", "--actions", "actions", "--port", str(port)],
        cwd=PROJECT, env={**server.variables, "RASA_TELEMETRY_ENABLED": "false"},
        start_new_session=True, stdout=log, stderr=subprocess.STDOUT)
    try:
        wait_for(lambda: listens(port), 60, process)
        yield
    finally:
        end(process)


@contextmanager
def table_away(database: Path, table: str) -> Iterator[None]:
    """Every access of this table fails, as it does when a database is away; at the end it is back with all its rows."""
    rename(database, table, f"{table}_away")
    try:
        yield
    finally:
        rename(database, f"{table}_away", table)


def rename(database: Path, old: str, new: str) -> None:
    with closing(sqlite3.connect(database, timeout=10)) as connection:
        connection.execute(f"ALTER TABLE {old} RENAME TO {new}")
        connection.commit()


def begin(server: Server, meetings: list[Meeting]) -> dict[Meeting, Talk]:
    """A conversation for each meeting of a state and a flag, led into its state."""
    talks = {meeting: Talk(server, uuid4().hex) for meeting in meetings}
    for (state, _), talk in talks.items():
        talk(*STATES[state])
    assert {flag for _, flag in talks} == set(SAID) and {state for state, _ in talks} == set(BEGUN)
    return talks


def warns(text: str, flag: str) -> bool:
    """The urgency in words; for a flag that is for today also whom to call today, without an emergency spoken into it."""
    if flag == "for today":
        return "team today" in text and "01632" in text and "999" in text and not text.startswith("Call 999")
    return any(words in text.lower() for words in URGENT_WORDS)


def named(flag: str) -> str:
    return "new_weakness_cannot_walk" if flag == "for today" else flag


@pytest.fixture
def level() -> dict[str, str]:
    return {"for today": "same_day", **{flag["id"]: flag["urgency"] for flag in schema.load()["red_flags"]}}


@some_and_all
def test_action_server_away_and_back(trained: None, tmp_path: Path, level: dict[str, str], meetings: list[Meeting]) -> None:
    port = free_port()
    server = Server(tmp_path, ACTION_SERVER_URL=f"http://127.0.0.1:{port}/webhook")
    try:
        with action_server(port, server):
            talks = begin(server, meetings)
            known = {key: talk.medicines for key, talk in talks.items()}
        for (_, flag), talk in talks.items():
            assert warns(talk(SAID[flag]), flag), (flag, talk.text)
            assert "999" in talk("ok"), talk.text
        with action_server(port, server):
            for (state, flag), talk in talks.items():
                talk("ok")
                assert rank(talk.urgency) >= rank(level[flag]), (state, flag, talk.text)
                assert known[state, flag].items() <= talk.medicines.items()
    finally:
        end(server.process)


@pytest.mark.parametrize(("file", "table"), [("conversations.db", "events"), ("knowledge.db", "activations")])
@some_and_all
def test_database_away_and_back(
    trained: None, tmp_path: Path, level: dict[str, str], file: str, table: str, meetings: list[Meeting]
) -> None:
    """What was said while it was away is known once it is back: kept in memory, or by Rasa's own slot."""
    server = Server(tmp_path)
    try:
        talks = begin(server, meetings)
        known = {key: talk.medicines for key, talk in talks.items()}
        with table_away(tmp_path / file, table):
            for (_, flag), talk in talks.items():
                assert warns(talk(SAID[flag]), flag), (flag, talk.text)
                assert "999" in talk("hello there"), talk.text
        for (state, flag), talk in talks.items():
            talk("ok")
            assert rank(talk.urgency) >= rank(level[flag]), (state, flag, talk.text)
            if table == "events":  # Rasa's slot holds one flag of a message
                assert named(flag) in talk.slots["context"]["red_flags"], (state, flag)
            assert known[state, flag].items() <= talk.medicines.items(), (state, flag)
    finally:
        end(server.process)
