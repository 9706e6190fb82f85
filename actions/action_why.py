"""Why the open question is asked."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action

from actions.turn import Turn
from knowledge import dialogue
from knowledge.dialogue import Message, Session, State


class ActionWhy(Turn, Action):
    """Why the open question is asked."""

    def name(self) -> str:
        return "action_why"

    def take(self, state: State, message: dict[str, Any], session: Session) -> list[Message]:
        return dialogue.why(state, session)
