"""Cuts a message that asks several things into its questions."""

from __future__ import annotations

import re

# After a mark that ends a sentence, at a line break, or where another question is announced.
# Runs are bounded ({0,4}): a message of twenty thousand spaces takes no longer than another one.
_BORDERS = re.compile(
    r"(?<=[?？!！。;；])\s*|\n+|(?<=[a-z])\.\s+|"
    r",?\s{1,4}and\s{1,4}(?=(?:what|how|when|where|which|who|can|could|do|does|is|are|will)\b)|"
    r",?\s{1,4}(?:and also|also,?|plus|another (?:question|thing)[:,]?)\s{1,4}|"
    r"[,，、。\s]{0,4}(?:另外|還有就是|还有就是|還有|还有|仲有|以及想問|順便問|顺便问|同埋|"
    r"それと|あと、|それから|ついでに)[,，、]?\s*",
    re.IGNORECASE,
)
# Shorter parts are no questions of their own ("Hi!", 「請問」).
SHORTEST_LATIN = 3  # words
SHORTEST_CJK = 4  # characters


def split_questions(text: str) -> list[str]:
    """The parts of a message that are long enough to be questions of their own, in order."""
    parts = [part.strip(" ,，、。") for part in _BORDERS.split(text) if part]
    return [part for part in parts if _is_long_enough(part)]


def _is_long_enough(part: str) -> bool:
    cjk = sum(not character.isascii() for character in part)
    return cjk >= SHORTEST_CJK or len(part.split()) >= SHORTEST_LATIN
