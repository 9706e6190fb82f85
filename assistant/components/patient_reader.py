"""The NLU component that reads a patient's message with `knowledge.reading` and lets a red flag replace the intent."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import orjson
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from knowledge import schema
from knowledge.language.meaning import Vectors, kept_vectors, phrases_of
from knowledge.reading import Reader, vocabulary_of


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class PatientReader(GraphComponent):
    """Writes entities (design section 2) and the intent. The vocabulary is kept in the model: no file, database or network is
    needed to recognise an emergency."""

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource, vocabulary: dict[str, Any] | None = None,
                 made: Vectors | None = None) -> None:
        self._storage, self._resource = storage, resource
        self._reader = Reader(vocabulary, made) if vocabulary else None

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> PatientReader:
        """An untrained reader."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext, **kwargs: Any
    ) -> PatientReader:
        """The reader with the vocabulary that was trained."""
        with model_storage.read_from(resource) as folder:
            vocabulary = orjson.loads((folder / "vocabulary.json").read_bytes())
            made = np.load(folder / "meanings.npy").astype(np.float32)
        return cls(config, model_storage, resource, vocabulary, made)

    def train(self, training_data: TrainingData) -> Resource:
        """Takes the vocabulary from the checked content, and the vectors of its phrases, into the model."""
        vocabulary = vocabulary_of(schema.load())
        made = kept_vectors([phrase for _, phrase in phrases_of(vocabulary)])
        with self._storage.write_to(self._resource) as folder:
            (folder / "vocabulary.json").write_bytes(orjson.dumps(vocabulary))
            np.save(folder / "meanings.npy", made.astype(np.float16))
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Training messages need no entities."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Add entities to each message and settle its intent."""
        for message in messages:
            text = message.get("text")
            if text and self._reader:
                self._read(message, text)
        return messages

    def _read(self, message: Message, text: str) -> None:
        assert self._reader is not None
        entities = self._reader.read(text, date.today())
        for entity in entities:
            entity["extractor"] = "PatientReader"
            entity.setdefault("confidence_entity", 1.0)
        message.set("entities", entities, add_to_output=True)
        guess = message.get("intent") or {}
        name, confidence = self._reader.wanted(text, entities, guess.get("name"), guess.get("confidence", 0.0))
        message.set("intent", {"name": name, "confidence": confidence}, add_to_output=True)
