"""Stories in Rasa's own format, for `rasa test`: what is understood, and which action answers. It runs no action and checks no text."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from assistant.channels.guard import clean
from assistant.stories.result import Result, Turn

RULES = Path("data/rules.yml")
FILE = Path("tests/test_stories.yml")
HEAD = """# Written by `python -m assistant.stories --rasa-format` from the stories in which every message is written out, for
# `rasa test --no-plot`: what is understood, and which action answers. What is said and how urgent it is, `make stories` checks.
# A message stands as its intent where Rasa's format cannot hold what is understood: a value that is a table (results,
# temperatures), two meanings of one word, brackets.
"""
MARKUP = set("[]{}")


def in_rasa_format(results: list[Result]) -> str:
    """The stories in which every message is written out (no `answers`, no `later`), as they went."""
    actions = answers_of(RULES)
    told = [_story(result, actions) for result in results if _fits(result)]
    return HEAD + yaml.safe_dump({"version": "3.1", "stories": told}, sort_keys=False, allow_unicode=True, width=130)


def answers_of(rules: Path) -> dict[str, list[str]]:
    """Intent to the actions that answer it."""
    found = yaml.safe_load(rules.read_text(encoding="utf-8"))["rules"]
    return {rule["steps"][0]["intent"]: [step["action"] for step in rule["steps"][1:]] for rule in found}


def _fits(result: Result) -> bool:
    """Whether Rasa can be expected to answer so: it knows no time that passes, and every message must be known beforehand."""
    return result.passed and all(step.says for step in result.story.steps)


def _story(result: Result, actions: dict[str, list[str]]) -> dict[str, Any]:
    steps: list[dict[str, Any]] = []
    for turn in result.turns:
        text = _annotated(turn)
        steps.append({"user": text, "intent": turn.intent} if text else {"intent": turn.intent})
        steps += [{"action": name} for name in actions[turn.intent]]
    return {"story": result.story.path, "steps": steps}


def _annotated(turn: Turn) -> str | None:
    """The message with its entities in Rasa's markup; None where that cannot hold them."""
    entities = sorted(turn.entities, key=lambda entity: entity["start"])
    overlap = any(one["end"] > other["start"] for one, other in pairwise(entities))
    tables = any(isinstance(entity["value"], dict) for entity in entities)
    if overlap or tables or clean(turn.says) != turn.says or MARKUP & set(turn.says) or turn.says.startswith("/"):
        return None
    text, end = "", 0
    for entity in entities:
        meaning = json.dumps({"entity": entity["entity"], "value": str(entity["value"])})
        text += f"{turn.says[end : entity['start']]}[{turn.says[entity['start'] : entity['end']]}]{meaning}"
        end = entity["end"]
    return text + turn.says[end:]
