"""Typed access to what a YAML file says, noting every fault instead of stopping at the first."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from . import files
from .errors import Problem
from .files import LocatedList, LocatedMap
from .languages import LANGUAGES, Text
from .templates import digits

BUTTON_LIMIT = 28
"""Longest button label, in characters: what a phone shows on one line."""


@dataclass(frozen=True, slots=True)
class Wording:
    """A text that was read, with its place, for the checks that need all the data."""

    file: str
    key: str
    line: int | None
    scheme: str
    language: str
    text: str


@dataclass(slots=True)
class Notebook:
    """What a reading found: faults, and texts still to be checked."""

    problems: list[Problem] = field(default_factory=list)
    wordings: list[Wording] = field(default_factory=list)


def nearest(word: object, allowed: Iterable[str]) -> str:
    """What to do about an unknown word: the nearest allowed one, or all of them."""
    options = list(allowed)
    close = difflib.get_close_matches(str(word), options, n=1, cutoff=0.6)
    if close:
        return f"did you mean {close[0]!r}?"
    if not options:
        return "there is none to choose from yet"
    shown = ", ".join(options[:8])
    return f"use one of: {shown}" + (" …" if len(options) > 8 else "")


class Entry:
    """One mapping in a file. Its methods return None (or nothing) for what is faulty."""

    def __init__(
        self, notebook: Notebook, file: str, key: str, data: LocatedMap, scheme: str
    ) -> None:
        self.notebook = notebook
        self.file = file
        self.key = key
        self.data = data
        self.scheme = scheme

    def has(self, name: str) -> bool:
        return self.data.get(name) is not None

    def raw(self, name: str) -> Any:
        return self.data.get(name)

    def problem(self, name: str, what: str, remedy: str, *, warning: bool = False) -> None:
        """Note a fault of a key of this mapping ("" for the mapping itself)."""
        key = ".".join(part for part in (self.key, name) if part)
        line = self.data.lines.get(name, self.data.line)
        self.notebook.problems.append(
            Problem(self.file, key or "(file)", what, remedy, line, warning)
        )

    def only(self, *allowed: str) -> None:
        """Refuse every key that is not allowed."""
        for name in self.data:
            if name not in allowed:
                self.problem(str(name), "is not a key that exists here", nearest(name, allowed))

    def child(self, name: str, *, required: bool = False) -> Entry | None:
        """The mapping under a key."""
        value = self.data.get(name)
        if isinstance(value, LocatedMap):
            return self._entry(name, value)
        if value is not None or required:
            self.problem(name, "must be a mapping", "write key: value lines below it")
        return None

    def children(self) -> Iterator[tuple[str, Entry]]:
        """Each key with the mapping under it."""
        for name in self.data:
            if not isinstance(name, str):
                self.problem(str(name), "must be a word", "put the id in quotes")
                continue
            child = self.child(name, required=True)
            if child is not None:
                yield name, child

    def items(self, name: str, *, required: bool = False) -> Iterator[Entry]:
        """Each mapping of the list under a key."""
        value = self.data.get(name)
        if value is None and not required:
            return
        if not isinstance(value, LocatedList) or (required and not value):
            self.problem(name, "must be a list", "write '- {…}' lines below it")
            return
        for place, item in enumerate(value):
            key = f"{name}[{place + 1}]"
            if isinstance(item, LocatedMap):
                if isinstance(item.get("id"), str):
                    key = f"{name}.{item['id']}"
                yield self._entry(key, item)
            else:
                self.problem(name, f"item {place + 1} must be a mapping", "write '- {…}'")

    def _entry(self, name: str, data: LocatedMap) -> Entry:
        key = ".".join(part for part in (self.key, name) if part)
        return Entry(self.notebook, self.file, key, data, self.scheme)

    def string(self, name: str, *, required: bool = False) -> str | None:
        """A word or line; numbers are refused, since YAML would eat their zeros."""
        value = self.data.get(name)
        if isinstance(value, str) and value.strip():
            return value.strip()
        if value is not None or required:
            what = "is missing" if value is None else f"must be text, not {value!r}"
            self.problem(name, what, "write it, in quotes if it looks like a number")
        return None

    def choice(self, name: str, allowed: Sequence[str], *, required: bool = False) -> str | None:
        value = self.string(name, required=required)
        if value is not None and value not in allowed:
            self.problem(name, f"{value!r} does not exist", nearest(value, allowed))
            return None
        return value

    def truth(self, name: str, default: bool = False) -> bool:
        value = self.data.get(name)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.problem(name, f"must be true or false, not {value!r}", "write true or false")
            return default
        return value

    def number(self, name: str, *, required: bool = False) -> float | int | None:
        value = self.data.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return value
        if value is not None or required:
            what = "is missing" if value is None else f"must be a number, not {value!r}"
            self.problem(name, what, "write the digits alone")
        return None

    def day(self, name: str, *, required: bool = False) -> date | None:
        value = self.data.get(name)
        if isinstance(value, date):
            return value
        if value is not None or required:
            what = "is missing" if value is None else f"must be a day, not {value!r}"
            self.problem(name, what, "write it as 2026-09-03, without quotes")
        return None

    def words(self, name: str, *, required: bool = False) -> tuple[str, ...]:
        """An id, or a list of ids."""
        value = self.data.get(name)
        if isinstance(value, str):
            value = [value]
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            if required and not value:
                self.problem(name, "is empty", "name at least one")
            doubled = sorted({item for item in value if value.count(item) > 1})
            if doubled:
                self.problem(name, f"names {doubled[0]!r} twice", "keep one")
            return tuple(dict.fromkeys(value))
        if value is not None or required:
            what = "is missing" if value is None else f"must be an id or a list, not {value!r}"
            self.problem(name, what, "write one id, or [several, ids]")
        return ()

    def text(
        self, name: str, *, required: bool = True, plain: bool = False, button: bool = False
    ) -> Text | None:
        """A wording in the four languages.

        `plain` lets digits stand (titles of pages), `button` limits its length.
        """
        value = self.data.get(name)
        if value is None:
            if required:
                self.problem(name, "is missing", f"write it in {', '.join(LANGUAGES)}")
            return None
        if not isinstance(value, LocatedMap):
            self.problem(name, "must hold four languages", "write {en: …, zh-Hant: …, …}")
            return None
        return self._entry(name, value)._languages(plain, button)

    def texts(self, name: str) -> tuple[Text, ...]:
        """The wordings of a list, each in the four languages."""
        found = [item._languages(plain=False, button=False) for item in self.items(name)]
        return tuple(text for text in found if text is not None)

    def _languages(self, plain: bool, button: bool) -> Text | None:
        for language in self.data:
            if language not in LANGUAGES:
                remedy = nearest(language, LANGUAGES)
                if self.data[language] is None:
                    remedy = "put the text in quotes: an unquoted comma ends it inside {…}"
                self.problem(str(language), "is not one of the languages", remedy)
        result: dict[str, str] = {}
        for language in LANGUAGES:
            value = self.string(language, required=True)
            if value is None:
                continue
            result[language] = value
            self._wording(language, value, plain, button)
        return result if len(result) == len(LANGUAGES) else None

    def _wording(self, language: str, text: str, plain: bool, button: bool) -> None:
        if not plain and (found := digits(text)):
            self.problem(
                language,
                f"holds the digits {found!r} outside a placeholder",
                "put the number into parameters.yml and write {its_name}",
            )
        if button and len(text) > BUTTON_LIMIT:
            self.problem(
                language,
                f"is {len(text)} characters long, and a button holds {BUTTON_LIMIT}",
                "shorten it",
            )
        line = self.data.lines.get(language, self.data.line)
        self.notebook.wordings.append(
            Wording(self.file, f"{self.key}.{language}", line, self.scheme, language, text)
        )


def open_file(notebook: Notebook, path: Path, name: str, scheme: str) -> Entry | None:
    """The mapping that a file is; a missing or empty one gives None without a fault."""
    if not path.exists():
        return None
    data, problems = files.read(path, name)
    notebook.problems.extend(problems)
    if data is None:
        return None
    if not isinstance(data, LocatedMap):
        notebook.problems.append(
            Problem(name, "(file)", "must be a mapping", "start with 'id:' lines", 1)
        )
        return None
    return Entry(notebook, name, "", data, scheme)
