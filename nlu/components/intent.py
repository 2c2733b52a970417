"""The pipeline's intent classifier."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.intents import IntentModel

RANKING_LENGTH = 8
NAMES_FILE = "intents.json"
ARRAYS_FILE = "intents.npz"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TopicClassifier(IntentClassifier, GraphComponent):
    """Sets `intent` and `intent_ranking` by `nlu.intents`.

    Kept as JSON and plain NumPy arrays: no pickle, and nothing heavy to import when loading.
    """

    def __init__(
        self, model_storage: ModelStorage, resource: Resource, model: IntentModel | None = None
    ) -> None:
        self._storage = model_storage
        self._resource = resource
        self._model = model

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TopicClassifier:
        """Makes an untrained component."""
        return cls(model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Fits the model on every example that has an intent."""
        examples = [m for m in training_data.intent_examples if m.get(TEXT) and m.get(INTENT)]
        self._model = IntentModel.train(
            [m.get(TEXT) for m in examples], [m.get(INTENT) for m in examples]
        )
        with self._storage.write_to(self._resource) as folder:
            names = {"intents": self._model.intents, "vocabulary": list(self._model.vocabulary)}
            (folder / NAMES_FILE).write_text(json.dumps(names, ensure_ascii=False), "utf-8")
            indices = np.fromiter(self._model.vocabulary.values(), dtype=np.int32)
            np.savez_compressed(
                folder / ARRAYS_FILE,
                indices=indices,
                idf=self._model.idf,
                weights=self._model.weights,
                bias=self._model.bias,
            )
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> TopicClassifier:
        """Loads a trained component."""
        with model_storage.read_from(resource) as folder:
            names = json.loads((folder / NAMES_FILE).read_text("utf-8"))
            arrays = np.load(folder / ARRAYS_FILE, allow_pickle=False)
            model = IntentModel(
                intents=names["intents"],
                vocabulary=dict(zip(names["vocabulary"], arrays["indices"].tolist(), strict=True)),
                idf=arrays["idf"],
                weights=arrays["weights"],
                bias=arrays["bias"],
            )
        return cls(model_storage, resource, model)

    def process(self, messages: list[Message]) -> list[Message]:
        """Classifies each message; one without any known feature gets no intent (confidence 0)."""
        assert self._model is not None, "Rasa loads a trained component before it calls process"
        for message in messages:
            text = message.get(TEXT) or ""
            ranking = self._model.rank(text) if self._model.knows(text) else []
            named = [{"name": name, "confidence": value} for name, value in ranking]
            message.set(
                INTENT,
                named[0] if named else {"name": None, "confidence": 0.0},
                add_to_output=True,
            )
            message.set(INTENT_RANKING_KEY, named[:RANKING_LENGTH], add_to_output=True)
        return messages
