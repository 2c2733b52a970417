"""A long text in parts that Telegram accepts."""

import re
import unicodedata
from collections.abc import Iterator

from telegram.constants import MessageLimit

BORDERS = (
    re.compile(r"\n[ \t]*\n"),
    re.compile(r"\n"),
    re.compile(r"(?<=[。！？…])|(?<=[.!?])\s"),
    re.compile(r"(?<=[、，；：])|\s"),
)
"""Where to cut, best first: paragraph, line, sentence, word or clause."""

JOINERS = "\u200d\ufe0f\ufe0e"
"""A character beside one of these belongs to the same picture (emoji of several parts)."""


def split(text: str, limit: int = int(MessageLimit.MAX_TEXT_LENGTH)) -> list[str]:
    """The text in parts of at most ``limit`` UTF-16 units, which is how Telegram counts.

    Cuts at the best border that leaves a part at least half full, else at any border, else
    between two characters that do not belong together. Nothing but white space at the cuts is
    lost. An empty or blank text gives no part.
    """
    return list(parts(text.strip(), limit))


def parts(rest: str, limit: int) -> Iterator[str]:
    while utf16_length(rest) > limit:
        head = cut_point(rest, limit)
        yield rest[:head].rstrip()
        rest = rest[head:].lstrip()
    if rest:
        yield rest


def utf16_length(text: str) -> int:
    """UTF-16 code units: characters outside the basic plane count twice.

    >>> utf16_length("a漢😀")
    4
    """
    return len(text) + sum(character > "\uffff" for character in text)


def fitting(text: str, limit: int) -> int:
    """How many characters from the start fit into ``limit`` UTF-16 units."""
    units = 0
    for count, character in enumerate(text):
        units += 2 if character > "\uffff" else 1
        if units > limit:
            return count
    return len(text)


def cut_point(text: str, limit: int) -> int:
    """Where the first part ends; at least 1."""
    room = fitting(text, limit)
    head = text[:room]
    fallback = 0
    for border in BORDERS:
        last = max((match.end() for match in border.finditer(head) if match.end()), default=0)
        if last >= room // 2:
            return last
        fallback = max(fallback, last)
    return fallback or whole_character(text, room)


def whole_character(text: str, room: int) -> int:
    """``room`` or a little less, so that no accent or emoji part is torn off its character."""
    end = room
    while 1 < end < len(text) and belongs_together(text[end - 1], text[end]):
        end -= 1
    return end if end > 1 else max(room, 1)


def belongs_together(left: str, right: str) -> bool:
    return left in JOINERS or right in JOINERS or unicodedata.combining(right) != 0
