"""The word "typing…" at the top of a chat while an answer takes longer than a moment."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from telegram import Bot
from telegram.constants import ChatAction
from telegram.error import TelegramError

AFTER = 0.7
"""Seconds without an answer before it shows: most answers come sooner."""

AGAIN = 4.5
"""Telegram takes it away after five seconds."""


@contextlib.asynccontextmanager
async def typing(
    bot: Bot, chat_id: int, after: float = AFTER, again: float = AGAIN
) -> AsyncIterator[None]:
    """Show "typing" while the block runs, if it runs long. Failing to show it is no failure."""
    task = asyncio.create_task(show_typing(bot, chat_id, after, again))
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def show_typing(bot: Bot, chat_id: int, after: float, again: float) -> None:
    await asyncio.sleep(after)
    with contextlib.suppress(TelegramError):
        while True:
            await bot.send_chat_action(chat_id, ChatAction.TYPING)
            await asyncio.sleep(again)
