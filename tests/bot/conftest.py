"""The relay in the test's own loop, between the sandbox and a Rasa that does as it is told."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.app import App, Pace
from bot.errors import TokenRefused
from bot.limiter import Limits
from bot.stores import Stores
from sandbox.client import ChattingPerson, Sandbox
from settings import Settings, read

FAST = Limits(
    overall_per_second=1000,
    overall_burst=100,
    chat_per_second=1000,
    chat_burst=100,
    group_per_second=1000,
    group_burst=100,
)
QUICK = Pace(FAST, settle=0.05, rasa_grace=0.0, rasa_backoff=(0.0, 0.0), album_wait=0.05)

Said = dict[str, Any]


def turn(**values: Any) -> Said:
    """The last element of an answer, as the dialogue sends it."""
    known = {"language": "en", "intent": "fees", "handoff": None, "interview": None}
    return {"recipient_id": "1", "custom": {"turn": known | values}}


def says(text: str, *buttons: tuple[str, str], **values: Any) -> list[Said]:
    """One message and the turn."""
    message: Said = {"recipient_id": "1", "text": text}
    if buttons:
        message["buttons"] = [{"title": title, "payload": load} for title, load in buttons]
    return [message, turn(**values)]


class FakeRasa:
    """Answers as ``answer`` says; by default it repeats what it was told."""

    def __init__(self) -> None:
        self.posts: list[Said] = []
        self.answer: Callable[[Said], Any] = lambda post: says(f"You said: {post['message']}")
        self.busy: set[str] = set()
        self.overlaps: list[str] = []

    @property
    def messages(self) -> list[str]:
        """What was posted, in order."""
        return [post["message"] for post in self.posts]

    def client(self) -> httpx.AsyncClient:
        """For the relay; no port is opened."""
        return httpx.AsyncClient(
            transport=httpx.MockTransport(self.handle), base_url="http://rasa.test"
        )

    async def handle(self, request: httpx.Request) -> httpx.Response:
        post = json.loads(request.content)
        sender = post["sender"]
        if sender in self.busy:
            self.overlaps.append(sender)
        self.busy.add(sender)
        try:
            self.posts.append(post)
            answer = self.answer(post)
            if asyncio.iscoroutine(answer):
                answer = await answer
        finally:
            self.busy.discard(sender)
        if isinstance(answer, httpx.Response):
            return answer
        return httpx.Response(200, json=answer)


class Desk:
    """Sandbox, relay and fake Rasa, running."""

    def __init__(self, sandbox: Sandbox, rasa: FakeRasa, folder: Path, pace: Pace) -> None:
        self.sandbox = sandbox
        self.rasa = rasa
        self.folder = folder
        self.pace = pace
        self.environment: dict[str, str] = {}

    @property
    def stores(self) -> Stores:
        return self.app.stores

    @property
    def settings(self) -> Settings:
        return read(
            {
                "TELEGRAM_BOT_TOKEN": self.sandbox.token,
                "TELEGRAM_API_URL": self.sandbox.url,
                "DATA_DIR": str(self.folder),
                **self.environment,
            }
        )

    async def start(self) -> None:
        """Start the relay, or start it again after ``stop``."""
        self.app = App(self.settings, pace=self.pace, rasa_client=self.rasa.client())
        self.running = asyncio.create_task(self.app.run())
        await self.until(lambda: self.app.relay.resumed or self.running.done())

    async def stop(self) -> None:
        """End it as SIGTERM does."""
        self.running.cancel()
        with contextlib.suppress(asyncio.CancelledError, TokenRefused):
            await self.running

    def person(self, name: str = "Mei", language_code: str = "en") -> ChattingPerson:
        return self.sandbox.person(name, language_code)

    async def settled(self) -> None:
        """Return when all updates so far are received, worked off and answered."""
        wanted = {update["update_id"] for update in self.sandbox.updates()}
        await self.until(lambda: not wanted - self.stored_ids())
        await asyncio.wait_for(self.app.relay.idle(), 10)

    async def until(self, condition: Callable[[], Any]) -> None:
        """Return when something in the relay is so; its database tells nobody of changes."""
        async with asyncio.timeout(10):
            while True:
                if condition():
                    return
                await asyncio.sleep(0.005)

    def stored_ids(self) -> set[int]:
        rows = self.stores.database.execute("SELECT update_id FROM updates")
        return {row[0] for row in rows.fetchall()}

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Look into the relay's database."""
        return list(self.stores.database.execute(sql, values).fetchall())

    def outcomes(self) -> list[str]:
        """What became of each update, in order."""
        return [row[0] for row in self.rows("SELECT outcome FROM updates ORDER BY update_id")]

    async def texts(self, person: ChattingPerson) -> list[str]:
        """What the bot said to a person once everything is settled."""
        await self.settled()
        return [reply.text for reply in person.replies()]


@pytest.fixture
async def stopped_desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """A desk whose relay the test starts itself."""
    async with Sandbox.start() as sandbox:
        desk = Desk(sandbox, FakeRasa(), tmp_path, QUICK)
        yield desk
        if hasattr(desk, "running"):
            await desk.stop()


@pytest.fixture
async def desk(stopped_desk: Desk) -> Desk:
    """A running desk."""
    await stopped_desk.start()
    return stopped_desk


@pytest.fixture
def stores() -> Any:
    """Empty tables in memory."""
    opened = Stores.open(":memory:")
    yield opened
    opened.database.close()
