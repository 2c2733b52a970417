"""Failures on demand and rate limits."""

import aiohttp
import pytest

from sandbox.client import ChattingPerson, Sandbox
from tests.sandbox.conftest import Clock, RawBot


@pytest.fixture
async def aiko(sandbox: Sandbox) -> ChattingPerson:
    person = sandbox.person("Aiko")
    await person.start()
    return person


async def test_a_429_says_how_long_to_wait(
    sandbox: Sandbox, bot: RawBot, aiko: ChattingPerson
) -> None:
    sandbox.fail("sendMessage", status=429, retry_after=3)

    refused = await bot.ask("sendMessage", chat_id=aiko.id, text="x")
    await bot.call("sendMessage", chat_id=aiko.id, text="y")

    assert refused["description"] == "Too Many Requests: retry after 3"
    assert refused["parameters"] == {"retry_after": 3}
    assert [message.text for message in aiko.replies()] == ["y"]
    assert [call.status for call in sandbox.calls("sendMessage")] == [429, 200]


async def test_a_fault_may_be_for_one_chat_and_start_later(
    sandbox: Sandbox, bot: RawBot, aiko: ChattingPerson
) -> None:
    ben = sandbox.person("Ben")
    await ben.start()
    sandbox.fail("sendMessage", chat_id=aiko.id, skip=1, status=500)

    answers = [
        (await bot.ask("sendMessage", chat_id=person.id, text="x"))["ok"]
        for person in (ben, aiko, ben, aiko, aiko)
    ]

    assert answers == [True, True, True, False, True]


async def test_a_dropped_reply_was_carried_out(
    sandbox: Sandbox, bot: RawBot, aiko: ChattingPerson
) -> None:
    sandbox.fail("sendMessage", drop="reply")

    with pytest.raises(aiohttp.ClientError):
        await bot.call("sendMessage", chat_id=aiko.id, text="sent all the same")

    assert [message.text for message in aiko.replies()] == ["sent all the same"]


async def test_a_dropped_request_was_not_carried_out(
    sandbox: Sandbox, bot: RawBot, aiko: ChattingPerson
) -> None:
    sandbox.fail("sendMessage", drop="request")

    with pytest.raises(aiohttp.ClientError):
        await bot.call("sendMessage", chat_id=aiko.id, text="lost")

    assert aiko.replies() == []


async def test_rate_limits_allow_a_burst_then_one_a_second(
    sandbox: Sandbox, bot: RawBot, aiko: ChattingPerson, clock: Clock
) -> None:
    sandbox.world.rate_limits.enforced = True

    burst = [(await bot.ask("sendMessage", chat_id=aiko.id, text="x"))["ok"] for _ in range(4)]
    clock.advance(1)
    later = await bot.ask("sendMessage", chat_id=aiko.id, text="x")

    assert burst == [True, True, True, False]
    assert later["ok"]


async def test_a_group_takes_twenty_messages_a_minute(
    sandbox: Sandbox, bot: RawBot, clock: Clock
) -> None:
    group = sandbox.staff_group()
    sandbox.world.rate_limits.enforced = True

    for _ in range(20):
        await bot.call("sendMessage", chat_id=group.id, text="x")
        clock.advance(1)
    refused = await bot.ask("sendMessage", chat_id=group.id, text="x")

    assert refused["parameters"] == {"retry_after": 40}
