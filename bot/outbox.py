"""Every message to send, written down before it is sent.

States: ``pending`` → ``sending`` → ``sent``; or ``failed`` (Telegram refuses it for good),
``dropped`` (the person blocked the bot).

Sending twice is the one thing Telegram does not protect from: ``sendMessage`` has no key by which
it would know a repeat. A row found ``sending`` after a crash, or after a reply that got lost, may
or may not have arrived. ``candidates`` lists the few message ids it must have if it did;
``delivery`` asks Telegram about them.
"""

import json
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import count, islice
from typing import Any

from sqlite_utils import Database

from bot.keyboards import Button, Draft, rows_of
from bot.split import split
from bot.tokens import Tokens

SEND = "sendMessage"
LEAVE = "leaveChat"
COPY = "copyMessage"
EDIT = "editMessage"
CLOSE = "closeForumTopic"
REOPEN = "reopenForumTopic"
DELETE = "deleteForumTopic"

REPEATABLE = (EDIT, LEAVE, CLOSE, REOPEN, DELETE)
"""Doing these twice does no harm, so nobody has to find out whether Telegram did them once."""

Place = tuple[int, int]
"""A message: its chat and its id there."""

NEXT_IN_CHAT = 4
"""Ids looked at after the last known id of the chat: enough where ids are counted by chat."""

NEXT_OF_BOT = 16
"""Ids looked at after the last known id of all private chats, which share one counter. Those of
other messages that we know of are left out, so this covers the few sends in flight at once."""

DAY = 86_400.0

MOVED = "update_id, chat_id, method, body, created_at, forget, about"
"""The columns of an unsent row that is put behind others."""


@dataclass(frozen=True)
class Parcel:
    """Something to send other than the bot's own words."""

    method: str
    text: str = ""
    """For a copy: what to say if Telegram does not copy it; for an edit: the new words."""
    source: Place | None = None
    """The message that is copied or was edited."""
    reply_to: Place | None = None
    """The message it replies to, where it was written."""
    thread_id: int | None = None
    """A topic that nobody's conversation is in any more."""


@dataclass(frozen=True)
class Row:
    """One message of the outbox."""

    id: int
    update_id: int
    chat_id: int
    method: str
    text: str
    keyboard: list[list[list[str]]]
    """Rows of buttons, each a title and its callback data."""
    state: str
    after_id: int
    tried_at: float
    about: int | None = None
    """The person whose conversation with the staff this belongs to."""
    source: Place | None = None
    reply_to: Place | None = None
    thread_id: int | None = None

    @property
    def to_staff(self) -> bool:
        """Whether it goes into a person's topic."""
        return self.about is not None and self.chat_id < 0


class Outbox:
    """The messages to send."""

    def __init__(
        self, database: Database, tokens: Tokens, clock: Callable[[], float] = time.time
    ) -> None:
        self.database = database
        self.tokens = tokens
        self.clock = clock

    def add(
        self,
        update_id: int,
        chat_id: int,
        drafts: Iterable[Draft],
        *,
        forget: bool = False,
        leave: bool = False,
        about: int | None = None,
    ) -> None:
        """Queue the replies to an update; call it in the transaction that finishes the update.

        :param forget: delete the rows as soon as they are sent
        :param leave: leave the chat (a group) after them
        :param about: the person whose conversation with the staff they belong to
        """
        rows = [(SEND, part, buttons) for draft in drafts for part, buttons in parts_of(draft)]
        if leave:
            rows.append((LEAVE, "", ()))
        for method, text, buttons in rows:
            row = {"update_id": update_id, "chat_id": chat_id, "method": method, "about": about}
            self._insert({**row, "forget": int(forget)}, {"text": text}, buttons)

    def pass_on(
        self, update_id: int, chat_id: int, parcel: Parcel, *, about: int | None = None
    ) -> None:
        """Queue something that is not the bot's own words."""
        row = {"update_id": update_id, "chat_id": chat_id, "method": parcel.method, "about": about}
        body = {
            "text": parcel.text,
            "source": parcel.source,
            "reply_to": parcel.reply_to,
            "thread_id": parcel.thread_id,
        }
        self._insert(row, body, ())

    def _insert(
        self, row: dict[str, Any], content: dict[str, Any], buttons: Sequence[Button]
    ) -> None:
        sequence = self._sequence(row["update_id"])
        columns = {**row, "sequence": sequence, "body": "", "created_at": self.clock()}
        cursor = self.database.execute(
            f"INSERT INTO messages ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})",
            list(columns.values()),
        )
        row_id = cursor.lastrowid
        assert row_id is not None, "an INSERT gives a row id"
        # The tokens name the row that carries them, so the row comes first.
        keyboard = [
            [[button.title, self.tokens.issue(row["chat_id"], row_id, button)] for button in line]
            for line in rows_of(buttons)
        ]
        body = json.dumps({**content, "keyboard": keyboard}, ensure_ascii=False)
        self.database.execute("UPDATE messages SET body = ? WHERE id = ?", [body, row_id])

    def _sequence(self, update_id: int) -> int:
        (sequence,) = self.database.execute(
            "SELECT coalesce(max(sequence) + 1, 0) FROM messages WHERE update_id = ?", [update_id]
        ).fetchone()
        return int(sequence)

    def next(self, chat_id: int) -> Row | None:
        """The oldest message of a chat that is not settled yet."""
        row = self.database.execute(
            "SELECT id, update_id, chat_id, method, body, state, after_id, tried_at, about"
            " FROM messages"
            " WHERE chat_id = ? AND state IN ('pending', 'sending') ORDER BY id LIMIT 1",
            [chat_id],
        ).fetchone()
        if row is None:
            return None
        body: dict[str, Any] = json.loads(row[4])
        return Row(
            row[0],
            row[1],
            row[2],
            row[3],
            body["text"],
            body["keyboard"],
            row[5],
            row[6] or 0,
            row[7] or 0.0,
            row[8],
            place(body.get("source")),
            place(body.get("reply_to")),
            body.get("thread_id"),
        )

    def unsent_chats(self) -> list[int]:
        """Chats with messages left to send."""
        rows = self.database.execute(
            "SELECT chat_id FROM messages WHERE state IN ('pending', 'sending')"
            " GROUP BY chat_id ORDER BY min(id)"
        )
        return [row[0] for row in rows.fetchall()]

    def mark_sending(self, row: Row) -> None:
        """Call it right before the request, with nothing awaited in between."""
        self.database.execute(
            "UPDATE messages SET state = 'sending', tried_at = ?, after_id = max("
            " coalesce((SELECT max(message_id) FROM updates WHERE chat_id > 0), 0),"
            " coalesce((SELECT max(message_id) FROM messages WHERE chat_id > 0), 0))"
            " WHERE id = ?",
            [self.clock(), row.id],
        )

    def mark_pending(self, row: Row) -> None:
        """Telegram surely did not take it: send it again."""
        self.database.execute("UPDATE messages SET state = 'pending' WHERE id = ?", [row.id])

    def mark_sent(self, row: Row, message_id: int | None) -> None:
        """Telegram has it."""
        self.database.execute(
            "UPDATE messages SET state = 'sent', message_id = ?, sent_at = ? WHERE id = ?",
            [message_id, self.clock(), row.id],
        )
        self.database.execute("DELETE FROM messages WHERE id = ? AND forget", [row.id])

    def mark_failed(self, row: Row, problem: str) -> None:
        """Telegram refuses it for good."""
        self.database.execute(
            "UPDATE messages SET state = 'failed', problem = ? WHERE id = ?", [problem, row.id]
        )

    def drop(self, chat_id: int) -> int:
        """The person blocked the bot: nothing that waits will be sent. Gives back how many."""
        cursor = self.database.execute(
            "UPDATE messages SET state = 'dropped'"
            " WHERE chat_id = ? AND state IN ('pending', 'sending')",
            [chat_id],
        )
        return cursor.rowcount

    def take_unsent(self, chat_id: int, about: int) -> list[tuple[Any, ...]]:
        """Take out what is unsent of a conversation; ``put_back`` it in the same transaction."""
        where = "chat_id = ? AND about = ? AND state IN ('pending', 'sending')"
        rows = self.database.execute(
            f"SELECT {MOVED} FROM messages WHERE {where} ORDER BY id", [chat_id, about]
        ).fetchall()
        self.database.execute(f"DELETE FROM messages WHERE {where}", [chat_id, about])
        return list(rows)

    def put_back(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """Put what was taken out behind all else of its chat."""
        for update_id, *values in rows:
            sequence = self._sequence(update_id)
            self.database.execute(
                f"INSERT INTO messages ({MOVED}, sequence) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [update_id, *values, sequence],
            )

    def move(self, old: int, new: int) -> None:
        """A group has another id now."""
        self.database.execute(
            "UPDATE messages SET chat_id = ? WHERE chat_id = ? AND state IN ('pending', 'sending')",
            [new, old],
        )

    def candidates(self, row: Row) -> list[int]:
        """The message ids that this row can have if Telegram took it, likeliest first.

        Within a chat ids grow, so it is above the chat's last known id; private chats of a bot
        share one counter, so it is also just above the last id known when it was sent. Ids known
        to be other messages of this chat are never listed.
        """
        last = self._last_known(row)
        own = self._known_ids("chat_id = ?", [row.chat_id], last)
        if row.chat_id < 0:
            # A group counts on its own, and all that is written there reaches us.
            return first_free(last, own, NEXT_OF_BOT)
        private = self._known_ids("chat_id > 0", [], row.after_id)
        in_chat = first_free(last, own, NEXT_IN_CHAT) if last else []
        of_bot = first_free(max(row.after_id, last), own | private, NEXT_OF_BOT)
        return list(dict.fromkeys([*in_chat, *of_bot]))

    def _last_known(self, row: Row) -> int:
        (last,) = self.database.execute(
            "SELECT max("
            " coalesce((SELECT max(message_id) FROM messages WHERE chat_id = ? AND id < ?), 0),"
            " coalesce((SELECT message_id FROM updates WHERE update_id = ? AND chat_id = ?), 0))",
            [row.chat_id, row.id, row.update_id, row.chat_id],
        ).fetchone()
        return int(last)

    def _known_ids(self, where: str, values: list[int], above: int) -> set[int]:
        rows = self.database.execute(
            f"SELECT message_id FROM updates WHERE {where} AND message_id > ?"
            f" UNION SELECT message_id FROM messages WHERE {where} AND message_id > ?",
            [*values, above, *values, above],
        )
        return {found[0] for found in rows.fetchall()}

    def erase(self, chat_id: int) -> None:
        """Forget what was said to a chat, and to the staff about it."""
        self.database.execute(
            "DELETE FROM messages WHERE chat_id = ? OR about = ?", [chat_id, chat_id]
        )

    def purge(self, days: float) -> int:
        """Delete settled messages older than this many days; gives back how many."""
        cursor = self.database.execute(
            "DELETE FROM messages WHERE state NOT IN ('pending', 'sending') AND created_at < ?",
            [self.clock() - days * DAY],
        )
        return cursor.rowcount


def place(value: Any) -> Place | None:
    """A message's place from its stored form."""
    return (int(value[0]), int(value[1])) if value else None


def parts_of(draft: Draft) -> list[tuple[str, tuple[Button, ...]]]:
    """A draft in parts that Telegram accepts; the buttons are under the last."""
    parts = split(draft.text)
    return [(part, ()) for part in parts[:-1]] + [(part, draft.buttons) for part in parts[-1:]]


def first_free(above: int, known: set[int], wanted: int) -> list[int]:
    """The first so many ids above one that are not known.

    >>> first_free(10, {11, 13}, 3)
    [12, 14, 15]
    """
    free = (number for number in count(above + 1) if number not in known)
    return list(islice(free, wanted))
