"""Rasa's default pipeline (DIET), trained and asked in its own Python 3.10: `python diet.py TASK.json ANSWERS.json`.

Imports nothing of the project: the task holds the training data and the messages. Called by `bench.language`.
"""

import asyncio
import json
import os
import sys
from pathlib import Path

os.environ.update(RASA_TELEMETRY_ENABLED="false", TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="-1")
# The pipeline that `rasa init` writes with Rasa 3.6, without the response selector, which has nothing to select here.
CONFIG = """
recipe: default.v1
language: en
pipeline:
- name: WhitespaceTokenizer
- name: RegexFeaturizer
- name: LexicalSyntacticFeaturizer
- name: CountVectorsFeaturizer
- {name: CountVectorsFeaturizer, analyzer: char_wb, min_ngram: 1, max_ngram: 4}
- {name: DIETClassifier, epochs: 100, constrain_similarities: true, random_seed: 7}
- name: EntitySynonymMapper
- {name: FallbackClassifier, threshold: 0.3, ambiguity_threshold: 0.1}
"""


def main(task_file: str, answers_file: str) -> None:
    """Train, then write intent and entities of each message."""
    from rasa.core.agent import Agent
    from rasa.model_training import train_nlu

    task = json.loads(Path(task_file).read_text())
    Path("config.yml").write_text(CONFIG)
    Path("nlu.yml").write_text(task["nlu"])
    agent = Agent.load(train_nlu("config.yml", "nlu.yml", "models"))
    answers = {}
    for text in task["messages"]:
        parsed = asyncio.run(agent.parse_message(text))
        entities = [{key: entity[key] for key in ("entity", "value")} for entity in parsed["entities"]]
        answers[text] = {"intent": parsed["intent"]["name"], "entities": entities}
    Path(answers_file).write_text(json.dumps(answers))


if __name__ == "__main__":
    main(*sys.argv[1:])
