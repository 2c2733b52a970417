"""The staff's topics, one a person, and which message here is which message there."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from sqlite_utils import Database

from bot.outbox import Place

DAY = 86_400.0


@dataclass(frozen=True)
class Topic:
    """A person's topic; ``thread_id`` is None until Telegram has opened it."""

    chat_id: int
    group_id: int
    thread_id: int | None
    title: str
    closed: bool


class Topics:
    """All topics, and the links between the two copies of a message."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        self.database = database
        self.clock = clock

    def get(self, chat_id: int) -> Topic | None:
        """The person's topic, if they ever had one."""
        row = self.database.execute(
            "SELECT chat_id, group_id, thread_id, title, closed FROM topics WHERE chat_id = ?",
            [chat_id],
        ).fetchone()
        return Topic(row[0], row[1], row[2], row[3], bool(row[4])) if row else None

    def ensure(self, chat_id: int, group_id: int, title: str) -> Topic:
        """The person's topic in this group, noted down if there is none."""
        self.database.execute(
            "INSERT INTO topics (chat_id, group_id, title) VALUES (?, ?, ?)"
            " ON CONFLICT DO UPDATE SET group_id = excluded.group_id, title = excluded.title,"
            " thread_id = NULL, closed = 0 WHERE group_id != excluded.group_id",
            [chat_id, group_id, title],
        )
        topic = self.get(chat_id)
        assert topic is not None, "just noted down"
        return topic

    def person(self, group_id: int, thread_id: int) -> int | None:
        """Whose topic this is."""
        row = self.database.execute(
            "SELECT chat_id FROM topics WHERE group_id = ? AND thread_id = ?",
            [group_id, thread_id],
        ).fetchone()
        return int(row[0]) if row else None

    def opened(self, chat_id: int, thread_id: int | None) -> None:
        """Telegram opened the topic; None: it is gone."""
        self.database.execute(
            "UPDATE topics SET thread_id = ?, closed = 0 WHERE chat_id = ?", [thread_id, chat_id]
        )

    def set_closed(self, chat_id: int, closed: bool) -> None:
        """Somebody closed the topic or opened it again."""
        self.database.execute(
            "UPDATE topics SET closed = ? WHERE chat_id = ?", [int(closed), chat_id]
        )

    def move(self, old: int, new: int) -> None:
        """The group has another id, and no topics yet."""
        self.database.execute(
            "UPDATE topics SET group_id = ?, thread_id = NULL, closed = 0 WHERE group_id = ?",
            [new, old],
        )

    def link(self, one: Place, other: Place) -> None:
        """These two are the same message; one of the chats is the group."""
        (group_id, group_message), (chat_id, message_id) = sorted((one, other))
        self.database.execute(
            "INSERT INTO links VALUES (?, ?, ?, ?, ?)",
            [chat_id, message_id, group_id, group_message, self.clock()],
        )

    def counterpart(self, place: Place) -> Place | None:
        """The other copy of a message, the newest if there are several."""
        chat_id, message_id = place
        here, there = ("group", "person") if chat_id < 0 else ("person", "group")
        columns = {"person": "chat_id, message_id", "group": "group_id, group_message_id"}
        first, second = columns[here].split(", ")
        row = self.database.execute(
            f"SELECT {columns[there]} FROM links WHERE {first} = ? AND {second} = ?"
            " ORDER BY rowid DESC LIMIT 1",
            [chat_id, message_id],
        ).fetchone()
        return (int(row[0]), int(row[1])) if row else None

    def erase(self, chat_id: int) -> None:
        """Forget a person's topic."""
        self.database.execute("DELETE FROM topics WHERE chat_id = ?", [chat_id])
        self.database.execute("DELETE FROM links WHERE chat_id = ?", [chat_id])

    def purge(self, days: float) -> int:
        """Delete links older than this many days; gives back how many."""
        cursor = self.database.execute(
            "DELETE FROM links WHERE made_at < ?", [self.clock() - days * DAY]
        )
        return cursor.rowcount
