"""After a red flag was answered from the domain: store it and show the card."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action

from actions.turn import Turn
from knowledge import dialogue
from knowledge.dialogue import Message, Session, State


class ActionFlag(Turn, Action):
    """After a red flag was answered from the domain: store it and show the card."""

    def name(self) -> str:
        return "action_flag"

    def take(self, state: State, message: dict[str, Any], session: Session) -> list[Message]:
        return dialogue.triage(state, message.get("entities", []), message.get("text") or "", session, flag_said=True)
