"""A running sandbox and a bot that calls it in the plainest way."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from sandbox.client import Sandbox


class Clock:
    """A wall clock that a test moves by hand."""

    def __init__(self, seconds: float = 1_800_000_000.0) -> None:
        self.seconds = seconds

    def __call__(self) -> float:
        return self.seconds

    def advance(self, seconds: float) -> None:
        self.seconds += seconds


class RawBot:
    """Calls the Bot API without a library in between, so that tests see the bare answers."""

    def __init__(self, sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
        self.sandbox = sandbox
        self.session = session

    async def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        """The whole answer, good or bad."""
        url = f"{self.sandbox.base_url}{self.sandbox.token}/{method}"
        async with self.session.post(url, json=parameters) as reply:
            body: dict[str, Any] = await reply.json()
            assert reply.status == (200 if body["ok"] else body["error_code"])
            return body

    async def call(self, method: str, **parameters: Any) -> Any:
        """The result of a call that must succeed."""
        body = await self.ask(method, **parameters)
        assert body["ok"], body
        return body["result"]

    async def refused(self, method: str, **parameters: Any) -> str:
        """The description of a call that must be refused."""
        body = await self.ask(method, **parameters)
        assert not body["ok"], body
        return str(body["description"])


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def sandbox(clock: Clock) -> AsyncIterator[Sandbox]:
    async with Sandbox.start(now=clock) as running:
        yield running


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


@pytest.fixture
async def bot(sandbox: Sandbox, session: aiohttp.ClientSession) -> RawBot:
    return RawBot(sandbox, session)
