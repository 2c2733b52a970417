"""What the staff read about a person: the opening of a topic, /facts and /transcript."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.chats import Chat
from bot.history import Line
from bot.keyboards import Button, Draft
from bot.languages import LANGUAGE_NAMES
from bot.staff_notes import StaffNote
from bot.wording import Words

REASONS = (
    "asked",
    "complaint",
    "overstay",
    "deadline",
    "refusal",
    "refer",
    "not_understood",
    "not_it",
    "backend_failure",
    "staff",
)
"""Why a person is with the staff; each has words in the catalogues."""

TITLE_LENGTH = 100

LINE_LENGTH = 300

TAKE, DONE, CLOSE = "desk:take", "desk:done", "desk:close"
"""What the buttons of a card stand for."""


@dataclass(frozen=True)
class Facts:
    """What is known about a person."""

    name: str
    chat: Chat
    scheme: str
    answers: dict[str, Any]


def facts_of(name: str, chat: Chat, turn: dict[str, Any]) -> Facts:
    """From the dialogue's last turn."""
    interview = turn.get("interview") or {}
    scheme = interview.get("scheme") or turn.get("scheme") or ""
    return Facts(name, chat, str(scheme), dict(interview.get("answers") or {}))


def topic_title(facts: Facts) -> str:
    """Name, scheme and language: enough to find a topic in the list.

    >>> topic_title(Facts("Aiko", Chat(1, "ja"), "qmas", {}))
    'Aiko · QMAS · 日本語'
    """
    language = LANGUAGE_NAMES.get(facts.chat.language or "", "")
    parts = [facts.name or str(facts.chat.chat_id), facts.scheme.upper(), language]
    return " · ".join(part for part in parts if part)[:TITLE_LENGTH]


def card(say: Words, facts: Facts, lines: Sequence[Line]) -> Draft:
    """The first message of a topic, with its buttons."""
    parts = [
        say("staff_card", reason=reason_words(say, facts.chat.held_why)),
        facts_text(say, facts),
        transcript(say, [shorter(line) for line in lines]),
        say("staff_how"),
    ]
    return Draft("\n\n".join(part for part in parts if part), buttons(say))


def buttons(say: Words) -> tuple[Button, ...]:
    """Take, hand back, close."""
    return (
        Button(say("staff_button_take"), TAKE),
        Button(say("staff_button_done"), DONE),
        Button(say("staff_button_close"), CLOSE),
    )


def reason_words(say: Words, reason: str) -> str:
    return say(f"reason_{reason}") if reason in REASONS else reason or "-"


def facts_text(say: Words, facts: Facts) -> str:
    """Name, language, scheme and the answers so far."""
    language = LANGUAGE_NAMES.get(facts.chat.language or "", "-")
    known = say(
        "staff_facts", name=facts.name or "-", language=language, scheme=facts.scheme.upper() or "-"
    )
    if not facts.answers:
        return known
    answers = [f"• {fact.replace('_', ' ')}: {value(v)}" for fact, v in facts.answers.items()]
    return "\n".join([known, say("staff_answers"), *answers])


def value(answer: Any) -> str:
    """An answer in short.

    >>> value(True), value("negotiating"), value(None)
    ('✓', 'negotiating', '?')
    """
    if answer is None:
        return "?"
    if isinstance(answer, bool):
        return "✓" if answer else "✗"
    return str(answer)


def transcript(say: Words, lines: Sequence[Line]) -> str:
    """The lines under a heading; empty without lines."""
    if not lines:
        return ""
    said = [say(f"speaker_{line.speaker}", text=line.text) for line in lines]
    return "\n".join([say("staff_lines"), *said])


def shorter(line: Line) -> Line:
    text = " ".join(line.text.split())
    if len(text) > LINE_LENGTH:
        text = text[: LINE_LENGTH - 1] + "…"
    return Line(line.at, line.speaker, text)


def notes_text(say: Words, notes: Sequence[StaffNote]) -> str:
    """The staff's own notes under a heading; empty without notes."""
    if not notes:
        return ""
    lines = [f"• {day(note.written_at)} {note.written_by}: {note.text}" for note in notes]
    return "\n".join([say("staff_notes"), *lines])


def day(at: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(at))
