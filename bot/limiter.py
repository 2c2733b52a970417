"""How fast Telegram may be written to."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiolimiter import AsyncLimiter
from telegram.constants import FloodLimit

KEPT_CHATS = 2_000
"""Chats whose pace is remembered before idle ones are forgotten."""


@dataclass(frozen=True)
class Limits:
    """Messages a second, with the burst that may go out at once."""

    overall_per_second: float = float(FloodLimit.MESSAGES_PER_SECOND)
    overall_burst: float = 10
    chat_per_second: float = float(FloodLimit.MESSAGES_PER_SECOND_PER_CHAT)
    chat_burst: float = 3
    group_per_second: float = 15 / 60
    group_burst: float = FloodLimit.MESSAGES_PER_MINUTE_PER_GROUP - 15
    """Burst and steady rate together stay within 20 in any minute."""


class Limiter:
    """Telegram's limits: overall, a chat, a group; and ``retry_after`` for the chat it names."""

    def __init__(
        self,
        limits: Limits | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.limits = limits or Limits()
        self.sleep = sleep
        self.overall = bucket(self.limits.overall_per_second, self.limits.overall_burst)
        self.chats: dict[int, AsyncLimiter] = {}
        self.held_until: dict[int, float] = {}

    async def wait(self, chat_id: int) -> None:
        """Return when a message may be sent to this chat."""
        await self._wait_out_hold(chat_id)
        await self._chat(chat_id).acquire()
        await self.overall.acquire()

    async def wait_overall(self) -> None:
        """Return when a request that is no message may be made."""
        await self.overall.acquire()

    def hold(self, chat_id: int, seconds: float) -> None:
        """Telegram said to leave this chat alone for so long. Other chats go on."""
        self.held_until[chat_id] = asyncio.get_running_loop().time() + seconds

    async def _wait_out_hold(self, chat_id: int) -> None:
        while chat_id in self.held_until:
            left = self.held_until[chat_id] - asyncio.get_running_loop().time()
            if left > 0:
                await self.sleep(left)
            else:
                del self.held_until[chat_id]

    def _chat(self, chat_id: int) -> AsyncLimiter:
        if chat_id not in self.chats:
            if len(self.chats) >= KEPT_CHATS:
                self._forget_idle()
            self.chats[chat_id] = (
                bucket(self.limits.group_per_second, self.limits.group_burst)
                if chat_id < 0
                else bucket(self.limits.chat_per_second, self.limits.chat_burst)
            )
        return self.chats[chat_id]

    def _forget_idle(self) -> None:
        """An empty bucket remembers nothing worth keeping."""
        self.chats = {
            chat_id: limiter
            for chat_id, limiter in self.chats.items()
            if not limiter.has_capacity(limiter.max_rate)
        }


def bucket(per_second: float, burst: float) -> AsyncLimiter:
    return AsyncLimiter(burst, burst / per_second)
