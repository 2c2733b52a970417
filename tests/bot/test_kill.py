"""kill -9 at any moment: everybody is answered, nobody twice, everybody in order."""

import asyncio
import os
import random
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web

from sandbox.client import ChattingPerson, Sandbox

ROOT = Path(__file__).resolve().parents[2]
PEOPLE = 20
MESSAGES = 10
KILLS = 4


async def repeat(request: web.Request) -> web.Response:
    """A Rasa that takes a moment and repeats what it was told, in two messages now and then."""
    post = await request.json()
    await asyncio.sleep(random.uniform(0, 0.03))
    said = [{"recipient_id": post["sender"], "text": post["message"]}]
    if post["message"].endswith("5"):
        said.append({"recipient_id": post["sender"], "text": f"{post['message']} more"})
    return web.json_response([*said, {"custom": {"turn": {"language": "en"}}}])


@pytest.fixture
async def rasa_url() -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_post("/webhooks/rest/webhook", repeat)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


class RelayProcess:
    """The relay in a process that can be killed and started again."""

    def __init__(self, sandbox: Sandbox, rasa_url: str, folder: Path) -> None:
        self.log = folder / "relay.log"
        self.environment = {
            **os.environ,
            "TELEGRAM_BOT_TOKEN": sandbox.token,
            "TELEGRAM_API_URL": sandbox.url,
            "RASA_URL": rasa_url,
            "DATA_DIR": str(folder),
        }

    async def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "tests.bot.quick_relay",
                cwd=ROOT,
                env=self.environment,
                stderr=log,
            )

    async def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        await self.process.wait()


def expected() -> list[str]:
    """What a person who sent m0 … m9 should see, in order."""
    return [
        text
        for number in range(MESSAGES)
        for text in ([f"m{number}", f"m{number} more"] if number == 5 else [f"m{number}"])
    ]


def shown(person: ChattingPerson) -> list[str]:
    return [reply.text for reply in person.replies()]


async def test_killed_at_random_moments_everybody_is_answered_once_and_in_order(
    rasa_url: str, tmp_path: Path
) -> None:
    seed = random.randrange(10**6)
    chance = random.Random(seed)
    async with Sandbox.start() as sandbox:
        people = [sandbox.person(f"Person {number}") for number in range(PEOPLE)]
        for number in range(MESSAGES):
            for person in people:
                await person.say(f"m{number}")
        relay = RelayProcess(sandbox, rasa_url, tmp_path)
        wanted = PEOPLE * len(expected())

        for _ in range(KILLS):
            await relay.start()
            before = len(sandbox.calls("sendMessage"))
            target = before + chance.randrange(5, wanted // KILLS)
            await sandbox.until(
                lambda target=target: len(sandbox.calls("sendMessage")) >= target, 20
            )
            await asyncio.sleep(chance.uniform(0, 0.01))
            await relay.kill()
        await relay.start()
        await sandbox.until(
            lambda: sum(len(person.replies()) for person in people) >= wanted, 60, "all answers"
        )
        await asyncio.sleep(0.5)
        await relay.kill()

        wrong = {
            person.person.first_name: shown(person)
            for person in people
            if shown(person) != expected()
        }
        assert wrong == {}, f"seed {seed}; the relay wrote:\n{relay.log.read_text()[-3000:]}"
