"""The engine's own sentences, in four languages, from wording.yml."""

from __future__ import annotations

import string
from pathlib import Path

from . import files
from .entries import Entry, Notebook, nearest
from .errors import DataError, Problem
from .languages import Text
from .reader import SHARED

FILE = Path(__file__).with_name("wording.yml")

_TITLES, _ANSWER, _LIMIT = {"titles"}, {"answer"}, {"limit"}

FIELDS: dict[str, set[str]] = {
    "footer": {"titles", "month"},
    "footer_undated": _TITLES,
    "title_separator": set(),
    "reported": set(),
    "stale": set(),
    "yes": set(),
    "no": set(),
    "or": set(),
    "comma": set(),
    "not_established": set(),
    "reason_not_asked": set(),
    "reason_unsure": set(),
    "reason_answer": {"answer", "needed"},
    "reason_to_check": _ANSWER,
    "reason_no_rule": _ANSWER,
    "reason_all": {"met", "total"},
    "reason_any": {"met", "total"},
    "reason_at_least": {"met", "total", "needed"},
    "needed_minimum": _LIMIT,
    "needed_above": _LIMIT,
    "needed_maximum": _LIMIT,
    "needed_below": _LIMIT,
    "needed_within_months": _LIMIT,
    "needed_not_in": {"options"},
    "why_criterion": {"title"},
    "why_unused": set(),
    "item": {"text"},
    "in_brackets": {"text", "note"},
    "labelled": {"label", "text"},
    "and": set(),
    "comparison": {"names"},
    "both_alike": {"text"},
    "all_alike": {"text"},
}
"""Each sentence with the names that stand in its braces."""


def read_wording(path: Path = FILE) -> tuple[dict[str, Text], list[Problem]]:
    """The sentences, and what is wrong with them."""
    data, problems = files.read(path, path.name)
    notebook = Notebook(problems=problems)
    if not isinstance(data, files.LocatedMap):
        problems.append(Problem(path.name, "(file)", "must be a mapping", "write 'id:' lines"))
        return {}, problems
    file = Entry(notebook, path.name, "", data, SHARED)
    file.only(*FIELDS)
    found: dict[str, Text] = {}
    for name, fields in FIELDS.items():
        text = _sentence(file, name)
        for language, sentence in (text or {}).items():
            _check_fields(file, f"{name}.{language}", sentence, fields)
        if text is not None:
            found[name] = text
    return found, problems


def load_wording(path: Path = FILE) -> dict[str, Text]:
    """The sentences; refuses the file if anything is wrong with it.

    :raises DataError: with every fault.
    """
    found, problems = read_wording(path)
    if problems:
        raise DataError(problems)
    return found


def check_wording(notebook: Notebook) -> None:
    """Note what is wrong with wording.yml."""
    notebook.problems.extend(read_wording()[1])


def _sentence(file: Entry, name: str) -> Text | None:
    # Spaces at the ends of separators count, so they are read as written.
    text = file.text(name)
    raw = file.raw(name)
    return None if text is None else {language: raw[language] for language in text}


def _check_fields(file: Entry, key: str, sentence: str, fields: set[str]) -> None:
    used = {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}
    for name in sorted(used - fields):
        file.problem(key, f"{{{name}}} is not filled in here", nearest(name, fields))
    for name in sorted(fields - used):
        file.problem(key, f"leaves {{{name}}} out", "put it where it belongs")
