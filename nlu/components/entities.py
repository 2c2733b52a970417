"""The pipeline's entity extractor: schemes named and values given, both by rule."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.answers import read_values
from nlu.mentions import SchemeNames, load_names

NAMES_FILE = "scheme_names.json"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class DomainExtractor(EntityExtractorMixin, GraphComponent):
    """Adds the entities `scheme` (`nlu.mentions`) and the answer values (`nlu.answers`).

    Trainable only to keep the schemes' names, read from `schemes` (config), with the model.
    """

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        names: SchemeNames | None = None,
    ) -> None:
        self._config = config
        self._storage = model_storage
        self._resource = resource
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
    ) -> DomainExtractor:
        """Makes an untrained component."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Keeps the names by which the schemes are called."""
        self._names = SchemeNames(load_names(Path(self._config["schemes"])))
        with self._storage.write_to(self._resource) as folder:
            text = json.dumps(self._names.names, ensure_ascii=False)
            (folder / NAMES_FILE).write_text(text, "utf-8")
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> DomainExtractor:
        """Loads a trained component."""
        with model_storage.read_from(resource) as folder:
            names = SchemeNames(json.loads((folder / NAMES_FILE).read_text("utf-8")))
        return cls(config, model_storage, resource, names)

    def process(self, messages: list[Message]) -> list[Message]:
        """Adds the entities found in each message."""
        assert self._names is not None, "Rasa loads a trained component before it calls process"
        for message in messages:
            text = message.get(TEXT) or ""
            found = [
                {"entity": "scheme", "value": m.scheme, "start": m.start, "end": m.end}
                for m in self._names.find(text)
            ] + [value.as_entity() for value in read_values(text)]
            entities = self.add_extractor_name(found)
            message.set(ENTITIES, message.get(ENTITIES, []) + entities, add_to_output=True)
        return messages
