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
from dataclasses import dataclass, field, replace
from typing import Any

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import TelegramError

from bot.chat_action import typing
from bot.chats import Chat
from bot.delivery import Delivery
from bot.desk import REPLACED, Desk, DeskOptions
from bot.errors import CannotErase, RasaUnavailable
from bot.inbox import Stored
from bot.keyboards import Draft
from bot.lanes import Lanes
from bot.languages import LANGUAGES, seed
from bot.logs import ChatNames
from bot.rasa import Rasa, Reply
from bot.routing import (
    Ask,
    AtDesk,
    Context,
    Edit,
    Erase,
    Hear,
    LeaveGroup,
    Press,
    Respond,
    SetBlocked,
    Silence,
    Step,
    erase_question,
    route,
)
from bot.staff import Staff
from bot.stores import Stores
from bot.timers import Timer, TimerKind
from bot.tokens import SPENT, Token
from bot.turns import TurnLog
from bot.updates import Incoming, Kind, chat_of, read, typed_text
from bot.wording import Words, speaker

logger = logging.getLogger(__name__)

RASA_REQUESTS = 16
"""Messages with Rasa at once, each of another chat. More would only wait inside Rasa."""

ATTEMPTS = 3
"""An update that stopped the process so often is apologised for instead of tried again."""

ALBUM_WAIT = 0.5
"""Seconds in which the other pictures of an album arrive."""

BACKEND_FAILURE = "backend_failure"
"""The reason of a handoff that no message asked for."""

HUMAN_REQUEST = "/human_request"

RESUME = "/resume"
"""What makes the dialogue ask its open question again."""

NAMES_CONTACT = ("asked", "complaint")
"""Reasons for which the dialogue's own answer says how to reach the firm."""

ANSWERED = (Kind.TEXT, Kind.COMMAND, Kind.PRESS, Kind.ATTACHMENT, Kind.SOUND)
"""What a person who does it waits for an answer to."""

Eraser = Callable[[int], Awaitable[None]]

SAID = (Kind.TEXT, Kind.COMMAND, Kind.PRESS, Kind.EDIT, Kind.ATTACHMENT, Kind.SOUND)
"""Kinds that are a person's own doing, and go into the turn log if they are answered or held."""


@dataclass(frozen=True)
class Options:
    """What a relay may be told."""

    default_language: str = "en"
    desk: DeskOptions = field(default_factory=DeskOptions)
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
        self.stores = stores
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
        # The staff's group is written to beside its inbox: however slowly Telegram lets us write
        # there, what the staff say is passed on at once.
        self.to_staff = Lanes(delivery.flush, stop)
        self.desk = Desk(stores, self.options.desk, self._wake)
        self.staff = Staff(bot, stores, self.desk)
        delivery.trouble = self.desk
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
        self.desk.release_all()
        for update in self.inbox.unfinished():
            self._acknowledge(update)
        for chat_id in [*self.inbox.unfinished_chats(), *self.stores.timers.resuming()]:
            self.lanes.wake(chat_id)
        for chat_id in self.outbox.unsent_chats():
            self._wake(chat_id)

    def _wake(self, chat_id: int) -> None:
        """Something was written to be sent to this chat."""
        if self.resumed:
            (self.to_staff if self.desk.is_desk(chat_id) else self.lanes).wake(chat_id)

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
        while self.lanes.tasks or self.to_staff.tasks:
            await self.lanes.idle()
            await self.to_staff.idle()
        await asyncio.gather(*self.acknowledgements)

    async def close(self, patience: float) -> None:
        """End; what is unfinished after so many seconds is left for the next start."""
        await asyncio.gather(self.lanes.close(patience), self.to_staff.close(patience))
        for task in self.acknowledgements:
            task.cancel()
        await asyncio.gather(*self.acknowledgements, return_exceptions=True)

    async def _work(self, chat_id: int) -> None:
        """A chat's lane."""
        await self._flush(chat_id)
        if timer := self.stores.timers.resume(chat_id):
            await self._repeat_question(timer)
        while not self.lanes.closed and (stored := self.inbox.next(chat_id)):
            incoming = read(stored.body)
            outcome = await self._handle(stored, incoming)
            await self._flush(chat_id)
            logger.info(
                "update update_id=%s chat=%s kind=%s%s ms=%.0f outcome=%s",
                stored.update_id,
                self.names.name(stored.chat_id),
                incoming.kind,
                f"/{incoming.detail}" if incoming.detail else "",
                (self.clock() - stored.received_at) * 1000,
                outcome,
            )

    async def _flush(self, chat_id: int) -> None:
        if self.desk.is_desk(chat_id):
            self.to_staff.wake(chat_id)
        else:
            await self.delivery.flush(chat_id)

    # ------------------------------------------------------------ one update

    async def _handle(self, stored: Stored, incoming: Incoming) -> str:
        """Work one update off, whatever happens; gives back the outcome for the log."""
        if stored.attempts >= ATTEMPTS:
            return await self._give_up(
                stored, incoming, f"given up after {stored.attempts} attempts"
            )
        self.inbox.begin(stored.update_id)
        try:
            context = await self._context(stored, incoming)
            return await self._carry_out(route(incoming, context), stored, incoming, context)
        except Exception as error:
            # One update nobody foresaw must not hold up its chat for ever.
            logger.exception("Update %s could not be worked on.", stored.update_id)
            return await self._give_up(stored, incoming, type(error).__name__)

    async def _context(self, stored: Stored, incoming: Incoming) -> Context:
        chat = self.chats.get(stored.chat_id)
        language = chat.language or seed(incoming.language_code, self.options.default_language)
        group = stored.chat_id if self.desk.is_desk(stored.chat_id) else self.desk.group_id
        context = Context(chat, speaker(language), group)
        if incoming.kind is Kind.PRESS and not chat.held:
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
            case Hear():
                return self._hear(stored, incoming)
            case AtDesk():
                return self._finish(stored, incoming, await self.staff.handle(stored, incoming))

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
            asked = HUMAN_REQUEST in step.message
            return await self._apologise(stored, incoming, context, str(error), asked=asked)
        reachable = bool(reply.turn.get("handoff")) and await self.staff.reachable()
        return self._answer(step, stored, incoming, context, reply, reachable=reachable)

    def _answer(
        self,
        step: Ask,
        stored: Stored,
        incoming: Incoming,
        context: Context,
        reply: Reply,
        *,
        reachable: bool,
    ) -> str:
        turn = reply.turn
        chat_id = stored.chat_id
        drafts = with_notices(reply.drafts, step.notices)
        language = turn.get("language")
        say = speaker(language) if language in LANGUAGES else context.say
        if turn.get("intent") == "delete_data" and not any(draft.buttons for draft in drafts):
            drafts = (*drafts, erase_question(say))
        with self.database.atomic():
            if language in LANGUAGES:
                self.chats.set_language(chat_id, language)
            self.chats.set_interview(chat_id, open_interview(turn))
            if self.chats.get(chat_id).held:
                # The staff took the conversation while the assistant was thinking.
                self.desk.hear(stored, incoming)
                return self._finish(stored, incoming, "passed_on", turn=turn)
            reason = turn.get("handoff")
            if reason and reachable:
                drafts = self._hand_over(stored, reason, turn, drafts, say)
            elif reason:
                self.chats.record_handoff(chat_id, stored.update_id, reason)
                drafts = self._refer(drafts, reason, say)
            return self._finish(stored, incoming, "answered", drafts, turn=turn)

    def _hand_over(
        self, stored: Stored, reason: str, turn: dict[str, Any], said: tuple[Draft, ...], say: Words
    ) -> tuple[Draft, ...]:
        """Give the chat to the staff; what the person reads."""
        # Its buttons would lead nowhere while the staff have the chat.
        kept = () if reason in REPLACED else tuple(replace(draft, buttons=()) for draft in said)
        self.chats.record_handoff(stored.chat_id, stored.update_id, reason)
        self.desk.hand_over(stored.update_id, stored.chat_id, reason, turn, kept)
        return (*kept, Draft(self.desk.notice(say, reason)))

    def _refer(self, said: tuple[Draft, ...], reason: str, say: Words) -> tuple[Draft, ...]:
        """There is no desk to hand over to: how to reach the firm, unless that is said already."""
        if reason in NAMES_CONTACT:
            return said
        return (*said, *(Draft(text) for text in self.desk.reach_us(say)))

    async def _apologise(
        self,
        stored: Stored,
        incoming: Incoming,
        context: Context,
        failure: str,
        *,
        asked: bool = False,
    ) -> str:
        """The back end failed: the staff take over if they can.

        :param asked: the person wanted the staff anyway
        """
        reason = "asked" if asked else BACKEND_FAILURE
        chat_id = stored.chat_id
        reachable = await self.staff.reachable()
        with self.database.atomic():
            if self.chats.get(chat_id).held:
                self.desk.hear(stored, incoming)
                return self._finish(stored, incoming, "passed_on", failure=failure)
            if reachable:
                self._seed_language(chat_id, incoming)
                lead = () if asked else (Draft(context.say("apology_handed_over")),)
                drafts = self._hand_over(stored, reason, {}, lead, context.say)
            else:
                self.chats.record_handoff(chat_id, stored.update_id, reason)
                text = "\n\n".join([context.say("apology"), *self.desk.reach_us(context.say)])
                drafts = (Draft(text),)
            return self._finish(stored, incoming, "apologised", drafts, failure=failure)

    def _seed_language(self, chat_id: int, incoming: Incoming) -> None:
        """The staff's words to a person who never got an answer are in their app's language."""
        if self.chats.get(chat_id).language is None:
            language = seed(incoming.language_code, self.options.default_language)
            self.chats.set_language(chat_id, language)

    async def _give_up(self, stored: Stored, incoming: Incoming, failure: str) -> str:
        """Finish an update that nobody foresaw: with an apology if a person waits for a word."""
        try:
            if incoming.kind in ANSWERED:
                chat = self.chats.get(stored.chat_id)
                code, default = incoming.language_code, self.options.default_language
                context = Context(chat, speaker(chat.language or seed(code, default)))
                return await self._apologise(stored, incoming, context, failure)
            if self.desk.is_desk(stored.chat_id):
                self.staff.give_up(stored)
        except Exception:
            logger.exception("Update %s could not be apologised for either.", stored.update_id)
        return self._finish(stored, incoming, "failed", failure=failure)

    def _hear(self, stored: Stored, incoming: Incoming) -> str:
        """The staff get it, and the assistant says nothing."""
        with self.database.atomic():
            chat = self.chats.get(stored.chat_id)
            self.desk.unblocked(chat)
            self._unblock(chat)
            self.desk.hear(stored, incoming)
            return self._finish(stored, incoming, "passed_on")

    async def _repeat_question(self, timer: Timer) -> None:
        """The assistant has the chat back: Rasa repeats the interview's open question."""
        chat = self.chats.get(timer.chat_id)
        drafts: tuple[Draft, ...] = ()
        turn: dict[str, Any] = {}
        metadata = {
            "update_id": timer.update_id,
            "language_code": None,
            "language": chat.language,
            "button": True,
        }
        try:
            if not chat.held and not chat.banned:
                reply = await self.rasa.converse(chat.chat_id, RESUME, metadata)
                drafts, turn = reply.drafts, reply.turn
        except RasaUnavailable as error:
            # The person can write or press on; nothing was promised.
            logger.error("The open question could not be repeated: %s", error)
        with self.database.atomic():
            self.stores.timers.clear(chat.chat_id, TimerKind.RESUME)
            if self.chats.get(chat.chat_id).held or not drafts:
                return
            self.chats.set_interview(chat.chat_id, open_interview(turn))
            self.outbox.add(timer.update_id, chat.chat_id, drafts)
        await self.delivery.flush(chat.chat_id)

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
            self.desk.forget_topic(stored.chat_id, stored.update_id)
            self.stores.erase(stored.chat_id, up_to=stored.update_id)
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
            if blocked:
                self.desk.blocked(stored.chat_id)
                self.outbox.drop(stored.chat_id)
            else:
                self.desk.unblocked(self.chats.get(stored.chat_id))
            self.chats.set_blocked(stored.chat_id, blocked)
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
        if self.desk.is_desk(incoming.chat_id):
            # The staff's presses are answered with what came of them.
            return
        held = self.chats.get(incoming.chat_id).held
        token = None if held else self.tokens.find(incoming.data, incoming.chat_id)
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
    asking = interview.get("fact") and interview.get("open", True)
    return interview.get("scheme") if asking else None
