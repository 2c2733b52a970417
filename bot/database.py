"""The relay's one SQLite file: what came in, what goes out, and what is known of each chat.

Write-ahead logging, so that ``kill -9`` at any moment loses no committed row. Only storing an
update waits for the disk itself (``durable``): once Telegram is told that we have an update,
nobody else has it. The later steps can be redone from the stored update after a power failure.
"""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

FILE_NAME = "relay.db"

migrations = Migrations("relay")


def open_database(path: Path | str) -> Database:
    """The migrated database; ``":memory:"`` for one that is thrown away.

    :raises sqlite3.OperationalError: the file cannot be opened or written
    """
    connection = sqlite3.connect(path, timeout=10)
    database = Database(connection)
    database.enable_wal()
    database.execute("PRAGMA synchronous=NORMAL")
    database.execute("PRAGMA secure_delete=ON")
    migrations.apply(database)
    return database


@contextlib.contextmanager
def durable(database: Database) -> Iterator[None]:
    """A transaction that is on the disk when the block ends, even if the power fails then."""
    database.execute("PRAGMA synchronous=FULL")
    try:
        with database.atomic():
            yield
    finally:
        database.execute("PRAGMA synchronous=NORMAL")


@migrations()
def create_tables(db: Database) -> None:
    for statement in TABLES:
        db.execute(statement)


@migrations()
def add_staff_desk(db: Database) -> None:
    for statement in STAFF_DESK:
        db.execute(statement)


TABLES = (
    # chat_id 0: of no chat, or erased on request. body NULL: erased.
    """
    CREATE TABLE updates (
        update_id INTEGER PRIMARY KEY,
        chat_id INTEGER NOT NULL,
        message_id INTEGER,
        body TEXT,
        received_at REAL NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0,
        finished_at REAL,
        kind TEXT,
        outcome TEXT,
        failure TEXT,
        turn TEXT
    ) STRICT
    """,
    "CREATE INDEX updates_unfinished ON updates (chat_id, update_id) WHERE finished_at IS NULL",
    "CREATE INDEX updates_of_chat ON updates (chat_id, update_id)",
    "CREATE INDEX updates_of_message ON updates (chat_id, message_id)",
    "CREATE INDEX updates_private ON updates (message_id) WHERE chat_id > 0",
    # state: pending, sending, sent, failed, dropped (the person blocked the bot).
    """
    CREATE TABLE messages (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        update_id INTEGER NOT NULL,
        sequence INTEGER NOT NULL,
        chat_id INTEGER NOT NULL,
        method TEXT NOT NULL,
        body TEXT NOT NULL,
        state TEXT NOT NULL DEFAULT 'pending',
        message_id INTEGER,
        after_id INTEGER,
        created_at REAL NOT NULL,
        tried_at REAL,
        sent_at REAL,
        problem TEXT,
        forget INTEGER NOT NULL DEFAULT 0,
        UNIQUE (update_id, sequence)
    ) STRICT
    """,
    """
    CREATE INDEX messages_unsent ON messages (chat_id, id)
    WHERE state IN ('pending', 'sending')
    """,
    "CREATE INDEX messages_of_chat ON messages (chat_id, message_id)",
    "CREATE INDEX messages_private ON messages (message_id) WHERE chat_id > 0",
    # holder: bot, waiting (for a person of the staff), human (a person answers, Rasa does not).
    """
    CREATE TABLE chats (
        chat_id INTEGER PRIMARY KEY,
        language TEXT,
        interview TEXT,
        blocked INTEGER NOT NULL DEFAULT 0,
        told_private_only INTEGER NOT NULL DEFAULT 0,
        holder TEXT NOT NULL DEFAULT 'bot',
        held_since REAL,
        held_by TEXT,
        held_why TEXT
    ) STRICT
    """,
    """
    CREATE TABLE handoffs (
        id INTEGER PRIMARY KEY,
        chat_id INTEGER NOT NULL,
        update_id INTEGER NOT NULL,
        asked_at REAL NOT NULL,
        reason TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX handoffs_of_chat ON handoffs (chat_id)",
    # keyboard: the messages.id that carries the button. used_by: the update that pressed it; the
    # buttons of a keyboard are used up together.
    """
    CREATE TABLE tokens (
        token TEXT PRIMARY KEY,
        chat_id INTEGER NOT NULL,
        keyboard INTEGER NOT NULL,
        payload TEXT NOT NULL,
        title TEXT NOT NULL,
        created_at REAL NOT NULL,
        used_by INTEGER
    ) STRICT
    """,
    "CREATE INDEX tokens_of_keyboard ON tokens (keyboard)",
    "CREATE INDEX tokens_of_chat ON tokens (chat_id)",
    "CREATE TABLE notes (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT",
)

STAFF_DESK = (
    # about: the person whose conversation with the staff a message belongs to, in either direction.
    "ALTER TABLE messages ADD COLUMN about INTEGER",
    "CREATE INDEX messages_about ON messages (about, id) WHERE about IS NOT NULL",
    "ALTER TABLE chats ADD COLUMN banned INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE handoffs ADD COLUMN taken_at REAL",
    "ALTER TABLE handoffs ADD COLUMN taken_by TEXT",
    "ALTER TABLE handoffs ADD COLUMN ended_at REAL",
    # thread_id NULL: not opened yet, or deleted by somebody.
    """
    CREATE TABLE topics (
        chat_id INTEGER PRIMARY KEY,
        group_id INTEGER NOT NULL,
        thread_id INTEGER,
        title TEXT NOT NULL,
        closed INTEGER NOT NULL DEFAULT 0
    ) STRICT
    """,
    "CREATE INDEX topics_of_thread ON topics (group_id, thread_id)",
    # The same message in the person's chat and in the topic, whoever wrote it.
    """
    CREATE TABLE links (
        chat_id INTEGER NOT NULL,
        message_id INTEGER NOT NULL,
        group_id INTEGER NOT NULL,
        group_message_id INTEGER NOT NULL,
        made_at REAL NOT NULL
    ) STRICT
    """,
    "CREATE INDEX links_of_person ON links (chat_id, message_id)",
    "CREATE INDEX links_of_group ON links (group_id, group_message_id)",
    # kind: waiting (remind), silence (close), resume (ask the open question again; at once).
    """
    CREATE TABLE timers (
        chat_id INTEGER NOT NULL,
        kind TEXT NOT NULL,
        due_at REAL NOT NULL,
        update_id INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (chat_id, kind)
    ) STRICT
    """,
    "CREATE INDEX timers_due ON timers (due_at)",
    """
    CREATE TABLE staff_notes (
        id INTEGER PRIMARY KEY,
        chat_id INTEGER NOT NULL,
        written_at REAL NOT NULL,
        written_by TEXT NOT NULL,
        text TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX staff_notes_of_chat ON staff_notes (chat_id)",
)
