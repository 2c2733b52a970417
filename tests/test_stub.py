"""The stand-in for TensorFlow lets Rasa import, and explains itself when something is run."""

import importlib
import sys
from importlib.metadata import PackageNotFoundError, version

import keras
import pytest
import tensorflow as tf
import tensorflow_hub
import tensorflow_text

WITH_TENSORFLOW = [
    "rasa.nlu.classifiers.diet_classifier",
    "rasa.nlu.selectors.response_selector",
    "rasa.nlu.featurizers.dense_featurizer.convert_featurizer",
    "rasa.nlu.featurizers.dense_featurizer.lm_featurizer",
    "rasa.core.policies.ted_policy",
    "rasa.core.policies.unexpected_intent_policy",
    "rasa.utils.tensorflow.models",
    "rasa.utils.tensorflow.transformer",
    "rasa.utils.tensorflow.crf",
    "rasa.utils.tensorflow.metrics",
    "rasa.utils.tensorflow.data_generator",
]


@pytest.mark.parametrize("module", WITH_TENSORFLOW)
def test_rasa_modules_that_use_tensorflow_can_be_imported(module: str) -> None:
    assert importlib.import_module(module)


def test_a_name_can_be_a_base_class_an_annotation_and_a_type_to_ask_about() -> None:
    class Layer(tf.keras.layers.Layer):
        def call(self, x: tf.Tensor | None) -> tf.Tensor | None: ...

    assert issubclass(Layer, tf.keras.layers.Layer)
    assert not isinstance(1, tf.Tensor)


def test_submodules_can_be_imported() -> None:
    backend = importlib.import_module("tensorflow.keras.backend")

    assert backend.clear_session.__name__ == "clear_session"


@pytest.mark.parametrize("module", [tf, keras, tensorflow_hub, tensorflow_text])
def test_calling_anything_says_what_is_missing_and_where_to_read_why(module: object) -> None:
    with pytest.raises(RuntimeError) as refusal:
        module.anything("at all")  # type: ignore[attr-defined]

    assert "TensorFlow is not installed: this project's pipeline needs none" in str(refusal.value)
    assert "docs/decisions.md" in str(refusal.value)


def test_a_class_of_rasa_made_from_a_stand_in_refuses_to_be_made() -> None:
    from rasa.utils.tensorflow.callback import RasaTrainingLogger

    with pytest.raises(RuntimeError, match="RasaTrainingLogger was called"):
        RasaTrainingLogger(epochs=1, silent=True)


def test_a_misspelt_attribute_of_a_derived_class_is_an_ordinary_error() -> None:
    class Model(keras.Model):
        pass

    with pytest.raises(AttributeError):
        Model.no_such_thing  # noqa: B018


def test_the_same_name_is_always_the_same_class() -> None:
    assert tf.Tensor is tf.Tensor


def test_nobody_is_told_that_tensorflow_is_installed() -> None:
    assert not hasattr(tf, "__version__")
    with pytest.raises(PackageNotFoundError):
        version("tensorflow")


def test_other_packages_are_found_as_before() -> None:
    finder = next(f for f in sys.meta_path if type(f).__name__ == "SubmoduleFinder")

    assert finder.find_spec("json.decoder", None) is None
    assert finder.find_spec("tensorflow_datasets.core", None) is None
