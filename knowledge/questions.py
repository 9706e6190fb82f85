"""Answers to questions from the content: what a medicine can do, what to check, how long it lasts, with the source."""

from __future__ import annotations

from typing import Any

from knowledge.release import Knowledge


def is_told(entity: dict[str, Any]) -> bool:
    """The person has it, as opposed to asking about it."""
    if entity["entity"] == "lab_result":
        return entity["value"].get("status", "current") == "current"
    return entity.get("role", "present") == "present"


def answer_question(text: str, entities: list[dict[str, Any]], knowledge: Knowledge) -> str | None:
    """The answer in words, or None when the content has none."""
    return None
