"""The pipeline's language identifier."""

from __future__ import annotations

import json
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.language import LANGUAGES, LanguageModel, interface_language

LANGUAGE = "language"
MODEL_FILE = "language.json"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class LanguageIdentifier(GraphComponent):
    """Adds `language: {code, confidence, scores, other}` to what is parsed (`nlu.language`).

    Reads the message's metadata: `language` is the conversation's language so far and
    `language_code` Telegram's interface language; either may be missing.
    """

    def __init__(
        self, model_storage: ModelStorage, resource: Resource, model: LanguageModel | None = None
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
    ) -> LanguageIdentifier:
        """Makes an untrained component."""
        return cls(model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Learns from the examples whose intent block names its language."""
        examples = [
            (message.get(TEXT), language)
            for message in training_data.training_examples
            if message.get(TEXT) and (language := example_language(message)) in LANGUAGES
        ]
        self._model = LanguageModel.train(examples)
        with self._storage.write_to(self._resource) as folder:
            text = json.dumps(self._model.to_json(), ensure_ascii=False)
            (folder / MODEL_FILE).write_text(text, encoding="utf-8")
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LanguageIdentifier:
        """Loads a trained component."""
        with model_storage.read_from(resource) as folder:
            data = json.loads((folder / MODEL_FILE).read_text(encoding="utf-8"))
        return cls(model_storage, resource, LanguageModel.from_json(data))

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing: later components read the examples as they are."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets the reading of each message's language."""
        assert self._model is not None, "Rasa loads a trained component before it calls process"
        for message in messages:
            metadata = message.get("metadata") or {}
            reading = self._model.read(
                message.get(TEXT) or "",
                conversation=metadata.get(LANGUAGE),
                interface=interface_language(metadata.get("language_code")),
            )
            message.set(
                LANGUAGE,
                {
                    "code": reading.code,
                    "confidence": round(reading.confidence, 4),
                    "scores": {code: round(score, 2) for code, score in reading.scores.items()},
                    "other": reading.other,
                },
                add_to_output=True,
            )
        return messages


def example_language(message: Message) -> str | None:
    """The language that an example's intent block names in its metadata."""
    metadata = (message.get("metadata") or {}).get("intent") or {}
    return metadata.get(LANGUAGE) if isinstance(metadata, dict) else None
