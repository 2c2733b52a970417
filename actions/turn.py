"""One turn of a conversation: what came in, and what goes out. No Rasa in here."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Button:
    """A choice under a message; `payload` is what Rasa receives when it is pressed."""

    title: str
    payload: str


@dataclass(frozen=True)
class Message:
    """One message to the person."""

    text: str
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True)
class Turn:
    """What a person said, as Rasa understood it.

    text: the message as typed; for a pressed button its payload ("/fees{...}").
    ranking: (intent, probability), best first, `nlu_fallback` left out.
    entities: entity name → its values in the order of the text (a list, often of one).
    coverage: share of the message's letters and digits that answer values cover, 0 to 1.
    opens_with_answer: it begins with a yes, no or "don't know" that stands for itself.
    """

    text: str
    intent: str
    confidence: float
    language: str
    ranking: Sequence[tuple[str, float]] = ()
    entities: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    coverage: float = 0.0
    opens_with_answer: bool = False
    other_language: str | None = None
    questions: Sequence[Mapping[str, Any]] = ()
    update_id: int | None = None

    @property
    def pressed(self) -> bool:
        """Whether the person pressed a button: then nothing is uncertain about it."""
        return self.text.startswith("/")

    @property
    def schemes(self) -> list[str]:
        """The schemes named, in order, each once."""
        return list(dict.fromkeys(self.entities.get("scheme", ())))

    def entity(self, name: str) -> Any | None:
        """The first value of an entity, or None."""
        values = self.entities.get(name, ())
        return values[0] if values else None


@dataclass
class Reply:
    """What goes back: the messages, and what the relay and the log want to know about the turn."""

    messages: list[Message] = field(default_factory=list)
    action: str = ""
    topic: str | None = None
    scheme: str | None = None
    fallback: bool = False
    handoff: str | None = None
    erase: bool = False

    def say(self, text: str, buttons: Sequence[Button] = ()) -> None:
        """Adds a message."""
        self.messages.append(Message(text, tuple(buttons)))

    def add(self, other: Reply) -> None:
        """Appends another reply's messages; what it knows fills what is unknown here."""
        self.messages += other.messages
        self.topic = self.topic or other.topic
        self.scheme = self.scheme or other.scheme
        self.handoff = self.handoff or other.handoff
        self.fallback = self.fallback or other.fallback
        self.erase = self.erase or other.erase


def payload(intent: str, /, **entities: str) -> str:
    """A button's payload in Rasa's own notation: /intent{"entity": "value"}."""
    return f"/{intent}{json.dumps(entities, ensure_ascii=False)}" if entities else f"/{intent}"
