"""What a button means. Telegram carries only a short random token; the payload stays here.

So nobody can write a payload into a button's data, and payloads may be longer than Telegram's
64 bytes.
"""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from sqlite_utils import Database

from bot.keyboards import Button

TOKEN_BYTES = 9
"""72 random bits; 12 characters."""

SPENT = "spent"
"""Callback data of the button that shows what was chosen; pressing it does nothing."""

TOKEN_DAYS = 60
"""After this an old keyboard counts as expired."""

DAY = 86_400.0


@dataclass(frozen=True)
class Token:
    """One button of a keyboard that was sent."""

    token: str
    chat_id: int
    keyboard: int
    payload: str
    title: str


class Tokens:
    """All buttons that were sent."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        self.database = database
        self.clock = clock

    def issue(self, chat_id: int, keyboard: int, button: Button) -> str:
        """A new token for a button of a message (``keyboard`` is the outbox row's id)."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        self.database.execute(
            "INSERT INTO tokens VALUES (?, ?, ?, ?, ?, ?, NULL)",
            [token, chat_id, keyboard, button.payload, button.title, self.clock()],
        )
        return token

    def find(self, token: str, chat_id: int) -> Token | None:
        """The button, unless it is unknown, too old, or of another chat."""
        row = self.database.execute(
            "SELECT token, chat_id, keyboard, payload, title FROM tokens"
            " WHERE token = ? AND chat_id = ? AND created_at > ?",
            [token, chat_id, self.clock() - TOKEN_DAYS * DAY],
        ).fetchone()
        return Token(*row) if row else None

    def claim(self, token: Token, update_id: int) -> bool:
        """Whether this press is the one its keyboard answers: the first on any of its buttons.

        Asking again for the same update gives the same answer.
        """
        self.database.execute(
            "UPDATE tokens SET used_by = ? WHERE token = ? AND NOT EXISTS"
            " (SELECT 1 FROM tokens WHERE keyboard = ? AND used_by IS NOT NULL)",
            [update_id, token.token, token.keyboard],
        )
        (used_by,) = self.database.execute(
            "SELECT used_by FROM tokens WHERE keyboard = ? AND used_by IS NOT NULL",
            [token.keyboard],
        ).fetchone()
        return bool(used_by == update_id)

    def erase(self, chat_id: int) -> None:
        """Forget the buttons of a chat."""
        self.database.execute("DELETE FROM tokens WHERE chat_id = ?", [chat_id])

    def purge(self) -> int:
        """Delete expired tokens; gives back how many."""
        cursor = self.database.execute(
            "DELETE FROM tokens WHERE created_at < ?", [self.clock() - TOKEN_DAYS * DAY]
        )
        return cursor.rowcount
