"""python-telegram-bot's Bot, set up for the relay."""

import json
from typing import Any
from urllib.parse import urlsplit

from telegram import Bot
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

from settings import LOOPBACK, Settings

CONNECTIONS = 64
"""Requests to Telegram at once; more wait for a free connection."""

POOL_TIMEOUT = 30.0
READ_TIMEOUT = 5.0


class QuietRequest(HTTPXRequest):
    """Does not write an answer it cannot read into the log."""

    def parse_json_payload(self, payload: bytes) -> dict[str, Any]:  # type: ignore[override]
        """The answer as JSON; TelegramError if it is none."""
        try:
            data: dict[str, Any] = json.loads(payload)
        except ValueError:
            raise TelegramError("The answer was not JSON.") from None
        return data


class UpdatesRequest(QuietRequest):
    """Keeps the updates as they came.

    The inbox stores them whole, and one that python-telegram-bot cannot read must not take the
    others of its batch with it; so the library gets an empty list, and ``taken`` the real one.
    """

    updates: list[dict[str, Any]]

    def parse_json_payload(self, payload: bytes) -> dict[str, Any]:  # type: ignore[override]
        """The answer, its list of updates put aside."""
        data = super().parse_json_payload(payload)
        if not data.get("ok"):
            return data
        self.updates = data["result"]
        return {**data, "result": []}


class Telegram:
    """The bot and its two connections; close it at the end."""

    def __init__(self, settings: Settings) -> None:
        # A proxy of the environment is for the outside; it could not reach a server on loopback.
        local = urlsplit(settings.telegram_api_url).hostname in (LOOPBACK, "localhost")
        options: dict[str, Any] = {"trust_env": not local}
        self._messages = QuietRequest(
            CONNECTIONS,
            read_timeout=READ_TIMEOUT,
            pool_timeout=POOL_TIMEOUT,
            httpx_kwargs=options,
        )
        self._updates = UpdatesRequest(1, read_timeout=READ_TIMEOUT, httpx_kwargs=options)
        self.bot = Bot(
            settings.telegram_bot_token.reveal(),
            base_url=settings.telegram_base_url,
            base_file_url=settings.telegram_base_file_url,
            request=self._messages,
            get_updates_request=self._updates,
        )

    async def get_updates(
        self, offset: int | None, seconds: int, allowed: list[str]
    ) -> list[dict[str, Any]]:
        """Updates from this offset on, as Telegram wrote them; waits so many seconds for some.

        Confirms all below ``offset``. TelegramError as from any request.
        """
        self._updates.updates = []
        await self.bot.get_updates(offset=offset, timeout=seconds, allowed_updates=allowed)
        return self._updates.updates

    async def close(self) -> None:
        """Close the connections."""
        await self._messages.shutdown()
        await self._updates.shutdown()
