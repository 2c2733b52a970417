"""Which schemes a message names, in any of the ways people name them.

The names come from the `aliases` of each scheme's own folder (schemes/data/<scheme>/scheme.yml):
adding a scheme adds its entity, with no code and no training example.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from nlu.scripts import fold_han


@dataclass(frozen=True)
class Mention:
    """A scheme named in a text; start and end are positions in the original text."""

    scheme: str
    start: int
    end: int


class SchemeNames:
    """Finds the names of schemes; the longest name wins where one contains another."""

    def __init__(self, names: Mapping[str, str]) -> None:
        """`names`: folded name → scheme id, as `load_names` gives it."""
        self.names = dict(names)
        longest_first = sorted(self.names, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(_pattern, longest_first)) or r"(?!)")

    def find(self, text: str) -> list[Mention]:
        """The mentions in a text, in order, without overlaps."""
        folded, positions = _fold(text)
        return [
            Mention(
                self.names[match.group()],
                positions[match.start()],
                positions[match.end() - 1] + 1,
            )
            for match in self._pattern.finditer(folded)
        ]


def load_names(folder: Path) -> dict[str, str]:
    """Reads every scheme's aliases: folded name → scheme id.

    Raises ValueError where two schemes claim the same name: a message could not be understood.
    """
    names: dict[str, str] = {}
    for path in sorted(folder.glob("*/scheme.yml")):
        scheme = yaml.safe_load(path.read_text(encoding="utf-8"))
        for name in _aliases(scheme):
            folded = _fold(name)[0]
            if names.setdefault(folded, scheme["id"]) != scheme["id"]:
                raise ValueError(
                    f"{path}: the alias {name!r} already names {names[folded]!r}; "
                    "give it to one scheme only"
                )
    return names


def _aliases(scheme: Mapping[str, object]) -> Iterable[str]:
    """The aliases of a scheme.yml, in every language."""
    aliases = scheme.get("aliases") or {}
    assert isinstance(aliases, dict), "the build has checked that aliases are lists by language"
    for by_language in aliases.values():
        yield from map(str, by_language or [])


def _fold(text: str) -> tuple[str, list[int]]:
    """NFKC, lower case, Simplified; with the original position of each character."""
    characters: list[str] = []
    positions: list[int] = []
    for position, original in enumerate(text):
        for character in unicodedata.normalize("NFKC", original).lower():
            characters.append(character)
            positions.append(position)
    folded = fold_han("".join(characters))
    if len(folded) != len(characters):  # a phrase of OpenCC's changed the length
        folded = "".join(fold_han(character)[0] for character in characters)
    return folded, positions


def _pattern(name: str) -> str:
    """Latin names need a border on both sides; Han and kana ones stand anywhere."""
    pattern = re.escape(name).replace(r"\ ", r"[\s\-]*")
    before = r"(?<![a-z0-9])" if re.match(r"[a-z0-9]", name) else ""
    after = r"(?![a-z0-9])" if re.search(r"[a-z0-9]$", name) else ""
    return before + pattern + after
