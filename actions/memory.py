"""What is remembered of a conversation: a typed view of Rasa's slots.

Answers are stored, positions are not: which question comes next is always worked out again from
the answers, so an interview survives restarts, days and changes of the rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

UNSURE = "unsure"


@dataclass
class Interview:
    """The eligibility interview of one scheme.

    pending: the fact asked last and not answered yet; `asked`: facts answered, oldest first;
    candidate: a value read with doubt that the person is asked to confirm; offered: whether
    carrying on was offered since the person came back.
    """

    scheme: str
    pending: str | None = None
    asked: list[str] = field(default_factory=list)
    candidate: Any = None
    finished: bool = False


@dataclass
class Memory:
    """Everything remembered; one attribute a slot (domain.yml)."""

    language: str | None = None
    language_settled: bool = False
    scheme: str | None = None
    topic: str | None = None
    answers: dict[str, Any] = field(default_factory=dict)
    interview: Interview | None = None
    interview_open: bool = False
    misses: int = 0
    rejections: int = 0
    last_turn: dict[str, Any] | None = None

    @classmethod
    def from_slots(cls, slots: Mapping[str, Any]) -> Memory:
        """Reads the slots; a slot never set has the attribute's default."""
        values = {name: slots[name] for name in cls.__dataclass_fields__ if slots.get(name)}
        if "interview" in values:
            values["interview"] = Interview(**values["interview"])
        memory = cls(**values)
        memory.answers = dict(memory.answers)
        return memory

    def to_slots(self) -> dict[str, Any]:
        """The slots' values as plain JSON."""
        return asdict(self)

    def forget(self) -> None:
        """Drops all that the person said about themselves; the language stays."""
        fresh = Memory(language=self.language, language_settled=self.language_settled)
        self.__dict__.update(fresh.__dict__)
