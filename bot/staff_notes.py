"""What the staff wrote down about a person with /note; the person never sees it."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from sqlite_utils import Database

DAY = 86_400.0


@dataclass(frozen=True)
class StaffNote:
    """One note."""

    written_at: float
    written_by: str
    text: str


class StaffNotes:
    """All notes."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        self.database = database
        self.clock = clock

    def add(self, chat_id: int, by: str, text: str) -> None:
        """Write one down."""
        self.database.execute(
            "INSERT INTO staff_notes (chat_id, written_at, written_by, text) VALUES (?, ?, ?, ?)",
            [chat_id, self.clock(), by, text],
        )

    def of(self, chat_id: int) -> list[StaffNote]:
        """The notes about a person, oldest first."""
        rows = self.database.execute(
            "SELECT written_at, written_by, text FROM staff_notes WHERE chat_id = ? ORDER BY id",
            [chat_id],
        )
        return [StaffNote(*row) for row in rows.fetchall()]

    def erase(self, chat_id: int) -> None:
        """Forget a person."""
        self.database.execute("DELETE FROM staff_notes WHERE chat_id = ?", [chat_id])

    def purge(self, days: float) -> int:
        """Delete notes older than this many days; gives back how many."""
        cursor = self.database.execute(
            "DELETE FROM staff_notes WHERE written_at < ?", [self.clock() - days * DAY]
        )
        return cursor.rowcount
