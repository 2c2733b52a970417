"""For every test: no network, none of the developer's settings, no file of the project's data.

Fixtures of one package stand in ``tests/<package>/conftest.py``.
"""

import asyncio
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

from settings import FIELDS

LOOPBACK_HOSTS = {"127.0.0.1", "::1", "localhost", "0.0.0.0", "", None}
PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
SILENT = {
    "RASA_TELEMETRY_ENABLED": "false",
    # One of Rasa's libraries says at each start that its next version differs.
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
}

attempts: list[str] = []


def forbid_network(event: str, arguments: tuple[Any, ...]) -> None:
    """An audit hook: it sees every connection of this process, whatever library makes it."""
    if event in ("socket.connect", "socket.sendto"):
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else None
    elif event == "socket.getaddrinfo":
        host = arguments[0]
    else:
        return
    if isinstance(host, bytes):
        host = host.decode()
    if host not in LOOPBACK_HOSTS and not host.startswith("127."):
        attempts.append(host)
        # Not an Exception, so that no `except Exception` in the code under test hides it.
        pytest.fail(f"Network access is not allowed in tests: {event} to {host}")


def pytest_configure(config: pytest.Config) -> None:
    """Clean the environment once, before fixtures of any scope start a process with it."""
    sys.addaudithook(forbid_network)
    for name in list(os.environ):
        if name in FIELDS or name.lower() in PROXIES:
            del os.environ[name]
    folder = Path(tempfile.mkdtemp(prefix="hk-talent-desk-tests-"))
    os.environ.update(SILENT, DATA_DIR=str(folder), ENV_FILE=str(folder / "no.env"))
    config.stash[data_folder] = folder


data_folder = pytest.StashKey[Path]()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove what the tests kept."""
    folder = config.stash.get(data_folder, None)
    if folder is not None:
        for path in sorted(folder.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
        folder.rmdir()


@pytest.fixture(autouse=True)
def no_network_attempt() -> Any:
    """Fail the test that tried, even where a thread or a broad handler swallowed the refusal."""
    attempts.clear()
    yield attempts
    assert attempts == [], f"the test tried to reach {attempts}"


def pytest_runtest_setup() -> None:
    """Python's own event loop: sanic, once imported, prefers one whose connections no hook sees."""
    asyncio.set_event_loop_policy(None)
