"""A stand-in for TensorFlow: its names can be imported, nothing can be run.

Rasa imports TensorFlow wherever it starts, though only DIET, TED and a few other components
use it, and our pipeline uses none of them. With this package in its place every ``rasa``
command works in a third of the disk space and a quarter of the memory (docs/decisions.md).

Every name is a class, because a class can stand as a base class, in an annotation and in
``isinstance``, which is all that an import asks for. Calling any of them, or making an instance
of a class derived from one, raises :class:`TensorFlowNotInstalled`.
"""

import importlib.abc
import importlib.machinery
import sys
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any, NoReturn

PACKAGES = ("tensorflow", "tensorflow_hub", "tensorflow_text", "keras")


class TensorFlowNotInstalled(RuntimeError):
    """Something tried to run TensorFlow; the message names what, and what to do."""

    def __init__(self, name: str) -> None:
        super().__init__(
            "TensorFlow is not installed: this project's pipeline needs none, "
            f"see docs/decisions.md ({name} was called)"
        )


class StandIn(type):
    """The class of every stand-in: its attributes are stand-ins, calling it is an error."""

    def __call__(cls, *args: Any, **kwargs: Any) -> NoReturn:
        raise TensorFlowNotInstalled(f"{cls.__module__}.{cls.__qualname__}")

    def __getattr__(cls, name: str) -> "StandIn":
        # Rasa's own subclasses must fail on a misspelt attribute like any other class.
        if is_dunder(name) or "_is_stand_in" not in vars(cls):
            raise AttributeError(f"{cls.__qualname__} has no attribute {name!r}")
        found = stand_in(cls.__module__, f"{cls.__qualname__}.{name}")
        setattr(cls, name, found)  # the same name is the same class, so issubclass holds
        return found


def is_dunder(name: str) -> bool:
    """Names Python itself probes for: pretending to have those would mislead it."""
    return name.startswith("__") and name.endswith("__")


def stand_in(module: str, qualname: str) -> StandIn:
    """A class that carries the name it stands for, so that the error can say it."""
    members = {"__module__": module, "__qualname__": qualname, "_is_stand_in": True}
    return StandIn(qualname.rpartition(".")[2], (), members)


def attributes_of(module: str) -> Callable[[str], StandIn]:
    """A module-level ``__getattr__`` that answers every ordinary name, always with the same."""
    known: dict[str, StandIn] = {}

    def __getattr__(name: str) -> StandIn:
        if is_dunder(name):
            raise AttributeError(f"module {module!r} has no attribute {name!r}")
        return known.setdefault(name, stand_in(module, name))

    return __getattr__


class SubmoduleFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds any submodule of the stand-ins, such as ``tensorflow.keras.backend``."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        package, _, submodule = fullname.partition(".")
        if package not in PACKAGES or not submodule:
            return None
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def exec_module(self, module: ModuleType) -> None:
        module.__getattr__ = attributes_of(module.__name__)  # type: ignore[method-assign]


sys.meta_path.append(SubmoduleFinder())

__getattr__ = attributes_of(__name__)
