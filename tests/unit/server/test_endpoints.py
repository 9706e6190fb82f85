"""Custom actions: in the process and over HTTP, and what the patient reads when they fail."""
import socket
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from loops import in_its_own_loop
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from assistant import endpoints
from assistant.endpoints import InProcessActions, RemoteActions, prepare_rasa, safe_answer
from knowledge.clinic import load_clinic

ACTIONS = '''
import asyncio
from rasa_sdk import Action
from rasa_sdk.events import SlotSet

class Take(Action):
    def name(self): return "take"
    def run(self, dispatcher, tracker, domain):
        findings = tracker.get_slot("findings")
        findings.append(tracker.latest_message["text"])
        dispatcher.utter_message(text="noted")
        return [SlotSet("findings", findings)]

class Break(Action):
    def name(self): return "break"
    def run(self, dispatcher, tracker, domain): raise ValueError(tracker.latest_message["text"])

class Odd(Action):
    def name(self): return "odd"
    def run(self, dispatcher, tracker, domain): return [SlotSet("findings", {1, 2})]

class Slow(Action):
    def name(self): return "slow"
    async def run(self, dispatcher, tracker, domain): await asyncio.sleep(60)
'''


@pytest.fixture(scope="module")
def in_process(tmp_path_factory: pytest.TempPathFactory) -> InProcessActions:
    folder: Path = tmp_path_factory.mktemp("actions")
    (folder / "actions_for_endpoint_tests.py").write_text(ACTIONS)
    sys.path.insert(0, str(folder))
    prepare_rasa()
    yield InProcessActions("actions_for_endpoint_tests")
    sys.path.remove(str(folder))


@pytest.fixture
def tracker() -> DialogueStateTracker:
    domain = Domain.from_yaml(
        'version: "3.1"\nslots:\n  findings: {type: any, influence_conversation: false, mappings: [{type: custom}]}\n'
    )
    events = [UserUttered("an earlier message"), ActionExecuted("take"), SlotSet("findings", ["rash"])]
    return DialogueStateTracker.from_events("somebody", [*events, UserUttered("CANARY fever")], domain.slots)


def run(endpoint: Any, action: str, tracker: DialogueStateTracker) -> dict[str, Any]:
    """What Rasa gets when it runs the action."""
    call = RemoteAction(action, endpoint)._action_call_format(tracker, Domain.empty())
    return in_its_own_loop(endpoint.request(json=call, method="post", timeout=300, compress=False))


def test_an_action_runs_and_answers(in_process: InProcessActions, tracker: DialogueStateTracker) -> None:
    answer = run(in_process, "take", tracker)
    assert answer["responses"][0]["text"] == "noted"
    assert answer["events"][0]["value"] == ["rash", "CANARY fever"]


def test_an_action_cannot_change_the_tracker_behind_its_back(
    in_process: InProcessActions, tracker: DialogueStateTracker
) -> None:
    run(in_process, "take", tracker)
    assert tracker.get_slot("findings") == ["rash"]


@pytest.mark.parametrize("action", ["break", "odd", "nobody_wrote_this"])
def test_a_failing_action_gives_the_safe_answer_and_no_patient_text_in_the_log(
    in_process: InProcessActions, tracker: DialogueStateTracker, action: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert run(in_process, action, tracker) == safe_answer()
    assert all("CANARY" not in record.getMessage() for record in caplog.records)


def test_the_safe_answer_names_the_clinic_and_the_emergency_number() -> None:
    clinic = load_clinic()
    text = safe_answer()["responses"][0]["text"]
    assert clinic.emergency_number in text
    assert clinic.ms_team.phone in text or clinic.out_of_hours.phone in text


def test_the_safe_answer_does_not_need_a_sound_clinic_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (answer,) = safe_answer()["responses"]
    assert all(number in answer["text"] for number in ("999", "112", "911"))


def test_a_slow_action_is_given_up(
    in_process: InProcessActions, tracker: DialogueStateTracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(endpoints, "ACTION_SECONDS", 0.1)
    started = time.monotonic()
    assert run(in_process, "slow", tracker) == safe_answer()
    assert time.monotonic() - started < 1


def test_a_call_holds_this_turn_only(in_process: InProcessActions, tracker: DialogueStateTracker) -> None:
    call = RemoteAction("take", in_process)._action_call_format(tracker, Domain.empty())
    assert [event["text"] for event in call["tracker"]["events"]] == ["CANARY fever"]
    assert call["tracker"]["slots"]["findings"] == ["rash"]


def test_an_answer_is_not_checked_again_by_rasa(in_process: InProcessActions, tracker: DialogueStateTracker) -> None:
    """Its check of the same schema at every call took 17 ms of processor time: here it lets even a wrong answer through unread."""
    action = RemoteAction("take", in_process)
    assert action._validate_action_result(run(in_process, "take", tracker))
    assert action._validate_action_result({"events": "no list", "responses": 1})


def test_an_action_server_that_is_away_gives_the_safe_answer(
    in_process: InProcessActions, tracker: DialogueStateTracker
) -> None:
    assert run(RemoteActions(url="http://127.0.0.1:9/webhook"), "take", tracker) == safe_answer()


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, {"error": "CANARY"}),
        (400, {"action_name": "take"}),
        (200, {"events": [{"no": "event"}]}),
        (200, []),
        (200, None),
    ],
)
def test_an_action_server_that_answers_nonsense_gives_the_safe_answer(
    in_process: InProcessActions, tracker: DialogueStateTracker, status: int, body: Any, unused_tcp_port: int
) -> None:
    assert in_its_own_loop(_ask_server(tracker, status, body, unused_tcp_port)) == safe_answer()


def test_an_action_server_that_answers_is_believed(
    in_process: InProcessActions, tracker: DialogueStateTracker, unused_tcp_port: int
) -> None:
    body = {"events": [], "responses": [{"text": "noted"}]}
    assert in_its_own_loop(_ask_server(tracker, 200, body, unused_tcp_port)) == body


async def _ask_server(tracker: DialogueStateTracker, status: int, body: Any, port: int) -> dict[str, Any]:
    async def respond(_request: web.Request) -> web.Response:
        return web.json_response(body, status=status)

    app = web.Application()
    app.router.add_post("/webhook", respond)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        endpoint = RemoteActions(url=f"http://127.0.0.1:{port}/webhook")
        return await endpoint.request(json=RemoteAction("take", endpoint)._action_call_format(tracker, Domain.empty()))
    finally:
        await runner.cleanup()


@pytest.fixture
def unused_tcp_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]
