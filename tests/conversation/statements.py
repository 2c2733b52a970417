"""What the two seed pages state and what today's rules say instead, as rows to be asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.conversation.server import Said, Server

HERE = Path(__file__).parent
LANGUAGES = ("en", "zh-Hant", "zh-Hans", "ja")


@dataclass(frozen=True)
class Statement:
    """One statement of a page, the question that leads to it, and the proof in the reply.

    superseded: the page is out of date here; the reply gives today's rule.
    """

    id: str
    statement: str
    scheme: str | None
    topic: str
    ask: dict[str, str]
    expect: dict[str, list[str]]
    superseded: bool = False


@dataclass(frozen=True)
class Row:
    """One row of the comparison of the pages with the later rules, asked in one language."""

    row: str
    about: str
    language: str
    scheme: str | None
    topic: str
    ask: str
    expect: list[str]
    source: str


def statements() -> list[Statement]:
    """All of statements.yml, in its order."""
    return [Statement(**entry) for entry in _read("statements.yml")["statements"]]


def rows() -> list[Row]:
    """All of superseded.yml, in its order."""
    return [Row(**entry) for entry in _read("superseded.yml")]


def _read(name: str) -> Any:
    return yaml.safe_load((HERE / name).read_text(encoding="utf-8"))


class Desk:
    """Asks a running server, each question as somebody new; asks nothing twice."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._heard: dict[tuple[str, ...], Said] = {}
        self._newcomers: Iterator[str] = (f"reader-{id(self)}-{n}" for n in range(10**9))

    def typed(self, question: str) -> Said:
        """The reply to a typed question."""
        if (question,) not in self._heard:
            self._heard[question,] = self._server.say(next(self._newcomers), question)
        return self._heard[question,]

    def pressed(self, scheme: str | None, topic: str, language: str) -> Said:
        """The reply to the topic's button, for somebody who chose the language."""
        key = (scheme or "", topic, language)
        if key not in self._heard:
            sender = next(self._newcomers)
            self._server.say(sender, f'/change_language{{"language": "{language}"}}')
            button = f'/{topic}{{"scheme": "{scheme}"}}' if scheme else f"/{topic}"
            self._heard[key] = self._server.say(sender, button)
        return self._heard[key]


def faults(said: Said, scheme: str | None, topic: str, expect: list[str]) -> list[str]:
    """What is wrong with a reply; nothing if it is the topic's, and says all that is expected."""
    turn = said.turn
    found = []
    if (turn.get("topic"), turn.get("scheme")) != (topic, scheme):
        found.append(
            f"understood as {turn.get('intent')} ({turn.get('confidence', 0):.2f}), answered as "
            f"{turn.get('topic')} of {turn.get('scheme')}, not as {topic} of {scheme}"
        )
    found += [f"does not say {fragment!r}" for fragment in expect if fragment not in said.text]
    return found
