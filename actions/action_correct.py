"""A correction: change the case and assess it anew."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action

from actions.turn import Turn
from knowledge import dialogue
from knowledge.dialogue import Message, Session, State


class ActionCorrect(Turn, Action):
    """A correction: change the case and assess it anew."""

    def name(self) -> str:
        return "action_correct"

    def take(self, state: State, message: dict[str, Any], session: Session) -> list[Message]:
        return dialogue.correct(state, message.get("entities", []), message.get("text") or "", session)
