"""The people's side over HTTP, which the page and browser tests use."""

import base64
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from sandbox import storage
from sandbox.client import NoReply, Sandbox
from sandbox.people import sample_picture
from sandbox.world import World
from tests.sandbox.conftest import Clock, RawBot


class People:
    """Posts to the control API."""

    def __init__(self, sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
        self.url = f"{sandbox.url}/sandbox/"
        self.session = session

    async def post(self, path: str, expect: int = 200, **body: Any) -> Any:
        async with self.session.post(self.url + path, json=body) as reply:
            assert reply.status == expect, await reply.text()
            return await reply.json()

    async def get(self, path: str) -> Any:
        async with self.session.get(self.url + path) as reply:
            assert reply.status == 200
            return await reply.json()


@pytest.fixture
async def people(sandbox: Sandbox, session: aiohttp.ClientSession) -> AsyncIterator[People]:
    yield People(sandbox, session)


async def test_a_person_chats_over_http(bot: RawBot, people: People) -> None:
    person = await people.post("persons", name="Aiko", language_code="ja")
    said = await people.post(f"persons/{person['id']}/say", text="/start")
    markup = {"inline_keyboard": [[{"text": "Go", "callback_data": "1"}]]}
    await bot.call("sendMessage", chat_id=person["id"], text="hi", reply_markup=markup)
    pressed = await people.post(f"persons/{person['id']}/press", message_id=2, button="Go")

    messages = await people.get(f"chats/{person['id']}/messages")

    assert said["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]
    assert [message["message_id"] for message in messages] == [1, 2]
    await bot.call("answerCallbackQuery", callback_query_id=pressed["query_id"])


async def test_a_photo_is_sent_and_shown(
    sandbox: Sandbox, people: People, session: aiohttp.ClientSession
) -> None:
    person = await people.post("persons", name="Aiko")
    data = base64.b64encode(sample_picture()).decode()

    sent = await people.post(
        f"persons/{person['id']}/photo", data=data, filename="a.png", mime_type="image/png"
    )

    file_id = sent["photo"][-1]["file_id"]
    async with session.get(f"{sandbox.url}/sandbox/files/{file_id}") as reply:
        assert reply.content_type == "image/png"
        assert await reply.read() == sample_picture()


async def test_a_web_page_sent_as_a_file_is_only_downloaded(
    sandbox: Sandbox, people: People, session: aiohttp.ClientSession
) -> None:
    person = await people.post("persons", name="Aiko")
    data = base64.b64encode(b"<script>alert(1)</script>").decode()
    sent = await people.post(
        f"persons/{person['id']}/document", data=data, filename="a.html", mime_type="text/html"
    )

    file_id = sent["document"]["file_id"]
    async with session.get(f"{sandbox.url}/sandbox/files/{file_id}") as reply:
        assert reply.content_type == "application/octet-stream"
        assert reply.headers["Content-Disposition"] == "attachment"


async def test_the_feed_tells_what_happens(
    sandbox: Sandbox, people: People, session: aiohttp.ClientSession
) -> None:
    async with session.get(f"{sandbox.url}/sandbox/events") as reply:
        await people.post("persons", name="Aiko")
        lines = []
        async for line in reply.content:
            lines.append(line.decode().strip())
            if '"person"' in lines[-1]:
                break

    event = json.loads(lines[-1].removeprefix("data: "))
    assert event["person"]["first_name"] == "Aiko"


@pytest.mark.parametrize(
    ("path", "body", "sentence"),
    [
        ("persons/1/say", {"text": "x"}, "No person 1"),
        ("persons/1/fly", {}, "Unknown action"),
        ("faults", {"methd": "sendMessage"}, "Unknown keys methd"),
        ("delivery", {}, "missing"),
    ],
)
async def test_a_mistake_is_answered_with_a_sentence(
    people: People, path: str, body: dict[str, Any], sentence: str
) -> None:
    answer = await people.post(path, expect=400, **body)

    assert sentence in answer["error"]


async def test_other_hosts_and_forms_are_refused(
    sandbox: Sandbox, session: aiohttp.ClientSession
) -> None:
    elsewhere = {"Host": "evil.example"}
    async with session.get(f"{sandbox.url}/sandbox/state", headers=elsewhere) as reply:
        assert reply.status == 403
    async with session.post(f"{sandbox.url}/sandbox/persons", data={"name": "x"}) as reply:
        assert reply.status == 415


async def test_the_page_and_its_parts_are_served(
    sandbox: Sandbox, session: aiohttp.ClientSession
) -> None:
    for path in ("/", "/page/main.js", "/page/style.css", "/health"):
        async with session.get(sandbox.url + path) as reply:
            assert reply.status == 200, path


async def test_faults_and_calls_are_reached_over_http(bot: RawBot, people: People) -> None:
    await people.post("faults", method="getMe", status=502)

    assert await bot.refused("getMe") == "Bad Gateway"
    assert [call["status"] for call in await people.get("calls?method=getMe")] == [502]


async def test_a_reset_keeps_the_staff_group(sandbox: Sandbox, people: People) -> None:
    grace, staff = sandbox.person("Grace"), sandbox.staff_group("Desk")
    staff.add(grace, "creator")
    await sandbox.person("Aiko").say("hello")

    await people.post("reset")

    state = await people.get("state")
    assert [person["first_name"] for person in state["persons"]] == ["Grace"]
    assert state["staff_group"]["title"] == "Desk"
    assert sandbox.world.updates.pending == type(sandbox.world.updates.pending)()


async def test_waiting_in_vain_shows_what_happened(sandbox: Sandbox) -> None:
    aiko = sandbox.person("Aiko")
    await aiko.say("anybody there?")

    with pytest.raises(NoReply, match="anybody there"):
        await aiko.next_reply(timeout=0.01)


async def test_chats_survive_a_restart(
    sandbox: Sandbox, bot: RawBot, clock: Clock, tmp_path: Path
) -> None:
    aiko, staff = sandbox.person("Aiko", "ja"), sandbox.staff_group()
    await aiko.send("photo", caption="my visa")
    await bot.call("createForumTopic", chat_id=staff.id, name="Aiko")
    await bot.call("setMyCommands", commands=[{"command": "help", "description": "Help"}])
    path = tmp_path / "kept" / "sandbox.db"

    storage.save(sandbox.world, path)
    storage.save(sandbox.world, path)
    again = World(sandbox.token, clock)
    kept = storage.restore(again, path)

    assert kept
    assert again.messages(aiko.id) == sandbox.world.messages(aiko.id)
    assert again.chats[staff.id] == sandbox.world.chats[staff.id]
    assert again.files.by_id == sandbox.world.files.by_id
    assert again.updates.ready(100) == sandbox.world.updates.ready(100)
    assert again.commands_for(aiko.id, "ja") == sandbox.world.commands_for(aiko.id, "ja")


async def test_another_bots_chats_are_not_taken_over(sandbox: Sandbox, tmp_path: Path) -> None:
    storage.save(sandbox.world, tmp_path / "sandbox.db")

    assert not storage.restore(World("1:other"), tmp_path / "sandbox.db")
    assert not storage.restore(World("1:other"), tmp_path / "missing.db")
