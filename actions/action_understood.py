"""What was understood, as a list that can be corrected."""

from rasa_sdk import Action

from actions.turn import Turn


class ActionUnderstood(Turn, Action):
    """What was understood, as a list that can be corrected."""

    def name(self) -> str:
        return "action_understood"
