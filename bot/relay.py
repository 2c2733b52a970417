"""Works off the inbox: reads an update, has its step decided, and carries the step out.

The replies, the mark that the update is finished and all that was learnt are written in one
transaction. Before it, an update is simply worked on again after a crash (Rasa may then get it a
second time, with the same update id in the metadata); after it, Rasa is never asked again.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import TelegramError

from bot.chat_action import typing
from bot.chats import Chat
from bot.delivery import Delivery
from bot.errors import CannotErase, RasaUnavailable
from bot.inbox import Stored
from bot.keyboards import Draft
from bot.lanes import Lanes
from bot.languages import LANGUAGES, seed
from bot.logs import ChatNames
from bot.rasa import Rasa, Reply
from bot.routing import (
    Ask,
    Context,
    Edit,
    Erase,
    LeaveGroup,
    Press,
    Respond,
    SetBlocked,
    Silence,
    Step,
    erase_question,
    route,
)
from bot.stores import Stores
from bot.tokens import SPENT, Token
from bot.turns import TurnLog
from bot.updates import Incoming, Kind, chat_of, read, typed_text
from bot.wording import speaker

logger = logging.getLogger(__name__)

RASA_REQUESTS = 16
"""Messages with Rasa at once, each of another chat. More would only wait inside Rasa."""

ATTEMPTS = 3
"""An update that stopped the process so often is apologised for instead of tried again."""

ALBUM_WAIT = 0.5
"""Seconds in which the other pictures of an album arrive."""

BACKEND_FAILURE = "backend_failure"
"""The reason of a handoff that no message asked for."""

Eraser = Callable[[int], Awaitable[None]]

SAID = (Kind.TEXT, Kind.COMMAND, Kind.PRESS, Kind.EDIT, Kind.ATTACHMENT, Kind.SOUND)
"""Kinds that are a person's own doing, and go into the turn log if they are answered or held."""


@dataclass(frozen=True)
class Options:
    """What a relay may be told."""

    default_language: str = "en"
    staff_group_id: int | None = None
    rasa_requests: int = RASA_REQUESTS
    album_wait: float = ALBUM_WAIT


class Relay:
    """The heart of the front end.

    :param stop: told of what the relay cannot go on after
    :param erasers: further places that hold something about a chat; each is called when a person
        has everything erased, and raises CannotErase if it fails
    :param turns: where turns are written down for review
    """

    def __init__(
        self,
        bot: Bot,
        stores: Stores,
        rasa: Rasa,
        delivery: Delivery,
        *,
        stop: Callable[[BaseException], None],
        options: Options | None = None,
        erasers: Sequence[Eraser] = (),
        turns: TurnLog | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.bot = bot
        self.database = stores.database
        self.inbox = stores.inbox
        self.outbox = stores.outbox
        self.chats = stores.chats
        self.tokens = stores.tokens
        self.names = ChatNames(stores.notes)
        self.rasa = rasa
        self.delivery = delivery
        self.options = options or Options()
        self.erasers = erasers
        self.turns = turns
        self.clock = clock
        self.lanes = Lanes(self._work, stop)
        self.resumed = False
        self.rasa_requests = asyncio.Semaphore(self.options.rasa_requests)
        self.acknowledgements: set[asyncio.Task[None]] = set()

    # ------------------------------------------------------------ in and out

    def resume(self) -> None:
        """Begin to work, with whatever the last run left unfinished or unsent.

        Until then updates are only stored: what became of a message that was under way when the
        last run died is told from all message ids since (``Outbox.candidates``).
        """
        self.resumed = True
        for update in self.inbox.unfinished():
            self._acknowledge(update)
        for chat_id in [*self.inbox.unfinished_chats(), *self.outbox.unsent_chats()]:
            self.lanes.wake(chat_id)

    def accept(self, updates: Sequence[dict[str, Any]]) -> None:
        """Store updates and have them worked on. On return they may be confirmed to Telegram."""
        fresh = self.inbox.store(updates)
        if not self.resumed:
            return
        for update in fresh:
            self._acknowledge(update)
            self.lanes.wake(chat_of(update))

    async def idle(self) -> None:
        """Return when everything stored is worked off and sent."""
        await self.lanes.idle()
        await asyncio.gather(*self.acknowledgements)

    async def close(self, patience: float) -> None:
        """End; what is unfinished after so many seconds is left for the next start."""
        await self.lanes.close(patience)
        for task in self.acknowledgements:
            task.cancel()
        await asyncio.gather(*self.acknowledgements, return_exceptions=True)

    async def _work(self, chat_id: int) -> None:
        """A chat's lane."""
        await self.delivery.flush(chat_id)
        while not self.lanes.closed and (stored := self.inbox.next(chat_id)):
            incoming = read(stored.body)
            outcome = await self._handle(stored, incoming)
            await self.delivery.flush(chat_id)
            logger.info(
                "update update_id=%s chat=%s kind=%s%s ms=%.0f outcome=%s",
                stored.update_id,
                self.names.name(stored.chat_id),
                incoming.kind,
                f"/{incoming.detail}" if incoming.detail else "",
                (self.clock() - stored.received_at) * 1000,
                outcome,
            )

    # ------------------------------------------------------------ one update

    async def _handle(self, stored: Stored, incoming: Incoming) -> str:
        """Work one update off, whatever happens; gives back the outcome for the log."""
        if stored.attempts >= ATTEMPTS:
            return self._give_up(stored, incoming, f"given up after {stored.attempts} attempts")
        self.inbox.begin(stored.update_id)
        try:
            context = await self._context(stored, incoming)
            return await self._carry_out(route(incoming, context), stored, incoming, context)
        except Exception as error:
            # One update nobody foresaw must not hold up its chat for ever.
            logger.exception("Update %s could not be worked on.", stored.update_id)
            return self._give_up(stored, incoming, type(error).__name__)

    async def _context(self, stored: Stored, incoming: Incoming) -> Context:
        chat = self.chats.get(stored.chat_id)
        language = chat.language or seed(incoming.language_code, self.options.default_language)
        context = Context(chat, speaker(language), self.options.staff_group_id)
        if incoming.kind is Kind.PRESS:
            return self._press_context(incoming, context)
        if incoming.kind is Kind.EDIT:
            return replace(context, edit=self._edit_state(stored, incoming))
        if incoming.media_group_id:
            answers = await self._answers_album(stored, incoming.media_group_id)
            return replace(context, answers_album=answers)
        return context

    def _press_context(self, incoming: Incoming, context: Context) -> Context:
        if incoming.data == SPENT:
            return replace(context, press=Press.REPEATED)
        token = self.tokens.find(incoming.data, incoming.chat_id)
        if token is None:
            return context
        state = Press.NEW if self.tokens.claim(token, incoming.update_id) else Press.REPEATED
        return replace(context, press=state, payload=token.payload)

    def _edit_state(self, stored: Stored, incoming: Incoming) -> Edit:
        last = self.inbox.last_said(stored.chat_id, stored.update_id)
        if last is None or last[0] != incoming.message_id:
            return Edit.OLD
        changed = typed_text(last[1]) != incoming.text
        return Edit.CHANGED if changed else Edit.UNCHANGED

    async def _answers_album(self, stored: Stored, group: str) -> bool:
        """Whether this picture is the one of its album that is answered.

        That is the first with a caption, else the first.
        """
        if len(self.inbox.album(stored, group)) == 1:
            await asyncio.sleep(self.options.album_wait)
        pictures = self.inbox.album(stored, group)
        answered = any(outcome not in (None, "album") for _, _, outcome in pictures)
        captioned = [update_id for update_id, caption, _ in pictures if caption]
        chosen = captioned[0] if captioned else pictures[0][0]
        late_caption = bool(captioned) and all(
            outcome in (None, "album", "cannot_read") for _, _, outcome in pictures
        )
        return stored.update_id == chosen and (not answered or late_caption)

    # ------------------------------------------------------------ steps

    async def _carry_out(
        self, step: Step, stored: Stored, incoming: Incoming, context: Context
    ) -> str:
        match step:
            case Silence(outcome):
                return self._finish(stored, incoming, outcome)
            case Respond(drafts, outcome):
                return self._finish(stored, incoming, outcome, drafts)
            case Ask():
                return await self._ask(step, stored, incoming, context)
            case Erase():
                return await self._erase(stored, incoming, context)
            case LeaveGroup(drafts):
                return self._leave(stored, incoming, drafts)
            case SetBlocked(blocked):
                return self._set_blocked(stored, incoming, blocked)

    async def _ask(self, step: Ask, stored: Stored, incoming: Incoming, context: Context) -> str:
        if step.language:
            # Settled before Rasa is asked: an apology is then in the chosen language too.
            self.chats.set_language(stored.chat_id, step.language)
            context = replace(
                context,
                chat=self.chats.get(stored.chat_id),
                say=speaker(step.language),
            )
        metadata = {
            "update_id": stored.update_id,
            "language_code": incoming.language_code,
            "language": context.chat.language,
            "button": step.button,
        }
        try:
            async with typing(self.bot, stored.chat_id), self.rasa_requests:
                reply = await self.rasa.converse(stored.chat_id, step.message, metadata)
        except RasaUnavailable as error:
            logger.error("Update %s: %s", stored.update_id, error)
            return self._apologise(stored, incoming, context, str(error))
        return self._answer(step, stored, incoming, context, reply)

    def _answer(
        self, step: Ask, stored: Stored, incoming: Incoming, context: Context, reply: Reply
    ) -> str:
        turn = reply.turn
        drafts = with_notices(reply.drafts, step.notices)
        language = turn.get("language")
        say = speaker(language) if language in LANGUAGES else context.say
        if turn.get("intent") == "delete_data" and not any(draft.buttons for draft in drafts):
            drafts = (*drafts, erase_question(say))
        with self.database.atomic():
            if language in LANGUAGES:
                self.chats.set_language(stored.chat_id, language)
            self.chats.set_interview(stored.chat_id, open_interview(turn))
            if turn.get("handoff"):
                self.chats.record_handoff(stored.chat_id, stored.update_id, turn["handoff"])
            return self._finish(stored, incoming, "answered", drafts, turn=turn)

    def _apologise(self, stored: Stored, incoming: Incoming, context: Context, failure: str) -> str:
        drafts = (Draft(context.say("apology")),)
        with self.database.atomic():
            self.chats.record_handoff(stored.chat_id, stored.update_id, BACKEND_FAILURE)
            return self._finish(stored, incoming, "apologised", drafts, failure=failure)

    def _give_up(self, stored: Stored, incoming: Incoming, failure: str) -> str:
        """Finish an update that nobody foresaw: with an apology if a person waits for a word."""
        if incoming.kind in (Kind.TEXT, Kind.COMMAND, Kind.PRESS, Kind.ATTACHMENT, Kind.SOUND):
            chat = self.chats.get(stored.chat_id)
            language = chat.language or seed(incoming.language_code, self.options.default_language)
            context = Context(chat, speaker(language))
            return self._apologise(stored, incoming, context, failure)
        return self._finish(stored, incoming, "failed", failure=failure)

    async def _erase(self, stored: Stored, incoming: Incoming, context: Context) -> str:
        """Erase everything held about a chat, and only then say so."""
        try:
            for erase in self.erasers:
                await erase(stored.chat_id)
        except CannotErase as error:
            logger.error("Update %s: %s", stored.update_id, error)
            drafts = (Draft(context.say("erase_failed")),)
            return self._finish(stored, incoming, "erase_failed", drafts, failure=str(error))
        with self.database.atomic():
            self.inbox.finish(stored.update_id, incoming.kind, "erased")
            self.inbox.erase(stored.chat_id, up_to=stored.update_id)
            for holder in (self.outbox, self.tokens, self.chats):
                holder.erase(stored.chat_id)
            drafts = (Draft(context.say("erased")),)
            self.outbox.add(stored.update_id, stored.chat_id, drafts, forget=True)
        # Until it is emptied, the write-ahead log still has what the tables have no more.
        self.database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return "erased"

    def _leave(self, stored: Stored, incoming: Incoming, drafts: tuple[Draft, ...]) -> str:
        logger.info("Group %s is not STAFF_GROUP_ID: leaving it.", stored.chat_id)
        with self.database.atomic():
            self.chats.set_told_private_only(stored.chat_id)
            self.outbox.add(stored.update_id, stored.chat_id, drafts, leave=True)
            return self._finish(stored, incoming, "left")

    def _set_blocked(self, stored: Stored, incoming: Incoming, blocked: bool) -> str:
        with self.database.atomic():
            self.chats.set_blocked(stored.chat_id, blocked)
            if blocked:
                self.outbox.drop(stored.chat_id)
            return self._finish(stored, incoming, incoming.kind)

    def _finish(
        self,
        stored: Stored,
        incoming: Incoming,
        outcome: str,
        drafts: Sequence[Draft] = (),
        *,
        turn: dict[str, Any] | None = None,
        failure: str | None = None,
    ) -> str:
        """Write the replies and the mark that the update is finished, together."""
        with self.database.atomic():
            if drafts:
                # Whoever writes to the bot has not blocked it, or not any more.
                self._unblock(self.chats.get(stored.chat_id))
                self.outbox.add(stored.update_id, stored.chat_id, drafts)
            self.inbox.finish(stored.update_id, incoming.kind, outcome, turn=turn, failure=failure)
        if incoming.kind in SAID and (drafts or outcome == "held"):
            self._record(stored, incoming, outcome, drafts, turn)
        return outcome

    def _record(
        self,
        stored: Stored,
        incoming: Incoming,
        outcome: str,
        drafts: Sequence[Draft],
        turn: dict[str, Any] | None,
    ) -> None:
        """Write the turn down for review; a log that fails costs no reply."""
        if self.turns is None:
            return
        try:
            chat = self.chats.get(stored.chat_id)
            self.turns.record_turn(
                chat_id=stored.chat_id,
                update_id=stored.update_id,
                text=self._said(incoming),
                replies=[(draft.text, [b.title for b in draft.buttons]) for draft in drafts],
                turn=turn,
                outcome=outcome,
                pressed=incoming.kind is Kind.PRESS,
                holder=chat.holder,
                language=chat.language,
            )
        except Exception:
            logger.exception("Update %s is not in the conversation log.", stored.update_id)

    def _said(self, incoming: Incoming) -> str:
        """What a person reads as having said: for a press, what stood on the button."""
        if incoming.kind is not Kind.PRESS:
            return incoming.text or f"({incoming.attachment or incoming.kind})"
        token = self.tokens.find(incoming.data, incoming.chat_id)
        return token.title if token else "(button)"

    def _unblock(self, chat: Chat) -> None:
        if chat.blocked:
            self.chats.set_blocked(chat.chat_id, False)

    # ------------------------------------------------------------ presses

    def _acknowledge(self, update: dict[str, Any]) -> None:
        """Answer a press at once, however long the chat's lane is.

        The button shows a clock until then, and people press again.
        """
        if "callback_query" not in update:
            return
        incoming = read(update)
        token = self.tokens.find(incoming.data, incoming.chat_id)
        # Claimed here, in the order of arrival, so that the keyboard shows the press that counts.
        counts = token is not None and self.tokens.claim(token, incoming.update_id)
        task = asyncio.create_task(self._show_press(incoming, token if counts else None))
        self.acknowledgements.add(task)
        task.add_done_callback(self.acknowledgements.discard)

    async def _show_press(self, incoming: Incoming, token: Token | None) -> None:
        # Both are a courtesy: too late or not at all, the press still counts.
        with contextlib.suppress(TelegramError):
            await self.bot.answer_callback_query(incoming.query_id)
        if token and incoming.message_id:
            with contextlib.suppress(TelegramError):
                await self.bot.edit_message_reply_markup(
                    incoming.chat_id, incoming.message_id, reply_markup=chosen(token)
                )


def chosen(token: Token) -> InlineKeyboardMarkup:
    """The keyboard after a press: what was chosen, with nothing left to choose."""
    return InlineKeyboardMarkup([[InlineKeyboardButton(f"✓ {token.title}", callback_data=SPENT)]])


def with_notices(drafts: tuple[Draft, ...], notices: Sequence[str]) -> tuple[Draft, ...]:
    """Put the notices above the first message."""
    if not notices:
        return drafts
    first = replace(drafts[0], text="\n\n".join([*notices, drafts[0].text]))
    return (first, *drafts[1:])


def open_interview(turn: dict[str, Any]) -> str | None:
    """The scheme whose next question is pending after this turn."""
    interview = turn.get("interview") or {}
    return interview.get("scheme") if interview.get("fact") else None
