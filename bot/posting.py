"""One request to Telegram for one row of the outbox."""

import logging

from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    ReplyParameters,
)
from telegram.error import BadRequest

from bot.outbox import CLOSE, COPY, DELETE, EDIT, LEAVE, REOPEN, Place, Row
from bot.topics import Topics

logger = logging.getLogger(__name__)

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)

EDITED = "✎ "
"""In front of new words of a message that cannot be changed where they are shown."""

NOT_COPIED = ("message to copy not found", "can't be copied")

NOT_EDITABLE = ("message to edit not found", "message can't be edited")


class Posting:
    """Knows how each method is asked for, and which topic a person has."""

    def __init__(self, bot: Bot, topics: Topics) -> None:
        self.bot = bot
        self.topics = topics

    async def request(self, row: Row, plain: bool = False) -> int | None:
        """Ask for it once and give back the new message's id; None where there is none.

        Opens the person's topic first if there is none. Errors are Telegram's.

        :param plain: without the keyboard
        """
        if row.method == LEAVE:
            await self.bot.leave_chat(row.chat_id)
            return None
        if row.method in (CLOSE, REOPEN, DELETE):
            await self._change_topic(row)
            return None
        thread_id = await self._thread(row)
        if row.method == COPY:
            return await self._copy(row, thread_id)
        if row.method == EDIT:
            return await self._edit(row, thread_id)
        return await self._say(row, row.text, thread_id, plain)

    async def _say(self, row: Row, text: str, thread_id: int | None, plain: bool = False) -> int:
        message = await self.bot.send_message(
            row.chat_id,
            text,
            message_thread_id=thread_id,
            reply_parameters=self._reply(row.reply_to),
            reply_markup=None if plain else keyboard_of(row),
            link_preview_options=None if plain else NO_PREVIEW,
        )
        return message.message_id

    async def _thread(self, row: Row) -> int | None:
        """The topic to write into; None for a private chat."""
        if not row.to_staff or row.about is None:
            return None
        topic = self.topics.get(row.about)
        assert topic is not None, "a row for a topic is written after the topic is noted down"
        if topic.thread_id is None:
            opened = await self.bot.create_forum_topic(topic.group_id, topic.title)
            self.topics.opened(row.about, opened.message_thread_id)
            return opened.message_thread_id
        if topic.closed:
            await self.reopen(row)
        return topic.thread_id

    async def reopen(self, row: Row) -> None:
        """Open a closed topic again, so that all of the staff can write in it."""
        topic = self.topics.get(row.about or 0)
        if topic is None or topic.thread_id is None:
            return
        try:
            await self.bot.reopen_forum_topic(topic.group_id, topic.thread_id)
        except BadRequest as error:
            if "not_modified" not in error.message.lower():
                raise
        self.topics.set_closed(topic.chat_id, False)

    async def _change_topic(self, row: Row) -> None:
        topic = self.topics.get(row.about or 0)
        thread_id = row.thread_id or (topic.thread_id if topic else None)
        if thread_id is None:
            return
        change = {
            CLOSE: self.bot.close_forum_topic,
            REOPEN: self.bot.reopen_forum_topic,
            DELETE: self.bot.delete_forum_topic,
        }[row.method]
        await change(row.chat_id, thread_id)
        if row.about is not None:
            self.topics.set_closed(row.about, row.method == CLOSE)

    async def _copy(self, row: Row, thread_id: int | None) -> int:
        assert row.source is not None, "a copy has a source"
        try:
            copy = await self.bot.copy_message(
                row.chat_id,
                *row.source,
                message_thread_id=thread_id,
                reply_parameters=self._reply(row.reply_to),
            )
        except BadRequest as error:
            if not row.text or not any(word in error.message.lower() for word in NOT_COPIED):
                raise
            return await self._say(row, row.text, thread_id)
        return copy.message_id

    async def _edit(self, row: Row, thread_id: int | None) -> int | None:
        """Change the other copy; where that is impossible, say the new words."""
        assert row.source is not None, "an edit has a source"
        shown = self.topics.counterpart(row.source)
        if shown is None:
            return await self._say(row, EDITED + row.text, thread_id)
        try:
            await self._change(shown, row.text)
        except BadRequest as error:
            problem = error.message.lower()
            if "not modified" in problem:
                return None
            if any(word in problem for word in NOT_EDITABLE):
                return await self._say(row, EDITED + row.text, thread_id)
            raise
        return None

    async def _change(self, shown: Place, text: str) -> None:
        try:
            await self.bot.edit_message_text(text, *shown, link_preview_options=NO_PREVIEW)
        except BadRequest as error:
            if "no text in the message" not in error.message.lower():
                raise
            await self.bot.edit_message_caption(*shown, caption=text)

    def _reply(self, reply_to: Place | None) -> ReplyParameters | None:
        """The reply on the other side, if the message replied to is there."""
        there = self.topics.counterpart(reply_to) if reply_to else None
        if there is None:
            return None
        return ReplyParameters(there[1], allow_sending_without_reply=True)


def keyboard_of(row: Row) -> InlineKeyboardMarkup | None:
    """The row's buttons in Telegram's form."""
    if not row.keyboard:
        return None
    return InlineKeyboardMarkup(
        [
            [InlineKeyboardButton(title, callback_data=token) for title, token in buttons]
            for buttons in row.keyboard
        ]
    )
