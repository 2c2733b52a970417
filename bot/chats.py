"""What is known of each chat: language, who holds it, whether the bot is blocked."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from sqlite_utils import Database


class Holder(StrEnum):
    """Who answers in a chat."""

    BOT = "bot"
    WAITING = "waiting"
    HUMAN = "human"


@dataclass(frozen=True)
class Chat:
    """One chat. ``language`` is None until the conversation has one."""

    chat_id: int
    language: str | None = None
    interview: str | None = None
    """The scheme whose interview is open."""
    blocked: bool = False
    told_private_only: bool = False
    holder: Holder = Holder.BOT
    held_since: float = 0.0
    held_by: str = ""
    """Who of the staff has it; empty while nobody has."""
    held_why: str = ""
    banned: bool = False

    @property
    def held(self) -> bool:
        """Whether the assistant is silent here: a person waits for the staff or talks with them."""
        return self.holder is not Holder.BOT


class Chats:
    """All chats."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        self.database = database
        self.clock = clock

    def get(self, chat_id: int) -> Chat:
        """The chat; an unknown one has the defaults and no row yet."""
        row = self.database.execute(
            "SELECT language, interview, blocked, told_private_only, holder, held_since, held_by,"
            " held_why, banned FROM chats WHERE chat_id = ?",
            [chat_id],
        ).fetchone()
        if row is None:
            return Chat(chat_id)
        return Chat(
            chat_id,
            row[0],
            row[1],
            bool(row[2]),
            bool(row[3]),
            Holder(row[4]),
            row[5] or 0.0,
            row[6] or "",
            row[7] or "",
            bool(row[8]),
        )

    def held(self) -> list[int]:
        """The chats in which the assistant is silent."""
        rows = self.database.execute("SELECT chat_id FROM chats WHERE holder != 'bot'")
        return [row[0] for row in rows.fetchall()]

    def set_language(self, chat_id: int, language: str) -> None:
        """The conversation is in this language now."""
        self._set(chat_id, "language", language)

    def set_interview(self, chat_id: int, scheme: str | None) -> None:
        """An interview is open, or none."""
        self._set(chat_id, "interview", scheme)

    def set_blocked(self, chat_id: int, blocked: bool) -> None:
        """The person blocked the bot, or let it in again."""
        self._set(chat_id, "blocked", int(blocked))

    def set_told_private_only(self, chat_id: int) -> None:
        """The group has been told that the bot works in private chats only."""
        self._set(chat_id, "told_private_only", 1)

    def _set(self, chat_id: int, column: str, value: str | int | None) -> None:
        self.database.execute(
            f"INSERT INTO chats (chat_id, {column}) VALUES (?, ?)"
            f" ON CONFLICT DO UPDATE SET {column} = excluded.{column}"
            f" WHERE {column} IS NOT excluded.{column}",
            [chat_id, value],
        )

    def set_banned(self, chat_id: int, banned: bool) -> None:
        """The staff do not want to hear from this person, or want to again."""
        self._set(chat_id, "banned", int(banned))

    def wait(self, chat_id: int, why: str) -> None:
        """The person waits for the staff from now on."""
        self._hold(chat_id, Holder.WAITING, "", why)

    def assign(self, chat_id: int, by: str) -> None:
        """Name who of the staff should answer; who has the conversation stays as it is."""
        self._set(chat_id, "held_by", by)

    def take(self, chat_id: int, by: str) -> None:
        """Somebody of the staff has the conversation from now on."""
        why = self.get(chat_id).held_why
        self._hold(chat_id, Holder.HUMAN, by, why)
        self.database.execute(
            "UPDATE handoffs SET taken_at = ?, taken_by = ? WHERE taken_at IS NULL"
            " AND id = (SELECT max(id) FROM handoffs WHERE chat_id = ?)",
            [self.clock(), by, chat_id],
        )

    def give_back(self, chat_id: int, by: str, why: str) -> None:
        """The assistant answers again."""
        self._hold(chat_id, Holder.BOT, by, why)
        self.database.execute(
            "UPDATE handoffs SET ended_at = ? WHERE chat_id = ? AND ended_at IS NULL",
            [self.clock(), chat_id],
        )

    def _hold(self, chat_id: int, holder: Holder, by: str, why: str) -> None:
        self.database.execute(
            "INSERT INTO chats (chat_id, holder, held_since, held_by, held_why)"
            " VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET holder = excluded.holder,"
            " held_since = excluded.held_since, held_by = excluded.held_by,"
            " held_why = excluded.held_why",
            [chat_id, holder, self.clock(), by, why],
        )

    def record_handoff(self, chat_id: int, update_id: int, reason: str) -> None:
        """Somebody of the staff should look at this chat."""
        self.database.execute(
            "INSERT INTO handoffs (chat_id, update_id, asked_at, reason) VALUES (?, ?, ?, ?)",
            [chat_id, update_id, self.clock(), reason],
        )

    def erase(self, chat_id: int) -> None:
        """Forget the chat."""
        self.database.execute("DELETE FROM chats WHERE chat_id = ?", [chat_id])
        self.database.execute("DELETE FROM handoffs WHERE chat_id = ?", [chat_id])
