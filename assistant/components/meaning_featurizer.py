"""The NLU component that gives the intent classifier the meaning of a whole message: its sentence vector (`knowledge.language.meaning`)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import FEATURIZER_CLASS_ALIAS
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from knowledge.language.meaning import kept_vectors, vectors

CACHE = Path("var/lines.npz")  # vectors of the training lines, so that training again is quick


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class MeaningFeaturizer(DenseFeaturizer, GraphComponent):
    """One dense feature vector (1, 384) a message, of length `scale`: beside counts of many words a length of 1 would not be heard."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`scale` was chosen on messages by other writers than the training lines'."""
        return {**DenseFeaturizer.get_default_config(), "scale": 12.0}

    def __init__(self, config: dict[str, Any], name: str) -> None:
        super().__init__(name, config)

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> MeaningFeaturizer:
        """A featurizer; it learns nothing."""
        return cls(config, execution_context.node_name)

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Any scale will do."""

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the vector of each message that has a text."""
        self._add([message for message in messages if message.get(TEXT)], vectors)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """The same for the training lines."""
        self._add([message for message in training_data.training_examples if message.get(TEXT)], lambda texts: kept_vectors(texts, CACHE))
        return training_data

    def _add(self, messages: list[Message], made_by: Any) -> None:
        made = made_by([message.get(TEXT) for message in messages]) if messages else ()
        for message, vector in zip(messages, made, strict=True):
            origin = self._config[FEATURIZER_CLASS_ALIAS]
            message.add_features(Features(vector[None] * self._config["scale"], FEATURE_TYPE_SENTENCE, TEXT, origin))
