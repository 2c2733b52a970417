"""The (masked) messages as JSON lines or as a table."""

import csv
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TextIO

from review.database import LOG_FILE
from review.queries import local

SQL = f"""
    SELECT c.person, c.id AS conversation, m.id AS message, {local("m.at", "%Y-%m-%dT%H:%M:%S+08:00")}
        AS time, m.who, m.text, m.language, m.intent, m.confidence, m.entities, m.action, m.topic,
        m.scheme, m.fallback, m.disputed, m.handoff, m.outcome, m.model
    FROM messages m JOIN conversations c ON c.id = m.conversation ORDER BY m.id
"""  # noqa: E501  # a line of SQL


def write(folder: Path, out: TextIO, form: str) -> int:
    """Write every message, oldest first; gives back how many.

    :param form: ``jsonl`` or ``csv``
    :raises sqlite3.Error: the log cannot be read
    """
    if not (folder / LOG_FILE).exists():
        return 0
    with closing(sqlite3.connect(f"file:{folder / LOG_FILE}?mode=ro", uri=True)) as log:
        found = log.execute(SQL)
        names = [column[0] for column in found.description]
        rows = found.fetchall()
    if form == "csv":
        csv.writer(out).writerows([names, *rows])
    else:
        for row in rows:
            out.write(json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False) + "\n")
    return len(rows)
