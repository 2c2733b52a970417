"""Erases for good: the rows, the index's copies of them, and what the files still held of both."""

import sqlite3
import time
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path

from sqlite_utils import Database

from review.database import LOG_FILE, REVIEWS_FILE, open_log, open_reviews

DAY = 86_400.0
CHECKPOINT_ATTEMPTS = 20
CHECKPOINT_PAUSE = 0.1
REVIEW_TABLES = ("labels", "label_history", "notes", "tags", "examples")


def erase_person(folder: Path, person: str) -> int:
    """Erase a person's conversations and what reviewers wrote about them; returns how many.

    :raises sqlite3.Error: something could not be erased
    """
    return _erase(folder, "person = ?", [person])


def purge(folder: Path, days: float, now: float) -> int:
    """Erase conversations that ended more than this many days before ``now``; returns how many.

    :raises sqlite3.Error: something could not be erased
    """
    return _erase(folder, "last < ?", [now - days * DAY])


def _erase(folder: Path, where: str, values: Sequence[str | float]) -> int:
    if not (folder / LOG_FILE).exists():
        return 0
    with closing(open_log(folder / LOG_FILE)) as log:
        messages = [
            row[0]
            for row in log.execute(
                "SELECT id FROM messages WHERE conversation IN"
                f" (SELECT id FROM conversations WHERE {where})",
                values,
            ).fetchall()
        ]
        # Reviews first: if the rest fails, the person can be found again for another attempt.
        _erase_reviews(folder, messages)
        with log.atomic():
            count = log.execute(f"DELETE FROM conversations WHERE {where}", values).rowcount
        # Always, so that a second attempt also cleans what a failed first one left in the file.
        _scrub_index(log)
        empty_wal(log)
    return int(count)


def _erase_reviews(folder: Path, messages: Iterable[int]) -> None:
    if not (folder / REVIEWS_FILE).exists():
        return
    with closing(open_reviews(folder / REVIEWS_FILE)) as reviews:
        with reviews.atomic():
            for table in REVIEW_TABLES:
                reviews.conn.executemany(
                    f"DELETE FROM {table} WHERE message = ?", [(message,) for message in messages]
                )
        empty_wal(reviews)


def _scrub_index(log: Database) -> None:
    """Merge the index into one piece: until then it only notes that words are gone."""
    with log.atomic():
        log.execute("INSERT INTO messages_fts (messages_fts) VALUES ('optimize')")


def empty_wal(database: Database) -> None:
    """Move everything out of the write-ahead log and cut it to nothing.

    :raises sqlite3.OperationalError: a reader held on to it all the time
    """
    for _ in range(CHECKPOINT_ATTEMPTS):
        (busy, _, _) = database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if not busy:
            return
        time.sleep(CHECKPOINT_PAUSE)
    raise sqlite3.OperationalError(
        "erased, but the write-ahead log is in use and still holds it: try again"
    )
