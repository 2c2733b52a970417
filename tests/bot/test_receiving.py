"""Polling and webhook: stored first, confirmed then."""

import asyncio
import json
import os
import socket
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.errors import TokenRefused
from bot.heartbeat import FILE_NAME, STALE_AFTER, Heartbeat
from bot.inbox import Inbox
from bot.polling import Polling
from bot.profile import TELEGRAM_LANGUAGES
from bot.stores import Stores
from bot.telegram_client import Telegram
from bot.webhook import SECRET_HEADER
from sandbox.client import Sandbox
from tests.bot.conftest import Desk

ROOT = Path(__file__).resolve().parents[2]


async def test_an_update_is_confirmed_only_after_it_is_stored(stopped_desk: Desk) -> None:
    desk = stopped_desk
    mei = desk.person()
    await mei.say("hello")
    telegram = Telegram(desk.settings)
    taken: list[list[int]] = []

    def disk_full_at_first(updates: Any) -> None:
        taken.append([update["update_id"] for update in updates])
        if len(taken) == 1:
            raise OSError("disk full")

    polling = Polling(telegram, disk_full_at_first, lambda: None, Heartbeat(desk.folder))
    with pytest.raises(OSError):
        await polling._once()
    await polling._once()

    assert taken[0] == taken[1] == [desk.sandbox.updates()[0]["update_id"]]
    await telegram.close()


async def test_the_offset_is_let_go_once_all_is_confirmed(stopped_desk: Desk) -> None:
    desk = stopped_desk
    mei = desk.person()
    await mei.say("hello")
    telegram = Telegram(desk.settings)
    polling = Polling(telegram, lambda _: None, lambda: None, Heartbeat(desk.folder))

    await polling._once()
    offset_after_one = polling.offset
    polling.caught_up = lambda: None  # do not wait for more
    await polling._once()

    assert offset_after_one == desk.sandbox.updates()[0]["update_id"] + 1
    assert polling.offset is None
    await telegram.close()


async def test_an_update_is_stored_as_telegram_wrote_it(desk: Desk) -> None:
    mei = desk.person()
    await mei.say("你好")
    await desk.settled()

    [(body,)] = desk.rows("SELECT body FROM updates")
    assert json.loads(body) == desk.sandbox.updates()[0]


async def test_two_programs_on_one_token_is_said_and_waited_out(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    mei = desk.person()
    await mei.say("hello")
    await desk.settled()
    naps: list[float] = []

    async def nap(seconds: float) -> None:
        naps.append(seconds)
        raise asyncio.CancelledError

    telegram = Telegram(desk.settings)
    desk.sandbox.fail("getUpdates", status=409)
    polling = Polling(telegram, lambda _: None, lambda: None, desk.app.heartbeat, sleep=nap)
    with pytest.raises(asyncio.CancelledError):
        await polling.run()

    assert naps == [5.0]
    assert "Another program" in caplog.text
    await telegram.close()


async def test_a_refused_token_ends_the_relay(stopped_desk: Desk) -> None:
    stopped_desk.environment["TELEGRAM_BOT_TOKEN"] = "1:" + "x" * 35
    await stopped_desk.start()

    with pytest.raises(TokenRefused) as refused:
        await stopped_desk.running

    assert "x" * 35 not in str(refused.value)
    assert "@BotFather" in str(refused.value)


async def test_a_token_refused_later_ends_the_relay_too(desk: Desk) -> None:
    mei = desk.person()
    desk.sandbox.fail("sendMessage", status=401)

    await mei.say("hello")

    with pytest.raises(TokenRefused):
        await asyncio.wait_for(desk.running, 5)


async def test_the_command_exits_with_a_sentence(tmp_path: Path) -> None:
    async with Sandbox.start() as sandbox:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            cwd=ROOT,
            stderr=asyncio.subprocess.PIPE,
            env={
                **os.environ,
                "TELEGRAM_BOT_TOKEN": "1:" + "x" * 35,
                "TELEGRAM_API_URL": sandbox.url,
                "DATA_DIR": str(tmp_path),
            },
        )
        _, stderr = await asyncio.wait_for(process.communicate(), 20)

    assert process.returncode == 78
    assert stderr.decode().strip().splitlines()[-1].startswith("Cannot start: TELEGRAM_BOT_TOKEN")
    assert b"xxx" not in stderr


# ---------------------------------------------------------------- webhook


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
async def webhook_desk(stopped_desk: Desk) -> Desk:
    port = free_port()
    stopped_desk.environment |= {
        "TELEGRAM_MODE": "webhook",
        "TELEGRAM_WEBHOOK_URL": f"http://127.0.0.1:{port}/telegram",
        "TELEGRAM_WEBHOOK_PORT": str(port),
        "TELEGRAM_WEBHOOK_SECRET": "right",
    }
    await stopped_desk.start()
    await stopped_desk.sandbox.until(lambda: stopped_desk.sandbox.calls("setWebhook"), 5)
    return stopped_desk


async def call(desk: Desk, secret: str, body: bytes) -> int:
    async with httpx.AsyncClient(trust_env=False) as client:
        response = await client.post(
            desk.settings.telegram_webhook_url, content=body, headers={SECRET_HEADER: secret}
        )
    return response.status_code


async def test_by_webhook_a_message_is_answered(webhook_desk: Desk) -> None:
    mei = webhook_desk.person()
    await mei.say("hello")
    assert (await mei.next_reply()).text == "You said: hello"


async def test_a_call_without_the_secret_is_turned_away(webhook_desk: Desk) -> None:
    assert await call(webhook_desk, "wrong", b'{"update_id": 1}') == 403
    assert await call(webhook_desk, "", b'{"update_id": 1}') == 403
    assert webhook_desk.stored_ids() == set()


@pytest.mark.parametrize("body", [b"", b"[]", b'{"update_id": "1"}', b"\xff"])
async def test_a_call_that_is_no_update_is_refused(webhook_desk: Desk, body: bytes) -> None:
    assert await call(webhook_desk, "right", body) == 400


async def test_a_call_is_answered_after_the_update_is_stored(webhook_desk: Desk) -> None:
    assert await call(webhook_desk, "right", b'{"update_id": 77}') == 200
    assert 77 in webhook_desk.stored_ids()


async def test_a_call_that_cannot_be_stored_is_not_acknowledged(webhook_desk: Desk) -> None:
    webhook_desk.stores.database.execute("DROP TABLE updates")
    assert await call(webhook_desk, "right", b'{"update_id": 78}') == 500


# ---------------------------------------------------------------- signs of life


async def test_the_heartbeat_says_that_it_is_receiving(desk: Desk) -> None:
    mei = desk.person()
    await mei.say("hello")
    await desk.settled()

    beat = json.loads((desk.folder / FILE_NAME).read_text())

    assert beat["mode"] == "polling"
    assert beat["pid"] == os.getpid()
    assert desk.app.heartbeat.alive()


def test_an_old_or_missing_heartbeat_is_not_alive(tmp_path: Path) -> None:
    Heartbeat(tmp_path, clock=lambda: 1000.0).beat("polling")
    assert Heartbeat(tmp_path, clock=lambda: 1000.0 + STALE_AFTER - 1).alive()
    assert not Heartbeat(tmp_path, clock=lambda: 1000.0 + STALE_AFTER).alive()
    assert not Heartbeat(tmp_path / "none").alive()


async def test_commands_are_registered_once_in_each_language(stopped_desk: Desk) -> None:
    desk = stopped_desk
    for _ in range(2):
        await desk.start()
        await desk.until(lambda: desk.stores.notes.get("profile"))
        await desk.stop()

    calls = desk.sandbox.calls("setMyCommands")
    codes = [call.parameters.get("language_code") or "" for call in calls]
    assert codes == list(TELEGRAM_LANGUAGES)


async def test_failing_to_register_commands_keeps_nobody_waiting(desk: Desk) -> None:
    desk.sandbox.fail("setMyCommands", status=429, retry_after=600, times=9)
    mei = desk.person()
    await mei.say("hello")
    assert (await mei.next_reply()).text == "You said: hello"


# ---------------------------------------------------------------- the inbox


def update(update_id: int, chat_id: int = 1) -> dict[str, Any]:
    chat = {"id": chat_id, "type": "private"}
    return {"update_id": update_id, "message": {"message_id": update_id, "chat": chat}}


def test_a_repeated_update_is_not_stored_again(stores: Stores) -> None:
    assert stores.inbox.store([update(1), update(2)]) == [update(1), update(2)]
    assert stores.inbox.store([update(2), update(3), update(3)]) == [update(3)]


def test_a_chats_updates_come_in_order_until_finished(stores: Stores) -> None:
    stores.inbox.store([update(3), update(1), update(2, chat_id=9)])

    first = stores.inbox.next(1)
    assert first is not None and first.update_id == 1
    stores.inbox.finish(1, "text", "answered")
    second = stores.inbox.next(1)
    assert second is not None and second.update_id == 3
    assert stores.inbox.unfinished_chats() == [9, 1]


def test_only_finished_and_old_updates_are_purged(stores: Stores) -> None:
    stores.inbox.store([update(1), update(2), update(3)])
    stores.inbox.finish(1, "text", "answered")
    later = Inbox(stores.database, lambda: stores.inbox.clock() + 10 * 86_400)
    later.finish(2, "text", "answered")

    assert later.purge(days=5) == 1
    remaining = stores.database.execute("SELECT update_id FROM updates").fetchall()
    assert remaining == [(2,), (3,)]
