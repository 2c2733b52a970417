"""The examples of the project: those it learns from and those it has never seen."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import yaml

LEARNT = Path("nlu")
HELD_OUT = Path("tests/nlu")


class Example(NamedTuple):
    text: str
    intent: str
    language: str


def examples(folder: Path) -> list[Example]:
    """Every example below a folder, in the order of the files."""
    return [example for path in sorted(folder.glob("**/*.yml")) for example in _read(path)]


def _read(path: Path) -> Iterator[Example]:
    for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
        for line in block["examples"].splitlines():
            if line.strip():
                text = line.strip().removeprefix("- ").strip()
                yield Example(text, block["intent"], block["metadata"]["language"])


def unseen() -> list[Example]:
    """The held-out messages that nobody happened to write for training too."""
    learnt = {(normal(e.text), e.language) for e in examples(LEARNT)}
    return [e for e in examples(HELD_OUT) if (normal(e.text), e.language) not in learnt]


def normal(text: str) -> str:
    """What two messages have in common that differ in case, width and punctuation alone."""
    text = unicodedata.normalize("NFKC", text).casefold()
    return "".join(character for character in text if character.isalnum())
