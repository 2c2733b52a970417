"""The staff desk: who answers in a chat, and what each side is told about it.

    bot --hand over--> waiting --take--> human --hand back--> bot
                       waiting --------- hand back, silence, group lost --------> bot

Everything here writes rows, in the caller's transaction where there is one; ``delivery`` sends
them. While a chat is ``waiting`` or ``human`` the dialogue is not called and the assistant says
nothing but the few sentences below.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.card import card, facts_of, topic_title
from bot.chats import Chat, Holder
from bot.history import Line, Speaker, button_title, history
from bot.inbox import Stored
from bot.keyboards import Draft
from bot.outbox import CLOSE, COPY, DELETE, EDIT, Parcel, Row
from bot.stores import Stores
from bot.timers import Timer, TimerKind
from bot.updates import Incoming, Kind
from bot.wording import Words, speaker

logger = logging.getLogger(__name__)

LAST_LINES = 8
"""Messages a card shows."""

MOVED_NOTE = "staff_group_moved"

REPLACED = {
    "asked": "lead_asked",
    "not_understood": "lead_not_understood",
    "not_it": "lead_not_it",
}
"""Reasons for which the dialogue's words offer help of its own, which it cannot give while a
person is waited for: these words of ours are said instead."""


@dataclass(frozen=True)
class DeskOptions:
    """What the desk may be told."""

    group_id: int | None = None
    language: str = "en"
    """The staff's own language."""
    hours: str = ""
    contact: str = ""
    wait_seconds: float = 600.0
    silence_seconds: float = 86_400.0


class Desk:
    """Decides who answers, and keeps both sides informed.

    :param wake: called with a chat for which something was written
    """

    def __init__(self, stores: Stores, options: DeskOptions, wake: Callable[[int], None]) -> None:
        self.stores = stores
        self.database = stores.database
        self.chats = stores.chats
        self.outbox = stores.outbox
        self.topics = stores.topics
        self.timers = stores.timers
        self.options = options
        self.wake = wake
        self.say: Words = speaker(options.language)

    # ------------------------------------------------------------ the group

    @property
    def group_id(self) -> int | None:
        """The staff's group, by its present id."""
        configured = self.options.group_id
        if configured is None:
            return None
        old, _, new = (self.stores.notes.get(MOVED_NOTE) or "").partition(" ")
        return int(new) if new and int(old) == configured else configured

    def is_desk(self, chat_id: int) -> bool:
        """Whether this chat is the staff's group, by its present or its first id."""
        return chat_id in (self.group_id, self.options.group_id)

    def group_moved(self, new: int) -> None:
        """The group became a supergroup, which has an id of its own."""
        before = {group for group in (self.group_id, self.options.group_id) if group} - {new}
        if self.group_id != new:
            logger.warning("The staff group has the id %s now: set STAFF_GROUP_ID to it.", new)
        with self.database.atomic():
            self.stores.notes.put(MOVED_NOTE, f"{self.options.group_id} {new}")
            for old in before:
                self.topics.move(old, new)
                self.outbox.move(old, new)
        self.wake(new)

    def group_lost(self, problem: str) -> None:
        """Nothing can be written into the group: everybody who waits is told how to reach us."""
        logger.error(
            "The staff group cannot be written to (%s): see that it is a forum and that the bot "
            "is an administrator who may manage topics.",
            problem,
        )
        group = self.group_id
        assert group is not None, "a row was written for it"
        with self.database.atomic():
            while row := self.outbox.next(group):
                self.outbox.mark_failed(row, problem)
            for chat_id in self.chats.held():
                self._release(chat_id, "", "unreachable")
                say = self.words(chat_id)
                self.tell(chat_id, say("desk_unreachable"), *self.reach_us(say))

    def release_all(self) -> None:
        """At the start without a group: nobody may wait for people who cannot hear them."""
        with self.database.atomic():
            for chat_id in self.chats.held() if self.group_id is None else []:
                self._release(chat_id, "", "no staff group")

    # ------------------------------------------------------------ words

    def words(self, chat_id: int) -> Words:
        """The relay's voice in a person's language."""
        return speaker(self.chats.get(chat_id).language or self.options.language)

    def reach_us(self, say: Words) -> tuple[str, ...]:
        """How to reach the firm without this chat, if that is known."""
        contact = self.options.contact
        return (say("reach_us", contact=contact),) if contact else ()

    def tell(self, chat_id: int, *paragraphs: str, update_id: int = 0) -> None:
        """Say something to the person about their conversation with the staff."""
        self.outbox.add(update_id, chat_id, [Draft("\n\n".join(paragraphs))], about=chat_id)
        self.wake(chat_id)

    def tell_staff(self, chat_id: int, *drafts: Draft, update_id: int = 0) -> None:
        """Say something in a person's topic."""
        group = self.group_id
        if group is None or self.topics.get(chat_id) is None:
            return
        self.outbox.add(update_id, group, drafts, about=chat_id)
        self.wake(group)

    def note_staff(self, chat_id: int, key: str, update_id: int = 0, **values: object) -> None:
        """Say a sentence of the catalogue in a person's topic."""
        self.tell_staff(chat_id, Draft(self.say(key, **values)), update_id=update_id)

    # ------------------------------------------------------------ handing over

    def notice(self, say: Words, reason: str) -> str:
        """What a person reads who is handed over: what happens next, and what they can do."""
        parts = [say(REPLACED[reason])] if reason in REPLACED else []
        parts.append(say("handed_over"))
        if self.options.hours:
            parts.append(say("office_hours", hours=self.options.hours))
        parts.append(say("leave_contact"))
        # The dialogue's own words about a complaint say how to reach the firm.
        parts += [] if reason == "complaint" else self.reach_us(say)
        return "\n\n".join(parts)

    def hand_over(
        self,
        update_id: int,
        chat_id: int,
        reason: str,
        turn: dict[str, Any],
        said: tuple[Draft, ...] = (),
    ) -> None:
        """From now on the person waits for the staff, who get the card.

        :param said: the assistant's answer of this turn, which is not in the outbox yet
        """
        group = self.group_id
        assert group is not None, "asked for only where there is a group"
        self.chats.wait(chat_id, reason)
        self.timers.clear(chat_id)
        self.timers.set(chat_id, TimerKind.WAITING, self.options.wait_seconds)
        self.timers.set(chat_id, TimerKind.SILENCE, self.options.silence_seconds)
        self._ensure_topic(chat_id, group, turn)
        self.tell_staff(chat_id, self.card(chat_id, turn, said), update_id=update_id)

    def _ensure_topic(self, chat_id: int, group: int, turn: dict[str, Any] | None = None) -> None:
        turn = turn or self.stores.inbox.last_turn(chat_id)
        facts = facts_of(self.stores.inbox.name(chat_id), self.chats.get(chat_id), turn)
        self.topics.ensure(chat_id, group, topic_title(facts))

    def card(
        self, chat_id: int, turn: dict[str, Any] | None = None, said: tuple[Draft, ...] = ()
    ) -> Draft:
        """The card of a person as things stand."""
        turn = turn or self.stores.inbox.last_turn(chat_id)
        facts = facts_of(self.stores.inbox.name(chat_id), self.chats.get(chat_id), turn)
        lines = history(self.stores, chat_id, LAST_LINES)
        lines += [Line(0.0, Speaker.BOT, draft.text) for draft in said]
        return card(self.say, facts, lines)

    # ------------------------------------------------------------ the person's side

    def hear(self, stored: Stored, incoming: Incoming) -> None:
        """Pass on to the staff what a person did."""
        group, chat_id = self.group_id, stored.chat_id
        if group is None:
            return
        self._ensure_topic(chat_id, group)
        if incoming.kind is Kind.PRESS:
            title = button_title(self.stores, incoming) or "…"
            self.note_staff(chat_id, "staff_pressed", stored.update_id, title=title)
        else:
            parcel = self._parcel(chat_id, incoming)
            self.outbox.pass_on(stored.update_id, group, parcel, about=chat_id)
        self.timers.set(chat_id, TimerKind.SILENCE, self.options.silence_seconds)
        self.wake(group)

    def _parcel(self, chat_id: int, incoming: Incoming) -> Parcel:
        """A message to copy, or an edit; its words in case it can be neither."""
        assert incoming.message_id is not None, "a message has an id"
        source = (chat_id, incoming.message_id)
        if incoming.kind is Kind.EDIT and incoming.text:
            return Parcel(EDIT, incoming.text, source)
        words = incoming.text or f"[{incoming.attachment or '…'}]"
        reply_to = (chat_id, incoming.reply_to) if incoming.reply_to else None
        return Parcel(COPY, words, source, reply_to)

    def blocked(self, chat_id: int) -> None:
        """The person blocked the bot; call it before that is noted down."""
        chat = self.chats.get(chat_id)
        if chat.held and not chat.blocked:
            self.note_staff(chat_id, "staff_blocked")

    def unblocked(self, chat: Chat) -> None:
        """The person let the bot in again."""
        if chat.held and chat.blocked:
            self.note_staff(chat.chat_id, "staff_unblocked")

    # ------------------------------------------------------------ the staff's side

    def take(self, chat_id: int, by: str, update_id: int) -> bool:
        """Somebody of the staff has the conversation; False if they had it already."""
        chat = self.chats.get(chat_id)
        if chat.holder is Holder.HUMAN and chat.held_by == by:
            return False
        if not chat.held:
            self.chats.record_handoff(chat_id, update_id, "staff")
        self.chats.take(chat_id, by)
        self.timers.clear(chat_id, TimerKind.WAITING, TimerKind.RESUME)
        self.timers.set(chat_id, TimerKind.SILENCE, self.options.silence_seconds)
        if chat.holder is not Holder.HUMAN:
            say = self.words(chat_id)
            self.tell(chat_id, say("taken", name=by), update_id=update_id)
        return True

    def hand_back(self, chat_id: int, by: str, update_id: int, *, close: bool = False) -> bool:
        """The assistant answers again; False if it did already. ``close`` closes the topic too."""
        chat = self.chats.get(chat_id)
        if chat.held:
            self._release(chat_id, by, "closed" if close else "handed back")
            say = self.words(chat_id)
            self.tell(chat_id, say("handed_back"), update_id=update_id)
            if chat.interview:
                self.timers.set(chat_id, TimerKind.RESUME, 0, update_id)
            self.note_staff(chat_id, "staff_handed_back", update_id, name=by)
        if close:
            self._close_topic(chat_id, update_id)
        return chat.held

    def _release(self, chat_id: int, by: str, why: str) -> None:
        self.chats.give_back(chat_id, by, why)
        self.timers.clear(chat_id)

    def _close_topic(self, chat_id: int, update_id: int) -> None:
        topic = self.topics.get(chat_id)
        if topic and not topic.closed:
            self.outbox.pass_on(update_id, topic.group_id, Parcel(CLOSE), about=chat_id)
            self.wake(topic.group_id)

    def speak(self, chat_id: int, by: str, update_id: int, parcel: Parcel | Draft) -> str:
        """Pass on to the person what somebody of the staff wrote; gives back the outcome."""
        chat = self.chats.get(chat_id)
        if chat.banned or chat.blocked:
            key = "staff_not_sent_banned" if chat.banned else "staff_not_sent_blocked"
            self.note_staff(chat_id, key, update_id)
            return "staff_not_sent"
        if chat.holder is not Holder.HUMAN:
            self.take(chat_id, by, update_id)
        if isinstance(parcel, Draft):
            self.outbox.add(update_id, chat_id, [parcel], about=chat_id)
        else:
            self.outbox.pass_on(update_id, chat_id, parcel, about=chat_id)
        self.timers.set(chat_id, TimerKind.SILENCE, self.options.silence_seconds)
        self.wake(chat_id)
        return "staff_spoke"

    def ban(self, chat_id: int, banned: bool) -> None:
        """Hear nothing of a person any more, or hear them again."""
        self.chats.set_banned(chat_id, banned)
        if banned:
            self._release(chat_id, "", "banned")

    def forget_topic(self, chat_id: int, update_id: int) -> None:
        """Delete the topic of a person who had everything erased; call it before the erasing.

        The row holds the topic's number alone and goes as soon as it is sent.
        """
        topic = self.topics.get(chat_id)
        if topic and topic.thread_id:
            parcel = Parcel(DELETE, thread_id=topic.thread_id)
            self.outbox.pass_on(update_id, topic.group_id, parcel)
            self.wake(topic.group_id)

    # ------------------------------------------------------------ time

    def fire_due(self) -> None:
        """Do what is due."""
        for timer in self.timers.due():
            with self.database.atomic():
                self.timers.clear(timer.chat_id, timer.kind)
                self._fire(timer)

    def _fire(self, timer: Timer) -> None:
        chat = self.chats.get(timer.chat_id)
        say = self.words(chat.chat_id)
        if timer.kind is TimerKind.WAITING and chat.holder is Holder.WAITING:
            minutes = round(self.options.wait_seconds / 60)
            name = chat.held_by or "-"
            self.note_staff(chat.chat_id, "staff_waiting_long", minutes=minutes, name=name)
            self.tell(chat.chat_id, say("waiting_long"), *self.reach_us(say))
        elif timer.kind is TimerKind.SILENCE and chat.held:
            self._release(chat.chat_id, "", "silence")
            self.tell(chat.chat_id, say("closed_silent"))
            self.note_staff(chat.chat_id, "staff_closed_silent")
            self._close_topic(chat.chat_id, 0)

    # ------------------------------------------------------------ trouble

    def topic_lost(self, row: Row) -> None:
        """Somebody deleted the topic: open another and go on there, if there is anything to say."""
        assert row.about is not None, "a row for a topic is about a person"
        with self.database.atomic():
            self.topics.opened(row.about, None)
            unsent = self.outbox.take_unsent(row.chat_id, row.about)
            if not self.chats.get(row.about).held:
                return
            if not row.keyboard:
                draft = self.card(row.about)
                lead = self.say("staff_topic_again")
                self.tell_staff(row.about, Draft(f"{lead}\n\n{draft.text}", draft.buttons))
            self.outbox.put_back(unsent)

    def topic_stays(self, row: Row) -> None:
        """The topic of a person who had everything erased could not be deleted: the staff must."""
        link = f"https://t.me/c/{str(row.chat_id).removeprefix('-100')}/{row.thread_id}"
        text = self.say("staff_delete_topic", link=link)
        self.outbox.add(row.update_id, row.chat_id, [Draft(text)])

    def refused(self, row: Row) -> None:
        """Telegram does not take a message for the other side."""
        if row.about is not None:
            key = "staff_not_shown" if row.to_staff else "staff_not_sent_refused"
            self.note_staff(row.about, key)
