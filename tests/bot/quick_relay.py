"""The relay as a process of its own that does not keep Telegram's pace: for tests that kill it."""

import asyncio

from bot.app import App, Pace
from bot.logs import set_up_logging
from settings import load_or_exit
from tests.bot.conftest import FAST


async def run() -> None:
    await App(load_or_exit(), pace=Pace(FAST, settle=0.5)).run()


if __name__ == "__main__":
    set_up_logging("INFO")
    asyncio.run(run())
