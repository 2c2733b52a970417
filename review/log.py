"""Writes the conversation log as the conversation happens."""

import json
import re
import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from review.database import LOG_FILE, open_log
from review.erase import erase_person, purge
from review.masking import Masker
from review.people import person_name, salt_in

SESSION_GAP = 6 * 3600.0
"""Seconds of silence after which a person's next message begins another conversation."""

LOW_CONFIDENCE = 0.5
"""Below it, an understood message is worth a look."""

REPHRASED_WITHIN = 300.0
ALIKE = 0.5
"""Two messages this alike, shortly after one another, are one question asked twice."""

NOT_IT = "not_it"
FAILURES = ("apologised", "failed")
HELD = "held"

Row = dict[str, Any]


class ConversationLog:
    """The log in a data folder.

    :param model: the name of the model that understands, kept with each message
    :param masker: hides what identifies; made from the rules' own phone numbers if left out
    """

    def __init__(
        self,
        folder: Path,
        *,
        model: str | None = None,
        masker: Masker | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.model = model
        self.mask = masker or Masker()
        self.clock = clock
        self.salt = salt_in(folder)
        self.database = open_log(folder / LOG_FILE)

    def close(self) -> None:
        """Close the file."""
        self.database.close()

    def record_turn(
        self,
        *,
        chat_id: int,
        update_id: int,
        text: str,
        replies: Sequence[tuple[str, Sequence[str]]] = (),
        turn: Mapping[str, Any] | None = None,
        outcome: str = "answered",
        pressed: bool = False,
        holder: str = "bot",
        language: str | None = None,
    ) -> None:
        """Write one turn: what the person said, and what they were answered.

        An update that is worked on twice is written once: the second replaces the first.

        :param text: as typed; for a press the button's title
        :param replies: texts with the titles of their buttons
        :param turn: what the dialogue understood (``custom.turn``)
        :param language: the conversation's, where the turn has none
        :raises sqlite3.Error: the log cannot be written
        """
        about = dict(turn or {})
        about["language"] = about.get("language") or language
        if outcome in FAILURES:
            about.setdefault("handoff", "backend_failure")
        with self.database.atomic():
            self.database.execute("DELETE FROM messages WHERE update_id = ?", [update_id])
            conversation = self._conversation(chat_id)
            row = self._understood(about) | {
                "text": self.mask(text),
                "pressed": int(pressed),
                "outcome": outcome,
                "failed": int(outcome in FAILURES),
                "holder": holder,
                "update_id": update_id,
            }
            self._look_back(conversation, row)
            asked = self._insert(conversation, "person", row)
            self._answers(conversation, asked, update_id, replies, about)
            self._update(conversation, about)

    def record_message(
        self, *, chat_id: int, who: str, text: str, author: str | None = None
    ) -> None:
        """Write what a consultant says to a person (staff), among themselves (note), or what
        happens to the conversation (system).

        :raises sqlite3.Error: the log cannot be written
        """
        with self.database.atomic():
            conversation = self._conversation(chat_id)
            row = {"text": self.mask(text), "author": author, "holder": "human"}
            self._insert(conversation, who, row)
            if who == "staff":
                self.database.execute(
                    "UPDATE handoffs SET answered_at = ?"
                    " WHERE conversation = ? AND answered_at IS NULL",
                    [self.clock(), conversation],
                )

    def erase(self, chat_id: int) -> None:
        """Erase everything said by and to a person, and what reviewers wrote about it.

        With a connection of its own, so any thread may call it.

        :raises sqlite3.Error: something could not be erased
        """
        erase_person(self.folder, person_name(self.salt, chat_id))

    def purge(self, days: float) -> int:
        """Erase conversations whose last message is older than this many days; returns how many.

        :raises sqlite3.Error: something could not be erased
        """
        return purge(self.folder, days, self.clock())

    # ------------------------------------------------------------ rows

    def _conversation(self, chat_id: int) -> int:
        """The id of the conversation that goes on now, begun if there is none."""
        person, now = person_name(self.salt, chat_id), self.clock()
        row = self.database.execute(
            "SELECT id FROM conversations WHERE person = ? AND last > ? ORDER BY last DESC LIMIT 1",
            [person, now - SESSION_GAP],
        ).fetchone()
        if row:
            self.database.execute("UPDATE conversations SET last = ? WHERE id = ?", [now, row[0]])
            return int(row[0])
        cursor = self.database.execute(
            "INSERT INTO conversations (person, started, last) VALUES (?, ?, ?)",
            [person, now, now],
        )
        return int(cursor.lastrowid or 0)

    def _understood(self, about: Mapping[str, Any]) -> Row:
        """The columns that say what the message was taken for."""
        confidence = about.get("confidence")
        return {
            "language": about.get("language"),
            "intent": about.get("intent"),
            "confidence": confidence,
            "entities": self._json(about.get("entities")),
            "action": about.get("action"),
            "topic": about.get("topic"),
            "scheme": about.get("scheme"),
            "fallback": int(bool(about.get("fallback"))),
            "low": int(is_low(about)),
            "handoff": about.get("handoff"),
            "model": self.model,
        }

    def _json(self, value: Any) -> str | None:
        return json.dumps(self.mask.value(value), ensure_ascii=False) if value else None

    def _look_back(self, conversation: int, row: Row) -> None:
        """Mark the message before, if this one says that its answer missed."""
        before = self.database.execute(
            "SELECT id, at, text, pressed FROM messages"
            " WHERE conversation = ? AND who = 'person' ORDER BY id DESC LIMIT 1",
            [conversation],
        ).fetchone()
        if before is None:
            return
        if row["intent"] == NOT_IT:
            # The message that went wrong is the one before; this one only says so.
            row["fallback"] = row["low"] = 0
            self._mark(before[0], "disputed")
            return
        soon = self.clock() - before[1] < REPHRASED_WITHIN
        typed = not row["pressed"] and not before[3]
        if soon and typed and are_alike(before[2], row["text"]):
            self._mark(before[0], "rephrased")

    def _mark(self, message: int, column: str) -> None:
        self.database.execute(f"UPDATE messages SET {column} = 1 WHERE id = ?", [message])

    def _answers(
        self,
        conversation: int,
        asked: int,
        update_id: int,
        replies: Sequence[tuple[str, Sequence[str]]],
        about: Mapping[str, Any],
    ) -> None:
        for sequence, (text, buttons) in enumerate(replies, start=1):
            row = {
                "text": self.mask(text),
                "buttons": self._json(list(buttons)),
                "language": about.get("language"),
                "action": about.get("action"),
                "topic": about.get("topic"),
                "scheme": about.get("scheme"),
                "reply_to": asked,
                "update_id": update_id,
                "sequence": sequence,
            }
            self._insert(conversation, "assistant", row)

    def _insert(self, conversation: int, who: str, row: Row) -> int:
        columns = {"conversation": conversation, "at": self.clock(), "who": who, **row}
        cursor = self.database.execute(
            f"INSERT INTO messages ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})",
            list(columns.values()),
        )
        return int(cursor.lastrowid or 0)

    def _update(self, conversation: int, about: Mapping[str, Any]) -> None:
        """What the conversation as a whole is known by: the latest of each."""
        interview = about.get("interview") or {}
        self.database.execute(
            "UPDATE conversations SET language = coalesce(?, language),"
            " scheme = coalesce(?, scheme), outcome = coalesce(?, outcome),"
            " handoff = coalesce(?, handoff) WHERE id = ?",
            [
                about.get("language"),
                about.get("scheme"),
                interview.get("outcome"),
                about.get("handoff"),
                conversation,
            ],
        )
        if about.get("handoff"):
            # One that waits already does not wait anew.
            self.database.execute(
                "INSERT INTO handoffs (conversation, asked_at, reason) SELECT ?, ?, ?"
                " WHERE NOT EXISTS (SELECT 1 FROM handoffs"
                " WHERE conversation = ? AND answered_at IS NULL)",
                [conversation, self.clock(), about["handoff"], conversation],
            )


def is_low(about: Mapping[str, Any]) -> bool:
    """Whether the dialogue was unsure what the message asks.

    An answer in an interview ("32") is understood by what it holds, not by its intent.
    """
    interview = about.get("interview") or {}
    if about.get("confidence") is None or interview.get("open"):
        return False
    return float(about["confidence"]) < LOW_CONFIDENCE


def are_alike(one: str, other: str) -> bool:
    """Whether two messages look like one question put in other words.

    >>> are_alike("how long does it take", "How long will it take?")
    True
    """
    a, b = plain(one), plain(other)
    if min(len(a), len(b)) < 3:
        return False
    return SequenceMatcher(None, a, b, autojunk=False).ratio() >= ALIKE


def plain(text: str) -> str:
    """Letters and digits in lower case, at most as many as are worth comparing."""
    return re.sub(r"[\W_]+", "", text.casefold())[:200]


def kept_numbers(rules: Path) -> list[str]:
    """Phone numbers and addresses that the rules themselves give out; none without the file."""
    if not rules.exists():
        return []
    with closing(sqlite3.connect(f"file:{rules}?mode=ro", uri=True)) as connection:
        firm = connection.execute("SELECT phone, email FROM firm").fetchall()
        codes = connection.execute(
            "SELECT value FROM parameter_values JOIN parameters"
            " ON parameters.id = parameter_values.parameter WHERE unit IN ('code', 'text')"
        ).fetchall()
    given = [str(value) for row in firm for value in row if value]
    text = " ".join(str(value) for (value,) in codes)
    given += re.findall(r"\+?\(?\d[\d ()-]{6,18}\d", text)
    return given + re.findall(r"[\w.+-]+@[\w.-]+\w", text)
