"""Take a message into the case and triage."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action

from actions.turn import Turn
from knowledge import dialogue
from knowledge.dialogue import Message, Session, State


class ActionTriage(Turn, Action):
    """Take a message into the case and triage."""

    def name(self) -> str:
        return "action_triage"

    def take(self, state: State, message: dict[str, Any], session: Session) -> list[Message]:
        return dialogue.triage(state, message.get("entities", []), message.get("text") or "", session)
