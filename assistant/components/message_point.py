"""NLU component that has a long message guessed by the sentence it comes to; `PatientReader` reads the whole again."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from knowledge.language.intent import point_of

WHOLE = "whole_text"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class MessagePoint(GraphComponent):
    """Puts the point of a message in the place of its text, and the text aside."""

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> MessagePoint:
        """It has no settings."""
        return cls()

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Training lines are their own point."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """For each message that has a text."""
        for message in messages:
            if text := message.get(TEXT):
                message.set(WHOLE, text)
                message.set(TEXT, point_of(text))
        return messages
