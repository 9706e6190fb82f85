"""Why the open question is asked."""

from rasa_sdk import Action

from actions.turn import Turn


class ActionWhy(Turn, Action):
    """Why the open question is asked."""

    def name(self) -> str:
        return "action_why"
