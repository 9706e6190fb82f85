"""A message in another language: one safe sentence in that language."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action

from actions.turn import Turn
from knowledge import dialogue
from knowledge.dialogue import Message, Session, State


class ActionOtherLanguage(Turn, Action):
    """Danger words in that language count as an emergency."""

    def name(self) -> str:
        return "action_other_language"

    def take(self, state: State, message: dict[str, Any], session: Session) -> list[Message]:
        return dialogue.other_language(state, message.get("text") or "", session)
