"""All that the relay keeps, opened together."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database

from bot.chats import Chats
from bot.database import open_database
from bot.inbox import Inbox
from bot.notes import Notes
from bot.outbox import Outbox
from bot.staff_notes import StaffNotes
from bot.timers import Timers
from bot.tokens import Tokens
from bot.topics import Topics


@dataclass(frozen=True)
class Stores:
    """The tables of one database; ``database.atomic()`` spans them."""

    database: Database
    inbox: Inbox
    outbox: Outbox
    chats: Chats
    tokens: Tokens
    notes: Notes
    topics: Topics
    timers: Timers
    staff_notes: StaffNotes

    @classmethod
    def open(cls, path: Path | str, clock: Callable[[], float] = time.time) -> "Stores":
        """Open the database, made or migrated if need be.

        :raises sqlite3.OperationalError: the file cannot be opened or written
        """
        database = open_database(path)
        tokens = Tokens(database, clock)
        return cls(
            database,
            Inbox(database, clock),
            Outbox(database, tokens, clock),
            Chats(database, clock),
            tokens,
            Notes(database),
            Topics(database, clock),
            Timers(database, clock),
            StaffNotes(database, clock),
        )

    def purge(self, days: float) -> int:
        """Delete what is done with and older than this; gives back how many rows."""
        return (
            self.inbox.purge(days)
            + self.outbox.purge(days)
            + self.tokens.purge()
            + self.topics.purge(days)
            + self.staff_notes.purge(days)
        )

    def erase(self, chat_id: int, up_to: int) -> None:
        """Forget a chat; what came in after the update ``up_to`` is kept."""
        topic = self.topics.get(chat_id)
        if topic and topic.thread_id:
            self.inbox.erase_thread(topic.group_id, topic.thread_id)
        self.inbox.erase(chat_id, up_to)
        for store in (
            self.outbox,
            self.tokens,
            self.chats,
            self.topics,
            self.timers,
            self.staff_notes,
        ):
            store.erase(chat_id)
