"""The rest of the answer."""

from rasa_sdk import Action

from actions.turn import Turn


class ActionMore(Turn, Action):
    """The rest of the answer."""

    def name(self) -> str:
        return "action_more"
