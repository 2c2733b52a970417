"""How updates reach the bot: offsets, conflicts, redelivery, webhook."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web

from sandbox.client import Sandbox
from tests.sandbox.conftest import RawBot


def texts(updates: list[dict[str, Any]]) -> list[str]:
    return [update["message"]["text"] for update in updates]


async def test_updates_come_until_an_offset_confirms_them(sandbox: Sandbox, bot: RawBot) -> None:
    aiko = sandbox.person("Aiko", "ja")
    for text in ("one", "two", "three"):
        await aiko.say(text)

    first = await bot.call("getUpdates", limit=2)
    again = await bot.call("getUpdates")
    rest = await bot.call("getUpdates", offset=first[-1]["update_id"] + 1)

    assert texts(first) == ["one", "two"]
    assert texts(again) == ["one", "two", "three"]
    assert texts(rest) == ["three"]
    assert again[0]["message"]["from"]["language_code"] == "ja"
    ids = [update["update_id"] for update in again]
    assert ids == list(range(ids[0], ids[0] + 3))


async def test_a_negative_offset_forgets_all_but_the_last(sandbox: Sandbox, bot: RawBot) -> None:
    aiko = sandbox.person("Aiko")
    for text in ("one", "two", "three"):
        await aiko.say(text)

    assert texts(await bot.call("getUpdates", offset=-1)) == ["three"]
    assert texts(await bot.call("getUpdates")) == ["three"]


async def test_a_long_poll_ends_with_the_next_message(sandbox: Sandbox, bot: RawBot) -> None:
    poll = asyncio.create_task(bot.call("getUpdates", timeout=20))
    await asyncio.sleep(0.05)

    await sandbox.person("Aiko").say("hello")

    assert texts(await poll) == ["hello"]


async def test_a_second_poller_ends_the_first_with_a_conflict(
    sandbox: Sandbox, bot: RawBot
) -> None:
    first = asyncio.create_task(bot.ask("getUpdates", timeout=20))
    await asyncio.sleep(0.05)

    await bot.call("getUpdates")

    ended = await first
    assert ended["error_code"] == 409
    assert ended["description"].startswith("Conflict: terminated by other getUpdates request")


async def test_polling_conflicts_with_a_webhook(bot: RawBot) -> None:
    await bot.call("setWebhook", url="http://127.0.0.1:9/hook")

    said = await bot.refused("getUpdates")

    assert said.startswith("Conflict: can't use getUpdates method while webhook is active")
    await bot.call("deleteWebhook")
    assert await bot.call("getUpdates") == []


async def test_an_update_is_delivered_again_with_its_number(sandbox: Sandbox, bot: RawBot) -> None:
    await sandbox.person("Aiko").say("hello")
    update = (await bot.call("getUpdates"))[0]
    await bot.call("getUpdates", offset=update["update_id"] + 1)

    sandbox.redeliver(update["update_id"])

    assert await bot.call("getUpdates", offset=update["update_id"] + 1) == [update]


async def test_frozen_updates_wait(sandbox: Sandbox, bot: RawBot) -> None:
    sandbox.freeze()
    await sandbox.person("Aiko").say("hello")

    held = await bot.call("getUpdates")
    sandbox.freeze(False)

    assert held == []
    assert texts(await bot.call("getUpdates")) == ["hello"]


async def test_reactions_come_only_when_asked_for(sandbox: Sandbox, bot: RawBot) -> None:
    aiko = sandbox.person("Aiko")
    said = await aiko.say("hello")
    await aiko.react(said, "👍")

    unasked = await bot.call("getUpdates")
    await bot.call("getUpdates", allowed_updates=["message", "message_reaction"])
    await aiko.react(said, "👎")
    asked = await bot.call("getUpdates", offset=-1)

    assert len(unasked) == 1
    assert asked[0]["message_reaction"]["new_reaction"] == [{"type": "emoji", "emoji": "👎"}]


async def test_edits_blocks_and_media_are_updates(sandbox: Sandbox, bot: RawBot) -> None:
    aiko = sandbox.person("Aiko")
    said = await aiko.say("helo")
    await aiko.edit(said, "hello")
    for kind in ("photo", "document", "voice", "sticker"):
        await aiko.send(kind)
    await aiko.send_content({"location": {"latitude": 22.3, "longitude": 114.2}})
    aiko.block()

    updates = await bot.call("getUpdates")

    kinds = [next(key for key in update if key != "update_id") for update in updates]
    assert kinds == ["message", "edited_message", *["message"] * 5, "my_chat_member"]
    assert updates[1]["edited_message"]["text"] == "hello"
    assert updates[-1]["my_chat_member"]["new_chat_member"]["status"] == "kicked"
    refusal = await bot.refused("sendMessage", chat_id=aiko.id, text="x")
    assert refusal == "Forbidden: bot was blocked by the user"


# Webhook


class Hook:
    """A web server that plays the bot's webhook and answers with the given statuses."""

    def __init__(self) -> None:
        self.statuses: list[int] = []
        self.got: asyncio.Queue[tuple[str | None, dict[str, Any]]] = asyncio.Queue()
        self.url = ""

    async def take(self, request: web.Request) -> web.Response:
        secret = request.headers.get("X-Telegram-Bot-Api-Secret-Token")
        await self.got.put((secret, await request.json()))
        return web.Response(status=self.statuses.pop(0) if self.statuses else 200)

    async def next(self) -> tuple[str | None, dict[str, Any]]:
        async with asyncio.timeout(5):
            return await self.got.get()


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    hook = Hook()
    app = web.Application()
    app.router.add_post("/hook", hook.take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    hook.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield hook
    await runner.cleanup()


async def test_the_webhook_gets_updates_with_the_secret(
    sandbox: Sandbox, bot: RawBot, hook: Hook
) -> None:
    await bot.call("setWebhook", url=hook.url, secret_token="se-cret")

    await sandbox.person("Aiko").say("hello")

    secret, update = await hook.next()
    assert secret == "se-cret"
    assert update["message"]["text"] == "hello"


async def test_the_webhook_gets_an_update_again_until_it_says_ok(
    sandbox: Sandbox, bot: RawBot, hook: Hook
) -> None:
    hook.statuses = [500]
    await bot.call("setWebhook", url=hook.url)
    await sandbox.person("Aiko").say("hello")

    _, first = await hook.next()
    _, second = await hook.next()

    assert first == second
    info = await bot.call("getWebhookInfo")
    assert info["last_error_message"].startswith("Wrong response from the webhook: 500")


@pytest.mark.parametrize(
    ("parameters", "refusal"),
    [
        ({"url": "http://example.com/hook"}, "An HTTPS URL must be provided"),
        ({"url": "https://example.com/hook"}, "loopback addresses only"),
        ({"url": "http://127.0.0.1/", "secret_token": "a b"}, "unallowed characters"),
    ],
)
async def test_a_wrong_webhook_is_refused(
    bot: RawBot, parameters: dict[str, str], refusal: str
) -> None:
    assert refusal in await bot.refused("setWebhook", **parameters)
