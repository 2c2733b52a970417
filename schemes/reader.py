"""What every reader of a file needs: the book it fills, and the grounds of a statement."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from .entries import Entry, Notebook
from .model import Book
from .parameters import CONFIDENCES

SHARED = "(shared)"
"""Stands for the scheme in files that belong to none."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A name used in a file, to be looked up once everything is read."""

    kind: str
    name: str
    entry: Entry
    key: str


@dataclass(slots=True)
class Loaded:
    """A book with what was noticed while it was read; `today` is the day dates are judged by."""

    today: date
    book: Book = field(default_factory=Book)
    notebook: Notebook = field(default_factory=Notebook)
    references: list[Reference] = field(default_factory=list)


class Reader:
    """Puts what a file says into the book that it was given."""

    def __init__(self, loaded: Loaded) -> None:
        self.loaded = loaded
        self.book = loaded.book
        self.today = loaded.today

    @staticmethod
    def _span(entry: Entry) -> tuple[date | None, date | None]:
        """The first and the last day on which something holds."""
        start, until = entry.day("from"), entry.day("until")
        if start is not None and until is not None and until < start:
            entry.problem("until", f"{until} lies before 'from', {start}", "swap or correct them")
        return start, until

    def _source_ids(self, entry: Entry, *, required: bool) -> tuple[str, ...]:
        sources = entry.words("source", required=required)
        for source in sources:
            self._refer("source", source, entry, "source")
        return sources

    def _as_of(self, entry: Entry, start: date | None, *, required: bool) -> date | None:
        as_of = entry.day("as_of", required=required)
        if as_of is None:
            return None
        if as_of > self.today:
            entry.problem("as_of", f"{as_of} lies in the future", "write the day of the evidence")
        if start is not None and as_of < start <= self.today:
            entry.problem(
                "as_of", f"{as_of} lies before {start}, when it began to hold",
                "write the newest day on which the evidence still shows it",
            )  # fmt: skip
        return as_of

    def _confidence(self, entry: Entry, sources: tuple[str, ...]) -> str:
        written = entry.choice("confidence", CONFIDENCES)
        if written:
            return written
        known = [self.book.sources[name].confidence for name in sources
                 if name in self.book.sources]  # fmt: skip
        return min(known, key=CONFIDENCES.index, default="secondary")

    def _refer(self, kind: str, name: str, entry: Entry, key: str) -> None:
        self.loaded.references.append(Reference(kind, name, entry, key))


def is_number(value: Any) -> bool:
    """Whether a value of a file is a number; YAML's truths are none."""
    return isinstance(value, int | float) and not isinstance(value, bool)
