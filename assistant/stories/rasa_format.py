"""Stories in Rasa's own format, for `rasa test`: which action answers which message. It runs no action and checks no text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from assistant.stories.result import Result

RULES = Path("data/rules.yml")
FILE = Path("tests/test_stories.yml")
HEAD = """# Written by `python -m assistant.stories --rasa-format` from the stories in which every message is written out, for
# `rasa test core --no-plot`: which action answers which message. What is said and how urgent it is, `make stories` checks.
# Results are not annotated: Rasa's format cannot hold a value that is a table.
"""


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
    """Whether Rasa's format can hold it. It reads brackets and a leading slash as markup."""
    said = [step.says for step in result.story.steps]
    return result.passed and all(said) and not any(set("[]{}/") & set(text or "") for text in said)


def _story(result: Result, actions: dict[str, list[str]]) -> dict[str, Any]:
    steps: list[dict[str, Any]] = []
    for turn in result.turns:
        steps.append({"user": turn.says, "intent": turn.intent})
        steps += [{"action": name} for name in actions[turn.intent]]
    return {"story": result.story.path, "steps": steps}
