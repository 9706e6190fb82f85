"""What was understood, as a list that can be corrected."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action

from actions.turn import Turn
from knowledge import dialogue
from knowledge.dialogue import Message, Session, State


class ActionUnderstood(Turn, Action):
    """What was understood, as a list that can be corrected."""

    def name(self) -> str:
        return "action_understood"

    def take(self, state: State, message: dict[str, Any], session: Session) -> list[Message]:
        return dialogue.understood(state, session)
