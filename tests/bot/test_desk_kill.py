"""kill -9 at any moment: what persons and staff say to each other arrives once, in order."""

import asyncio
import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web

from sandbox.client import ChattingPerson, Group, Sandbox
from tests.bot.test_kill import RelayProcess

PEOPLE = 4
MESSAGES = 12
KILLS = 4
NUMBERS = [str(number) for number in range(MESSAGES)]


async def hand_over(request: web.Request) -> web.Response:
    """A Rasa that hands everybody over."""
    post = await request.json()
    turn = {"turn": {"language": "en", "handoff": "asked", "interview": None}}
    return web.json_response([{"recipient_id": post["sender"], "text": "Yes."}, {"custom": turn}])


@pytest.fixture
async def rasa_url() -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_post("/webhooks/rest/webhook", hand_over)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


def numbers(texts: list[str], mark: str) -> list[str]:
    """The numbers of the messages that one side wrote, as the other side sees them."""
    return [words.removeprefix(mark) for words in texts if words.startswith(mark)]


def in_topic(group: Group, person: ChattingPerson) -> list[str]:
    messages = group.messages(group.topic(person.person.first_name))
    return numbers([message.text for message in messages if message.from_bot], "person ")


def in_chat(person: ChattingPerson) -> list[str]:
    return numbers([reply.text for reply in person.replies()], "staff ")


def cards(group: Group) -> int:
    """How many topics are open with their card."""
    return sum(bool(message.buttons) for message in group.messages())


async def talk(group: Group, grace: ChattingPerson, people: list[ChattingPerson]) -> None:
    """Both sides write by turns."""
    for number in NUMBERS:
        for person in people:
            thread_id = group.topic(person.person.first_name).thread_id
            await person.say(f"person {number}")
            await grace.say(f"staff {number}", chat_id=group.id, thread_id=thread_id)


async def test_killed_at_random_moments_both_sides_see_everything_once(
    rasa_url: str, tmp_path: Path
) -> None:
    seed = random.randrange(10**6)
    chance = random.Random(seed)
    async with Sandbox.start() as sandbox:
        group = sandbox.staff_group()
        grace = sandbox.person("Grace")
        group.add(grace, "creator")
        people = [sandbox.person(f"Person-{number}") for number in range(PEOPLE)]
        relay = RelayProcess(sandbox, rasa_url, tmp_path)
        relay.environment["STAFF_GROUP_ID"] = str(group.id)
        await relay.start()
        for person in people:
            await person.say("a person please")
        await sandbox.until(lambda: cards(group) == PEOPLE, 20, "all topics")
        await relay.kill()
        await talk(group, grace, people)

        def copies() -> int:
            return len(sandbox.calls("copyMessage"))

        for _ in range(KILLS):
            await relay.start()
            target = copies() + chance.randrange(2, 2 * PEOPLE * MESSAGES // KILLS // 2)
            await sandbox.until(lambda target=target: copies() >= target, 20, "some copies")
            await asyncio.sleep(chance.uniform(0, 0.01))
            await relay.kill()
        await relay.start()
        await sandbox.until(
            lambda: all(
                len(in_topic(group, person)) >= MESSAGES and len(in_chat(person)) >= MESSAGES
                for person in people
            ),
            60,
            "all messages on both sides",
        )
        await asyncio.sleep(0.3)
        await relay.kill()

        wrong = {
            person.person.first_name: (in_topic(group, person), in_chat(person))
            for person in people
            if (in_topic(group, person), in_chat(person)) != (NUMBERS, NUMBERS)
        }
        assert wrong == {}, f"seed {seed}; the relay wrote:\n{relay.log.read_text()[-3000:]}"
