"""The NLU component that reads a patient's message with `knowledge.reading` and lets a red flag replace the intent."""

from __future__ import annotations

import weakref
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

from assistant.components.message_point import WHOLE
from knowledge import schema
from knowledge.language.meaning import Vectors, kept_vectors, phrases_of, vectors
from knowledge.reading import Reader, vocabulary_of

_LOADED: weakref.WeakSet[PatientReader] = weakref.WeakSet()  # the readers of this process


class Readable:
    """A vocabulary made ready to read with: the reader, and what another one may be made from."""

    def __init__(self, vocabulary: dict[str, Any], made: Vectors) -> None:
        self.reader = Reader(vocabulary, made)
        self.digest = schema.content_hash(vocabulary)
        self.vectors = dict(zip((phrase for _, phrase in phrases_of(vocabulary)), made, strict=True))

    def with_words_of(self, vocabulary: dict[str, Any]) -> Readable:
        """The same for another vocabulary. Only phrases that are new need their vectors computed."""
        phrases = [phrase for _, phrase in phrases_of(vocabulary)]
        new = [phrase for phrase in dict.fromkeys(phrases) if phrase not in self.vectors]
        known = {**self.vectors, **dict(zip(new, vectors(new), strict=True))}
        return Readable(vocabulary, np.stack([known[phrase] for phrase in phrases]))


def take_up(vocabulary: dict[str, Any]) -> bool:
    """Every loaded reader reads with this vocabulary from now on; whether one had another before.

    Takes seconds, so call it in a thread: the old words are read with until the new ones are ready.
    """
    digest = schema.content_hash(vocabulary)
    behind = [reader for reader in list(_LOADED) if reader.readable and reader.readable.digest != digest]
    fresh = behind[0].readable.with_words_of(vocabulary) if behind and behind[0].readable else None
    for reader in behind:
        reader.readable = fresh
    return bool(behind)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class PatientReader(GraphComponent):
    """Writes entities (design section 2) and the intent. A vocabulary is kept in the model: no file, database or network is
    needed to recognise an emergency. A server takes up that of the active release besides (`take_up`)."""

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource, vocabulary: dict[str, Any] | None = None,
                 made: Vectors | None = None) -> None:
        self._storage, self._resource = storage, resource
        self.readable = Readable(vocabulary, made) if vocabulary and made is not None else None
        _LOADED.add(self)

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
            text = message.get(WHOLE) or message.get("text")
            if text and self.readable:
                message.set("text", text)
                self._read(message, text, self.readable.reader)
        return messages

    def _read(self, message: Message, text: str, reader: Reader) -> None:
        entities = reader.read(text, date.today())
        for entity in entities:
            entity["extractor"] = "PatientReader"
            entity.setdefault("confidence_entity", 1.0)
        message.set("entities", entities, add_to_output=True)
        guess = message.get("intent") or {}
        name, confidence = reader.wanted(text, entities, guess.get("name"), guess.get("confidence", 0.0))
        message.set("intent", {"name": name, "confidence": confidence}, add_to_output=True)
