"""One Rasa server for all conversation tests; each test is a person of its own."""

import itertools
from collections.abc import Callable, Iterator

import pytest

from tests.conversation.server import Said, Server, running

_numbers = itertools.count()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The trained model and the actions, running."""
    with running(tmp_path_factory.mktemp("rasa")) as started:
        yield started


@pytest.fixture
def person(server: Server) -> Callable[[str], Said]:
    """Somebody new, who says things and hears the answers."""
    sender = f"person-{next(_numbers)}"

    def say(message: str) -> Said:
        return server.say(sender, message)

    return say
