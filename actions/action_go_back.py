"""Take back the last answer."""

from rasa_sdk import Action

from actions.turn import Turn


class ActionGoBack(Turn, Action):
    """Take back the last answer."""

    def name(self) -> str:
        return "action_go_back"
