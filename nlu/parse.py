"""``python -m nlu.parse MODEL IN OUT``: has a trained model read messages, outside of a server.

IN holds one JSON string a line; OUT gets one object a line: ``intent``, ``confidence``,
``language``. For programs that may not import Rasa themselves.
"""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

FALLBACK = "nlu_fallback"


def understood(parsed: dict[str, Any]) -> dict[str, Any]:
    """What counts of a parse: the best intent that is one, and the language."""
    ranking = [found for found in parsed.get("intent_ranking") or [] if found["name"] != FALLBACK]
    best = ranking[0] if ranking else parsed["intent"]
    language = (parsed.get("language") or {}).get("code")
    return {"intent": best["name"], "confidence": best["confidence"], "language": language}


async def parse(model: Path, texts: list[str]) -> list[dict[str, Any]]:
    """Each text, read by the model."""
    from rasa.core.agent import Agent

    agent = Agent.load(str(model))
    return [understood(await agent.parse_message(text)) for text in texts]


def main(arguments: list[str]) -> None:
    """Read, parse, write."""
    model, given, out = map(Path, arguments)
    texts = [json.loads(line) for line in given.read_text(encoding="utf-8").splitlines()]
    rows = asyncio.run(parse(model, texts))
    out.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
