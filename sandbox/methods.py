"""The Bot API's methods. Each takes the world and the parameters and returns the result.

A refusal is a BotApiError in Telegram's words. getUpdates is the server's own, since it waits.
"""

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from sandbox import content, limits
from sandbox.errors import bad_request, forbidden
from sandbox.params import Params
from sandbox.world import Chat, Member, Message, Topic, World

Method = Callable[[World, Params], Any]

METHODS: dict[str, Method] = {}
"""By name in lower case: Telegram does not mind capitals."""

_WORDS = {
    "reactions": """
    👍 👎 ❤ 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊
    🤡 🥱 🥴 😍 🐳 ❤️‍🔥 🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋
    🖕 😈 😴 😭 🤓 👻 👨‍💻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃
    💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂️ 🤷 🤷‍♀️ 😡
    """,
    "chat actions": """
    typing upload_photo record_video upload_video record_voice upload_voice
    upload_document choose_sticker find_location record_video_note upload_video_note
    """,
    "sends": """
    sendmessage sendphoto senddocument sendvoice sendaudio sendvideo
    sendsticker sendlocation sendcontact sendmediagroup copymessage copymessages
    forwardmessage forwardmessages
    """,
}
REACTIONS = frozenset(_WORDS["reactions"].split())
CHAT_ACTIONS = frozenset(_WORDS["chat actions"].split())
SENDS = frozenset(_WORDS["sends"].split())
"""Methods that the rate limits count."""

_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
_OLD_QUERY = "query is too old and response timeout expired or query ID is invalid"
_COMMAND_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_")


def method(name: str) -> Callable[[Method], Method]:
    """Register a function as the Bot API method `name`."""

    def register(function: Method) -> Method:
        METHODS[name.lower()] = function
        return function

    return register


# Chats


def open_chat(world: World, params: Params, name: str = "chat_id") -> Chat:
    """The chat the bot may act in, or Telegram's refusal."""
    chat_id = params.chat_id(name)
    chat = world.chats.get(chat_id)
    if chat is None:
        if chat_id in world.persons:
            raise forbidden("bot can't initiate conversation with a user")
        raise bad_request("chat not found")
    if chat.migrated_to is not None:
        raise bad_request(
            "group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.migrated_to
        )
    _check_access(world, chat)
    return chat


def _check_access(world: World, chat: Chat) -> None:
    if chat.type == "private":
        if chat.blocked:
            raise forbidden("bot was blocked by the user")
        if not chat.started:
            raise forbidden("bot can't initiate conversation with a user")
        return
    me = chat.members.get(world.bot.id)
    kind = f"the {chat.type} chat"
    if me is None or me.status == "left":
        raise forbidden(f"bot is not a member of {kind}")
    if me.status == "kicked":
        raise forbidden(f"bot was kicked from {kind}")


def open_thread(world: World, chat: Chat, params: Params, *, deleted: str) -> int | None:
    """The topic to post in; None is General. `deleted` is the wording for a deleted topic."""
    thread_id = params.integer("message_thread_id")
    if not thread_id:
        return None
    topic = chat.topics.get(thread_id)
    if not chat.is_forum or topic is None:
        raise bad_request("message thread not found")
    if topic.deleted:
        raise bad_request(chat.topic_error or deleted)
    if topic.closed and not _may(world, chat, "can_manage_topics"):
        raise bad_request("TOPIC_CLOSED")
    return thread_id


def _may(world: World, chat: Chat, right: str) -> bool:
    me = chat.members.get(world.bot.id)
    return me is not None and me.status == "administrator" and me.rights.get(right, False)


def find_message(chat: Chat, message_id: int, missing: str) -> Message:
    """The message, or a refusal with the given wording."""
    message = chat.messages.get(message_id)
    if message is None:
        raise bad_request(missing)
    return message


def _reply_target(chat: Chat, params: Params) -> Message | None:
    reply = params.structure("reply_parameters", "reply parameters") or {}
    message_id = reply.get("message_id") or params.integer("reply_to_message_id")
    if not message_id:
        return None
    target = chat.messages.get(int(message_id))
    if target is None and not (
        reply.get("allow_sending_without_reply") or params.flag("allow_sending_without_reply")
    ):
        raise bad_request("message to be replied not found")
    return target


def _deliver(world: World, chat: Chat, params: Params, body: dict[str, Any]) -> Message:
    """Post the bot's message with its keyboard into the right topic."""
    thread_id = open_thread(world, chat, params, deleted="message thread not found")
    keyboard = content.markup(params)
    reply_to = _reply_target(chat, params)
    if keyboard and "inline_keyboard" in keyboard:
        if keyboard["inline_keyboard"]:
            body = body | {"reply_markup": keyboard}
    elif keyboard:
        chat.keyboard = None if keyboard.get("remove_keyboard") else keyboard
        world.event("keyboard", chat.id, keyboard=chat.keyboard)
    if params.flag("protect_content"):
        body = body | {"has_protected_content": True}
    return world.post(chat, world.bot.user(), body, thread_id=thread_id, reply_to=reply_to)


# The bot itself


@method("getMe")
def get_me(world: World, params: Params) -> dict[str, Any]:
    return world.bot.user() | {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


@method("logOut")
@method("close")
def log_out(world: World, params: Params) -> bool:
    return True


@method("setWebhook")
def set_webhook(world: World, params: Params) -> bool:
    allowed = _allowed_updates(params)
    connections = params.integer("max_connections", 40)
    world.updates.set_webhook(params.text("url"), params.text("secret_token"), connections)
    if allowed is not None:
        world.updates.allowed = allowed
    if params.flag("drop_pending_updates"):
        world.updates.drop_pending()
    return True


@method("deleteWebhook")
def delete_webhook(world: World, params: Params) -> bool:
    world.updates.set_webhook("", "", 0)
    if params.flag("drop_pending_updates"):
        world.updates.drop_pending()
    return True


@method("getWebhookInfo")
def get_webhook_info(world: World, params: Params) -> dict[str, Any]:
    webhook = world.updates.webhook
    info: dict[str, Any] = {
        "url": webhook.url if webhook else "",
        "has_custom_certificate": False,
        "pending_update_count": len(world.updates.pending),
    }
    if world.updates.allowed:
        info["allowed_updates"] = world.updates.allowed
    if webhook:
        info["max_connections"] = webhook.max_connections
        if webhook.last_error_date:
            info["last_error_date"] = webhook.last_error_date
            info["last_error_message"] = webhook.last_error_message
    return info


def _allowed_updates(params: Params) -> list[str] | None:
    """None when the bot did not say; an empty list means the default set."""
    allowed = params.structure("allowed_updates", "allowed updates")
    if allowed is None:
        return None
    if not isinstance(allowed, list):
        raise bad_request("can't parse allowed updates: expected an Array of String")
    return [str(kind) for kind in allowed]


def remember_allowed_updates(world: World, params: Params) -> None:
    """GetUpdates may change which updates the bot wants; it holds until the next change."""
    allowed = _allowed_updates(params)
    if allowed is not None:
        world.updates.allowed = allowed


# Messages


@method("sendMessage")
def send_message(world: World, params: Params) -> Message:
    body = content.text_content(params)
    return _deliver(world, open_chat(world, params), params, body)


def _media_method(name: str, kind: str) -> None:
    @method(name)
    def send_media(world: World, params: Params) -> Message:
        chat = open_chat(world, params)
        return _deliver(world, chat, params, content.media_content(world, params, kind))


for _kind in content.MEDIA:
    _media_method(f"send{_kind}", _kind)


@method("sendLocation")
def send_location(world: World, params: Params) -> Message:
    return _deliver(world, open_chat(world, params), params, content.location_content(params))


@method("sendContact")
def send_contact(world: World, params: Params) -> Message:
    return _deliver(world, open_chat(world, params), params, content.contact_content(params))


@method("sendMediaGroup")
def send_media_group(world: World, params: Params) -> list[Message]:
    chat = open_chat(world, params)
    items = params.structure("media", "media")
    if not isinstance(items, list):
        raise bad_request("can't parse media JSON object")
    if not limits.MEDIA_GROUP_MINIMUM <= len(items) <= limits.MEDIA_GROUP_MAXIMUM:
        raise bad_request("wrong number of messages to send")
    bodies = [_group_item(world, params, item) for item in items]
    group_id = str(10**12 + world.call_count)
    return [_deliver(world, chat, params, body | {"media_group_id": group_id}) for body in bodies]


def _group_item(world: World, params: Params, item: Any) -> dict[str, Any]:
    kind = item.get("type") if isinstance(item, dict) else None
    if kind not in ("photo", "video", "document", "audio"):
        raise bad_request("can't parse InputMedia: type must be specified")
    source = content.resolve(params, item.get("media"), "media")
    body = content.media(world, kind, source, item)
    return body | content.caption_content(Params(item))


@method("sendChatAction")
def send_chat_action(world: World, params: Params) -> bool:
    chat = open_chat(world, params)
    action = params.text("action")
    if action not in CHAT_ACTIONS:
        raise bad_request("wrong parameter action in request")
    thread_id = open_thread(world, chat, params, deleted="message thread not found")
    world.event("action", chat.id, action=action, thread_id=thread_id)
    return True


@method("copyMessage")
def copy_message(world: World, params: Params) -> dict[str, int]:
    chat = open_chat(world, params)
    message = _source_message(world, params, params.integer("message_id"), "copy")
    body = content.copied(message)
    if "caption" in params and any(kind in body for kind in content.MEDIA):
        body.pop("caption", None)
        body.pop("caption_entities", None)
        body |= content.caption_content(params)
    _refuse_deleted_topic(world, chat, params)
    return {"message_id": _deliver(world, chat, params, body)["message_id"]}


@method("copyMessages")
def copy_messages(world: World, params: Params) -> list[dict[str, int]]:
    return [
        {"message_id": message["message_id"]}
        for message in _batch(world, params, "copy", content.copied)
    ]


@method("forwardMessage")
def forward_message(world: World, params: Params) -> Message:
    chat = open_chat(world, params)
    message = _source_message(world, params, params.integer("message_id"), "forward")
    _refuse_deleted_topic(world, chat, params)
    return _deliver(world, chat, params, forwarded(message))


@method("forwardMessages")
def forward_messages(world: World, params: Params) -> list[dict[str, int]]:
    return [
        {"message_id": message["message_id"]}
        for message in _batch(world, params, "forward", forwarded)
    ]


def _batch(
    world: World, params: Params, verb: str, make: Callable[[Message], dict[str, Any]]
) -> list[Message]:
    """Copy or forward many; what cannot be found is left out, as at Telegram."""
    chat = open_chat(world, params)
    ids = params.structure("message_ids", "message identifiers")
    if not isinstance(ids, list) or not 0 < len(ids) <= limits.MESSAGES_PER_BATCH:
        raise bad_request("too few message identifiers specified")
    if ids != sorted(set(ids)):
        raise bad_request("message identifiers must be in a strictly increasing order")
    source = open_chat(world, params, "from_chat_id")
    _refuse_deleted_topic(world, chat, params)
    found = [source.messages[i] for i in ids if i in source.messages]
    sent = [_deliver(world, chat, params, make(m)) for m in found if not content.is_service(m)]
    if not sent:
        raise bad_request(f"there are no messages to {verb}")
    return sent


def _source_message(world: World, params: Params, message_id: int, verb: str) -> Message:
    source = open_chat(world, params, "from_chat_id")
    message = find_message(source, message_id, f"message to {verb} not found")
    if content.is_service(message):
        ending = "copied" if verb == "copy" else "forwarded"
        raise bad_request(f"the message can't be {ending}")
    return message


def _refuse_deleted_topic(world: World, chat: Chat, params: Params) -> None:
    # Copies and forwards learn of a deleted topic from Telegram's data centre, in its own words.
    open_thread(world, chat, params, deleted="TOPIC_DELETED")


def forwarded(message: Message) -> dict[str, Any]:
    """The content of a forward, with where it came from."""
    origin: dict[str, Any] = message.get("forward_origin") or {"date": message["date"]}
    if "forward_origin" not in message:
        if "sender_chat" in message:
            origin |= {"type": "chat", "sender_chat": message["sender_chat"]}
        else:
            origin |= {"type": "user", "sender_user": message["from"]}
    return content.copied(message) | {"forward_origin": origin}


# Editing and deleting


def _own_message(world: World, params: Params) -> tuple[Chat, Message]:
    chat = open_chat(world, params)
    message = find_message(chat, params.integer("message_id"), "message to edit not found")
    if message["from"]["id"] != world.bot.id:
        raise bad_request("message can't be edited")
    return chat, message


def _edit(
    world: World,
    params: Params,
    place: tuple[Chat, Message],
    body: dict[str, Any],
    drop: str,
) -> Message:
    """Replace part of a message; without a reply_markup its keyboard goes, as at Telegram."""
    chat, message = place
    keyboard = content.markup(params)
    keep = {k: v for k, v in message.items() if k not in (drop, *_companions(drop), "reply_markup")}
    edited = keep | body
    if keyboard and keyboard.get("inline_keyboard"):
        edited["reply_markup"] = keyboard
    without_dates = {k: v for k, v in edited.items() if k != "edit_date"}
    if without_dates == {k: v for k, v in message.items() if k != "edit_date"}:
        raise bad_request(_NOT_MODIFIED)
    edited["edit_date"] = int(world.now())
    chat.messages[message["message_id"]] = edited
    world.changed(chat, edited)
    return edited


def _companions(name: str) -> tuple[str, ...]:
    return {
        "text": ("entities", "link_preview_options"),
        "caption": ("caption_entities",),
    }.get(name, ())


@method("editMessageText")
def edit_message_text(world: World, params: Params) -> Message:
    body = content.text_content(params)
    chat, message = _own_message(world, params)
    if "text" not in message:
        raise bad_request("there is no text in the message to edit")
    return _edit(world, params, (chat, message), body, "text")


@method("editMessageCaption")
def edit_message_caption(world: World, params: Params) -> Message:
    chat, message = _own_message(world, params)
    if not any(kind in message for kind in content.MEDIA):
        raise bad_request("there is no caption in the message to edit")
    return _edit(world, params, (chat, message), content.caption_content(params), "caption")


@method("editMessageReplyMarkup")
def edit_message_reply_markup(world: World, params: Params) -> Message:
    return _edit(world, params, _own_message(world, params), {}, "")


@method("deleteMessage")
def delete_message(world: World, params: Params) -> bool:
    chat = open_chat(world, params)
    missing = "message to delete not found"
    message = find_message(chat, params.integer("message_id"), missing)
    if not _deletable(world, chat, message):
        raise bad_request("message can't be deleted")
    world.remove(chat, [message["message_id"]])
    return True


@method("deleteMessages")
def delete_messages(world: World, params: Params) -> bool:
    chat = open_chat(world, params)
    ids = params.structure("message_ids", "message identifiers")
    if not isinstance(ids, list) or not 0 < len(ids) <= limits.MESSAGES_PER_BATCH:
        raise bad_request("too few message identifiers specified")
    world.remove(chat, [i for i in ids if _deletable(world, chat, chat.messages.get(i))])
    return True


def _deletable(world: World, chat: Chat, message: Message | None) -> bool:
    if message is None or world.now() - message["date"] > limits.DELETE_SECONDS:
        return False
    own = message["from"]["id"] == world.bot.id
    return own or chat.type == "private" or chat.members[world.bot.id].administers


@method("pinChatMessage")
def pin_chat_message(world: World, params: Params) -> bool:
    chat = open_chat(world, params)
    message = find_message(chat, params.integer("message_id"), "message to pin not found")
    if message["message_id"] not in chat.pinned:
        chat.pinned.append(message["message_id"])
    world.event("pinned", chat.id, message_ids=chat.pinned)
    return True


@method("unpinChatMessage")
def unpin_chat_message(world: World, params: Params) -> bool:
    chat = open_chat(world, params)
    if not chat.pinned:
        raise bad_request("message to unpin not found")
    message_id = params.integer("message_id") or chat.pinned[-1]
    if message_id not in chat.pinned:
        raise bad_request("message to unpin not found")
    chat.pinned.remove(message_id)
    world.event("pinned", chat.id, message_ids=chat.pinned)
    return True


@method("unpinAllChatMessages")
def unpin_all_chat_messages(world: World, params: Params) -> bool:
    chat = open_chat(world, params)
    chat.pinned.clear()
    world.event("pinned", chat.id, message_ids=[])
    return True


@method("setMessageReaction")
def set_message_reaction(world: World, params: Params) -> bool:
    chat = open_chat(world, params)
    message = find_message(chat, params.integer("message_id"), "message to react not found")
    reactions = params.structure("reaction", "reaction types") or []
    if len(reactions) > 1 or any(r.get("emoji") not in REACTIONS for r in reactions):
        raise bad_request("REACTION_INVALID")
    world.event(
        "reaction",
        chat.id,
        message_id=message["message_id"],
        user_id=world.bot.id,
        reactions=[reaction["emoji"] for reaction in reactions],
    )
    return True


@method("answerCallbackQuery")
def answer_callback_query(world: World, params: Params) -> bool:
    query = world.callbacks.get(params.text("callback_query_id"))
    if query is None or query.answer is not None:
        raise bad_request(_OLD_QUERY)
    if world.now() - query.pressed_at > limits.CALLBACK_LIFETIME_SECONDS:
        raise bad_request(_OLD_QUERY)
    text = params.text("text")
    if len(text) > limits.CALLBACK_ANSWER_UNITS:
        raise bad_request("MESSAGE_TOO_LONG")
    query.answer = {"text": text, "show_alert": params.flag("show_alert")}
    world.event(
        "callback_answer",
        query.chat_id,
        person_id=query.person_id,
        message_id=query.message_id,
        query_id=query.id,
        **query.answer,
    )
    return True


@method("getFile")
def get_file(world: World, params: Params) -> dict[str, Any]:
    stored = world.files.get(params.text("file_id"))
    if stored is None:
        raise bad_request("invalid file_id")
    if len(stored.content) > limits.DOWNLOAD_BYTES:
        raise bad_request("file is too big")
    return stored.reference() | {"file_path": stored.path}


# What the bot says about itself


def _scope(world: World, params: Params) -> str:
    scope = params.structure("scope", "bot command scope") or {"type": "default"}
    kind = scope.get("type")
    if kind in ("default", "all_private_chats", "all_group_chats", "all_chat_administrators"):
        return str(kind)
    if kind not in ("chat", "chat_administrators", "chat_member"):
        raise bad_request("can't parse BotCommandScope: unsupported type specified")
    chat = open_chat(world, Params(scope))
    if kind == "chat_member":
        return f"chat_member:{chat.id}:{scope.get('user_id')}"
    return f"{kind}:{chat.id}"


def _language(params: Params) -> str:
    code = params.text("language_code").lower()
    if code and not (len(code) == 2 and code.isascii() and code.isalpha()):
        raise bad_request("invalid language code specified")
    return code


@method("setMyCommands")
def set_my_commands(world: World, params: Params) -> bool:
    commands = params.structure("commands", "bot commands")
    if not isinstance(commands, list):
        raise bad_request("can't parse list of BotCommand: expected an Array")
    if len(commands) > limits.COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    checked = [_command(command) for command in commands]
    world.bot.commands[_scope(world, params), _language(params)] = checked
    world.event("commands", None)
    return True


def _command(command: Any) -> dict[str, str]:
    if not isinstance(command, dict):
        raise bad_request("can't parse BotCommand: expected an Object")
    name = str(command.get("command", "")).removeprefix("/")
    description = str(command.get("description", "")).strip()
    if not name:
        raise bad_request("command must be non-empty")
    if len(name) > limits.COMMAND_NAME_CHARACTERS or not set(name) <= _COMMAND_CHARACTERS:
        raise bad_request("BOT_COMMAND_INVALID")
    if not description:
        raise bad_request("command description must be non-empty")
    if len(description) > limits.COMMAND_DESCRIPTION_CHARACTERS:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name, "description": description}


@method("getMyCommands")
def get_my_commands(world: World, params: Params) -> list[dict[str, str]]:
    return world.bot.commands.get((_scope(world, params), _language(params)), [])


@method("deleteMyCommands")
def delete_my_commands(world: World, params: Params) -> bool:
    world.bot.commands.pop((_scope(world, params), _language(params)), None)
    world.event("commands", None)
    return True


def _profile_methods(suffix: str, field: str, attribute: str, most: int, fallback: str) -> None:
    """SetMyName and getMyName, and the two descriptions, which differ in name and limit only."""

    @method(f"setMy{suffix}")
    def set_text(world: World, params: Params) -> bool:
        text = params.text(field).strip()
        if len(text) > most:
            raise bad_request(f"bot {field.replace('_', ' ')} is too long")
        texts = getattr(world.bot, attribute)
        language = _language(params)
        if text:
            texts[language] = text
        else:
            texts.pop(language, None)
        world.event("profile", None)
        return True

    @method(f"getMy{suffix}")
    def get_text(world: World, params: Params) -> dict[str, str]:
        texts = getattr(world.bot, attribute)
        unset = getattr(world.bot, fallback) if fallback else ""
        return {field: texts.get(_language(params), texts.get("", unset))}


_profile_methods("Name", "name", "names", limits.BOT_NAME_CHARACTERS, "first_name")
_profile_methods(
    "Description", "description", "descriptions", limits.BOT_DESCRIPTION_CHARACTERS, ""
)
_profile_methods(
    "ShortDescription",
    "short_description",
    "short_descriptions",
    limits.BOT_SHORT_DESCRIPTION_CHARACTERS,
    "",
)


@method("setChatMenuButton")
def set_chat_menu_button(world: World, params: Params) -> bool:
    button = params.structure("menu_button", "menu button") or {"type": "default"}
    if button.get("type") not in ("commands", "web_app", "default"):
        raise bad_request("can't parse MenuButton: unsupported type specified")
    world.bot.menu_buttons[params.integer("chat_id")] = button
    return True


@method("getChatMenuButton")
def get_chat_menu_button(world: World, params: Params) -> dict[str, Any]:
    buttons = world.bot.menu_buttons
    return buttons.get(params.integer("chat_id")) or buttons.get(0) or {"type": "default"}


# Chats and members


@method("getChat")
def get_chat(world: World, params: Params) -> dict[str, Any]:
    chat = open_chat(world, params)
    info = world.chat_json(chat) | {
        "accent_color_id": abs(chat.id) % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": {
            "unlimited_gifts": False,
            "limited_gifts": False,
            "unique_gifts": False,
            "premium_subscription": False,
            "gifts_from_channels": False,
        },
    }
    if chat.type != "private":
        info["permissions"] = {"can_send_messages": True}
    if chat.pinned and chat.pinned[-1] in chat.messages:
        info["pinned_message"] = chat.messages[chat.pinned[-1]]
    return info


def member_json(world: World, member: Member) -> dict[str, Any]:
    """The ChatMember object."""
    bot = member.user_id == world.bot.id
    user = world.bot.user() if bot else world.person(member.user_id).user()
    shown: dict[str, Any] = {"user": user, "status": member.status}
    if member.status == "creator":
        shown["is_anonymous"] = member.is_anonymous
    elif member.status == "administrator":
        shown |= dict.fromkeys(_ADMINISTRATOR_RIGHTS, True) | {
            "can_be_edited": False,
            "is_anonymous": member.is_anonymous,
        }
        shown |= member.rights
        if bot:
            # What it may do with topics is decided by this right alone, which may be missing.
            shown["can_manage_topics"] = member.rights.get("can_manage_topics", False)
    elif member.status == "restricted":
        shown |= {"is_member": True, "until_date": 0} | dict.fromkeys(_RESTRICTED_RIGHTS, True)
    elif member.status == "kicked":
        shown["until_date"] = 0
    return shown


_ADMINISTRATOR_RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_pin_messages",
    "can_manage_topics",
)


_RESTRICTED_RIGHTS = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
    "can_edit_tag",
    "can_react_to_messages",
)


@method("getChatMember")
def get_chat_member(world: World, params: Params) -> dict[str, Any]:
    chat = open_chat(world, params)
    user_id = params.user_id()
    if user_id != world.bot.id and user_id not in world.persons:
        raise bad_request("member not found")
    if chat.type == "private":
        return member_json(world, Member(user_id))
    return member_json(world, chat.members.get(user_id) or Member(user_id, "left"))


@method("getChatAdministrators")
def get_chat_administrators(world: World, params: Params) -> list[dict[str, Any]]:
    chat = open_chat(world, params)
    if chat.type == "private":
        raise bad_request("there are no administrators in the private chat")
    # Telegram leaves out other bots, not this one.
    return [member_json(world, member) for member in chat.members.values() if member.administers]


@method("getChatMemberCount")
def get_chat_member_count(world: World, params: Params) -> int:
    chat = open_chat(world, params)
    if chat.type == "private":
        return 2
    return sum(member.present for member in chat.members.values())


def _group_member(world: World, params: Params) -> tuple[Chat, Member]:
    chat = open_chat(world, params)
    if chat.type == "private":
        raise bad_request(
            "can't restrict self"
            if params.user_id() == world.bot.id
            else "method is available for supergroup and channel chats only"
        )
    user_id = params.user_id()
    if user_id not in world.persons:
        raise bad_request("user not found")
    if not chat.members[world.bot.id].administers:
        raise bad_request("not enough rights to restrict/unrestrict chat member")
    member = chat.members.setdefault(user_id, Member(user_id, "left"))
    if member.administers:
        raise bad_request("user is an administrator of the chat")
    return chat, member


@method("banChatMember")
def ban_chat_member(world: World, params: Params) -> bool:
    chat, member = _group_member(world, params)
    member.status = "kicked"
    world.event("members", chat.id)
    return True


@method("unbanChatMember")
def unban_chat_member(world: World, params: Params) -> bool:
    chat, member = _group_member(world, params)
    if member.status == "kicked" or not params.flag("only_if_banned"):
        member.status = "left"
    world.event("members", chat.id)
    return True


@method("leaveChat")
def leave_chat(world: World, params: Params) -> bool:
    chat = open_chat(world, params)
    if chat.type == "private":
        raise bad_request("chat is not a group")
    chat.members[world.bot.id].status = "left"
    world.event("members", chat.id)
    return True


# Forum topics


def _forum(world: World, params: Params) -> Chat:
    chat = open_chat(world, params)
    if not chat.is_forum:
        raise bad_request("the chat is not a forum")
    return chat


def _managed_topic(world: World, params: Params, doing: str) -> tuple[Chat, Topic]:
    chat = _forum(world, params)
    topic = chat.topics.get(params.integer("message_thread_id"))
    if topic is None:
        raise bad_request("message thread not found")
    if topic.deleted:
        raise bad_request(chat.topic_error or "TOPIC_DELETED")
    if not _may(world, chat, "can_manage_topics"):
        raise bad_request(f"not enough rights to {doing} the topic")
    return chat, topic


def _topic_name(params: Params) -> str:
    name = params.text("name").strip()
    if not name:
        raise bad_request("TOPIC_TITLE_EMPTY")
    # Telegram shortens a long name silently rather than refusing it.
    return name[: limits.TOPIC_NAME_CHARACTERS]


def new_topic(world: World, chat: Chat, sender: dict[str, Any], name: str, colour: int) -> Topic:
    """Open a topic: its id is that of the service message that announces it."""
    created = {"name": name, "icon_color": colour}
    message = world.post(chat, sender, {"forum_topic_created": created})
    topic = Topic(message["message_id"], name, colour)
    message["message_thread_id"] = topic.thread_id
    message["is_topic_message"] = True
    chat.topics[topic.thread_id] = topic
    world.event("topic", chat.id, topic=asdict(topic))
    return topic


def announce_topic(
    world: World, chat: Chat, topic: Topic, sender: dict[str, Any], what: str, **details: Any
) -> Message:
    """Post the service message about a change of a topic."""
    world.event("topic", chat.id, topic=asdict(topic))
    return world.post(chat, sender, {what: details}, thread_id=topic.thread_id)


@method("createForumTopic")
def create_forum_topic(world: World, params: Params) -> dict[str, Any]:
    chat = _forum(world, params)
    if not _may(world, chat, "can_manage_topics"):
        raise bad_request("not enough rights to create a topic")
    colour = params.integer("icon_color") or limits.TOPIC_ICON_COLOURS[0]
    if colour not in limits.TOPIC_ICON_COLOURS:
        raise bad_request("TOPIC_ICON_COLOR_INVALID")
    topic = new_topic(world, chat, world.bot.user(), _topic_name(params), colour)
    return {
        "message_thread_id": topic.thread_id,
        "name": topic.name,
        "icon_color": topic.icon_color,
    }


@method("editForumTopic")
def edit_forum_topic(world: World, params: Params) -> bool:
    chat, topic = _managed_topic(world, params, "edit")
    if "name" not in params and "icon_custom_emoji_id" not in params:
        raise bad_request("TOPIC_NOT_MODIFIED")
    if "name" in params:
        name = _topic_name(params)
        if name == topic.name:
            raise bad_request("TOPIC_NOT_MODIFIED")
        topic.name = name
    announce_topic(world, chat, topic, world.bot.user(), "forum_topic_edited", name=topic.name)
    return True


@method("closeForumTopic")
def close_forum_topic(world: World, params: Params) -> bool:
    return _set_closed(world, params, closed=True)


@method("reopenForumTopic")
def reopen_forum_topic(world: World, params: Params) -> bool:
    return _set_closed(world, params, closed=False)


def _set_closed(world: World, params: Params, *, closed: bool) -> bool:
    chat, topic = _managed_topic(world, params, "close" if closed else "reopen")
    if topic.closed == closed:
        raise bad_request("TOPIC_NOT_MODIFIED")
    topic.closed = closed
    what = "forum_topic_closed" if closed else "forum_topic_reopened"
    announce_topic(world, chat, topic, world.bot.user(), what)
    return True


@method("deleteForumTopic")
def delete_forum_topic(world: World, params: Params) -> bool:
    chat, topic = _managed_topic(world, params, "delete")
    remove_topic(world, chat, topic)
    return True


def remove_topic(world: World, chat: Chat, topic: Topic) -> None:
    """Delete a topic with all its messages; nobody is told, which is Telegram's way."""
    topic.deleted = True
    world.remove(chat, [m["message_id"] for m in world.messages(chat.id, topic.thread_id)])
    world.event("topic", chat.id, topic=asdict(topic))


def result_json(result: Any) -> str:
    """The body of a good answer."""
    return json.dumps({"ok": True, "result": result}, ensure_ascii=False)
