import doctest
import importlib
import pkgutil

import pytest

import schemes

MODULES = sorted(
    module.name for module in pkgutil.iter_modules(schemes.__path__) if module.name != "__main__"
)


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_the_docstrings_hold(name):
    module = importlib.import_module(f"schemes.{name}")

    assert doctest.testmod(module).failed == 0
