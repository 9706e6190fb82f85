"""A message in another language: one safe sentence in that language."""

from rasa_sdk import Action

from actions.turn import Turn


class ActionOtherLanguage(Turn, Action):
    """Danger words in that language count as an emergency."""

    def name(self) -> str:
        return "action_other_language"
