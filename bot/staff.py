"""What the staff do in their group: answers, notes, commands and buttons.

Whoever acts is looked up among the group's members every time, at Telegram itself: somebody who
left, was removed or restricted an hour ago can do nothing now.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from telegram import Bot
from telegram.constants import ChatMemberStatus
from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter, TelegramError

from bot.canned import Canned
from bot.card import CLOSE, DONE, TAKE, facts_of, facts_text, notes_text, shorter, transcript
from bot.commands import STAFF_COMMANDS, Typed
from bot.delivery import backoff, seconds_of
from bot.desk import Desk
from bot.history import history
from bot.inbox import Stored
from bot.keyboards import Draft
from bot.outbox import COPY, EDIT, Parcel, Place
from bot.staff_updates import INTERNAL, StaffUpdate, read_staff
from bot.stores import Stores
from bot.tokens import Tokens
from bot.updates import Incoming, Kind

logger = logging.getLogger(__name__)

TRANSCRIPT_LINES = 60

NAME_LENGTH = 60

MEMBERS = (ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR, ChatMemberStatus.MEMBER)

Command = Callable[["Staff", Stored, StaffUpdate, int, str], str]


class Staff:
    """Works off the updates of the staff's group."""

    def __init__(
        self,
        bot: Bot,
        stores: Stores,
        desk: Desk,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.bot = bot
        self.stores = stores
        self.database = stores.database
        self.tokens: Tokens = stores.tokens
        self.desk = desk
        self.canned = Canned.load()
        self.sleep = sleep

    # ------------------------------------------------------------ who may

    async def reachable(self) -> bool:
        """Whether topics can be opened now; yes if Telegram itself is what is silent."""
        group = self.desk.group_id
        if group is None:
            return False
        try:
            me = await self.bot.get_chat_member(group, int(self.bot.token.partition(":")[0]))
        except ChatMigrated as error:
            self.desk.group_moved(error.new_chat_id)
            return await self.reachable()
        except (BadRequest, Forbidden) as error:
            logger.error("The staff group %s cannot be reached: %s.", group, error.message)
            return False
        except TelegramError:
            return True
        if getattr(me, "can_manage_topics", False):
            return True
        logger.error("The bot may not manage topics in the staff group %s: let it.", group)
        return False

    async def is_member(self, user_id: int) -> bool:
        """Whether this account is of the staff at this moment; waits while Telegram is silent."""
        waits = backoff()
        while True:
            group = self.desk.group_id
            assert group is not None, "an update of the staff's group came"
            try:
                member = await self.bot.get_chat_member(group, user_id)
            except ChatMigrated as error:
                self.desk.group_moved(error.new_chat_id)
            except (BadRequest, Forbidden, TypeError):
                # TypeError: a standing that the library cannot read is none that it knows.
                return False
            except RetryAfter as error:
                await self.sleep(seconds_of(error))
            except TelegramError:
                await self.sleep(next(waits))
            else:
                return member.status in MEMBERS

    # ------------------------------------------------------------ one update

    async def handle(self, stored: Stored, incoming: Incoming) -> str:
        """Do what an update asks for, if whoever wrote it may; gives back the outcome.

        What changes anything marks the update finished with it; the caller may mark it again.
        """
        has_content = bool(incoming.text or incoming.attachment)
        update = read_staff(stored.body, has_content)
        if update.migrated_to:
            self.desk.group_moved(update.migrated_to)
            return "group_moved"
        person = self._person(stored, update)
        if incoming.kind is Kind.GROUP_PRESS:
            return await self._press(stored, incoming, update)
        if person is not None and update.topic_closed is not None:
            self.stores.topics.set_closed(person, update.topic_closed)
        if update.service or (update.from_bot and not update.anonymous):
            return "staff_group"
        if person is None:
            return await self._outside(stored, incoming, update)
        if incoming.text.startswith(INTERNAL) and incoming.kind is not Kind.GROUP_EDIT:
            return "staff_internal"
        if refusal := await self._refusal(update):
            with self.database.atomic():
                self._refuse(stored, person, update, refusal)
                return self._finish(stored, incoming, "staff_refused")
        return self._act(stored, incoming, update, person)

    def _person(self, stored: Stored, update: StaffUpdate) -> int | None:
        """Whose topic it happened in."""
        if update.thread_id is None:
            return None
        return self.stores.topics.person(stored.chat_id, update.thread_id)

    async def _refusal(self, update: StaffUpdate) -> str | None:
        """The key of what to say if this account may do nothing here."""
        if update.anonymous:
            return "staff_anonymous"
        if not await self.is_member(update.user_id):
            return "staff_no_member"
        return None

    def _refuse(self, stored: Stored, person: int, update: StaffUpdate, key: str) -> None:
        logger.warning("Update %s in the staff group was refused: %s.", stored.update_id, key)
        self.desk.note_staff(person, key, stored.update_id, name=update.name)

    async def _outside(self, stored: Stored, incoming: Incoming, update: StaffUpdate) -> str:
        """Outside the persons' topics the staff are among themselves; /help is answered."""
        command = incoming.command
        if command is None or command.name not in STAFF_COMMANDS:
            return "staff_group"
        if incoming.kind is Kind.GROUP_EDIT or await self._refusal(update):
            logger.warning("Update %s in the staff group was refused.", stored.update_id)
            return "staff_refused"
        text = self._help() if command.name == "help" else self.desk.say("staff_only_in_topic")
        if update.thread_id is None:
            with self.database.atomic():
                self.desk.outbox.add(stored.update_id, stored.chat_id, [Draft(text)])
                self._finish(stored, incoming, "staff_help")
            self.desk.wake(stored.chat_id)
        return "staff_help"

    def _act(self, stored: Stored, incoming: Incoming, update: StaffUpdate, person: int) -> str:
        with self.database.atomic():
            outcome = self._decide(stored, incoming, update, person)
            return self._finish(stored, incoming, outcome)

    def _decide(self, stored: Stored, incoming: Incoming, update: StaffUpdate, person: int) -> str:
        if incoming.kind is Kind.GROUP_EDIT:
            return self._edit(stored, incoming, update, person)
        if incoming.command:
            return self._command(stored, incoming.command, update, person)
        parcel = self._copy(stored, incoming)
        return self.desk.speak(person, update.name, stored.update_id, parcel)

    def _finish(self, stored: Stored, incoming: Incoming, outcome: str) -> str:
        """Mark the update finished in the transaction that does what it asks for.

        Otherwise a crash between the two would have it done twice.
        """
        self.stores.inbox.finish(stored.update_id, incoming.kind, outcome)
        return outcome

    def _copy(self, stored: Stored, incoming: Incoming) -> Parcel:
        assert incoming.message_id is not None, "a message has an id"
        reply_to = (stored.chat_id, incoming.reply_to) if incoming.reply_to else None
        return Parcel(COPY, incoming.text, (stored.chat_id, incoming.message_id), reply_to)

    def _edit(self, stored: Stored, incoming: Incoming, update: StaffUpdate, person: int) -> str:
        """Change what the person was sent; what they were not sent stays inside."""
        assert incoming.message_id is not None, "an edit has an id"
        source = (stored.chat_id, incoming.message_id)
        if not incoming.text:
            self.desk.note_staff(person, "staff_edit_not_sent", stored.update_id)
            return "staff_not_sent"
        sent = self._was_sent(person, source)
        if not sent and incoming.text.startswith(INTERNAL):
            return "staff_internal"
        if not sent or incoming.text.startswith((INTERNAL, "/")):
            self.desk.note_staff(person, "staff_edit_not_sent", stored.update_id)
            return "staff_not_sent"
        if not self.desk.chats.get(person).held:
            self.desk.note_staff(person, "staff_edit_too_late", stored.update_id)
            return "staff_not_sent"
        parcel = Parcel(EDIT, incoming.text, source)
        return self.desk.speak(person, update.name, stored.update_id, parcel)

    def _was_sent(self, person: int, source: Place) -> bool:
        """Whether a message of the staff went to the person, or is on its way."""
        return self.stores.topics.counterpart(source) is not None or bool(
            self.database.execute(
                "SELECT 1 FROM messages WHERE about = ? AND method = ?"
                " AND body ->> '$.source[0]' = ? AND body ->> '$.source[1]' = ?",
                [person, COPY, *source],
            ).fetchone()
        )

    def give_up(self, stored: Stored) -> None:
        """An update nobody foresaw: whoever wrote it learns that nothing was sent."""
        update = read_staff(stored.body, True)
        person = self._person(stored, update)
        if person is not None:
            self.desk.note_staff(person, "staff_not_sent_refused", stored.update_id)

    # ------------------------------------------------------------ buttons

    async def _press(self, stored: Stored, incoming: Incoming, update: StaffUpdate) -> str:
        token = self.tokens.find(incoming.data, stored.chat_id)
        person = self._about(token.keyboard) if token else None
        if not await self.is_member(update.user_id):
            logger.warning("Update %s in the staff group was refused.", stored.update_id)
            await self._answer(incoming, self.desk.say("staff_no_member", name=update.name))
            return "staff_refused"
        if token is None or person is None:
            await self._answer(incoming, self.desk.say("staff_button_expired"))
            return "expired_button"
        with self.database.atomic():
            text = self._pressed(token.payload, person, update, stored.update_id)
            self._finish(stored, incoming, "staff_pressed")
        await self._answer(incoming, text)
        return "staff_pressed"

    def _about(self, keyboard: int) -> int | None:
        """The person whose card carries a keyboard."""
        row = self.database.execute(
            "SELECT about FROM messages WHERE id = ?", [keyboard]
        ).fetchone()
        return row[0] if row else None

    def _pressed(self, payload: str, person: int, update: StaffUpdate, update_id: int) -> str:
        """Do what a button says; gives back the little notice."""
        if payload == TAKE:
            return self._take(person, update.name, update_id)
        assert payload in (DONE, CLOSE), "a card has no other buttons"
        if self.desk.hand_back(person, update.name, update_id, close=payload == CLOSE):
            return self.desk.say("staff_handed_back", name=update.name)
        return self.desk.say("staff_nothing_to_hand_back")

    def _take(self, person: int, name: str, update_id: int) -> str:
        if self.desk.chats.get(person).banned:
            return self.desk.say("staff_not_sent_banned")
        if not self.desk.take(person, name, update_id):
            return self.desk.say("staff_taken_already", name=name)
        text = self.desk.say("staff_taken", name=name)
        self.desk.tell_staff(person, Draft(text), update_id=update_id)
        return text

    async def _answer(self, incoming: Incoming, text: str) -> None:
        try:
            await self.bot.answer_callback_query(incoming.query_id, text[:200])
        except TelegramError as error:
            # A courtesy: the topic shows what was done.
            logger.info("A press could not be acknowledged: %s.", type(error).__name__)

    # ------------------------------------------------------------ commands

    def _command(self, stored: Stored, typed: Typed, update: StaffUpdate, person: int) -> str:
        if typed.name not in STAFF_COMMANDS:
            self._say(person, stored, self.desk.say("staff_unknown_command", command=typed.name))
            return "staff_not_sent"
        text = COMMANDS[typed.name](self, stored, update, person, typed.argument)
        if text:
            self._say(person, stored, text)
        return f"staff_{typed.name}"

    def _say(self, person: int, stored: Stored, text: str) -> None:
        self.desk.tell_staff(person, Draft(text), update_id=stored.update_id)

    def take(self, stored: Stored, update: StaffUpdate, person: int, argument: str) -> str:
        """The conversation is mine."""
        before = self.desk.chats.get(person)
        if before.banned:
            return self.desk.say("staff_not_sent_banned")
        if not self.desk.take(person, update.name, stored.update_id):
            return self.desk.say("staff_taken_already", name=update.name)
        return self.desk.say("staff_taken", name=update.name)

    def done(self, stored: Stored, update: StaffUpdate, person: int, argument: str) -> str:
        """The assistant may answer again."""
        if self.desk.hand_back(person, update.name, stored.update_id):
            return ""
        return self.desk.say("staff_nothing_to_hand_back")

    def assign(self, stored: Stored, update: StaffUpdate, person: int, argument: str) -> str:
        """Somebody named should answer."""
        name = " ".join(argument.split())[:NAME_LENGTH]
        if not name:
            return self.desk.say("staff_assign_whom")
        self.desk.chats.assign(person, name)
        return self.desk.say("staff_assigned", name=name)

    def note(self, stored: Stored, update: StaffUpdate, person: int, argument: str) -> str:
        """Something to remember about the person."""
        if not argument:
            return self.desk.say("staff_note_what")
        self.stores.staff_notes.add(person, update.name, argument)
        return self.desk.say("staff_noted")

    def facts(self, stored: Stored, update: StaffUpdate, person: int, argument: str) -> str:
        """What is known about the person."""
        chat = self.desk.chats.get(person)
        known = facts_of(self.stores.inbox.name(person), chat, self.stores.inbox.last_turn(person))
        holder = self.desk.say(f"staff_holder_{chat.holder}", name=chat.held_by or "-")
        notes = notes_text(self.desk.say, self.stores.staff_notes.of(person))
        return "\n\n".join(filter(None, [facts_text(self.desk.say, known), holder, notes]))

    def transcript(self, stored: Stored, update: StaffUpdate, person: int, argument: str) -> str:
        """The conversation so far."""
        lines = history(self.stores, person, TRANSCRIPT_LINES)
        shown = transcript(self.desk.say, [shorter(line) for line in lines])
        return shown or self.desk.say("staff_nothing_said")

    def answer(self, stored: Stored, update: StaffUpdate, person: int, argument: str) -> str:
        """A canned answer; without a key, the list of them."""
        if not argument:
            listed = "\n".join(f"• /canned {key}" for key in self.canned.texts)
            return self.desk.say("staff_canned_list", keys=listed)
        language = self.desk.chats.get(person).language or self.desk.options.language
        text = self.canned.text(argument.lower(), language)
        if text is None:
            return self.desk.say("staff_canned_unknown", key=argument[:NAME_LENGTH])
        outcome = self.desk.speak(person, update.name, stored.update_id, Draft(text))
        return self.desk.say("staff_canned_sent", text=text) if outcome == "staff_spoke" else ""

    def ban(self, stored: Stored, update: StaffUpdate, person: int, argument: str) -> str:
        """Hear nothing of this person any more."""
        self.desk.ban(person, True)
        return self.desk.say("staff_banned")

    def unban(self, stored: Stored, update: StaffUpdate, person: int, argument: str) -> str:
        """Hear this person again."""
        self.desk.ban(person, False)
        return self.desk.say("staff_unbanned")

    def help(self, stored: Stored, update: StaffUpdate, person: int, argument: str) -> str:
        """What can be done here."""
        return self._help()

    def _help(self) -> str:
        listed = "\n".join(
            f"/{name} – {self.desk.say(f'staff_command_{name}')}" for name in STAFF_COMMANDS
        )
        return self.desk.say("staff_help", commands=listed)


COMMANDS: dict[str, Command] = {
    "take": Staff.take,
    "done": Staff.done,
    "assign": Staff.assign,
    "note": Staff.note,
    "facts": Staff.facts,
    "transcript": Staff.transcript,
    "canned": Staff.answer,
    "ban": Staff.ban,
    "unban": Staff.unban,
    "help": Staff.help,
}
