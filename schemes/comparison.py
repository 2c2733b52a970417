"""Schemes side by side, row by row, short enough for a phone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from .answers import Answer, Composer, Grounds, is_stale
from .languages import Text
from .model import GENERAL
from .text import join

TOPIC = "compare_schemes"
"""The topic that a comparison answers."""


def compare(
    composer: Composer, schemes: Sequence[str], language: str, day: date, today: date
) -> Answer | None:
    """What compare.yml says about schemes, each once; None where fewer than two stand in it."""
    held = composer.book.comparison
    columns = {name: held.columns[name] for name in schemes if name in held.columns}
    if len(columns) < 2:
        return None
    grounds = Grounds()
    for column in columns.values():
        grounds.add(column.sources, column.as_of, column.confidence)

    def fill(text: Text) -> str:
        return composer.fill(text[language], language, GENERAL, day, grounds)

    names = {name: composer.book.schemes[name].short[language] for name in columns}
    parts = [_title(composer, list(names.values()), language)]
    for row, title in held.rows.items():
        cells = {name: fill(column.cells[row]) for name, column in columns.items()}
        lines = _lines(composer, cells, names, language)
        parts.append(f"{fill(title)}\n{composer.bullets(lines, language)}")
    if held.alike:
        parts.append("\n".join(fill(text) for text in held.alike))
    return Answer(
        scheme=next(iter(columns)),
        topic=TOPIC,
        language=language,
        text="\n\n".join(parts),
        footer=composer.footer(grounds, language, today),
        sources=composer.ranked(grounds),
        as_of=grounds.as_of,
        confidence=grounds.confidence,
        stale=is_stale(grounds.as_of, today),
    )


def _title(composer: Composer, names: Sequence[str], language: str) -> str:
    joined = join(names, composer.say("comma", language), composer.say("and", language))
    return composer.say("comparison", language, names=joined)


def _lines(
    composer: Composer, cells: Mapping[str, str], names: Mapping[str, str], language: str
) -> list[str]:
    """A line a scheme, or a single one where all say the same."""
    if len(set(cells.values())) == 1:
        key = "both_alike" if len(cells) == 2 else "all_alike"
        return [composer.say(key, language, text=next(iter(cells.values())))]
    return [
        composer.say("labelled", language, label=names[name], text=cell)
        for name, cell in cells.items()
    ]
