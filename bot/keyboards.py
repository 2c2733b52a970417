"""Messages to say and the buttons under them."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

TITLE_WIDTH = 16
"""Columns of a title that still fits beside another on a phone; Han and kana count two."""


@dataclass(frozen=True)
class Button:
    """A title to press and what it stands for: a Rasa payload, or one of the relay's own."""

    title: str
    payload: str


@dataclass(frozen=True)
class Draft:
    """A message to say; its length is not limited yet."""

    text: str
    buttons: tuple[Button, ...] = ()


def rows_of(buttons: Sequence[Button]) -> list[list[Button]]:
    """Two short titles share a row; a long one has its own."""
    rows: list[list[Button]] = []
    for button in buttons:
        short = width(button.title) <= TITLE_WIDTH
        if short and rows and len(rows[-1]) == 1 and width(rows[-1][0].title) <= TITLE_WIDTH:
            rows[-1].append(button)
        else:
            rows.append([button])
    return rows


def width(title: str) -> int:
    """Display columns.

    >>> width("Yes"), width("優才")
    (3, 4)
    """
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in title)
