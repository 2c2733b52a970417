"""Reading a scheme's answers."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

from .entries import Entry
from .languages import LANGUAGES
from .model import Block
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
