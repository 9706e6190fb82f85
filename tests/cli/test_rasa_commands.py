"""Each `rasa` command does on this project what a Rasa user expects of it."""
import json
import os
import pty
import select
import subprocess
import tarfile
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
import yaml
from processes import free_port, listens, wait_for

Run = Callable[..., subprocess.CompletedProcess]
Start = Callable[..., subprocess.Popen]


def test_train_makes_a_model(rasa: Run, tmp_path: Path) -> None:
    done = rasa("train", "--out", tmp_path, "--fixed-model-name", "made")
    assert done.returncode == 0, done.stdout
    with tarfile.open(tmp_path / "made.tar.gz") as archive:
        assert any(name.endswith("metadata.json") for name in archive.getnames())


def test_data_validate_finds_nothing_wrong(rasa: Run) -> None:
    done = rasa("data", "validate")
    assert done.returncode == 0, done.stdout
    told = [line for line in done.stdout.splitlines() if "rasa" in line and "UserWarning" in line and "pkg_resources" not in line]
    assert not told, "Rasa warns of an unused utterance or intent, and exits with 0 all the same"


def test_data_validate_fails_on_a_broken_rule(rasa: Run, tmp_path: Path) -> None:
    (tmp_path / "rules.yml").write_text(
        'version: "3.1"\nrules:\n- rule: wrong\n  steps: [{intent: greet}, {action: utter_that_nobody_wrote}]\n'
    )
    done = rasa("data", "validate", "--fail-on-warnings", "--data", tmp_path)
    assert done.returncode != 0 and "utter_that_nobody_wrote" in done.stdout


def test_test_plays_a_few_stories_and_all_come_as_they_say(rasa: Run, model: Path, tmp_path: Path) -> None:
    told = yaml.safe_load(Path("tests/test_stories.yml").read_text())
    few = tmp_path / "test_few.yml"
    few.write_text(yaml.safe_dump({**told, "stories": told["stories"][::16]}))
    done = rasa("test", "core", "--no-plot", "--model", model, "--stories", few, "--out", tmp_path)
    assert done.returncode == 0, done.stdout
    accuracy = json.loads((tmp_path / "story_report.json").read_text())["conversation_accuracy"]
    assert accuracy["correct"] == accuracy["total"] > 4


@pytest.mark.long
def test_test_finds_the_stories_and_all_come_as_they_say(rasa: Run, model: Path, tmp_path: Path) -> None:
    done = rasa("test", "--no-plot", "--model", model, "--out", tmp_path)
    assert done.returncode == 0, done.stdout
    told = json.loads((tmp_path / "story_report.json").read_text())["conversation_accuracy"]
    assert told["correct"] == told["total"] > 50
    assert (tmp_path / "intent_report.json").exists()


def test_run_with_run_actions_answers_over_rest(start: Start, model: Path, tmp_path: Path) -> None:
    port, actions_port = free_port(), free_port()
    endpoints = tmp_path / "endpoints.yml"
    endpoints.write_text(Path("endpoints.yml").read_text().replace(":5055/", f":{actions_port}/"))
    actions = start("run", "actions", "--port", actions_port)
    server = start("run", "--interface", "127.0.0.1", "--port", port, "--model", model, "--endpoints", endpoints)
    wait_for(lambda: listens(actions_port), 60, actions)
    wait_for(lambda: listens(port), 90, server)

    def say(text: str) -> list[dict]:
        url = f"http://127.0.0.1:{port}/webhooks/rest/webhook"
        return httpx.post(url, json={"sender": "somebody", "message": text}, timeout=30).raise_for_status().json()

    assert any(message.get("text") for message in say("hello"))
    # Rasa sends a service-problem sentence when no action server answers: here one does.
    replies = say("my legs are numb")
    assert replies and "went wrong" not in str(replies).lower()
    server.terminate()
    assert server.wait(15) == 0, "a request to stop ends it properly"


def test_run_is_not_reachable_from_outside_by_default() -> None:
    """`make run` binds to this machine only; `rasa run` needs `--interface 127.0.0.1`, as the README says."""
    from assistant.settings import Settings

    assert Settings(_env_file=None).host == "127.0.0.1"


def test_shell_answers(start: Start, model: Path) -> None:
    shell = start(
        "shell", "--port", free_port(), "--model", model, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    said, _ = shell.communicate("hello\n/stop\n", timeout=120)
    assert shell.returncode == 0
    after_the_banner = said.partition("Bot loaded")[2]
    assert len(after_the_banner.splitlines()) > 1, said


def test_shell_nlu_prints_what_it_understood(rasa: Run, model: Path) -> None:
    done = rasa("shell", "nlu", "--model", model, input="hello\n/stop\n")
    assert '"intent"' in done.stdout, done.stdout


def test_interactive_starts_and_asks_for_a_message(start: Start, model: Path) -> None:
    ours, theirs = pty.openpty()
    interactive = start(
        "interactive", "--skip-visualization", "--port", free_port(), "--model", model,
        stdin=theirs, stdout=theirs, stderr=theirs,
    )
    os.close(theirs)
    screen = ""
    deadline = time.monotonic() + 150
    while "Your input" not in screen and time.monotonic() < deadline:
        assert interactive.poll() is None, screen
        if select.select([ours], [], [], 1)[0]:
            screen += os.read(ours, 65536).decode(errors="replace")
    assert "Your input" in screen, screen
    os.close(ours)
