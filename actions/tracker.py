"""Reads one turn from Rasa's parse of the latest message."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions.turn import Turn

FALLBACK = "nlu_fallback"
SESSION_START = "session_start"
# Intents of Rasa's own, and which of ours they are as good as.
RASAS_OWN = {"restart": "greet", SESSION_START: "greet", "back": "go_back"}
# Entities that are values of an answer; `scheme` and the names in button payloads are not.
VALUES = frozenset({"number", "age", "duration", "money", "date", "degree", "country", "yes_no"})


def read_turn(latest: Mapping[str, Any], language: str) -> Turn:
    """The turn in a tracker's latest message, to be answered in `language`."""
    intent = latest.get("intent") or {}
    name = intent.get("name") or FALLBACK
    text = latest.get("text") or ""
    pressed = text.startswith("/")
    entities: dict[str, list[Any]] = {}
    for entity in latest.get("entities") or []:
        if not pressed or isinstance(entity["value"], str):  # our buttons carry words only
            entities.setdefault(entity["entity"], []).append(entity["value"])
    ranking = [
        (ranked["name"], float(ranked["confidence"]))
        for ranked in latest.get("intent_ranking") or []
        if ranked["name"] and ranked["name"] != FALLBACK
    ]
    return Turn(
        text=text,
        intent=RASAS_OWN.get(name, name),
        confidence=float(intent.get("confidence") or 0.0),
        language=language,
        ranking=ranking,
        entities=entities,
        coverage=_coverage(text, latest.get("entities") or []),
        opens_with_answer=_opens_with_answer(text, latest.get("entities") or []),
        other_language=(latest.get("language") or {}).get("other"),
        questions=latest.get("questions") or (),
        update_id=(latest.get("metadata") or {}).get("update_id"),
    )


def _coverage(text: str, entities: list[dict[str, Any]]) -> float:
    """The share of the letters and digits that lie inside answer values."""
    inside: set[int] = set()
    for entity in entities:
        if entity["entity"] in VALUES and entity.get("start") is not None:
            inside.update(range(entity["start"], entity["end"]))
    letters = [position for position, character in enumerate(text) if character.isalnum()]
    return sum(position in inside for position in letters) / len(letters) if letters else 0.0


def _opens_with_answer(text: str, entities: list[dict[str, Any]]) -> bool:
    """Whether a yes or no is the first word and no part of a longer one (「没有学位」)."""
    first = next((place for place, character in enumerate(text) if character.isalnum()), 0)
    return any(
        entity["entity"] == "yes_no"
        and entity.get("start") == first
        and not text[entity["end"] : entity["end"] + 1].isalnum()
        for entity in entities
    )
