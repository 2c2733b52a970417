"""Building the database: validate everything, then write it in one go."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from sqlite_utils import Database

from . import search, tables
from .answers import Composer
from .check import check
from .errors import DataError
from .languages import LANGUAGES
from .model import Book
from .wording import FILE as WORDING_FILE
from .wording import load_wording


def build(data: Path, cases: Path | None, target: Path, today: date) -> Book:
    """Write the database, replacing an older one only when the new one is complete.

    :raises DataError: with every fault of the data; the older database stays.
    """
    loaded, problems = check(data, cases, today)
    faults = [problem for problem in problems if not problem.warning]
    if faults:
        raise DataError(faults)
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f"{target.name}.{os.getpid()}.new")
    try:
        connection = sqlite3.connect(unfinished)
        try:
            fill(connection, loaded.book, today, fingerprint(data))
        finally:
            connection.close()
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
    return loaded.book


def fill(connection: sqlite3.Connection, book: Book, today: date, mark: str = "") -> None:
    """Write a Book into an empty database, with its search index."""
    db = Database(connection)
    tables.create(db)
    with connection:
        for table, rows in tables.rows(book):
            if rows:
                db.table(table).insert_all(rows)
        db.table("meta").insert_all(
            [
                {"key": "format", "value": str(tables.FORMAT)},
                {"key": "built_on", "value": today.isoformat()},
                {"key": "fingerprint", "value": mark},
            ]
        )
    search.create(connection, _pages(book, today))
    connection.commit()
    broken = connection.execute("pragma foreign_key_check").fetchall()
    assert not broken, f"the validation let foreign keys through that point nowhere: {broken[:3]}"
    connection.execute("vacuum")


def _pages(book: Book, today: date) -> Iterator[search.Page]:
    """Every answer that holds today, in every language."""
    composer = Composer(book, load_wording())
    for block in book.all_blocks():
        if not block.holds(today):
            continue
        topic, scheme = book.topics[block.topic], book.schemes[block.scheme]
        for language in LANGUAGES:
            yield search.Page(
                scheme=block.scheme,
                topic=block.topic,
                language=language,
                title=topic.title[language],
                keywords=block.keywords.get(language, ""),
                names=" ".join([scheme.short[language], scheme.name[language], *scheme.aliases]),
                text=composer.fill(block.text[language], language, block.scheme, today),
            )


def fingerprint(data: Path) -> str:
    """A mark of the data's content, to tell whether a database was built from it."""
    digest = hashlib.sha256()
    for path in [*sorted(data.rglob("*.yml")), WORDING_FILE]:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
