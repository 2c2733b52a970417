"""What people do: write, press, edit, send files, join, block. Each act becomes an update.

Every function takes the world and the person's id first. PeopleError says when an act is
impossible, as Telegram's app would not offer it.
"""

import struct
import zlib
from dataclasses import asdict
from typing import Any

from sandbox import content, entities, limits
from sandbox.errors import BotApiError, PeopleError
from sandbox.methods import announce_topic, forwarded, member_json, new_topic, remove_topic
from sandbox.params import Upload
from sandbox.world import CallbackQuery, Chat, Member, Message, Person, Topic, World

_SAMPLE_NAMES = {
    "photo": ("photo.png", "image/png"),
    "sticker": ("sticker.webp", "image/webp"),
    "voice": ("voice.oga", "audio/ogg"),
    "document": ("document.pdf", "application/pdf"),
    "audio": ("audio.mp3", "audio/mpeg"),
    "video": ("video.mp4", "video/mp4"),
}


def sample_picture(width: int = 240, height: int = 160) -> bytes:
    """A plain PNG, for tests that need any photo."""

    def chunk(name: bytes, body: bytes) -> bytes:
        checksum = zlib.crc32(name + body)
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", checksum)

    rows = (b"\0" + b"\x4f\x8a\xc9" * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def sample(kind: str) -> Upload:
    """A small file of this kind."""
    name, mime_type = _SAMPLE_NAMES[kind]
    body = sample_picture() if kind in ("photo", "sticker") else b"sandbox " * 16
    return Upload(name, mime_type, body)


# Messages


def say(
    world: World,
    person_id: int,
    text: str,
    *,
    chat_id: int | None = None,
    thread_id: int | None = None,
    reply_to: int | None = None,
) -> Message:
    """Send a text; Telegram's app cuts one that is too long into several, here it is refused."""
    text, found = entities.complete(text, [])
    if not text:
        raise PeopleError("The text is empty: Telegram's app has nothing to send then.")
    if entities.utf16_length(text) > limits.TEXT_UNITS:
        raise PeopleError(f"The text is longer than {limits.TEXT_UNITS} characters: send parts.")
    body: dict[str, Any] = {"text": text}
    if found:
        body["entities"] = found
    return _send(world, person_id, body, chat_id=chat_id, thread_id=thread_id, reply_to=reply_to)


def send_media(
    world: World,
    person_id: int,
    kind: str,
    upload: Upload | None = None,
    *,
    caption: str = "",
    chat_id: int | None = None,
    thread_id: int | None = None,
    reply_to: int | None = None,
    media_group_id: str = "",
    **more: Any,
) -> Message:
    """Send a photo, document, voice, audio, video or sticker; without a file, a sample."""
    try:
        body = content.media(world, kind, upload or sample(kind), more)
    except BotApiError as error:
        raise PeopleError(f"Telegram's app would not send this {kind}: {error}") from error
    if caption:
        body["caption"], found = entities.complete(caption, [])
        if found:
            body["caption_entities"] = found
    if media_group_id:
        body["media_group_id"] = media_group_id
    return _send(world, person_id, body, chat_id=chat_id, thread_id=thread_id, reply_to=reply_to)


def send_content(
    world: World,
    person_id: int,
    body: dict[str, Any],
    *,
    chat_id: int | None = None,
    thread_id: int | None = None,
    reply_to: int | None = None,
) -> Message:
    """Send any other content in the Bot API's shape, for example a location, contact or poll."""
    return _send(world, person_id, body, chat_id=chat_id, thread_id=thread_id, reply_to=reply_to)


def forward(
    world: World,
    person_id: int,
    from_chat_id: int,
    message_id: int,
    *,
    chat_id: int | None = None,
    thread_id: int | None = None,
) -> Message:
    """Forward a message into a chat, by default the person's chat with the bot."""
    message = _message(_chat(world, from_chat_id), message_id)
    return _send(world, person_id, forwarded(message), chat_id=chat_id, thread_id=thread_id)


def edit(
    world: World, person_id: int, message_id: int, text: str, *, chat_id: int | None = None
) -> Message:
    """Change the text, or caption, of one's own message."""
    chat = _chat(world, person_id if chat_id is None else chat_id)
    message = _message(chat, message_id)
    if message["from"]["id"] not in (person_id, 1087968824):
        raise PeopleError(f"Message {message_id} is not by person {person_id}: edit your own.")
    text, found = entities.complete(text, [])
    name, marks = ("text", "entities") if "text" in message else ("caption", "caption_entities")
    edited = {key: value for key, value in message.items() if key != marks}
    edited |= {name: text, "edit_date": int(world.now())}
    if found:
        edited[marks] = found
    chat.messages[message_id] = edited
    world.changed(chat, edited)
    if _bot_sees(world, chat):
        world.updates.push("edited_message", edited)
    return edited


def delete(world: World, person_id: int, message_id: int, *, chat_id: int | None = None) -> None:
    """Delete a message for everybody; the bot is not told, which is Telegram's way."""
    world.remove(_chat(world, person_id if chat_id is None else chat_id), [message_id])


def press(
    world: World, person_id: int, message_id: int, button: str, *, chat_id: int | None = None
) -> CallbackQuery:
    """Press an inline button, named by its title or its callback data."""
    person = world.person(person_id)
    chat = _chat(world, person_id if chat_id is None else chat_id)
    message = _message(chat, message_id)
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    buttons = [shown for row in rows for shown in row]
    chosen = next((b for b in buttons if button in (b["text"], b.get("callback_data"))), None)
    if chosen is None:
        titles = ", ".join(repr(b["text"]) for b in buttons) or "none"
        raise PeopleError(f"Message {message_id} has no button {button!r}; it has: {titles}.")
    if "callback_data" not in chosen:
        raise PeopleError(f"Button {button!r} opens a link: the bot hears nothing of it.")
    query = world.new_callback(person, chat, message, chosen["callback_data"])
    world.updates.push(
        "callback_query",
        {
            "id": query.id,
            "from": person.user(),
            "message": message,
            "chat_instance": str(abs(chat.id) * 7919),
            "data": chosen["callback_data"],
        },
    )
    world.event("pressed", chat.id, person_id=person.id, message_id=message_id, query_id=query.id)
    return query


def react(
    world: World, person_id: int, message_id: int, emoji: str, *, chat_id: int | None = None
) -> None:
    """React to a message; an empty emoji takes the reaction back."""
    person = world.person(person_id)
    chat = _chat(world, person_id if chat_id is None else chat_id)
    _message(chat, message_id)
    new = [{"type": "emoji", "emoji": emoji}] if emoji else []
    world.updates.push(
        "message_reaction",
        {
            "chat": world.chat_json(chat),
            "message_id": message_id,
            "user": person.user(),
            "date": int(world.now()),
            "old_reaction": [],
            "new_reaction": new,
        },
    )
    reactions = [emoji] if emoji else []
    world.event("reaction", chat.id, message_id=message_id, user_id=person.id, reactions=reactions)


def _send(
    world: World,
    person_id: int,
    body: dict[str, Any],
    *,
    chat_id: int | None,
    thread_id: int | None = None,
    reply_to: int | None = None,
) -> Message:
    person = world.person(person_id)
    private = chat_id is None or chat_id == person_id
    chat = world.private_chat(person_id) if private else _chat(world, chat_id or 0)
    if private:
        _refuse_blocked(chat)
        chat.started = True
        anonymous = False
    else:
        anonymous = _check_group_member(chat, person, thread_id)
    target = _message(chat, reply_to) if reply_to else None
    message = world.post(
        chat, person.user(), body, thread_id=thread_id, reply_to=target, anonymous=anonymous
    )
    if _bot_sees(world, chat):
        world.updates.push("message", message)
    return message


def _refuse_blocked(chat: Chat) -> None:
    if chat.blocked:
        raise PeopleError("This person blocked the bot: unblock it first, as in Telegram.")


def _check_group_member(chat: Chat, person: Person, thread_id: int | None) -> bool:
    """Whether they write anonymously; PeopleError when they cannot write here."""
    member = chat.members.get(person.id)
    if member is None or not member.present:
        raise PeopleError(f"{person.first_name} is not in {chat.title!r}: let them join first.")
    if thread_id and thread_id != limits.GENERAL_TOPIC:
        topic = _topic(chat, thread_id)
        if topic.closed and not member.administers:
            raise PeopleError(f"Topic {topic.name!r} is closed: only administrators write there.")
    return member.is_anonymous


def _bot_sees(world: World, chat: Chat) -> bool:
    """A bot in privacy mode sees a group's messages only as its administrator."""
    if chat.type == "private":
        return not chat.blocked
    me = chat.members.get(world.bot.id)
    return me is not None and me.administers


def _chat(world: World, chat_id: int) -> Chat:
    chat = world.chats.get(chat_id)
    if chat is None and chat_id in world.persons:
        return world.private_chat(chat_id)
    if chat is None:
        raise PeopleError(f"There is no chat {chat_id}: create a group with POST /sandbox/groups.")
    if chat.migrated_to is not None:
        raise PeopleError(f"Group {chat_id} was upgraded: its id is {chat.migrated_to} now.")
    return chat


def _message(chat: Chat, message_id: int) -> Message:
    if message_id not in chat.messages:
        raise PeopleError(f"Chat {chat.id} has no message {message_id}: it may be deleted.")
    return chat.messages[message_id]


# Blocking, joining, leaving


def block(world: World, person_id: int) -> None:
    """Stop the bot in the private chat."""
    _set_blocked(world, person_id, blocked=True)


def unblock(world: World, person_id: int) -> None:
    """Start the bot again."""
    _set_blocked(world, person_id, blocked=False)


def _set_blocked(world: World, person_id: int, *, blocked: bool) -> None:
    chat = world.private_chat(person_id)
    if chat.blocked == blocked:
        return
    chat.blocked = blocked
    chat.started = True
    old, new = ("member", "kicked") if blocked else ("kicked", "member")
    _bot_status_update(world, chat, world.person(person_id), old, new)
    world.event("blocked", chat.id, blocked=blocked)


def _bot_status_update(world: World, chat: Chat, by: Person, old: str, new: str) -> None:
    world.updates.push(
        "my_chat_member",
        {
            "chat": world.chat_json(chat),
            "from": by.user(),
            "date": int(world.now()),
            "old_chat_member": member_json(world, Member(world.bot.id, old)),
            "new_chat_member": member_json(world, Member(world.bot.id, new)),
        },
    )


def set_bot_status(
    world: World, person_id: int, group_id: int, status: str, rights: dict[str, bool] | None = None
) -> None:
    """A group's administrator adds, promotes, demotes or removes the bot."""
    chat = _chat(world, group_id)
    me = chat.members.setdefault(world.bot.id, Member(world.bot.id, "left"))
    old, me.status = me.status, status
    if rights is not None:
        me.rights = rights
    _bot_status_update(world, chat, world.person(person_id), old, status)
    world.event("members", chat.id)


def join(
    world: World,
    person_id: int,
    group_id: int,
    status: str = "member",
    *,
    is_anonymous: bool = False,
) -> None:
    """Enter a group, or change one's standing in it."""
    person, chat = world.person(person_id), _chat(world, group_id)
    before = chat.members.get(person_id) or Member(person_id, "left")
    chat.members[person_id] = Member(person_id, status, is_anonymous)
    _member_update(world, chat, person, before, chat.members[person_id])
    if not before.present:
        _announce(world, chat, person, {"new_chat_members": [person.user()]})


def leave(world: World, person_id: int, group_id: int) -> None:
    """Leave a group."""
    person, chat = world.person(person_id), _chat(world, group_id)
    before = chat.members.get(person_id) or Member(person_id, "left")
    chat.members[person_id] = Member(person_id, "left")
    _member_update(world, chat, person, before, chat.members[person_id])
    if before.present:
        _announce(world, chat, person, {"left_chat_member": person.user()})


def _member_update(world: World, chat: Chat, by: Person, old: Member, new: Member) -> None:
    world.updates.push(
        "chat_member",
        {
            "chat": world.chat_json(chat),
            "from": by.user(),
            "date": int(world.now()),
            "old_chat_member": member_json(world, old),
            "new_chat_member": member_json(world, new),
        },
    )
    world.event("members", chat.id)


def _announce(world: World, chat: Chat, person: Person, body: dict[str, Any]) -> None:
    message = world.post(chat, person.user(), body)
    if _bot_sees(world, chat):
        world.updates.push("message", message)


# Topics and groups


def open_topic(world: World, person_id: int, group_id: int, name: str) -> Topic:
    """A staff member opens a topic."""
    person, chat = world.person(person_id), _chat(world, group_id)
    if not chat.is_forum:
        raise PeopleError(f"{chat.title!r} has no topics: create the group with forum=true.")
    topic = new_topic(world, chat, person.user(), name, limits.TOPIC_ICON_COLOURS[0])
    world.updates.push("message", chat.messages[topic.thread_id])
    return topic


def change_topic(
    world: World, person_id: int, group_id: int, thread_id: int, change: str, *, name: str = ""
) -> None:
    """Close, reopen, rename or delete a topic; a deletion reaches the bot by no update."""
    person, chat = world.person(person_id), _chat(world, group_id)
    topic = _topic(chat, thread_id)
    if change == "delete":
        remove_topic(world, chat, topic)
        return
    if change in ("close", "reopen"):
        topic.closed = change == "close"
        what = "forum_topic_closed" if topic.closed else "forum_topic_reopened"
        message = announce_topic(world, chat, topic, person.user(), what)
    elif change == "rename" and name:
        topic.name = name
        message = announce_topic(world, chat, topic, person.user(), "forum_topic_edited", name=name)
    else:
        raise PeopleError(f"A topic cannot {change!r}: use close, reopen, rename (name) or delete.")
    world.updates.push("message", message)


def _topic(chat: Chat, thread_id: int) -> Topic:
    topic = chat.topics.get(thread_id)
    if topic is None or topic.deleted:
        raise PeopleError(f"{chat.title!r} has no topic {thread_id}: it may be deleted.")
    return topic


def upgrade_group(world: World, person_id: int, group_id: int, *, forum: bool = True) -> Chat:
    """Turn a group into a supergroup with a new id, as Telegram does when topics are enabled."""
    person, old = world.person(person_id), _chat(world, group_id)
    new = world.add_group(old.title, forum=forum)
    new.members = {uid: Member(**asdict(member)) for uid, member in old.members.items()}
    message = world.post(old, person.user(), {"migrate_to_chat_id": new.id})
    old.migrated_to = new.id
    world.updates.push("message", message)
    arrival = world.post(new, person.user(), {"migrate_from_chat_id": old.id})
    world.updates.push("message", arrival)
    if world.staff_group_id == old.id:
        world.staff_group_id = new.id
    return new
