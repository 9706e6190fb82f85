"""A question about MS medicines is answered from the content, then the interview goes on."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action

from actions.turn import Turn
from knowledge import dialogue
from knowledge.dialogue import Message, Session, State


class ActionAnswer(Turn, Action):
    """Looks the answer up; a complaint in the same message is triaged too."""

    def name(self) -> str:
        return "action_answer"

    def take(self, state: State, message: dict[str, Any], session: Session) -> list[Message]:
        return dialogue.answer(state, message.get("entities", []), message.get("text") or "", session)
