"""What people want, as the trained model with the project's own component says it, on all labelled messages."""

from pathlib import Path

import yaml
from loops import Loop
from rasa.core.agent import Agent

from assistant.training import model_file

LABELLED = sorted((Path(__file__).parents[1] / "language" / "intents").glob("*.yml"))


def test_intents_of_the_labelled_messages(trained: None) -> None:
    agent, loop = Agent.load(str(model_file())), Loop()
    wrong, count = [], 0
    for message in (message for path in LABELLED for message in yaml.safe_load(path.read_text("utf-8"))):
        wanted = message["intent"] if isinstance(message["intent"], list) else [message["intent"]]
        got = loop.run(agent.parse_message(message["text"]))["intent"]["name"]
        count += 1
        if got not in wanted and not (got.startswith("emergency_") and "report" in wanted):
            wrong.append((message["text"], wanted, got))
    loop.close()
    assert len(wrong) <= 0.03 * count, wrong
