"""Writes docs/coverage.md: where the desk says what the two seed pages state.

``python -m tests.conversation.coverage`` asks every question again and writes the table anew.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from settings import ROOT
from tests.conversation.server import Said, running
from tests.conversation.statements import LANGUAGES, Desk, Statement, statements, unsaid

PAGE = ROOT / "docs" / "coverage.md"
EXCERPT = 100
"""Characters of a reply shown in a cell, unless what proves the statement is longer."""

HEAD = """# What the two seed pages state, and where the desk says it

The desk was first written from two pages of consultancies: one about the ASMTP in Traditional
Chinese (A) and one about the QMAS in Japanese (B). Every statement of theirs, in our words, stands
below with the topic that answers it and the place of the reply that says it, in each language.
"Superseded" means that the page is out of date there: the reply gives today's rule and, where
people may have read the old one, what it was and until when. The questions are in
`tests/conversation/statements.yml`; `python -m tests.conversation.coverage` asks them all and
writes this page anew.
"""
COLUMNS = ("Id", "Statement", "Topic", *LANGUAGES, "Superseded")

Asking = Callable[[Statement, str], Said]


def table(listed: list[Statement], ask: Asking) -> str:
    """The page; `ask` gives the reply to a statement's question in a language."""
    lines = [HEAD, _line(COLUMNS), _line(["---"] * len(COLUMNS))]
    for entry in listed:
        topic = f"{entry.topic} ({entry.scheme})" if entry.scheme else entry.topic
        cells = [
            excerpt(ask(entry, language).text, entry.expect[language][0]) for language in LANGUAGES
        ]
        superseded = "superseded" if entry.superseded else "no"
        lines.append(_line([entry.id, entry.statement, topic, *cells, superseded]))
    return "\n".join(lines) + "\n"


def excerpt(text: str, fragment: str) -> str:
    """The line of a reply that holds the fragment, cut around it; nothing if none holds it."""
    line = next((line for line in text.splitlines() if fragment in line), "")
    before, _, after = line.strip("•・ ").partition(fragment)
    spare = max(EXCERPT - len(fragment), 0) // 2
    return _tail(before, spare) + (fragment if line else "") + _head(after, spare)


def _tail(text: str, length: int) -> str:
    """The end of what stands before, from a whole word on."""
    if len(text) <= length:
        return text
    cut = text[len(text) - length :]
    return "… " + (cut.partition(" ")[2] if text.isascii() else cut)


def _head(text: str, length: int) -> str:
    """The beginning of what stands after, up to a whole word."""
    if len(text) <= length:
        return text
    cut = text[:length]
    return (cut.rpartition(" ")[0] if text.isascii() else cut) + " …"


def read_table(page: Path = PAGE) -> dict[str, dict[str, str]]:
    """The rows of the page by their id, each a cell by its column."""
    lines = page.read_text(encoding="utf-8").splitlines()
    _heading, _ruler, *rows = (line for line in lines if line.startswith("| "))
    named = [dict(zip(COLUMNS, _cells(row), strict=True)) for row in rows]
    return {row["Id"]: row for row in named}


def _cells(line: str) -> list[str]:
    cells = line.removeprefix("| ").removesuffix(" |").split(" | ")
    return [cell.strip().replace("\\|", "|") for cell in cells]


def _line(cells: list[str] | tuple[str, ...]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def write(ask: Asking, page: Path = PAGE) -> None:
    """Writes the page."""
    page.parent.mkdir(exist_ok=True)
    page.write_text(table(statements(), ask), encoding="utf-8")


def main() -> int:
    """Asks every question, writes the page and names what was not understood."""
    wrong = 0
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as server:
        desk = Desk(server)
        for entry in statements():
            for language in LANGUAGES:
                said = desk.typed(entry.ask[language], entry.topic)
                for fault in unsaid(said, entry.expect[language]):
                    wrong += 1
                    print(f"{entry.id} {language} {entry.ask[language]!r}: {fault}")
        write(lambda entry, language: desk.typed(entry.ask[language], entry.topic))
    print(f"{PAGE.relative_to(ROOT)}: {len(statements())} statements, {wrong} faults")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
