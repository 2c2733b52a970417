"""The pace, on a clock that jumps instead of waiting."""

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any

from bot.limiter import KEPT_CHATS, Limiter


class JumpingLoop(asyncio.SelectorEventLoop):
    """Its time jumps to the next timer when there is nothing else to do."""

    def __init__(self) -> None:
        self.now = 0.0
        super().__init__(JumpingSelector(self))

    def time(self) -> float:
        return self.now


class JumpingSelector(selectors.SelectSelector):
    def __init__(self, loop: JumpingLoop) -> None:
        super().__init__()
        self.loop = loop

    def select(self, timeout: float | None = None) -> Any:
        if timeout is not None:
            # A clock that stands still would let a timer that is due by a hair fire for ever.
            self.loop.now += timeout or 1e-6
        return super().select(0)


def run(work: Coroutine[Any, Any, Any]) -> Any:
    with asyncio.Runner(loop_factory=JumpingLoop) as runner:
        return runner.run(work)


async def times(limiter: Limiter, *chats: int) -> list[float]:
    """When each message, wanted at once, may be sent."""

    async def when(chat_id: int) -> float:
        await limiter.wait(chat_id)
        return asyncio.get_running_loop().time()

    return sorted(await asyncio.gather(*map(when, chats)))


def most_within(seconds: float, sent: list[float]) -> int:
    return max(sum(start <= at < start + seconds for at in sent) for start in sent)


def test_a_chat_gets_a_burst_of_three_and_then_one_a_second() -> None:
    sent = run(times(Limiter(), *[1] * 6))
    assert [round(at) for at in sent] == [0, 0, 0, 1, 2, 3]


def test_all_chats_together_get_thirty_a_second() -> None:
    sent = run(times(Limiter(), *range(1, 311)))
    assert 9.9 < sent[-1] < 10.1
    assert most_within(1.0, sent) <= 41


def test_a_group_gets_at_most_twenty_in_any_minute() -> None:
    sent = run(times(Limiter(), *[-100] * 60))
    assert most_within(60.0, sent) <= 20


def test_a_held_chat_waits_and_another_does_not() -> None:
    async def hold() -> tuple[list[float], list[float]]:
        limiter = Limiter()
        limiter.hold(1, 17)
        held, free = await asyncio.gather(times(limiter, 1), times(limiter, 2))
        return held, free

    held, free = run(hold())
    assert [round(at, 2) for at in held + free] == [17.0, 0.0]


def test_idle_chats_are_forgotten_before_memory_grows() -> None:
    async def many() -> int:
        limiter = Limiter()
        for chat_id in range(1, KEPT_CHATS + 2):
            await limiter.wait(chat_id)
        return len(limiter.chats)

    assert run(many()) < KEPT_CHATS
