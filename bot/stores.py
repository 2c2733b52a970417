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
from bot.tokens import Tokens


@dataclass(frozen=True)
class Stores:
    """The tables of one database; ``database.atomic()`` spans them."""

    database: Database
    inbox: Inbox
    outbox: Outbox
    chats: Chats
    tokens: Tokens
    notes: Notes

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
        )

    def purge(self, days: float) -> int:
        """Delete what is done with and older than this; gives back how many rows."""
        return self.inbox.purge(days) + self.outbox.purge(days) + self.tokens.purge()
