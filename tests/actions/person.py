"""Somebody who talks with the actions directly: real rules and real memory, no Rasa server."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import actions
from actions.tracker import FALLBACK
from tests.typed import pressed_message, typed_message

RULES_FILE = Path("stories/rules.yml")


@lru_cache(maxsize=1)
def action_of_intent() -> dict[str, str]:
    """Which action the stories give each intent to."""
    rules = yaml.safe_load(RULES_FILE.read_text(encoding="utf-8"))["rules"]
    table: dict[str, str] = {}
    for rule in rules:
        first, second = rule["steps"][:2]
        for condition in first.get("or", [first]):
            table[condition["intent"]] = second["action"]
    return table


@lru_cache(maxsize=1)
def actions_by_name() -> dict[str, actions.TurnAction]:
    """The actions, as rasa-sdk finds them."""
    made = [action() for action in actions.TurnAction.__subclasses__()]
    return {action.name(): action for action in made}


@dataclass
class Heard:
    """What came back for one message."""

    texts: list[str]
    buttons: list[dict[str, str]]
    turn: dict[str, Any]
    changed: dict[str, Any]

    @property
    def text(self) -> str:
        return "\n".join(self.texts)

    @property
    def titles(self) -> list[str]:
        return [button["title"] for button in self.buttons]

    @property
    def payloads(self) -> list[str]:
        return [button["payload"] for button in self.buttons]


@dataclass
class Person:
    """One conversation; slots are kept as JSON between turns, as Rasa keeps them."""

    language: str = "en"
    slots: dict[str, Any] = field(default_factory=dict)

    def types(
        self, text: str, intent: str = FALLBACK, confidence: float = 0.9, **more: Any
    ) -> Heard:
        """Types a message that the classifier takes for `intent`."""
        return self.sends(typed_message(text, self.language, intent, confidence, **more))

    def presses(self, payload: str, **more: Any) -> Heard:
        """Presses a button."""
        return self.sends(pressed_message(payload, **more))

    def sends(self, message: dict[str, Any]) -> Heard:
        """Runs the action of the message's intent, as Rasa would."""
        action = actions_by_name()[action_of_intent()[message["intent"]["name"]]]
        tracker = Tracker("person", dict(self.slots), message, [], False, None, {}, "action_listen")
        dispatcher = CollectingDispatcher()
        events = action.run(dispatcher, tracker, {})
        changed = {event["name"]: event["value"] for event in events}
        self.slots = json.loads(json.dumps({**self.slots, **changed}))
        sent = dispatcher.messages
        return Heard(
            [message["text"] for message in sent if message.get("text")],
            [button for message in sent for button in message.get("buttons") or []],
            sent[-1]["custom"]["turn"],
            changed,
        )

    @property
    def answers(self) -> dict[str, Any]:
        """What is kept of the interview's answers."""
        return dict(self.slots.get("answers") or {})
