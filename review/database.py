"""The two files: what was said (log.db) and what the reviewers make of it (reviews.db).

The log is written by the relay alone and read-only to the review pages; labels live in a file of
their own, so that a page can never change what was said. Times are seconds since 1970.
"""

import sqlite3
from pathlib import Path

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

LOG_FILE, REVIEWS_FILE = "log.db", "reviews.db"

log_migrations = Migrations("log")
reviews_migrations = Migrations("reviews")


def open_log(path: Path | str) -> Database:
    """The migrated log, for writing.

    :raises sqlite3.Error: the file cannot be opened or written
    """
    return _open(path, log_migrations)


def open_reviews(path: Path | str) -> Database:
    """The migrated reviews, for writing.

    :raises sqlite3.Error: the file cannot be opened or written
    """
    return _open(path, reviews_migrations)


def _open(path: Path | str, migrations: Migrations) -> Database:
    if path != ":memory:":
        # The journals get the file's permissions: nobody else on the machine may read any of it.
        Path(path).touch(mode=0o600)
    connection = sqlite3.connect(path, timeout=10)
    database = Database(connection)
    database.enable_wal()
    database.execute("PRAGMA synchronous=NORMAL")
    database.execute("PRAGMA secure_delete=ON")
    database.execute("PRAGMA foreign_keys=ON")
    migrations.apply(database)
    return database


@log_migrations()
def create_log(db: Database) -> None:
    for statement in LOG_TABLES:
        db.execute(statement)


@reviews_migrations()
def create_reviews(db: Database) -> None:
    for statement in REVIEW_TABLES:
        db.execute(statement)


LOG_TABLES = (
    # person: a salted hash. AUTOINCREMENT: reviews name these ids, so none is used twice.
    """
    CREATE TABLE conversations (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        person TEXT NOT NULL,
        language TEXT,
        scheme TEXT,
        outcome TEXT,
        handoff TEXT,
        started REAL NOT NULL,
        last REAL NOT NULL
    ) STRICT
    """,
    "CREATE INDEX conversations_of_person ON conversations (person, last)",
    "CREATE INDEX conversations_by_time ON conversations (last)",
    # score: how badly a turn went; see docs/review.md. language, intent, confidence, entities:
    # what was understood. outcome: what the relay did. holder: who answered (bot, waiting, human).
    """
    CREATE TABLE messages (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        conversation INTEGER NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
        at REAL NOT NULL,
        who TEXT NOT NULL CHECK (who IN ('person', 'assistant', 'staff', 'note', 'system')),
        author TEXT,
        text TEXT NOT NULL,
        buttons TEXT,
        pressed INTEGER NOT NULL DEFAULT 0,
        language TEXT,
        intent TEXT,
        confidence REAL,
        entities TEXT,
        action TEXT,
        topic TEXT,
        scheme TEXT,
        fallback INTEGER NOT NULL DEFAULT 0,
        low INTEGER NOT NULL DEFAULT 0,
        disputed INTEGER NOT NULL DEFAULT 0,
        rephrased INTEGER NOT NULL DEFAULT 0,
        failed INTEGER NOT NULL DEFAULT 0,
        reply_to INTEGER,
        outcome TEXT,
        handoff TEXT,
        holder TEXT,
        model TEXT,
        update_id INTEGER,
        sequence INTEGER NOT NULL DEFAULT 0,
        score INTEGER GENERATED ALWAYS AS (
            failed * 32 + disputed * 16 + fallback * 8 + (handoff IS NOT NULL) * 4
            + low * 2 + rephrased
        ) VIRTUAL,
        UNIQUE (update_id, sequence)
    ) STRICT
    """,
    "CREATE INDEX messages_of_conversation ON messages (conversation, id)",
    "CREATE INDEX messages_by_time ON messages (at)",
    "CREATE INDEX messages_inbox ON messages (score DESC, at DESC)"
    " WHERE who = 'person' AND score > 0",
    """
    CREATE TABLE handoffs (
        id INTEGER PRIMARY KEY,
        conversation INTEGER NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
        asked_at REAL NOT NULL,
        reason TEXT NOT NULL,
        answered_at REAL
    ) STRICT
    """,
    "CREATE INDEX handoffs_of_conversation ON handoffs (conversation)",
    # Three characters and more are found by the index, in any language; two by LIKE.
    """
    CREATE VIRTUAL TABLE messages_fts USING fts5 (
        text, content = 'messages', content_rowid = 'id', tokenize = 'trigram'
    )
    """,
    """
    CREATE TRIGGER messages_added AFTER INSERT ON messages BEGIN
        INSERT INTO messages_fts (rowid, text) VALUES (new.id, new.text);
    END
    """,
    """
    CREATE TRIGGER messages_removed AFTER DELETE ON messages BEGIN
        INSERT INTO messages_fts (messages_fts, rowid, text) VALUES ('delete', old.id, old.text);
    END
    """,
)

REVIEW_TABLES = (
    # What a reviewer holds to be right; the same as what was understood means "it was right",
    # and nothing that it was seen (where nothing was understood).
    """
    CREATE TABLE labels (
        message INTEGER PRIMARY KEY,
        conversation INTEGER NOT NULL,
        language TEXT NOT NULL,
        intent TEXT NOT NULL,
        by TEXT NOT NULL,
        at REAL NOT NULL
    ) STRICT
    """,
    # Every label ever given, so that a change of mind can be seen.
    """
    CREATE TABLE label_history (
        id INTEGER PRIMARY KEY,
        message INTEGER NOT NULL,
        language TEXT NOT NULL,
        intent TEXT NOT NULL,
        by TEXT NOT NULL,
        at REAL NOT NULL
    ) STRICT
    """,
    "CREATE INDEX label_history_of_message ON label_history (message)",
    """
    CREATE TABLE notes (
        id INTEGER PRIMARY KEY,
        message INTEGER NOT NULL,
        text TEXT NOT NULL,
        by TEXT NOT NULL,
        at REAL NOT NULL
    ) STRICT
    """,
    "CREATE INDEX notes_of_message ON notes (message)",
    """
    CREATE TABLE tags (
        message INTEGER NOT NULL,
        tag TEXT NOT NULL,
        by TEXT NOT NULL,
        at REAL NOT NULL,
        PRIMARY KEY (message, tag)
    ) STRICT
    """,
    # Corrected messages that were offered as training examples, and the answer.
    """
    CREATE TABLE examples (
        message INTEGER PRIMARY KEY,
        accepted INTEGER NOT NULL,
        at REAL NOT NULL
    ) STRICT
    """,
)
