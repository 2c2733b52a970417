"""What is to happen later, as rows with a due time: a restart forgets none of it."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from sqlite_utils import Database


class TimerKind(StrEnum):
    """What is due."""

    WAITING = "waiting"
    """The person has waited long: both sides get a word, once."""
    SILENCE = "silence"
    """Nobody has written for long: the conversation is closed."""
    RESUME = "resume"
    """The assistant has the chat back and repeats its open question."""


@dataclass(frozen=True)
class Timer:
    """One thing that is due in a chat."""

    chat_id: int
    kind: TimerKind
    update_id: int


class Timers:
    """At most one timer of a kind in a chat."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        self.database = database
        self.clock = clock

    def set(self, chat_id: int, kind: TimerKind, seconds: float, update_id: int = 0) -> None:
        """Due so many seconds from now, in place of an earlier one."""
        self.database.execute(
            "INSERT INTO timers VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
            " due_at = excluded.due_at, update_id = excluded.update_id",
            [chat_id, kind, self.clock() + seconds, update_id],
        )

    def clear(self, chat_id: int, *kinds: TimerKind) -> None:
        """Nothing of these kinds is due any more; without kinds, nothing at all."""
        for kind in kinds or tuple(TimerKind):
            self.database.execute(
                "DELETE FROM timers WHERE chat_id = ? AND kind = ?", [chat_id, kind]
            )

    def erase(self, chat_id: int) -> None:
        """Forget a chat."""
        self.clear(chat_id)

    def due(self) -> list[Timer]:
        """What is due now, except what a chat's own lane does."""
        rows = self.database.execute(
            "SELECT chat_id, kind, update_id FROM timers WHERE due_at <= ? AND kind != ?"
            " ORDER BY due_at",
            [self.clock(), TimerKind.RESUME],
        )
        return [Timer(row[0], TimerKind(row[1]), row[2]) for row in rows.fetchall()]

    def resume(self, chat_id: int) -> Timer | None:
        """The open question to repeat in a chat, if there is one to repeat."""
        row = self.database.execute(
            "SELECT chat_id, kind, update_id FROM timers WHERE chat_id = ? AND kind = ?",
            [chat_id, TimerKind.RESUME],
        ).fetchone()
        return Timer(row[0], TimerKind(row[1]), row[2]) if row else None

    def resuming(self) -> list[int]:
        """The chats with an open question to repeat."""
        rows = self.database.execute(
            "SELECT chat_id FROM timers WHERE kind = ?", [TimerKind.RESUME]
        )
        return [row[0] for row in rows.fetchall()]
