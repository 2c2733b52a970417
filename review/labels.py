"""What a reviewer does to a message: says it was right, corrects it, adds a note or a tag."""

import sqlite3
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from datasette.app import Datasette
from datasette.utils.asgi import NotFound, Request, Response

from review.masking import Masker
from review.pages import LANGUAGE_NAMES, allow, intent_names
from review.queries import LOG, REVIEWS

NOTE_LIMIT, TAG_LIMIT = 4_000, 40

mask = Masker()
"""A note may quote what the log has masked."""


class Refused(ValueError):
    """A form holds something that no page of ours sends."""


async def review(datasette: Datasette, request: Request) -> Response:
    """Take a form about one message, and go back to where it was sent from."""
    await allow(datasette, request)
    if request.method != "POST":
        return Response.text("Send the form of a conversation's page.", status=405)
    message = int(request.url_vars["message"])
    form = await request.post_vars()
    said = await said_in(datasette, message)
    try:
        statements = changes(message, said, form, request.actor["id"], time.time())
    except Refused as error:
        return Response.text(str(error), status=400)

    def write(connection: sqlite3.Connection) -> None:
        with connection:
            for sql, values in statements:
                connection.execute(sql, values)

    await datasette.get_database(REVIEWS).execute_write_fn(write)
    return Response.redirect(back_to(form.get("next"), said["conversation"], message))


async def said_in(datasette: Datasette, message: int) -> dict[str, Any]:
    """The message that is reviewed.

    :raises NotFound: it is not in the log, perhaps since it was erased
    """
    found = await datasette.get_database(LOG).execute(
        "SELECT conversation, language, intent FROM messages WHERE id = ?", [message]
    )
    row = found.first()
    if row is None:
        raise NotFound("This message is not in the log (any more).")
    return dict(row)


Statement = tuple[str, list[Any]]


def changes(
    message: int, said: Mapping[str, Any], form: Mapping[str, str], by: str, at: float
) -> list[Statement]:
    """The SQL for a form.

    :raises Refused: an action, a language or an intent that does not exist
    """
    match form.get("action"):
        case "right":
            label = said["language"] or "", said["intent"] or ""
            return label_statements(message, said["conversation"], label, by, at)
        case "correct":
            label = form.get("language", ""), form.get("intent", "")
            check(label)
            return label_statements(message, said["conversation"], label, by, at)
        case "reopen":
            return [("DELETE FROM labels WHERE message = ?", [message])]
        case "note":
            text = mask(form.get("text", "").strip()[:NOTE_LIMIT])
            sql = "INSERT INTO notes (message, text, by, at) VALUES (?, ?, ?, ?)"
            return [(sql, [message, text, by, at])] if text else []
        case "tag":
            tag = mask(form.get("text", "").strip().lower()[:TAG_LIMIT])
            sql = "INSERT OR IGNORE INTO tags (message, tag, by, at) VALUES (?, ?, ?, ?)"
            return [(sql, [message, tag, by, at])] if tag else []
        case "untag":
            sql = "DELETE FROM tags WHERE message = ? AND tag = ?"
            return [(sql, [message, form.get("text", "")])]
        case other:
            raise Refused(f"There is no action {other!r}.")


def check(label: tuple[str, str]) -> None:
    language, intent = label
    if language not in LANGUAGE_NAMES:
        raise Refused(f"There is no language {language!r}.")
    if intent not in intent_names():
        raise Refused(f"There is no intent {intent!r} in domain.yml.")


def label_statements(
    message: int, conversation: int, label: tuple[str, str], by: str, at: float
) -> list[Statement]:
    return [
        (
            "INSERT OR REPLACE INTO labels (message, conversation, language, intent, by, at)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            [message, conversation, *label, by, at],
        ),
        (
            "INSERT INTO label_history (message, language, intent, by, at) VALUES (?, ?, ?, ?, ?)",
            [message, *label, by, at],
        ),
    ]


def back_to(address: str | None, conversation: int, message: int) -> str:
    """A page of ours to go back to; an address elsewhere is not followed."""
    parts = urlsplit(address or "")
    if parts.path == "/inbox" and not parts.netloc and not parts.scheme:
        return f"/inbox?{parts.query}" if parts.query else "/inbox"
    return f"/conversation/{conversation}#m{message}"
