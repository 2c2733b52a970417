"""Messages as the pipeline hands them on, without Rasa and without a trained model.

The rule-based half (schemes, values) is the real one; the intent is what a test says it is.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from actions.languages import LANGUAGES
from actions.tracker import FALLBACK, read_turn
from actions.turn import Turn
from nlu.answers import read_values
from nlu.mentions import SchemeNames, load_names

SCHEMES = Path("schemes/data")


@lru_cache(maxsize=1)
def scheme_names() -> SchemeNames:
    """The schemes' names, as the pipeline knows them."""
    return SchemeNames(load_names(SCHEMES))


def typed_message(
    text: str, language: str = "en", intent: str = FALLBACK, confidence: float = 0.9, **more: Any
) -> dict[str, Any]:
    """What Rasa makes of typed text; `intent` is what the classifier would have said."""
    schemes = [
        {"entity": "scheme", "value": mention.scheme, "start": mention.start, "end": mention.end}
        for mention in scheme_names().find(text)
    ]
    return {
        "text": text,
        "intent": {"name": intent, "confidence": confidence},
        "entities": schemes + [value.as_entity() for value in read_values(text)],
        "language": {
            "code": language,
            "confidence": 1.0,
            "scores": {code: 0.0 if code == language else -10.0 for code in LANGUAGES},
            "other": None,
        },
        **more,
    }


def pressed_message(payload: str, **more: Any) -> dict[str, Any]:
    """What Rasa makes of a button's payload (/fees{"scheme": "qmas"})."""
    name, brace, rest = payload.removeprefix("/").partition("{")
    entities = json.loads(brace + rest) if brace else {}
    return {
        "text": payload,
        "intent": {"name": name, "confidence": 1.0},
        "entities": [{"entity": key, "value": value} for key, value in entities.items()],
        **more,
    }


def typed(text: str, language: str = "en", intent: str = FALLBACK, confidence: float = 0.0) -> Turn:
    """The turn of typed text."""
    return read_turn(typed_message(text, language, intent, confidence), language)
