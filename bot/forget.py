"""Erases a conversation from Rasa's memory, for which Rasa itself has no request."""

import contextlib
import sqlite3
from pathlib import Path

from bot.errors import CannotErase

TRACKER_FILE = "rasa.db"
"""The tracker store in DATA_DIR, named in endpoints.yml."""


def forget_conversation(path: Path, chat_id: int) -> None:
    """Delete a sender's events from Rasa's SQLite tracker store.

    Rasa reads a tracker from there at every message, so it begins anew with the next one. Call it
    while no message of the chat is with Rasa, or that one's events are written afterwards. A store
    that does not exist holds nothing.

    :raises CannotErase: the store is there and could not be changed
    """
    if not path.exists():
        return
    try:
        with contextlib.closing(sqlite3.connect(path, timeout=5)) as connection, connection:
            connection.execute("PRAGMA secure_delete=ON")
            if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'events'").fetchone():
                connection.execute("DELETE FROM events WHERE sender_id = ?", [str(chat_id)])
    except sqlite3.Error as error:
        raise CannotErase(f"{path} could not be changed: {error}.") from error
