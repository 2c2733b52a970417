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
    """Two columns where every title is short, else one."""
    columns = 2 if all(width(button.title) <= TITLE_WIDTH for button in buttons) else 1
    return [list(buttons[start : start + columns]) for start in range(0, len(buttons), columns)]


def width(title: str) -> int:
    """Display columns.

    >>> width("Yes"), width("優才")
    (3, 4)
    """
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in title)
