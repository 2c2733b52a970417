"""Typed text made safe and short enough for Rasa."""

import unicodedata
from dataclasses import dataclass

QUESTION_LIMIT = 1_000
"""Characters of one message that are read. Questions are far shorter; pasted documents are not
questions, and their length would only blur what is asked."""


@dataclass(frozen=True)
class Cleaned:
    """Text for Rasa; ``cut`` says that some of it was left out."""

    text: str
    cut: bool


def clean(text: str, limit: int = QUESTION_LIMIT) -> Cleaned:
    """NFKC, then without anything in front that Rasa could take for its ``/intent`` prefix.

    Invisible characters in front go too: they would hide a slash from this function but not from
    whoever strips them later. The rest of the text is left as it was typed.

    >>> clean("／affirm{}").text, clean(" / /restart").text, clean("３２").text
    ('affirm{}', 'restart', '32')
    """
    normal = unicodedata.normalize("NFKC", text).replace("\x00", "")
    start = 0
    while start < len(normal) and is_prefix(normal[start]):
        start += 1
    body = normal[start:].rstrip()
    return Cleaned(body[:limit].rstrip(), len(body) > limit)


def is_prefix(character: str) -> bool:
    """Whitespace, a slash, or a control or format character (zero-width space, direction mark)."""
    return (
        character == "/" or character.isspace() or unicodedata.category(character) in ("Cc", "Cf")
    )
