"""A question about MS medicines is answered from the content, then the interview goes on."""

from rasa_sdk import Action

from actions.turn import Turn


class ActionAnswer(Turn, Action):
    """Looks the answer up; a complaint in the same message is triaged too."""

    def name(self) -> str:
        return "action_answer"
