"""Begin anew."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action

from actions.turn import Turn
from knowledge import dialogue
from knowledge.dialogue import Message, Session, State


class ActionStartOver(Turn, Action):
    """Begin anew."""

    def name(self) -> str:
        return "action_start_over"

    def take(self, state: State, message: dict[str, Any], session: Session) -> list[Message]:
        return dialogue.start_over(state, session)
