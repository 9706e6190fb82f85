"""The note for the MS team."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action

from actions.turn import Turn
from knowledge import dialogue
from knowledge.dialogue import Message, Session, State


class ActionSummary(Turn, Action):
    """The note for the MS team."""

    def name(self) -> str:
        return "action_summary"

    def take(self, state: State, message: dict[str, Any], session: Session) -> list[Message]:
        return dialogue.summary(state, session)
