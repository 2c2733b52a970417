"""Puts the relay together and runs it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
from aiohttp import web
from telegram import Update
from telegram.error import InvalidToken, TelegramError

from bot import wording
from bot.database import FILE_NAME
from bot.delivery import SETTLE, Delivery, backoff, name_of
from bot.desk import DeskOptions
from bot.errors import CannotErase, TokenRefused
from bot.forget import TRACKER_FILE, forget_conversation
from bot.heartbeat import Heartbeat
from bot.limiter import Limiter, Limits
from bot.polling import Polling
from bot.profile import register, register_staff
from bot.rasa import BACKOFF, KEEP_ALIVE, START_GRACE, Rasa
from bot.relay import ALBUM_WAIT, Eraser, Options, Relay
from bot.stores import Stores
from bot.telegram_client import Telegram
from bot.turns import TurnLog
from bot.webhook import CONNECTIONS, webhook_app
from settings import LOOPBACK, Settings

logger = logging.getLogger(__name__)

PATIENCE = 8.0
"""Seconds that running work gets to end in when the relay is stopped."""

BEAT_EVERY = 15.0
TIMER_STEP = 5.0
"""Seconds between two looks at what is due."""

PURGE_EVERY = 24 * 3600.0


@dataclass(frozen=True)
class Pace:
    """Times a test shortens."""

    limits: Limits = field(default_factory=Limits)
    settle: float = SETTLE
    rasa_grace: float = START_GRACE
    rasa_backoff: Sequence[float] = BACKOFF
    album_wait: float = ALBUM_WAIT
    timer_step: float = TIMER_STEP


class App:
    """A relay with everything it needs, from settings.

    :param rasa_client: an HTTP client to use instead of one for ``rasa_url``
    :param erasers: further places that hold something about a chat
    :param turns: where turns are written down for review; closed with the relay
    """

    def __init__(
        self,
        settings: Settings,
        *,
        pace: Pace | None = None,
        rasa_client: httpx.AsyncClient | None = None,
        erasers: Sequence[Eraser] = (),
        turns: TurnLog | None = None,
    ) -> None:
        pace = pace or Pace()
        wording.load()
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        self.settings = settings
        self.turns = turns
        self.timer_step = pace.timer_step
        self.telegram = Telegram(settings)
        self.stores = Stores.open(settings.data_dir / FILE_NAME)
        self.heartbeat = Heartbeat(settings.data_dir)
        self.rasa_client = rasa_client or httpx.AsyncClient(
            base_url=settings.rasa_url,
            timeout=settings.rasa_timeout_seconds,
            limits=httpx.Limits(keepalive_expiry=KEEP_ALIVE),
            trust_env=False,
        )
        self.failure: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.relay = self._relay(pace, erasers)

    def _relay(self, pace: Pace, erasers: Sequence[Eraser]) -> Relay:
        bot = self.telegram.bot
        options = Options(
            self.settings.default_language,
            desk_options(self.settings),
            album_wait=pace.album_wait,
        )
        return Relay(
            bot,
            self.stores,
            Rasa(self.rasa_client, grace=pace.rasa_grace, backoff=pace.rasa_backoff),
            Delivery(bot, self.stores, Limiter(pace.limits), settle=pace.settle),
            stop=self._fail,
            options=options,
            erasers=(self._forget, self._erase_turns, *erasers),
            turns=self.turns,
        )

    def _fail(self, error: BaseException) -> None:
        """Something the relay cannot go on without failed: ``run`` ends with it."""
        if not self.failure.done():
            self.failure.set_exception(error)

    async def _forget(self, chat_id: int) -> None:
        path = self.settings.data_dir / TRACKER_FILE
        await asyncio.to_thread(forget_conversation, path, chat_id)

    async def _erase_turns(self, chat_id: int) -> None:
        """Erase the chat's turns from the log, whatever kind of log it is."""
        if self.turns is None:
            return
        try:
            await asyncio.to_thread(self.turns.erase, chat_id)
        except Exception as error:
            raise CannotErase(f"The conversation log could not be changed: {error}.") from error

    async def run(self) -> None:
        """Relay until cancelled.

        :raises TokenRefused: Telegram does not know the token
        :raises sqlite3.Error: the database cannot be written; what was not stored was not
            confirmed to Telegram either
        """
        background: list[asyncio.Task[Any]] = []
        try:
            await self._meet_telegram()
            receive = asyncio.create_task(self._receive())
            timing = asyncio.create_task(self._keep_time())
            background = [
                receive,
                asyncio.create_task(self._purge()),
                timing,
                asyncio.create_task(self._register()),
            ]
            ended, _ = await asyncio.wait(
                {receive, timing, self.failure}, return_when=asyncio.FIRST_COMPLETED
            )
            for end in ended:
                end.result()
        finally:
            await self._close(background)

    async def _meet_telegram(self) -> None:
        """Wait until Telegram knows us."""
        me = await self._repeat(self.telegram.bot.get_me)
        logger.info("Relaying for @%s by %s.", me.username, self.settings.telegram_mode)

    async def _receive(self) -> None:
        if self.settings.telegram_mode == "webhook":
            await self._receive_by_webhook()
        else:
            await self._repeat(self.telegram.bot.delete_webhook)
            polling = Polling(self.telegram, self.relay.accept, self.relay.resume, self.heartbeat)
            await polling.run()

    async def _receive_by_webhook(self) -> None:
        secret = self.settings.telegram_webhook_secret.reveal()
        runner = web.AppRunner(webhook_app(self.relay.accept, secret), access_log=None)
        await runner.setup()
        try:
            await web.TCPSite(runner, LOOPBACK, self.settings.telegram_webhook_port).start()
            self.relay.resume()
            await self._repeat(
                lambda: self.telegram.bot.set_webhook(
                    self.settings.telegram_webhook_url,
                    secret_token=secret,
                    max_connections=CONNECTIONS,
                    allowed_updates=Update.ALL_TYPES,
                )
            )
            while True:
                self.heartbeat.beat("webhook")
                await asyncio.sleep(BEAT_EVERY)
        finally:
            await runner.cleanup()

    async def _repeat(self, request: Callable[[], Awaitable[Any]]) -> Any:
        """Make a request until Telegram answers it.

        :raises TokenRefused: Telegram does not know the token
        """
        waits = backoff()
        while True:
            try:
                return await request()
            except InvalidToken as error:
                raise TokenRefused from error
            except TelegramError as error:
                seconds = next(waits)
                logger.warning(
                    "Telegram does not answer (%s); next attempt in %s s.", name_of(error), seconds
                )
                await asyncio.sleep(seconds)

    async def _register(self) -> None:
        """Tell Telegram which commands people and staff have."""
        await register(self.telegram.bot, self.stores.notes)
        group = self.relay.desk.group_id
        if group is not None:
            await register_staff(self.telegram.bot, group, self.settings.default_language)

    async def _keep_time(self) -> None:
        """Do what is due at the staff desk."""
        while True:
            if self.relay.resumed:
                self.relay.desk.fire_due()
            await asyncio.sleep(self.timer_step)

    async def _purge(self) -> None:
        """Once a day, delete what is older than the set number of days."""
        while True:
            purged = self.stores.purge(self.settings.retention_days)
            logger.info("%s old rows purged.", purged)
            await self._purge_turns()
            await asyncio.sleep(PURGE_EVERY)

    async def _purge_turns(self) -> None:
        if self.turns is None:
            return
        try:
            purged = await asyncio.to_thread(self.turns.purge, self.settings.retention_days)
            logger.info("%s old conversations purged.", purged)
        except Exception:
            # Tomorrow is another day; relaying goes on.
            logger.exception("Old conversations could not be purged from the log.")

    async def _close(self, background: Sequence[asyncio.Task[Any]]) -> None:
        for task in background:
            task.cancel()
        await asyncio.gather(*background, return_exceptions=True)
        await self.relay.close(PATIENCE)
        await self.telegram.close()
        await self.rasa_client.aclose()
        self.stores.database.close()
        if self.turns is not None:
            self.turns.close()


def desk_options(settings: Settings) -> DeskOptions:
    """What the settings say about the staff desk."""
    return DeskOptions(
        group_id=settings.staff_group_id,
        language=settings.default_language,
        hours=settings.office_hours,
        contact=settings.firm_contact,
        wait_seconds=settings.staff_wait_minutes * 60.0,
        silence_seconds=settings.staff_silence_hours * 3600.0,
    )
