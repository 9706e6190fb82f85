"""Take a message into the case and triage."""

from rasa_sdk import Action

from actions.turn import Turn


class ActionTriage(Turn, Action):
    """Take a message into the case and triage."""

    def name(self) -> str:
        return "action_triage"
