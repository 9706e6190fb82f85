"""A correction: change the case and assess it anew."""

from rasa_sdk import Action

from actions.turn import Turn


class ActionCorrect(Turn, Action):
    """A correction: change the case and assess it anew."""

    def name(self) -> str:
        return "action_correct"
