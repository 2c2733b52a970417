"""The figures of the dashboards for a terminal."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from review.database import LOG_FILE, REVIEWS_FILE, open_log, open_reviews
from review.queries import QUERIES

SHOWN = ("languages", "rates", "waiting", "accuracy", "topics")


def connect(folder: Path) -> sqlite3.Connection:
    """The log, for reading, with the reviews beside it; both made if there are none."""
    for opener, name in ((open_log, LOG_FILE), (open_reviews, REVIEWS_FILE)):
        with closing(opener(folder / name)):
            pass
    connection = sqlite3.connect(f"file:{folder / LOG_FILE}?mode=ro", uri=True)
    connection.execute("ATTACH DATABASE ? AS reviews", [f"file:{folder / REVIEWS_FILE}?mode=ro"])
    return connection


def lines(folder: Path, days: int) -> Iterator[str]:
    """A small table for each question."""
    with closing(connect(folder)) as log:
        for name in SHOWN:
            found = log.execute(QUERIES[name].sql, {"days": str(days)})
            heads = [column[0].replace("_", " ") for column in found.description]
            rows = [["–" if value is None else str(value) for value in row] for row in found]
            yield QUERIES[name].title
            yield from table([heads, *rows]) if rows else ["  nothing yet"]
            yield ""


def table(rows: list[list[str]]) -> Iterator[str]:
    """Aligned columns."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield ("  " + "  ".join(cells)).rstrip()
