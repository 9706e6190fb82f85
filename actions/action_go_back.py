"""Take back the last answer."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action

from actions.turn import Turn
from knowledge import dialogue
from knowledge.dialogue import Message, Session, State


class ActionGoBack(Turn, Action):
    """Take back the last answer."""

    def name(self) -> str:
        return "action_go_back"

    def take(self, state: State, message: dict[str, Any], session: Session) -> list[Message]:
        return dialogue.go_back(state, session)
