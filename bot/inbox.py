"""Every update Telegram sent, stored whole before Telegram is told that we have it."""

import json
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from bot.database import durable
from bot.updates import chat_of, message_of

NEIGHBOURS = 20
"""Update ids this near are looked through for the other pictures of an album, which Telegram
delivers together and which are ten at most."""

DAY = 86_400.0


@dataclass(frozen=True)
class Stored:
    """One update as it lies in the inbox."""

    update_id: int
    chat_id: int
    body: dict[str, Any]
    received_at: float
    attempts: int


class Inbox:
    """The stored updates. An update is unfinished until its replies are in the outbox."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        self.database = database
        self.clock = clock

    def store(self, updates: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        """Store updates, on the disk when this returns; gives back those that are new.

        A repeated ``update_id`` is ignored: Telegram sends an update again until it is confirmed.
        """
        fresh = []
        with durable(self.database):
            for update in updates:
                if self._insert(update):
                    fresh.append(update)
        return fresh

    def _insert(self, update: dict[str, Any]) -> bool:
        cursor = self.database.execute(
            "INSERT OR IGNORE INTO updates (update_id, chat_id, message_id, body, received_at)"
            " VALUES (?, ?, ?, ?, ?)",
            [
                update["update_id"],
                chat_of(update),
                message_of(update),
                json.dumps(update, ensure_ascii=False),
                self.clock(),
            ],
        )
        return cursor.rowcount == 1

    def next(self, chat_id: int) -> Stored | None:
        """The oldest unfinished update of a chat."""
        row = self.database.execute(
            "SELECT update_id, chat_id, body, received_at, attempts FROM updates"
            " WHERE chat_id = ? AND finished_at IS NULL ORDER BY update_id LIMIT 1",
            [chat_id],
        ).fetchone()
        return Stored(row[0], row[1], json.loads(row[2]), row[3], row[4]) if row else None

    def unfinished_chats(self) -> list[int]:
        """Chats with work left, the longest waiting first."""
        rows = self.database.execute(
            "SELECT chat_id FROM updates WHERE finished_at IS NULL"
            " GROUP BY chat_id ORDER BY min(update_id)"
        )
        return [row[0] for row in rows.fetchall()]

    def unfinished(self) -> list[dict[str, Any]]:
        """All unfinished updates, oldest first."""
        rows = self.database.execute(
            "SELECT body FROM updates WHERE finished_at IS NULL ORDER BY update_id"
        )
        return [json.loads(row[0]) for row in rows.fetchall()]

    def begin(self, update_id: int) -> None:
        """Count an attempt before it is made, so that one that kills the process is seen."""
        self.database.execute(
            "UPDATE updates SET attempts = attempts + 1 WHERE update_id = ?", [update_id]
        )

    def finish(
        self,
        update_id: int,
        kind: str,
        outcome: str,
        *,
        turn: dict[str, Any] | None = None,
        failure: str | None = None,
    ) -> None:
        """Mark as worked off; call it in the transaction that writes the replies."""
        self.database.execute(
            "UPDATE updates SET finished_at = ?, kind = ?, outcome = ?, turn = ?, failure = ?"
            " WHERE update_id = ?",
            [
                self.clock(),
                kind,
                outcome,
                json.dumps(turn, ensure_ascii=False) if turn is not None else None,
                failure,
                update_id,
            ],
        )

    def last_said(self, chat_id: int, before: int) -> tuple[int, dict[str, Any]] | None:
        """The message id and the newest form of what the person last did before an update.

        None if that was no message (a button, for example) or there was nothing.
        """
        last = self.database.execute(
            "SELECT message_id FROM updates WHERE chat_id = ? AND update_id < ?"
            " AND (body -> '$.message' IS NOT NULL OR body -> '$.callback_query' IS NOT NULL)"
            " ORDER BY update_id DESC LIMIT 1",
            [chat_id, before],
        ).fetchone()
        if last is None or last[0] is None:
            return None
        (body,) = self.database.execute(
            "SELECT body FROM updates WHERE chat_id = ? AND message_id = ? AND update_id < ?"
            " ORDER BY update_id DESC LIMIT 1",
            [chat_id, last[0], before],
        ).fetchone()
        return last[0], json.loads(body)

    def album(self, update: Stored, media_group_id: str) -> list[tuple[int, bool, str | None]]:
        """The stored pictures of an album: update id, whether captioned, outcome if finished."""
        rows = self.database.execute(
            "SELECT update_id, body ->> '$.message.caption' IS NOT NULL, outcome FROM updates"
            " WHERE chat_id = ? AND update_id BETWEEN ? AND ?"
            " AND body ->> '$.message.media_group_id' = ? ORDER BY update_id",
            [
                update.chat_id,
                update.update_id - NEIGHBOURS,
                update.update_id + NEIGHBOURS,
                media_group_id,
            ],
        )
        return [(row[0], bool(row[1]), row[2]) for row in rows.fetchall()]

    def erase(self, chat_id: int, up_to: int) -> None:
        """Forget what a chat said, this update included; what it said since is kept.

        The bare update ids stay: they keep a repeat from counting.
        """
        self.database.execute(
            "UPDATE updates SET chat_id = 0, message_id = NULL, body = NULL, turn = NULL"
            " WHERE chat_id = ? AND update_id <= ?",
            [chat_id, up_to],
        )

    def erase_thread(self, group_id: int, thread_id: int) -> None:
        """Forget what the staff wrote in a topic."""
        self.database.execute(
            "UPDATE updates SET chat_id = 0, message_id = NULL, body = NULL, turn = NULL"
            " WHERE chat_id = ? AND finished_at IS NOT NULL AND ? IN ("
            " body ->> '$.message.message_thread_id',"
            " body ->> '$.edited_message.message_thread_id')",
            [group_id, thread_id],
        )

    def last_turn(self, chat_id: int) -> dict[str, Any]:
        """What the dialogue last said it understood in a chat; empty if nothing."""
        row = self.database.execute(
            "SELECT turn FROM updates WHERE chat_id = ? AND turn IS NOT NULL"
            " ORDER BY update_id DESC LIMIT 1",
            [chat_id],
        ).fetchone()
        return dict(json.loads(row[0])) if row else {}

    def name(self, chat_id: int) -> str:
        """What a person calls themselves; empty if they never wrote."""
        row = self.database.execute(
            "SELECT coalesce(body -> '$.message.from', body -> '$.callback_query.from')"
            " FROM updates WHERE chat_id = ? AND body IS NOT NULL"
            " AND (body -> '$.message' IS NOT NULL OR body -> '$.callback_query' IS NOT NULL)"
            " ORDER BY update_id DESC LIMIT 1",
            [chat_id],
        ).fetchone()
        user = json.loads(row[0]) if row and row[0] else {}
        return " ".join(filter(None, [user.get("first_name"), user.get("last_name")]))

    def purge(self, days: float) -> int:
        """Delete finished updates older than this many days; gives back how many."""
        cursor = self.database.execute(
            "DELETE FROM updates WHERE finished_at < ?", [self.clock() - days * DAY]
        )
        return cursor.rowcount
