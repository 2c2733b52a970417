"""``python -m bot``: the relay, until SIGTERM or Ctrl-C."""

import asyncio
import contextlib
import logging
import os
import signal
import sqlite3
import sys
from pathlib import Path

from bot.app import App
from bot.errors import TokenRefused
from bot.logs import set_up_logging
from bot.turns import TurnLog
from review.log import ConversationLog, kept_numbers
from review.masking import Masker
from settings import CONFIG_ERROR_EXIT, ROOT, Settings, load_or_exit

logger = logging.getLogger(__name__)


async def relay(settings: Settings) -> None:
    """Run until a signal; then end what is under way."""
    app = App(settings, turns=conversation_log(settings))
    running = asyncio.create_task(app.run())
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, running.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await running


def conversation_log(settings: Settings) -> TurnLog | None:
    """The log for review; None, with an error in the log, where it cannot be opened.

    Here, where the relay is put together for good, is the one place that knows both.
    """
    model = Path(os.environ.get("RASA_MODEL", "")).name.removesuffix(".tar.gz") or None
    try:
        masker = Masker(kept_numbers(ROOT / "build" / "schemes.db"))
        return ConversationLog(settings.data_dir, model=model, masker=masker)
    except (sqlite3.Error, OSError):
        logger.exception("The conversation log cannot be opened: nothing is kept for review.")
        return None


def main() -> int:
    """The exit status: 0 after a signal, 78 for a refused token, 1 when it cannot go on."""
    settings = load_or_exit()
    set_up_logging(settings.log_level)
    try:
        asyncio.run(relay(settings))
    except TokenRefused as error:
        print(f"Cannot start: {error}", file=sys.stderr)
        return CONFIG_ERROR_EXIT
    except sqlite3.Error as error:
        print(
            f"The relay's database in {settings.data_dir} cannot be used ({error}): see that the "
            "disk has room and this user may write there.",
            file=sys.stderr,
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
