"""Reading answers, and what schemes show side by side."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import pairwise

from .entries import Entry
from .languages import LANGUAGES, Text
from .model import Block, Column, Comparison
from .reader import Reader


class AnswerReader(Reader):
    """Reads answers.yml: a block a topic, or a list of dated ones."""

    def answers(self, file: Entry, scheme: str) -> None:
        for topic in file.data:
            if isinstance(file.raw(topic), list):
                blocks = [self._block(entry, scheme, topic) for entry in file.items(topic)]
            else:
                entry = file.child(topic, required=True)
                blocks = [self._block(entry, scheme, topic)] if entry is not None else []
            self._refer("topic", str(topic), file, str(topic))
            good = [block for block in blocks if block is not None]
            self._apart(file, str(topic), good)
            if good:
                self.book.blocks[scheme, topic] = tuple(good)

    def _block(self, entry: Entry, scheme: str, topic: str) -> Block | None:
        entry.only(
            "source", "as_of", "confidence", "established", "from", "until", "text", "see",
            "keywords", "note",
        )  # fmt: skip
        text = entry.text("text")
        see = entry.words("see")
        if len(see) > 3:
            entry.problem("see", f"names {len(see)} topics", "offer at most 3")
        for name in see:
            self._refer("topic", name, entry, "see")
        sources = self._source_ids(entry, required=False)
        as_of = self._as_of(entry, entry.day("from"), required=False)
        graded = sources or entry.has("confidence")
        confidence = self._confidence(entry, sources) if graded else None
        if text is None:
            return None
        block = Block(
            scheme, topic, text, sources, as_of, confidence,
            entry.truth("established", default=True),
            *self._span(entry), see, self._keywords(entry),
        )  # fmt: skip
        self._refer("grounds", topic, entry, "")
        return block

    @staticmethod
    def _keywords(entry: Entry) -> dict[str, str]:
        keywords = entry.child("keywords")
        if keywords is None:
            return {}
        keywords.only(*LANGUAGES)
        found = {}
        for language in LANGUAGES:
            value = keywords.raw(language)
            if isinstance(value, list):
                value = ", ".join(str(item) for item in value)
            if value is not None:
                found[language] = str(value)
        return found

    @staticmethod
    def _apart(file: Entry, topic: str, blocks: list[Block]) -> None:
        ordered = sorted(blocks, key=lambda block: block.start or date.min)
        for before, after in pairwise(ordered):
            if before.until is None or (after.start or date.min) <= before.until:
                file.problem(
                    topic,
                    "has blocks whose days overlap",
                    "let each 'until' come before the next 'from'",
                )


class ComparisonReader(Reader):
    """Reads compare.yml: titles of the rows, then a cell a row for each scheme that takes part."""

    def comparison(self, file: Entry) -> None:
        file.only("rows", "all_alike", "schemes", "note")
        rows, schemes = file.child("rows", required=True), file.child("schemes", required=True)
        alike = file.texts("all_alike")
        if rows is None or schemes is None:
            return
        titles = {row: rows.text(row) for row, _ in rows.children()}
        columns = {}
        for scheme, entry in schemes.children():
            self._refer("scheme", scheme, schemes, scheme)
            column = self._column(entry, tuple(titles))
            if column is not None:
                columns[scheme] = column
        self.book.comparison = Comparison(_complete(titles), columns, alike)

    def _column(self, entry: Entry, rows: tuple[str, ...]) -> Column | None:
        entry.only("source", "as_of", "confidence", "cells", "note")
        sources = self._source_ids(entry, required=True)
        as_of = self._as_of(entry, None, required=True)
        confidence = self._confidence(entry, sources)
        cells = entry.child("cells", required=True)
        if cells is None:
            return None
        cells.only(*rows)
        texts = _complete({row: cells.text(row) for row in rows})
        return Column(texts, sources, as_of, confidence)


def _complete(texts: Mapping[str, Text | None]) -> dict[str, Text]:
    return {name: text for name, text in texts.items() if text is not None}
