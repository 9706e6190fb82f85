"""The NLU component that guesses what a person wants. What `PatientReader` knows for certain it leaves alone."""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.classifiers.logistic_regression_classifier import LogisticRegressionClassifier
from rasa.shared.nlu.constants import INTENT
from rasa.shared.nlu.training_data.training_data import TrainingData

from assistant.domain import READ_FOR_CERTAIN


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentGuess(LogisticRegressionClassifier):
    """Rasa's classifier, taught without the examples in `data/nlu/read_for_certain.yml`: these are for `rasa data validate` and
    `rasa test nlu`. An emergency is never a guess."""

    def _create_training_matrix(self, training_data: TrainingData) -> Any:
        return super()._create_training_matrix(TrainingData([
            example for example in training_data.intent_examples if not example.get(INTENT).startswith(READ_FOR_CERTAIN)]))
