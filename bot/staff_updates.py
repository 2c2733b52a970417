"""An update from the staff's group, read."""

from dataclasses import dataclass
from typing import Any

INTERNAL = "//"
"""A text that begins so stays among the staff."""


@dataclass(frozen=True)
class StaffUpdate:
    """Who did what in which topic."""

    thread_id: int | None
    """None: outside all topics."""
    user_id: int
    name: str
    anonymous: bool
    """Written in the group's or a channel's name: nobody can tell whose it is."""
    from_bot: bool
    topic_closed: bool | None = None
    """The topic was closed (True) or opened again (False)."""
    migrated_to: int | None = None
    service: bool = False
    """An announcement of Telegram's, such as somebody's joining."""


def read_staff(body: dict[str, Any], has_content: bool) -> StaffUpdate:
    """Understand an update; ``has_content`` says whether there are words or an attachment."""
    query = body.get("callback_query") or {}
    message = query.get("message") or body.get("message") or body.get("edited_message") or {}
    user = (query or message).get("from") or {}
    return StaffUpdate(
        thread_id=message.get("message_thread_id") if message.get("is_topic_message") else None,
        user_id=int(user.get("id", 0)),
        name=str(user.get("first_name", "")),
        anonymous=not query and "sender_chat" in message,
        from_bot=bool(user.get("is_bot")),
        topic_closed=closing(message),
        migrated_to=message.get("migrate_to_chat_id"),
        service=not query and not has_content,
    )


def closing(message: dict[str, Any]) -> bool | None:
    """Whether a message says that its topic was closed, or opened again; None if neither."""
    if "forum_topic_closed" in message:
        return True
    return False if "forum_topic_reopened" in message else None
