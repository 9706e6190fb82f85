"""Begin anew."""

from rasa_sdk import Action

from actions.turn import Turn


class ActionStartOver(Turn, Action):
    """Begin anew."""

    def name(self) -> str:
        return "action_start_over"
