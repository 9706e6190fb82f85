"""The one process that serves everything, started as `make run` starts it."""
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from processes import PROJECT, end, free_port, wait_for

from knowledge import schema
from knowledge.database import Store

TOKEN = "a-token-of-good-length"
SLOW_TURN = 2.0  # seconds
SECRET = "a-secret-of-a-good-length-0123456789"


class Server:
    """A running server: its address, its process and what it has written."""

    def __init__(self, variables: dict[str, str], log: Path) -> None:
        port = free_port()
        self.url, self.log = f"http://127.0.0.1:{port}", log
        with log.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "assistant.server"], cwd=PROJECT, start_new_session=True,
                env={**variables, "ASSISTANT_PORT": str(port)}, stdout=output, stderr=subprocess.STDOUT,
            )
        wait_for(lambda: "The assistant is ready" in self.written(), 90, self.process)

    def written(self) -> str:
        return self.log.read_text()

    def request(self, method: str, path: str, **options: object) -> httpx.Response:
        return httpx.request(method, self.url + path, timeout=30, **options)

    def say(self, text: str, sender: str = "somebody") -> httpx.Response:
        return self.request("POST", "/webhooks/rest/webhook", json={"sender": sender, "message": text})


Serve = Callable[..., Server]


@pytest.fixture
def serve(model: Path, environment: dict[str, str], tmp_path: Path) -> Iterator[Serve]:
    """`serve(NAME="value")` starts a server with these settings; it is ended with the test."""
    servers: list[Server] = []

    def start(**variables: str) -> Server:
        servers.append(Server({**environment, **variables}, tmp_path / f"server{len(servers)}.log"))
        return servers[-1]

    yield start
    for server in servers:
        end(server.process)


def test_everything_is_served_by_one_process(serve: Serve) -> None:
    server = serve()
    home = server.request("GET", "/")
    assert home.status_code == 302 and home.headers["location"] == "/chat/"
    assert server.request("GET", "/chat/").status_code == 200
    assert any(message.get("text") for message in server.say("hello").json())
    assert server.request("POST", "/model/parse", json={"text": "hello"}).json()["intent"]["name"]
    assert server.request("GET", "/conversations/somebody/tracker").json()["latest_message"]["text"] == "hello"
    server.process.terminate()
    assert server.process.wait(15) == 0


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/conversations/somebody/tracker/events"),
        ("PUT", "/conversations/somebody/tracker/events"),
        ("POST", "/conversations/somebody/trigger_intent"),
        ("GET", "/conversations/somebody/story"),
        ("POST", "/model/train"),
        ("PUT", "/model"),
        ("DELETE", "/model"),
        ("GET", "/domain"),
        ("GET", "/status"),
    ],
)
def test_the_rest_of_rasas_api_is_not_there(shared_server: Server, method: str, path: str) -> None:
    assert shared_server.request(method, path).status_code == 404


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A knowledge database of the test's own, with the present content as its active release."""
    store = Store(f"sqlite:///{tmp_path_factory.mktemp('knowledge')}/knowledge.db")
    store.migrate()
    store.activate(store.add(schema.load()).id)
    return store


@pytest.fixture(scope="module")
def shared_server(model: Path, store: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("server")
    databases = {"TRACKER_DATABASE_URL": f"sqlite:///{folder}/conversations.db", "KNOWLEDGE_DATABASE_URL": store.url}
    server = Server({**os.environ, **databases}, folder / "server.log")
    yield server
    end(server.process)


def test_the_words_of_a_newly_activated_release_are_read_without_a_restart_or_a_slow_turn(shared_server: Server, store: Store) -> None:
    content = schema.load()
    dizziness = next(symptom for symptom in content["symptoms"] if symptom["id"] == "dizziness")
    dizziness["phrases"].append("collywobbled upstairs")  # nobody's words yet
    store.activate(store.add(content, "a new phrase").id)
    turns, end_at = [], time.monotonic() + 60
    while time.monotonic() < end_at and "dizziness" not in _symptoms_read(shared_server, "feeling collywobbled upstairs"):
        began = time.monotonic()
        turns.append((shared_server.say("on ocrevus, my legs are numb", f"patient {len(turns)}").json(), time.monotonic() - began))
    assert "dizziness" in _symptoms_read(shared_server, "feeling collywobbled upstairs")
    assert all(answer and answer[0]["text"] for answer, _ in turns)
    assert max(seconds for _, seconds in turns) < SLOW_TURN
    store.roll_back()


def _symptoms_read(server: Server, text: str) -> set[str]:
    entities = server.request("POST", "/model/parse", json={"text": text}).json()["entities"]
    return {entity["value"] for entity in entities if entity["entity"] == "symptom"}


def test_a_page_elsewhere_cannot_read_conversations_under_its_own_name(shared_server: Server) -> None:
    answer = shared_server.request("GET", "/conversations/somebody/tracker", headers={"host": "evil.example"})
    assert answer.status_code == 401


def test_production_is_closed_without_a_token(serve: Serve) -> None:
    server = serve(ASSISTANT_ENV="production", ASSISTANT_SECRET=SECRET)
    assert server.request("GET", "/conversations/somebody/tracker").status_code == 404
    assert server.request("POST", "/model/parse", json={"text": "hello"}).status_code == 404
    assert server.say("hello").status_code in {401, 403, 404}
    assert server.request("GET", "/chat/").status_code == 200


def test_a_token_opens_it_and_is_not_logged(serve: Serve) -> None:
    server = serve(ASSISTANT_ENV="production", ASSISTANT_SECRET=SECRET, ASSISTANT_API_TOKEN=TOKEN)
    path = "/model/parse"
    assert server.request("POST", path, json={"text": "hello"}).status_code == 401
    bearer = {"authorization": f"Bearer {TOKEN}"}
    assert server.request("POST", path, json={"text": "hello"}, headers=bearer).status_code == 200
    assert server.request("POST", f"{path}?token={TOKEN}", json={"text": "hello"}).status_code == 200
    assert server.request("POST", f"{path}?token={TOKEN}", content="{").status_code >= 400
    assert TOKEN not in server.written()


def refuses_in_words(server: Server) -> None:
    """The patient gets the number to call, and the log neither what was said nor a password."""
    answers = [message.get("text", "") for message in server.say("CANARY my legs are numb").json()]
    assert "999" in " ".join(answers), answers
    assert "CANARY" not in server.written() and "PASSWORD" not in server.written()


def test_what_a_patient_gets_and_the_log_does_not_while_the_action_server_is_away(serve: Serve) -> None:
    refuses_in_words(serve(ACTION_SERVER_URL="http://127.0.0.1:9/webhook"))


def test_an_emergency_is_answered_while_the_database_is_away_and_anything_else_is_refused_in_words(serve: Serve) -> None:
    server = serve(TRACKER_DATABASE_URL="postgresql+psycopg2://somebody:PASSWORD@127.0.0.1:9/nothing")
    refuses_in_words(server)
    answers = " ".join(message.get("text", "") for message in server.say("I can't breathe, my lips are blue").json())
    unclear = " ".join(message.get("text", "") for message in server.say("hello").json())
    assert answers != unclear and "call" in answers.lower(), answers


def test_without_a_model_it_says_what_to_do(environment: dict[str, str], tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import os, sys; sys.path.insert(0, os.environ['PROJECT']); "
         "from assistant.server import main; main()"],
        cwd=tmp_path, env={**environment, "PROJECT": str(PROJECT)}, capture_output=True, text=True, timeout=60,
    )
    assert done.returncode != 0 and "make train" in done.stderr
