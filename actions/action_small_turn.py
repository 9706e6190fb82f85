"""Greeting, thanks, help, a human, what is out of scope: a fixed text, then the interview goes on."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action

from actions.turn import Turn
from knowledge import dialogue
from knowledge.dialogue import Message, Session, State


class ActionSmallTurn(Turn, Action):
    """One text per intent; the texts are in the content's wording."""

    def name(self) -> str:
        return "action_small_turn"

    def take(self, state: State, message: dict[str, Any], session: Session) -> list[Message]:
        return dialogue.small(state, message["intent"]["name"], message.get("entities", []), message.get("text") or "", session)
