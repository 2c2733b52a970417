from __future__ import annotations

import pytest

from actions import actions
from schemes import Rules
from tests.actions.person import Person


@pytest.fixture
def person() -> Person:
    """Somebody new who writes English."""
    return Person()


@pytest.fixture(scope="session")
def rules() -> Rules:
    """The rules as they are built."""
    return actions.rules()
