"""Greeting, thanks, help, a human, what is out of scope: a fixed text, then the interview goes on."""

from rasa_sdk import Action

from actions.turn import Turn


class ActionSmallTurn(Turn, Action):
    """One text per intent; the texts are in the content's wording."""

    def name(self) -> str:
        return "action_small_turn"
