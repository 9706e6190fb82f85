"""The note for the MS team."""

from rasa_sdk import Action

from actions.turn import Turn


class ActionSummary(Turn, Action):
    """The note for the MS team."""

    def name(self) -> str:
        return "action_summary"
