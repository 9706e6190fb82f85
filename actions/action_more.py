"""The rest of the answer."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action

from actions.turn import Turn
from knowledge import dialogue
from knowledge.dialogue import Message, Session, State


class ActionMore(Turn, Action):
    """The rest of the answer."""

    def name(self) -> str:
        return "action_more"

    def take(self, state: State, message: dict[str, Any], session: Session) -> list[Message]:
        return dialogue.more(state, session)
