"""The desk behind one reply: the rules, the wording and the memory, in the person's language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from actions.memory import Memory
from actions.turn import Button, Turn, payload
from locales import text
from schemes import Rules, Scheme

# What people tap most comes first; more than this many buttons under one message hide each other.
MOST_BUTTONS = 6
# Reasons for which a person should take over, by the intent that shows them.
HANDOFF_REASONS = {
    "human_request": "asked",
    "complaint": "complaint",
    "overstay": "overstay",
    "deadline": "deadline",
    "refusal": "refusal",
}


@dataclass
class Desk:
    """What every part of the dialogue works with during one turn."""

    rules: Rules
    memory: Memory
    turn: Turn
    today: date

    @property
    def language(self) -> str:
        """The language to reply in."""
        return self.turn.language

    def say(self, key: str, /, **values: object) -> str:
        """A text of the dialogue's own catalogue."""
        return text("actions", self.language, key, **values)

    def scheme_name(self, scheme: str) -> str:
        """The short name of a scheme."""
        return self.scheme(scheme).short[self.language]

    def scheme(self, scheme: str) -> Scheme:
        """A scheme by its id; KeyError for one that does not exist."""
        return next(s for s in self.rules.schemes() if s.id == scheme)

    def known_schemes(self, candidates: Sequence[str]) -> list[str]:
        """Those ids that are schemes of ours, in their order."""
        ids = {scheme.id for scheme in self.rules.schemes()}
        return [scheme for scheme in candidates if scheme in ids]

    def interview_schemes(self) -> list[str]:
        """The schemes that have an interview, most asked for first."""
        return [scheme.id for scheme in self.rules.schemes() if scheme.has_interview]

    def topic_title(self, topic: str) -> str:
        """A topic's title for people."""
        return self.rules.topics()[topic].title[self.language]

    def button(self, key: str, intent: str, /, **entities: str) -> Button:
        """A button titled from the catalogue."""
        return Button(self.say(key), payload(intent, **entities))

    def person_button(self) -> Button:
        """The way to a person, offered wherever the assistant is at its end."""
        return self.button("button_person", "human_request")
