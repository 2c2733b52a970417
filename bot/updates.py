"""What an update is: one kind of the desk's own for each of Telegram's many."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from telegram import CallbackQuery, ChatMemberUpdated, Message, Update
from telegram.constants import ChatMemberStatus, ChatType, MessageAttachmentType

from bot.commands import Typed, parse_command


class Kind(StrEnum):
    """The kinds that are treated differently."""

    TEXT = "text"
    COMMAND = "command"
    PRESS = "press"
    EDIT = "edit"
    ATTACHMENT = "attachment"
    SOUND = "sound"
    GROUP = "group"
    GROUP_EDIT = "group_edit"
    GROUP_PRESS = "group_press"
    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"
    OTHER = "other"
    """Channel posts, reactions, inline queries, service messages, whatever is new: no answer."""
    UNREADABLE = "unreadable"


SOUNDS = ("voice", "audio", "video_note")

GROUPS = (ChatType.GROUP, ChatType.SUPERGROUP)

PRESENT = (
    ChatMemberStatus.OWNER,
    ChatMemberStatus.ADMINISTRATOR,
    ChatMemberStatus.MEMBER,
    ChatMemberStatus.RESTRICTED,
)


@dataclass(frozen=True)
class Incoming:
    """One update, read."""

    update_id: int
    kind: Kind
    chat_id: int = 0
    message_id: int | None = None
    text: str = ""
    """What was typed: the text, or an attachment's caption."""
    command: Typed | None = None
    language_code: str | None = None
    attachment: str | None = None
    media_group_id: str | None = None
    reply_to: int | None = None
    """The message it replies to, in the same chat."""
    data: str = ""
    """The pressed button's callback data."""
    query_id: str = ""
    detail: str = ""
    """For the log: Telegram's own name of what came."""


def chat_of(update: dict[str, Any]) -> int:
    """The chat an update belongs to, found without understanding the update; 0 for none."""
    for part in update.values():
        if isinstance(part, dict):
            message = part.get("message")
            chat = part.get("chat") or (message.get("chat") if isinstance(message, dict) else None)
            if isinstance(chat, dict) and isinstance(chat.get("id"), int):
                return int(chat["id"])
    return 0


def message_of(update: dict[str, Any]) -> int | None:
    """The id of the person's message in an update, if it is one."""
    message = update.get("message") or update.get("edited_message")
    found = message.get("message_id") if isinstance(message, dict) else None
    return found if isinstance(found, int) else None


def read(body: dict[str, Any]) -> Incoming:
    """Understand an update; never an exception, whatever it is.

    A private message of a form that python-telegram-bot does not know yet is still answered: by
    its words, or as an attachment. Anything else that cannot be read is ``UNREADABLE``.
    """
    try:
        return classify(Update.de_json(body, None), body)
    except Exception:
        # Telegram may send anything tomorrow, and the queue must go on.
        return from_raw(body)


def from_raw(body: dict[str, Any]) -> Incoming:
    """What can be told of an update without the library."""
    update_id, chat_id, message_id = body["update_id"], chat_of(body), message_of(body)
    message = body.get("message")
    if chat_id <= 0 or message_id is None or not isinstance(message, dict):
        return Incoming(update_id, Kind.UNREADABLE, chat_id)
    text = message.get("text")
    if isinstance(text, str):
        command = parse_command(text)
        kind = Kind.COMMAND if command else Kind.TEXT
        return Incoming(update_id, kind, chat_id, message_id, text, command, detail="raw")
    return Incoming(update_id, Kind.ATTACHMENT, chat_id, message_id, detail="raw")


def classify(update: Update, body: dict[str, Any]) -> Incoming:
    if update.message:
        return from_message(update.update_id, update.message)
    if update.edited_message and update.edited_message.chat.type in (ChatType.PRIVATE, *GROUPS):
        return edited(update.update_id, update.edited_message)
    if update.callback_query:
        return from_press(update.update_id, update.callback_query)
    if update.my_chat_member:
        return from_membership(update.update_id, update.my_chat_member)
    names = [name for name in body if name != "update_id"]
    return Incoming(
        update.update_id, Kind.OTHER, chat_of(body), detail=names[0] if names else "empty"
    )


def from_message(update_id: int, message: Message) -> Incoming:
    text = message.text or message.caption or ""
    command = parse_command(message.text or "")
    attachment = attachment_of(message)
    return Incoming(
        update_id,
        kind_of(message, command, attachment),
        message.chat.id,
        message.message_id,
        text=text,
        command=command,
        language_code=message.from_user.language_code if message.from_user else None,
        attachment=attachment,
        media_group_id=message.media_group_id,
        reply_to=message.reply_to_message.message_id if message.reply_to_message else None,
        detail=attachment or ("" if text else "service message"),
    )


def kind_of(message: Message, command: Typed | None, attachment: str | None) -> Kind:
    if message.chat.type in GROUPS:
        return Kind.GROUP
    if message.chat.type != ChatType.PRIVATE:
        return Kind.OTHER
    if command:
        return Kind.COMMAND
    if message.text:
        return Kind.TEXT
    if attachment in SOUNDS:
        return Kind.SOUND
    return Kind.ATTACHMENT if attachment else Kind.OTHER


def attachment_of(message: Message) -> str | None:
    """Telegram's name of what a message carries besides text."""
    return next((name for name in MessageAttachmentType if getattr(message, name, None)), None)


def edited(update_id: int, message: Message) -> Incoming:
    text = message.text or message.caption or ""
    return Incoming(
        update_id,
        Kind.EDIT if message.chat.type == ChatType.PRIVATE else Kind.GROUP_EDIT,
        message.chat.id,
        message.message_id,
        text=text,
        command=parse_command(text),
        attachment=attachment_of(message),
        language_code=message.from_user.language_code if message.from_user else None,
    )


def from_press(update_id: int, query: CallbackQuery) -> Incoming:
    if query.message is None or query.message.chat.type not in (ChatType.PRIVATE, *GROUPS):
        return Incoming(update_id, Kind.OTHER, query_id=query.id, detail="callback_query")
    return Incoming(
        update_id,
        Kind.PRESS if query.message.chat.type == ChatType.PRIVATE else Kind.GROUP_PRESS,
        query.message.chat.id,
        query.message.message_id,
        language_code=query.from_user.language_code,
        data=query.data or "",
        query_id=query.id,
    )


def from_membership(update_id: int, change: ChatMemberUpdated) -> Incoming:
    present = change.new_chat_member.status in PRESENT
    kind = Kind.OTHER
    if change.chat.type == ChatType.PRIVATE:
        kind = Kind.UNBLOCKED if present else Kind.BLOCKED
    elif change.chat.type in GROUPS and present:
        kind = Kind.GROUP
    return Incoming(
        update_id,
        kind,
        change.chat.id,
        language_code=change.from_user.language_code,
        detail="my_chat_member",
    )


def typed_text(body: dict[str, Any]) -> str:
    """The text or caption of a message or edit, from its stored form."""
    message = body.get("message") or body.get("edited_message") or {}
    return str(message.get("text") or message.get("caption") or "")
