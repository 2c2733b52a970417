"""A log with a clock of its own, and a relay that writes into one."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.app import App
from bot.turns import TurnLog
from review.log import ConversationLog
from sandbox.client import Sandbox
from tests.bot.conftest import QUICK, Desk, FakeRasa

Row = tuple[Any, ...]
NOON = 1_767_240_000.0
"""2026-01-01 12:00 in Hong Kong."""


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> float:
        return self.now


class Conversations:
    """Writes turns with everything a test does not name filled in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = Clock()
        self.log = ConversationLog(folder, model="model-1", clock=self.clock)
        self.updates = 0

    def turn(self, text: str, *, chat: int = 7, reply: str = "An answer.", **about: Any) -> int:
        """One turn a minute after the last; gives back the update's id."""
        self.updates += 1
        self.clock.now += 60
        relay = {key: about.pop(key) for key in ("outcome", "pressed", "holder") if key in about}
        known = {"language": "en", "intent": "fees", "confidence": 0.9, "action": "answer"}
        self.log.record_turn(
            chat_id=chat,
            update_id=self.updates,
            text=text,
            replies=[(reply, ["Documents", "Talk to a person"])],
            turn=known | about,
            **relay,
        )
        return self.updates

    def rows(self, sql: str, *values: Any) -> list[Row]:
        return [tuple(row) for row in self.log.database.execute(sql, values).fetchall()]


@pytest.fixture
def conversations(tmp_path: Path) -> Iterator[Conversations]:
    opened = Conversations(tmp_path / "data")
    yield opened
    opened.log.close()


class LoggingDesk(Desk):
    """A relay that writes down its turns."""

    turns: TurnLog | None = None

    async def start(self) -> None:
        self.turns = self.turns or ConversationLog(self.folder)
        self.app = App(
            self.settings, pace=self.pace, rasa_client=self.rasa.client(), turns=self.turns
        )
        self.running = asyncio.create_task(self.app.run())
        await self.until(lambda: self.app.relay.resumed or self.running.done())


@pytest.fixture
async def stopped_desk(tmp_path: Path) -> AsyncIterator[LoggingDesk]:
    """A relay that the test starts itself."""
    async with Sandbox.start() as sandbox:
        desk = LoggingDesk(sandbox, FakeRasa(), tmp_path, QUICK)
        yield desk
        if hasattr(desk, "running"):
            await desk.stop()
