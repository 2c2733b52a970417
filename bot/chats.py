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


class Chats:
    """All chats."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        self.database = database
        self.clock = clock

    def get(self, chat_id: int) -> Chat:
        """The chat; an unknown one has the defaults and no row yet."""
        row = self.database.execute(
            "SELECT language, interview, blocked, told_private_only, holder FROM chats"
            " WHERE chat_id = ?",
            [chat_id],
        ).fetchone()
        if row is None:
            return Chat(chat_id)
        return Chat(chat_id, row[0], row[1], bool(row[2]), bool(row[3]), Holder(row[4]))

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
