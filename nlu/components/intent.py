"""The pipeline's intent classifier."""

from __future__ import annotations

import json
from pathlib import Path
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

from nlu.intents import IntentModel, mask_schemes
from nlu.mentions import SchemeNames, load_names
from nlu.sentences import split_questions

RANKING_LENGTH = 8
QUESTIONS = "questions"
NAMES_FILE = "intents.json"
ARRAYS_FILE = "intents.npz"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TopicClassifier(IntentClassifier, GraphComponent):
    """Sets `intent`, `intent_ranking` and `questions` by `nlu.intents`.

    `questions` are the parts of a message that asks more than one thing, each with its own intent.
    Kept as JSON and plain NumPy arrays: no pickle, and nothing heavy to import when loading.
    Schemes' names are read from `schemes` (config) and kept with the model.
    """

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: IntentModel | None = None,
        names: SchemeNames | None = None,
    ) -> None:
        self._config = config
        self._storage = model_storage
        self._resource = resource
        self._model = model
        self._names = names

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`schemes`: the folder with one folder a scheme."""
        return {"schemes": "schemes/data"}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TopicClassifier:
        """Makes an untrained component."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Fits the model on every example that has an intent."""
        examples = [m for m in training_data.intent_examples if m.get(TEXT) and m.get(INTENT)]
        self._names = SchemeNames(load_names(Path(self._config["schemes"])))
        self._model = IntentModel.train(
            [mask_schemes(m.get(TEXT), self._names) for m in examples],
            [m.get(INTENT) for m in examples],
        )
        with self._storage.write_to(self._resource) as folder:
            names = {
                "intents": self._model.intents,
                "vocabulary": list(self._model.vocabulary),
                "schemes": self._names.names,
            }
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
        return cls(config, model_storage, resource, model, SchemeNames(names["schemes"]))

    def process(self, messages: list[Message]) -> list[Message]:
        """Classifies each message; one without any known feature gets no intent (confidence 0)."""
        for message in messages:
            text = message.get(TEXT) or ""
            ranking = self._rank(text)
            message.set(
                INTENT,
                ranking[0] if ranking else {"name": None, "confidence": 0.0},
                add_to_output=True,
            )
            message.set(INTENT_RANKING_KEY, ranking[:RANKING_LENGTH], add_to_output=True)
            message.set(QUESTIONS, self._questions(text), add_to_output=True)
        return messages

    def _rank(self, text: str) -> list[dict[str, Any]]:
        assert self._model is not None, "Rasa loads a trained component before it calls process"
        assert self._names is not None, "the names are loaded with the model"
        masked = mask_schemes(text, self._names)
        if not self._model.knows(masked):
            return []
        return [{"name": name, "confidence": value} for name, value in self._model.rank(masked)]

    def _questions(self, text: str) -> list[dict[str, Any]]:
        """The parts of a message with several questions; empty where it is one."""
        parts = split_questions(text)
        if len(parts) < 2:
            return []
        assert self._names is not None, "the names are loaded with the model"
        return [
            {
                "text": part,
                "intent": ranking[0]["name"],
                "confidence": ranking[0]["confidence"],
                "schemes": [mention.scheme for mention in self._names.find(part)],
            }
            for part in parts
            if (ranking := self._rank(part))
        ]
