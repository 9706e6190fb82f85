"""Rasa's default pipeline (DIET), trained and asked in its own Python 3.10: `python diet.py TASK.json ANSWERS.json`.

Imports nothing of the project: the task holds the training data and the messages. A model is kept beside this Python and trained again
only for other data. Called by `bench.language`.
"""

import asyncio
import hashlib
import json
import os
import sys
from pathlib import Path

os.environ.update(RASA_TELEMETRY_ENABLED="false", TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="-1", LOG_LEVEL="WARNING")
MODELS = Path(sys.prefix) / "models"
# The pipeline that `rasa init` writes with Rasa 3.6, without the response selector, which has nothing to select here. Its 100 epochs are
# cut to 15: with the project's many names and phrases an epoch takes about a minute.
CONFIG = """
recipe: default.v1
language: en
pipeline:
- name: WhitespaceTokenizer
- name: RegexFeaturizer
- name: LexicalSyntacticFeaturizer
- name: CountVectorsFeaturizer
- {name: CountVectorsFeaturizer, analyzer: char_wb, min_ngram: 1, max_ngram: 4}
- {name: DIETClassifier, epochs: 15, constrain_similarities: true, random_seed: 7}
- name: EntitySynonymMapper
- {name: FallbackClassifier, threshold: 0.3, ambiguity_threshold: 0.1}
"""


def trained(nlu: str) -> str:
    """The file of the model for this data."""
    from rasa.model_training import train_nlu

    model = MODELS / f"{hashlib.sha256((CONFIG + nlu).encode()).hexdigest()[:16]}.tar.gz"
    if not model.exists():
        Path("config.yml").write_text(CONFIG)
        Path("nlu.yml").write_text(nlu)
        train_nlu("config.yml", "nlu.yml", str(MODELS), fixed_model_name=model.name)
    return str(model)


async def answers(model: str, messages: "list[str]") -> "dict[str, dict]":
    """Intent and entities of each message."""
    from rasa.core.agent import Agent

    agent, found = Agent.load(model), {}
    for text in messages:
        parsed = await agent.parse_message(text)
        entities = [{key: entity[key] for key in ("entity", "value")} for entity in parsed["entities"]]
        found[text] = {"intent": parsed["intent"]["name"], "entities": entities}
    return found


def main(task_file: str, answers_file: str) -> None:
    """Train if needed, then write the answers."""
    task = json.loads(Path(task_file).read_text())
    Path(answers_file).write_text(json.dumps(asyncio.run(answers(trained(task["nlu"]), task["messages"]))))


if __name__ == "__main__":
    main(*sys.argv[1:])
