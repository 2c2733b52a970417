"""Keeping the sandbox's chats over a restart, in one SQLite file.

The state is one JSON text; files are rows of their own, written once. Events, calls and faults are
not kept: they belong to one run.
"""

import asyncio
import json
import logging
import sqlite3
from collections import deque
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sandbox.delivery import Update
from sandbox.files import StoredFile
from sandbox.world import Chat, Member, Person, Topic, World

SAVE_SECONDS = 2.0
VERSION = 1
_SCHEMA = """
CREATE TABLE IF NOT EXISTS state (version INTEGER PRIMARY KEY, content TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS files (
    file_id TEXT PRIMARY KEY, unique_id TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL,
    mime_type TEXT NOT NULL, content BLOB NOT NULL, path TEXT NOT NULL
) STRICT;
"""
_REGISTRATIONS = ("names", "descriptions", "short_descriptions")
_log = logging.getLogger(__name__)


def save(world: World, path: Path) -> None:
    """Write the state; either all of it or, when something fails, none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = json.dumps(_state(world), ensure_ascii=False)
    with closing(sqlite3.connect(path)) as database, database:
        database.executescript(_SCHEMA)
        database.execute("INSERT OR REPLACE INTO state VALUES (?, ?)", (VERSION, content))
        known = {row[0] for row in database.execute("SELECT file_id FROM files")}
        kept = world.files.by_id
        database.executemany(
            "INSERT INTO files VALUES (:file_id, :unique_id, :kind, :name, :mime_type, :content, "
            ":path)",
            [vars(stored) for file_id, stored in kept.items() if file_id not in known],
        )
        gone = [(file_id,) for file_id in known if file_id not in kept]
        database.executemany("DELETE FROM files WHERE file_id = ?", gone)


def restore(world: World, path: Path) -> bool:
    """Fill the world from the file; False when there is none, or it is another bot's."""
    if not path.exists():
        return False
    with closing(sqlite3.connect(path)) as database, database:
        database.executescript(_SCHEMA)
        row = database.execute("SELECT content FROM state WHERE version = ?", (VERSION,)).fetchone()
        files = database.execute("SELECT * FROM files").fetchall()
    state = json.loads(row[0]) if row else {}
    if state.get("bot_id") != world.bot.id:
        return False
    for columns in files:
        world.files.keep(StoredFile(*columns))
    _fill(world, state)
    return True


async def keep_saving(world: World, path: Path) -> None:
    """Save every few seconds while something changes, until cancelled."""
    saved = world.event_count
    while True:
        await asyncio.sleep(SAVE_SECONDS)
        if world.event_count == saved:
            continue
        try:
            save(world, path)
            saved = world.event_count
        except (OSError, sqlite3.Error) as error:
            _log.warning("The chats could not be saved to %s: %s", path, error)


def _state(world: World) -> dict[str, Any]:
    bot = world.bot
    return {
        "bot_id": bot.id,
        "event_count": world.event_count,
        "staff_group_id": world.staff_group_id,
        "persons": [asdict(person) for person in world.persons.values()],
        "chats": [asdict(chat) for chat in world.chats.values()],
        "pending": list(world.updates.pending),
        "next_update_id": world.updates.next_id,
        "allowed": world.updates.allowed,
        "commands": [[*key, commands] for key, commands in bot.commands.items()],
        **{name: getattr(bot, name) for name in _REGISTRATIONS},
    }


def _fill(world: World, state: dict[str, Any]) -> None:
    world.event_count = state["event_count"]
    world.staff_group_id = state["staff_group_id"]
    for person in state["persons"]:
        world.persons[person["id"]] = Person(**person)
    for saved in state["chats"]:
        world.chats[saved["id"]] = _chat(saved)
    pending: deque[Update] = deque(state["pending"])
    world.updates.pending = pending
    world.updates.history.extend(pending)
    world.updates.next_id = state["next_update_id"]
    world.updates.allowed = state["allowed"]
    for scope, language, commands in state["commands"]:
        world.bot.commands[scope, language] = commands
    for name in _REGISTRATIONS:
        getattr(world.bot, name).update(state[name])


def _chat(saved: dict[str, Any]) -> Chat:
    """A chat whose numeric keys JSON had turned into texts."""
    return Chat(
        **saved
        | {
            "members": {int(key): Member(**member) for key, member in saved["members"].items()},
            "topics": {int(key): Topic(**topic) for key, topic in saved["topics"].items()},
            "messages": {int(key): message for key, message in saved["messages"].items()},
        }
    )
