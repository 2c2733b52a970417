"""What is to be done with an update: decided here, done in ``relay``. Nothing here has effects."""

import re
from dataclasses import dataclass
from enum import StrEnum

from bot.chats import Chat, Holder
from bot.clean import QUESTION_LIMIT, clean
from bot.commands import COMMANDS, STAFF_COMMANDS, Typed, payload_of
from bot.keyboards import Button, Draft
from bot.languages import LANGUAGE_NAMES, LANGUAGES
from bot.updates import Incoming, Kind
from bot.wording import Words

ERASE_PAYLOAD = "relay:erase"
KEEP_PAYLOAD = "relay:keep"
"""Buttons that the relay answers itself; no Rasa payload looks like them."""

CHANGE_LANGUAGE = re.compile(r'/change_language\{"language": ?"([A-Za-z-]+)"\}')


class Press(StrEnum):
    """What a pressed button is."""

    NEW = "new"
    REPEATED = "repeated"
    UNKNOWN = "unknown"


class Edit(StrEnum):
    """What an edited message is."""

    CHANGED = "changed"
    UNCHANGED = "unchanged"
    OLD = "old"


@dataclass(frozen=True)
class Context:
    """What a decision needs to know besides the update."""

    chat: Chat
    say: Words
    staff_group_id: int | None = None
    press: Press = Press.UNKNOWN
    payload: str = ""
    """The payload of the pressed button."""
    edit: Edit = Edit.OLD
    answers_album: bool = True
    """Of the pictures of an album, one is answered."""


@dataclass(frozen=True)
class Silence:
    """Nothing is said; ``outcome`` is logged."""

    outcome: str


@dataclass(frozen=True)
class Respond:
    """The relay answers by itself."""

    drafts: tuple[Draft, ...]
    outcome: str


@dataclass(frozen=True)
class Ask:
    """Rasa is asked; ``notices`` go before its answer."""

    message: str
    notices: tuple[str, ...] = ()
    button: bool = False
    language: str | None = None
    """The language the person just chose."""


@dataclass(frozen=True)
class Erase:
    """Everything held about the chat is erased, and that is said."""


@dataclass(frozen=True)
class LeaveGroup:
    """The bot leaves a group, with or without a word."""

    drafts: tuple[Draft, ...]


@dataclass(frozen=True)
class SetBlocked:
    """The person blocked the bot or let it in again."""

    blocked: bool


@dataclass(frozen=True)
class Hear:
    """The staff get what the person did; the assistant says nothing."""


@dataclass(frozen=True)
class AtDesk:
    """Something happened in the staff's group."""


Step = Silence | Respond | Ask | Erase | LeaveGroup | SetBlocked | Hear | AtDesk


def route(incoming: Incoming, context: Context) -> Step:
    """The step for an update."""
    if incoming.kind in (Kind.BLOCKED, Kind.UNBLOCKED):
        return SetBlocked(incoming.kind is Kind.BLOCKED)
    if incoming.kind in (Kind.GROUP, Kind.GROUP_EDIT, Kind.GROUP_PRESS):
        return group(incoming, context)
    if incoming.kind in (Kind.OTHER, Kind.UNREADABLE):
        return Silence("ignored")
    if context.chat.banned:
        return Silence("banned")
    if context.chat.holder is not Holder.BOT:
        # A person answers here, and Rasa is not called.
        return Hear() if context.staff_group_id else Silence("held")
    return private(incoming, context)


def private(incoming: Incoming, context: Context) -> Step:
    """A person's own doing in a private chat."""
    match incoming.kind:
        case Kind.PRESS:
            return press(context)
        case Kind.EDIT:
            return edit(incoming, context)
        case Kind.ATTACHMENT | Kind.SOUND:
            return attachment(incoming, context)
        case _:
            return words(incoming, context)


def words(incoming: Incoming, context: Context, *notices: str) -> Step:
    """Typed words: a command or a question."""
    if incoming.command:
        return command(incoming.command, context, *notices)
    cleaned = clean(incoming.text)
    if not cleaned.text:
        return Respond((Draft(context.say("empty")),), "empty")
    if cleaned.cut:
        notices = (*notices, context.say("too_long", limit=QUESTION_LIMIT))
    return Ask(cleaned.text, notices)


def command(typed: Typed, context: Context, *notices: str) -> Step:
    if not typed.known:
        listed = "\n".join(f"/{name} – {context.say(f'command_{name}')}" for name in COMMANDS)
        text = context.say("unknown_command", commands=listed)
        # What the staff can do in their group means nothing here, whoever writes it.
        refused = typed.name in STAFF_COMMANDS
        return Respond((Draft(text),), "staff_command_refused" if refused else "unknown_command")
    if typed.name == "language":
        return Respond((language_question(context.say),), "language")
    if typed.name == "delete":
        return Respond((erase_question(context.say),), "erase_question")
    payload = payload_of(typed)
    assert payload is not None, f"/{typed.name} is neither Rasa's nor the relay's"
    return Ask(payload, notices)


def press(context: Context) -> Step:
    if context.press is Press.REPEATED:
        return Silence("repeated_press")
    if context.press is Press.UNKNOWN:
        return Respond((Draft(context.say("expired_button")),), "expired_button")
    if context.payload == ERASE_PAYLOAD:
        return Erase()
    if context.payload == KEEP_PAYLOAD:
        return Respond((Draft(context.say("kept")),), "kept")
    return Ask(context.payload, button=True, language=chosen_language(context.payload))


def chosen_language(payload: str) -> str | None:
    """The language that a payload settles, if it does.

    >>> chosen_language('/change_language{"language": "ja"}')
    'ja'
    """
    match = CHANGE_LANGUAGE.fullmatch(payload)
    return match[1] if match and match[1] in LANGUAGES else None


def edit(incoming: Incoming, context: Context) -> Step:
    """An edit is a new question if it changes the words of the person's last message.

    In an interview the words would answer the question that is pending now, not the one they were
    an answer to: the person is asked to write instead.
    """
    if context.edit is not Edit.CHANGED:
        return Silence(f"edit_{context.edit}")
    if context.chat.interview:
        return Respond((Draft(context.say("edited_in_interview")),), "edited_in_interview")
    return words(incoming, context, context.say("edited"))


def attachment(incoming: Incoming, context: Context) -> Step:
    """Only words are read: the caption, if there is one."""
    if incoming.media_group_id and not context.answers_album:
        return Silence("album")
    if clean(incoming.text).text:
        return words(incoming, context, context.say("caption_only"))
    message = "cannot_hear" if incoming.kind is Kind.SOUND else "cannot_read"
    return Respond((Draft(context.say(message)),), message)


def group(incoming: Incoming, context: Context) -> Step:
    """Personal matters do not belong into groups: the bot says so once and leaves."""
    if incoming.chat_id == context.staff_group_id:
        return AtDesk()
    if incoming.kind is not Kind.GROUP:
        return Silence(f"{incoming.kind}_refused")
    if context.chat.told_private_only:
        return LeaveGroup(())
    return LeaveGroup((Draft(context.say("private_only")),))


def language_question(say: Words) -> Draft:
    buttons = tuple(
        Button(name, f'/change_language{{"language": "{language}"}}')
        for language, name in LANGUAGE_NAMES.items()
    )
    return Draft(say("choose_language"), buttons)


def erase_question(say: Words) -> Draft:
    buttons = (
        Button(say("erase_yes"), ERASE_PAYLOAD),
        Button(say("erase_no"), KEEP_PAYLOAD),
    )
    return Draft(say("erase_question"), buttons)
