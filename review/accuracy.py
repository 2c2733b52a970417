"""Has two models read the same messages and compares how many each understands right.

Rasa runs as a process of its own: nothing of it is imported here.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

TRAIN = "import train; print(train.train())"
PARSE = (
    "import os, subprocess, sys, train;"
    "sys.exit(subprocess.call([sys.executable, '-m', 'nlu.parse', *sys.argv[1:]],"
    " env=train.environment()))"
)


class Labelled(Protocol):
    """A message and what it means."""

    @property
    def text(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def intent(self) -> str: ...


def model_of_today(root: Path) -> Path:
    """The model of the examples as they stand, trained if need be.

    :raises ValueError: it could not be trained; the message says why
    """
    done = python(root, "-c", TRAIN)
    return root / done.strip().splitlines()[-1]


def python(root: Path, *arguments: str) -> str:
    """What Python printed, run in the project's folder.

    :raises ValueError: it failed
    """
    done = subprocess.run(
        [sys.executable, *arguments], cwd=root, capture_output=True, text=True, check=False
    )
    if done.returncode:
        last = "\n".join(done.stderr.strip().splitlines()[-8:])
        raise ValueError(f"{arguments[0]} {arguments[1][:40]} failed:\n{last}")
    return done.stdout


def parse(model: Path, texts: Sequence[str], root: Path) -> list[dict[str, Any]]:
    """What a model understands of each text.

    :raises ValueError: the model could not be used
    """
    with tempfile.TemporaryDirectory() as name:
        given, out = Path(name) / "in", Path(name) / "out"
        given.write_text("".join(json.dumps(text) + "\n" for text in texts), encoding="utf-8")
        python(root, "-c", PARSE, str(model), str(given), str(out))
        return [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]


def compare(before: Path, after: Path, found: Sequence[Labelled], root: Path) -> Iterator[str]:
    """A line for each language: how many are understood right by one model and by the other."""
    texts = [example.text for example in found]
    marks = [marked(found, parse(model, texts, root)) for model in (before, after)]
    for language in sorted({example.language for example in found}):
        old, new = (mark[language] for mark in marks)
        yield f"  {language:8} {share(old)} before, {share(new)} after (of {len(old)})"


def marked(found: Sequence[Labelled], parsed: Sequence[dict[str, Any]]) -> dict[str, list[bool]]:
    """Language → whether each of its messages got the right intent."""
    marks: dict[str, list[bool]] = {}
    for example, read in zip(found, parsed, strict=True):
        marks.setdefault(example.language, []).append(read["intent"] == example.intent)
    return marks


def share(marks: Sequence[bool]) -> str:
    """A share in percent.

    >>> share([True, False])
    '50 %'
    """
    return f"{100 * sum(marks) / len(marks):.0f} %"
