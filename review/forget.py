"""Erases a person everywhere, for a request that comes to the desk rather than from /delete.

The relay's tables and Rasa's events are reached by SQL alone: every table with a ``chat_id`` or a
``sender_id``, so that one added later is not forgotten here.
"""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from sqlite_utils import Database

from review.erase import empty_wal, erase_person
from review.people import person_name, salt_in

RELAY_FILE, TRACKER_FILE = "relay.db", "rasa.db"
PERSON = re.compile(r"p[0-9a-f]{15}")


def forget(folder: Path, who: str) -> Iterator[str]:
    """Erase, and say what was: a line for each place.

    :param who: a chat's number, or the name the log has for its person
    :raises ValueError: neither
    :raises sqlite3.Error: something could not be erased; what was named before is
    """
    chat = chat_of(folder, who)
    person = who if PERSON.fullmatch(who) else person_name(salt_in(folder), int(who))
    yield f"{erase_person(folder, person)} conversations of {person} in the log, and their reviews"
    if chat is None:
        yield "The relay knows no chat of this person (any more)."
        return
    yield f"{clear(folder / RELAY_FILE, 'chat_id', chat)} rows of the relay"
    yield f"{clear(folder / TRACKER_FILE, 'sender_id', str(chat))} events of Rasa's memory"


def chat_of(folder: Path, who: str) -> int | None:
    """The chat; for a person's name the one among the relay's chats that has it.

    :raises ValueError: neither a chat nor a name
    """
    if re.fullmatch(r"-?\d+", who):
        return int(who)
    if not PERSON.fullmatch(who):
        raise ValueError(f"{who!r} is neither a chat's number nor a name such as p0123456789abcde")
    salt = salt_in(folder)
    return next((chat for chat in chats(folder) if person_name(salt, chat) == who), None)


def chats(folder: Path) -> list[int]:
    """Every chat the relay knows."""
    if not (folder / RELAY_FILE).exists():
        return []
    with closing(sqlite3.connect(folder / RELAY_FILE, timeout=10)) as relay:
        return [row[0] for row in relay.execute("SELECT DISTINCT chat_id FROM updates")]


def clear(path: Path, column: str, value: int | str) -> int:
    """Delete a chat's rows from every table of a database; gives back how many."""
    if not path.exists():
        return 0
    with closing(sqlite3.connect(path, timeout=10)) as connection:
        database = Database(connection)
        database.execute("PRAGMA secure_delete=ON")
        with database.atomic():
            counts = [
                clear_table(database, table.name, column, value)
                for table in database.tables
                if column in table.columns_dict
            ]
        empty_wal(database)
    return sum(counts)


def clear_table(database: Database, table: str, column: str, value: int | str) -> int:
    """Delete a chat's rows from one table.

    Bare update ids stay, of no chat: they keep an update that Telegram repeats from counting.
    """
    if table == "updates":
        sql = "UPDATE updates SET chat_id = 0, message_id = NULL, body = NULL, turn = NULL"
    else:
        sql = f"DELETE FROM [{table}]"
    return int(database.execute(f"{sql} WHERE {column} = ?", [value]).rowcount)
