"""A conversation as lines to read: what the person, the assistant and the staff said."""

import json
from dataclasses import dataclass
from enum import StrEnum

from bot.outbox import COPY, SEND
from bot.stores import Stores
from bot.updates import Incoming, Kind, read


class Speaker(StrEnum):
    """Who said a line."""

    PERSON = "person"
    BOT = "bot"
    STAFF = "staff"


@dataclass(frozen=True)
class Line:
    """One message, in short."""

    at: float
    speaker: Speaker
    text: str


def history(stores: Stores, chat_id: int, limit: int) -> list[Line]:
    """The last lines of a chat, oldest first."""
    lines = [*heard(stores, chat_id, limit), *said(stores, chat_id, limit)]
    return sorted(lines, key=lambda line: line.at)[-limit:]


def heard(stores: Stores, chat_id: int, limit: int) -> list[Line]:
    """What the person wrote or pressed."""
    rows = stores.database.execute(
        "SELECT received_at, body FROM updates WHERE chat_id = ? AND body IS NOT NULL"
        " ORDER BY update_id DESC LIMIT ?",
        [chat_id, limit],
    ).fetchall()
    lines = [(at, shown(stores, read(json.loads(body)))) for at, body in rows]
    return [Line(at, Speaker.PERSON, text) for at, text in lines if text]


def said(stores: Stores, chat_id: int, limit: int) -> list[Line]:
    """What the assistant and the staff said to the person."""
    rows = stores.database.execute(
        "SELECT created_at, method, body ->> '$.text' FROM messages"
        " WHERE chat_id = ? AND method IN (?, ?) ORDER BY id DESC LIMIT ?",
        [chat_id, SEND, COPY, limit],
    ).fetchall()
    return [
        Line(at, Speaker.STAFF if method == COPY else Speaker.BOT, text or "[…]")
        for at, method, text in rows
    ]


def shown(stores: Stores, incoming: Incoming) -> str:
    """What a person did, in words; empty for what is no saying."""
    if incoming.kind is Kind.PRESS:
        title = button_title(stores, incoming)
        return f"[{title}]" if title else ""
    words = f"✎ {incoming.text}" if incoming.kind is Kind.EDIT else incoming.text
    return f"[{incoming.attachment}] {words}".strip() if incoming.attachment else words


def button_title(stores: Stores, incoming: Incoming) -> str:
    """What stood on a pressed button; empty if that is not known any more."""
    token = stores.tokens.find(incoming.data, incoming.chat_id)
    return token.title if token else ""
