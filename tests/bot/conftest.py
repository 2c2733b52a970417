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
from sandbox.client import ChattingPerson, Group, Sandbox, ShownMessage
from settings import Settings, read

FAST = Limits(
    overall_per_second=1000,
    overall_burst=100,
    chat_per_second=1000,
    chat_burst=100,
    group_per_second=1000,
    group_burst=100,
)
QUICK = Pace(
    FAST,
    settle=0.05,
    rasa_grace=0.0,
    rasa_backoff=(0.0, 0.0),
    album_wait=0.05,
    timer_step=0.02,
)

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


class StaffDesk:
    """A desk with a staff group, and somebody who waits for it."""

    def __init__(self, desk: Desk, group: Group, grace: ChattingPerson) -> None:
        self.desk = desk
        self.sandbox = desk.sandbox
        self.rasa = desk.rasa
        self.group = group
        self.grace = grace

    def asks_for_a_person(self, **values: Any) -> Callable[[Said], Any]:
        """An answer of the dialogue that hands over when somebody says "person"."""

        def answer(post: Said) -> Any:
            message = post["message"]
            if "person" in message or "human_request" in message:
                return says("Of course.", ("Fees", "/fees"), **{"handoff": "asked", **values})
            return says(f"You said: {message}", **{**values, "handoff": None})

        return answer

    async def waiting(
        self, name: str = "Aiko", language_code: str = "ja", **values: Any
    ) -> ChattingPerson:
        """Somebody who asked for a person and waits."""
        values = {"language": "ja", **values}
        self.rasa.answer = self.asks_for_a_person(**values)
        person = self.desk.person(name, language_code)
        await person.say("a person please")
        await self.desk.settled()
        self.rasa.posts.clear()
        return person

    async def human(self, name: str = "Aiko", **values: Any) -> ChattingPerson:
        """Somebody whom Grace has answered."""
        person = await self.waiting(name, **values)
        await self.write("Hello, this is Grace.", name=name)
        return person

    async def write(
        self, text: str, *, by: ChattingPerson | None = None, name: str = "Aiko", **place: Any
    ) -> ShownMessage:
        """Write in a person's topic."""
        thread = self.group.topic(name).thread_id
        sent = await (by or self.grace).say(text, chat_id=self.group.id, thread_id=thread, **place)
        await self.desk.settled()
        return sent

    async def said_to(self, person: ChattingPerson) -> list[str]:
        """What the person was told, once everything is settled."""
        return await self.desk.texts(person)

    async def in_topic(self, name: str = "Aiko") -> list[str]:
        """What the bot wrote in a person's topic."""
        await self.desk.settled()
        shown = self.group.messages(self.group.topic(name))
        return [message.text for message in shown if message.from_bot and message.text]

    def holder(self, person: ChattingPerson) -> tuple[str, str, str]:
        """Who has the chat, by whom and why."""
        chat = self.desk.stores.chats.get(person.id)
        return (chat.holder.value, chat.held_by, chat.held_why)

    async def fire(self, kind: str) -> None:
        """Let the time pass until a timer of this kind is due."""
        self.desk.stores.database.execute("UPDATE timers SET due_at = 0 WHERE kind = ?", [kind])
        await self.desk.until(
            lambda: not self.desk.rows("SELECT 1 FROM timers WHERE kind = ?", kind)
        )
        await self.desk.settled()


@pytest.fixture
async def stopped_staff_desk(stopped_desk: Desk) -> StaffDesk:
    """A staff desk whose relay the test starts itself."""
    group = stopped_desk.sandbox.staff_group()
    grace = stopped_desk.person("Grace")
    group.add(grace, "creator")
    stopped_desk.environment["STAFF_GROUP_ID"] = str(group.id)
    return StaffDesk(stopped_desk, group, grace)


@pytest.fixture
async def staff(stopped_staff_desk: StaffDesk) -> StaffDesk:
    """A running staff desk."""
    await stopped_staff_desk.desk.start()
    return stopped_staff_desk
