"""Receives updates by long polling.

Telegram forgets an update once a later ``offset`` is asked for. Here that happens only after the
update is stored: the offset of a request comes from the batch that ``accept`` has just put on the
disk. python-telegram-bot's own updater moves the offset before its handlers ran, and what it holds
in memory then is lost with the process.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from telegram import Update
from telegram.constants import PollingLimit
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.delivery import backoff, name_of, seconds_of
from bot.errors import TokenRefused
from bot.heartbeat import Heartbeat
from bot.telegram_client import Telegram

logger = logging.getLogger(__name__)

LONG_POLL = 25
"""Seconds a request waits for updates."""

CONFLICT_PAUSE = 5.0

FULL_BATCH = int(PollingLimit.MAX_LIMIT)


class Polling:
    """Asks for updates for ever.

    :param accept: stores updates; on return they may be confirmed
    :param caught_up: called once, when all that waited at Telegram is stored
    """

    def __init__(
        self,
        telegram: Telegram,
        accept: Callable[[Sequence[dict[str, Any]]], None],
        caught_up: Callable[[], None],
        heartbeat: Heartbeat,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.telegram = telegram
        self.accept = accept
        self.caught_up: Callable[[], None] | None = caught_up
        self.heartbeat = heartbeat
        self.sleep = sleep
        self.offset: int | None = None

    async def run(self) -> None:
        """Poll until cancelled. :raises TokenRefused: Telegram does not know the token"""
        waits = backoff()
        while True:
            try:
                await self._once()
                waits = backoff()
            except InvalidToken as error:
                raise TokenRefused from error
            except Conflict:
                logger.error(
                    "Another program receives this bot's updates: stop it, or give it its own "
                    "token. Trying again in %s s.",
                    CONFLICT_PAUSE,
                )
                await self.sleep(CONFLICT_PAUSE)
            except RetryAfter as error:
                await self.sleep(seconds_of(error))
            except TelegramError as error:
                seconds = next(waits)
                logger.warning(
                    "No updates from Telegram (%s); next attempt in %s s.",
                    name_of(error),
                    seconds,
                )
                await self.sleep(seconds)

    async def _once(self) -> None:
        # Without waiting until caught up, so that the work begins with all that is known.
        timeout = 0 if self.caught_up else LONG_POLL
        updates = await self.telegram.get_updates(self.offset, timeout, Update.ALL_TYPES)
        self.heartbeat.beat("polling")
        self.accept(updates)
        # An empty answer confirms all below the offset, and after a quiet week Telegram starts
        # numbering anew, maybe below it: so the offset is kept only while updates flow.
        self.offset = max(update["update_id"] for update in updates) + 1 if updates else None
        if self.caught_up and len(updates) < FULL_BATCH:
            self.caught_up()
            self.caught_up = None
