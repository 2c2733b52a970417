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

    def typed(self, question: str, topic: str) -> Said:
        """The reply to a typed question; "did you mean …?" is answered by a press."""
        key = (question, topic)
        if key not in self._heard:
            sender = next(self._newcomers)
            said = self._server.say(sender, question)
            meant = [b["payload"] for b in said.buttons if b["payload"].startswith(f"/{topic}")]
            if said.turn.get("fallback") and meant:
                said = self._server.say(sender, meant[0])
            self._heard[key] = said
        return self._heard[key]

    def pressed(self, scheme: str | None, topic: str, language: str) -> Said:
        """The reply to the topic's button, for somebody who chose the language."""
        key = (scheme or "", topic, language)
        if key not in self._heard:
            sender = next(self._newcomers)
            self._server.say(sender, f'/change_language{{"language": "{language}"}}')
            button = f'/{topic}{{"scheme": "{scheme}"}}' if scheme else f"/{topic}"
            self._heard[key] = self._server.say(sender, button)
        return self._heard[key]


def unsaid(said: Said, expect: list[str]) -> list[str]:
    """What a reply leaves out of all that is expected of it, whatever topic it was taken for."""
    turn = said.turn
    understood = f"(understood as {turn.get('intent')}, {turn.get('confidence', 0):.2f})"
    return [f"{understood} does not say {part!r}" for part in expect if part not in said.text]


def faults(said: Said, scheme: str | None, topic: str, expect: list[str]) -> list[str]:
    """What is wrong with a reply; nothing if it is the topic's, and says all that is expected."""
    turn = said.turn
    found = []
    if (turn.get("topic"), turn.get("scheme")) != (topic, scheme):
        found.append(
            f"understood as {turn.get('intent')} ({turn.get('confidence', 0):.2f}), answered as "
            f"{turn.get('topic')} of {turn.get('scheme')}, not as {topic} of {scheme}"
        )
    return found + unsaid(said, expect)
