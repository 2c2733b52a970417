"""Sends what lies in the outbox, each chat in order, and finds out what became of a lost reply.

A message is marked ``sending`` right before the request and ``sent`` right after the answer, so
the only doubt is about the one request of a chat that was under way when the process died or
whose answer got lost. Such a message is neither sent again blindly nor given up: Telegram is
asked. ``editMessageReplyMarkup`` with the message's own buttons changes nothing and tells, for an
id, whether our message is there ("message is not modified") or not ("message to edit not found").
Only the few ids it can have are asked for (``Outbox.candidates``). Found: it was sent. Not found,
also after ``settle`` seconds, in which Telegram may still be working on the request: it is sent
again.

What remains: a message the person deleted before we asked, or one that Telegram carries out more
than ``settle`` seconds late, is said twice. Saying nothing would be worse.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from typing import Protocol

import httpx
from telegram import Bot
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.errors import TokenRefused
from bot.limiter import Limiter
from bot.outbox import DELETE, REPEATABLE, SEND, Row
from bot.posting import Posting, keyboard_of
from bot.stores import Stores

logger = logging.getLogger(__name__)

SETTLE = 5.0
"""Seconds after which Telegram has carried out a request or never will; the read time-out."""

NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
"""Failures before anything reached Telegram."""

LONGEST_WAIT = 30.0

TOPIC_LOST = ("thread not found", "topic_deleted", "topic_id_invalid")

TOPIC_CLOSED = "topic_closed"

UNCHANGED = "topic_not_modified"

GROUP_LOST = ("chat not found", "not a forum", "not enough rights", "chat_write_forbidden")


class Trouble(Protocol):
    """What the staff desk does when a message does not get through."""

    def is_desk(self, chat_id: int) -> bool:
        """Whether this chat is the staff's group."""
        ...

    def blocked(self, chat_id: int) -> None:
        """The person blocked the bot."""
        ...

    def topic_lost(self, row: Row) -> None:
        """The topic of this row is gone; it must be sent elsewhere."""
        ...

    def group_lost(self, problem: str) -> None:
        """Nothing can be written into the staff's group."""
        ...

    def group_moved(self, new: int) -> None:
        """The staff's group has another id."""
        ...

    def topic_stays(self, row: Row) -> None:
        """A topic could not be deleted."""
        ...

    def refused(self, row: Row) -> None:
        """Telegram does not take what one side wrote to the other."""
        ...


class Delivery:
    """The only sender of messages.

    :param settle: seconds to wait before a message that was not found counts as not sent
    """

    def __init__(
        self,
        bot: Bot,
        stores: Stores,
        limiter: Limiter,
        *,
        settle: float = SETTLE,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.bot = bot
        self.posting = Posting(bot, stores.topics)
        self.topics = stores.topics
        self.trouble: Trouble | None = None
        self.database = stores.database
        self.outbox = stores.outbox
        self.chats = stores.chats
        self.limiter = limiter
        self.settle = settle
        self.clock = clock
        self.sleep = sleep

    async def flush(self, chat_id: int) -> None:
        """Send all that waits for a chat; returns when nothing does.

        Waits for as long as Telegram cannot be reached. Never call it twice at once for a chat.

        :raises TokenRefused: Telegram does not know the token any more
        """
        waits = backoff()
        while row := self.outbox.next(chat_id):
            try:
                if row.state == "sending" and row.method not in REPEATABLE:
                    await self._find_out(row)
                else:
                    await self._send(row)
                waits = backoff()
            except RetryAfter as error:
                seconds = seconds_of(error)
                logger.warning("Telegram asks for %s s of silence in one chat.", seconds)
                self.limiter.hold(chat_id, seconds)
            except Forbidden as error:
                self._shut_out(chat_id, error)
            except InvalidToken as error:
                raise TokenRefused from error
            except TelegramError as error:
                seconds = next(waits)
                logger.warning(
                    "Telegram did not answer (%s); next attempt in %s s.", name_of(error), seconds
                )
                await self.sleep(seconds)

    async def _send(self, row: Row) -> None:
        """Try once; raises what ``flush`` handles.

        Leaves the row ``pending`` if Telegram surely has not got it, ``sending`` if nobody knows.
        """
        await self.limiter.wait(row.chat_id)
        self.outbox.mark_sending(row)
        try:
            message_id = await self.posting.request(row)
        except BadRequest as error:
            await self._refused(row, error)
        except ChatMigrated as error:
            self._moved(row, error.new_chat_id)
        except (RetryAfter, Forbidden):
            self.outbox.mark_pending(row)
            raise
        except NetworkError as error:
            if isinstance(error.__cause__, NOT_SENT):
                self.outbox.mark_pending(row)
            raise
        else:
            self._settled(row, message_id)

    def _moved(self, row: Row, new: int) -> None:
        if self.trouble and self.trouble.is_desk(row.chat_id):
            self.outbox.mark_pending(row)
            self.trouble.group_moved(new)
        else:
            self.outbox.mark_failed(row, "the group became a supergroup")

    async def _refused(self, row: Row, error: BadRequest) -> None:
        problem = error.message.lower()
        desk = self.trouble if row.chat_id < 0 and row.about is not None else None
        if desk is None or not await self._mended(row, problem, desk):
            await self._plainly(row, error)

    async def _mended(self, row: Row, problem: str, trouble: Trouble) -> bool:
        """Whether a refusal in the staff's group is dealt with."""
        lost = any(word in problem for word in TOPIC_LOST)
        if UNCHANGED in problem or (lost and row.method in REPEATABLE):
            self._settled(row, None)
        elif lost:
            trouble.topic_lost(row)
        elif TOPIC_CLOSED in problem:
            self.outbox.mark_pending(row)
            await self.posting.reopen(row)
        elif any(word in problem for word in GROUP_LOST) and row.method not in REPEATABLE:
            trouble.group_lost(problem)
        else:
            return False
        return True

    async def _plainly(self, row: Row, error: BadRequest) -> None:
        """Telegram dislikes the form: the bare words are better than nothing."""
        logger.error("Telegram refused message %s: %s.", row.id, error.message)
        try:
            if not row.keyboard or row.method != SEND:
                raise error
            self._settled(row, await self.posting.request(row, plain=True))
        except BadRequest as again:
            logger.error("Telegram refused message %s for good: %s.", row.id, again.message)
            with self.database.atomic():
                self.outbox.mark_failed(row, again.message)
                if self.trouble:
                    self._complain(row, again.message.lower(), self.trouble)

    def _complain(self, row: Row, problem: str, trouble: Trouble) -> None:
        """Tell whoever can do something about a row that failed."""
        gone = any(word in problem for word in TOPIC_LOST)
        if row.method == DELETE and not gone:
            trouble.topic_stays(row)
        elif row.source:
            trouble.refused(row)

    def _settled(self, row: Row, message_id: int | None) -> None:
        with self.database.atomic():
            self.outbox.mark_sent(row, message_id)
            if row.source and message_id is not None:
                self.topics.link(row.source, (row.chat_id, message_id))

    def _shut_out(self, chat_id: int, error: Forbidden) -> None:
        if self.trouble and self.trouble.is_desk(chat_id):
            return self.trouble.group_lost(error.message)
        with self.database.atomic():
            dropped = self.outbox.drop(chat_id)
            if self.trouble:
                self.trouble.blocked(chat_id)
            self.chats.set_blocked(chat_id, True)
        logger.info("A person blocked the bot; %s message(s) dropped.", dropped)

    async def _find_out(self, row: Row) -> None:
        """Settle a message of which nobody knows whether Telegram got it."""
        while True:
            message_id = await self._look_for(row)
            if message_id is not None:
                logger.info("Message %s had arrived.", row.id)
                return self._settled(row, message_id)
            left = row.tried_at + self.settle - self.clock()
            if left <= 0:
                break
            await self.sleep(left)
        logger.info("Message %s had not arrived; it is sent again.", row.id)
        self.outbox.mark_pending(row)

    async def _look_for(self, row: Row) -> int | None:
        for message_id in self.outbox.candidates(row):
            if await self._is_ours(row, message_id):
                return message_id
        return None

    async def _is_ours(self, row: Row, message_id: int) -> bool:
        """Whether the bot has a message with this id in the chat. Repeating it does no harm."""
        await self.limiter.wait_overall()
        try:
            await self.bot.edit_message_reply_markup(
                row.chat_id, message_id, reply_markup=keyboard_of(row)
            )
        except BadRequest as error:
            return "not modified" in error.message.lower()
        return True


def backoff() -> Iterator[float]:
    """1, 2, 4 … seconds, at most half a minute."""
    seconds = 1.0
    while True:
        yield seconds
        seconds = min(seconds * 2, LONGEST_WAIT)


def seconds_of(error: RetryAfter) -> float:
    """Both forms that python-telegram-bot gives it in."""
    value = error.retry_after
    return value.total_seconds() if isinstance(value, timedelta) else float(value)


def name_of(error: TelegramError) -> str:
    """The kind of failure without its text, which can hold an address with the token."""
    cause = error.__cause__
    return type(cause).__name__ if cause else type(error).__name__
