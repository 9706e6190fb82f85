"""After a red flag was answered from the domain: store it and show the card."""

from rasa_sdk import Action

from actions.turn import Turn


class ActionFlag(Turn, Action):
    """After a red flag was answered from the domain: store it and show the card."""

    def name(self) -> str:
        return "action_flag"
