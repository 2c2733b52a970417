"""Turns corrected messages into training examples, and says what that changed.

A correction is offered once. What a person accepts goes into ``nlu/<language>/reviewed.yml``,
masked as it lies in the log; a message that an example or a held-out test already says is never
offered: it would teach nothing, or spoil the test.
"""

import re
import sys
import time
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from opencc import OpenCC

from review.accuracy import compare, model_of_today
from review.database import REVIEWS_FILE, open_reviews
from review.masking import MASKS
from review.stats import connect
from settings import LANGUAGES, ROOT

FILE_NAME = "reviewed.yml"
LONGEST = 300
"""Characters: longer messages hold a story, not an example."""

MARKUP = re.compile(r"\[([^\]]*)\](?:\([^)]*\)|\{[^}]*\})")
HEAD = "# Messages of people, corrected and accepted in review (python -m review examples).\n"

Ask = Callable[[str], str]


@dataclass(frozen=True)
class Example:
    """A message with what it should have been understood as."""

    message: int
    text: str
    language: str
    intent: str


def corrected(folder: Path) -> list[Example]:
    """Typed messages that were understood as something else than a reviewer says."""
    with closing(connect(folder)) as log:
        rows = log.execute(
            "SELECT m.id, m.text, l.language, l.intent FROM reviews.labels l"
            " JOIN messages m ON m.id = l.message WHERE m.pressed = 0 AND l.intent <> ''"
            " AND (l.intent IS NOT m.intent OR l.language IS NOT m.language) ORDER BY m.id"
        ).fetchall()
    return [Example(*row) for row in rows]


def offered(folder: Path) -> set[int]:
    """The messages that were accepted or turned down before."""
    with closing(connect(folder)) as log:
        return {row[0] for row in log.execute("SELECT message FROM reviews.examples")}


def candidates(found: Iterable[Example], done: set[int], root: Path = ROOT) -> list[Example]:
    """The corrections worth offering, each said once."""
    known = {plain(text) for text in texts_in(root / "nlu", root / "tests" / "nlu")}
    chosen = []
    for example in found:
        key = plain(one_line(example.text))
        if (
            key
            and key not in known
            and len(example.text) <= LONGEST
            and example.message not in done
        ):
            known.add(key)
            chosen.append(example)
    return chosen


def plain(text: str) -> str:
    """What two messages share if they say the same: letters and digits, in one script.

    >>> plain("優才計劃，要多久？") == plain("优才计划 要多久")
    True
    """
    folded = unicodedata.normalize("NFKC", MARKUP.sub(r"\1", text)).casefold()
    return re.sub(r"[\W_]+", "", simplified().convert(folded))


@lru_cache(maxsize=1)
def simplified() -> OpenCC:
    return OpenCC("t2s")


def texts_in(*folders: Path) -> Iterator[str]:
    """Every example in the files of these folders."""
    for folder in folders:
        for path in sorted(folder.rglob("*.yml")):
            for lines in read(path).values():
                yield from lines


def read(path: Path) -> dict[str, list[str]]:
    """Intent → examples of one file; none of a file that is not there."""
    if not path.exists():
        return {}
    content = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    found: dict[str, list[str]] = {}
    for entry in content.get("nlu") or [] if isinstance(content, dict) else []:
        if "intent" in entry:
            found.setdefault(entry["intent"], []).extend(lines_of(entry.get("examples")))
    return found


def lines_of(examples: Any) -> list[str]:
    """The examples of an intent, which Rasa keeps as one text."""
    lines = examples.splitlines() if isinstance(examples, str) else list(map(str, examples or []))
    return [line.strip().removeprefix("- ").strip() for line in lines if line.strip()]


def add(accepted: Iterable[Example], root: Path = ROOT) -> list[Path]:
    """Write the examples into their languages' files; gives back the files."""
    by_language: dict[str, list[Example]] = {}
    for example in accepted:
        by_language.setdefault(example.language, []).append(example)
    written = []
    for language, examples in by_language.items():
        path = root / "nlu" / language.replace("-", "_") / FILE_NAME
        content = read(path)
        for example in examples:
            content.setdefault(example.intent, []).append(one_line(example.text))
        path.write_text(rendered(language, content), encoding="utf-8")
        written.append(path)
    return written


def one_line(text: str) -> str:
    """The text as Rasa's format can hold it: masks say nothing, brackets would be markup."""
    for mask in MASKS:
        text = text.replace(mask, " ")
    return re.sub(r"[\[\]{}]", "", " ".join(text.split())).lstrip("-/ ")


def rendered(language: str, content: dict[str, list[str]]) -> str:
    """A training file, its intents in order."""
    parts = [HEAD, 'version: "3.1"\nnlu:\n']
    for intent, lines in sorted(content.items()):
        parts.append(f"- intent: {intent}\n  metadata: {{language: {language}}}\n  examples: |\n")
        parts += [f"    - {line}\n" for line in lines]
    return "".join(parts)


def choose(found: list[Example], ask: Ask) -> Iterator[tuple[Example, bool]]:
    """Ask about each; ends early when told to."""
    everything = False
    for number, example in enumerate(found, start=1):
        if everything:
            yield example, True
            continue
        question = f"{number}/{len(found)} {example.language} {example.intent}: {example.text}"
        answer = ask(f"{question}\n  [y]es, [n]o, [a]ll the rest, [q]uit? ").strip().lower()[:1]
        if answer == "q":
            return
        everything = answer == "a"
        yield example, answer in ("y", "a")


def remember(folder: Path, decided: Iterable[tuple[Example, bool]]) -> None:
    """Keep what was decided, so that it is not asked again."""
    with closing(open_reviews(folder / REVIEWS_FILE)) as reviews, reviews.atomic():
        for example, accepted in decided:
            reviews.execute(
                "INSERT OR REPLACE INTO examples (message, accepted, at) VALUES (?, ?, ?)",
                [example.message, int(accepted), time.time()],
            )


def run(folder: Path, *, accept_all: bool, train: bool, ask: Ask = input, root: Path = ROOT) -> int:
    """Offer, write, train and compare; gives back the exit status.

    :raises sqlite3.Error: the log or the reviews cannot be used
    """
    found = corrected(folder)
    offers = candidates((e for e in found if e.language in LANGUAGES), offered(folder), root)
    if not offers:
        print(f"{len(found)} messages were corrected; none of them is new as an example.")
        return 0
    if not accept_all and not sys.stdin.isatty() and ask is input:
        print(f"{len(offers)} examples wait: run this at a terminal, or with --accept-all.")
        return 1
    decided = [(e, True) for e in offers] if accept_all else list(choose(offers, ask))
    accepted = [example for example, yes in decided if yes]
    if train and accepted:
        print("Training without and with them; this takes a few minutes …", flush=True)
    before = model_of_today(root) if train and accepted else None
    for path in add(accepted, root):
        print(f"Wrote {path.relative_to(root)}")
    remember(folder, decided)
    print(f"{len(accepted)} of {len(offers)} examples were accepted.")
    if before is not None:
        lines = compare(before, model_of_today(root), found, root)
        print("\n".join(["Corrected messages that are understood right, by language:", *lines]))
    return 0
