"""Where we stand, said once more."""

from rasa_sdk import Action

from actions.turn import Turn


class ActionRepeat(Turn, Action):
    """The advice again with its reason, or the open question."""

    def name(self) -> str:
        return "action_repeat"
