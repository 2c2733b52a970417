"""From a folder of YAML files to a book: which file is read by whom.

Each file is judged on its own here; what spans files is checked in check.py.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from .entries import Entry, nearest, open_file
from .errors import Problem
from .model import Topic
from .read_answers import AnswerReader, ComparisonReader
from .read_criteria import CriteriaReader
from .read_papers import PaperReader
from .read_scheme import SchemeReader
from .read_shared import SharedReader
from .reader import SHARED, Loaded


def load(folder: Path, today: date) -> Loaded:
    """Everything in a data folder that could be read, and everything that is wrong with it."""
    loaded = Loaded(today)
    shared = SharedReader(loaded)
    _shared(loaded, folder / "sources.yml", shared.sources)
    _shared(loaded, folder / "topics.yml", shared.topics)
    _shared(loaded, folder / "facts.yml", shared.facts)
    for path in sorted(path for path in folder.iterdir() if path.is_dir()):
        _scheme(loaded, path)
    _shared(loaded, folder / "firm.yml", shared.firm)
    _shared(loaded, folder / "compare.yml", ComparisonReader(loaded).comparison)
    _order(loaded)
    return loaded


def _shared(loaded: Loaded, path: Path, read: Callable[[Entry], None]) -> None:
    entry = open_file(loaded.notebook, path, path.name, SHARED)
    if entry is not None:
        read(entry)
    elif not path.exists() or not path.read_bytes().strip():
        _missing(loaded, path.name, "write it")


def _scheme(loaded: Loaded, folder: Path) -> None:
    scheme = folder.name
    interview = (folder / "criteria.yml").exists()
    about, papers = SchemeReader(loaded), PaperReader(loaded)
    readers: dict[str, Callable[[Entry], None]] = {
        "scheme.yml": lambda entry: about.scheme(entry, scheme, interview),
        "parameters.yml": lambda entry: about.parameters(entry, scheme),
        "answers.yml": lambda entry: AnswerReader(loaded).answers(entry, scheme),
        "documents.yml": lambda entry: papers.documents(entry, scheme),
        "criteria.yml": lambda entry: CriteriaReader(loaded).criteria(entry, scheme),
        "procedure.yml": lambda entry: papers.procedure(entry, scheme),
    }
    for path in sorted(folder.iterdir()):
        if path.name not in readers and not path.name.startswith("."):
            what = "is not a file that a scheme has"
            name = f"{scheme}/{path.name}"
            loaded.notebook.problems.append(
                Problem(name, "(file)", what, nearest(path.name, readers))
            )
    for name, read in readers.items():
        entry = open_file(loaded.notebook, folder / name, f"{scheme}/{name}", scheme)
        if entry is not None:
            read(entry)
    if not (folder / "scheme.yml").exists():
        _missing(loaded, f"{scheme}/scheme.yml", "write id, name and short")


def _missing(loaded: Loaded, name: str, remedy: str) -> None:
    loaded.notebook.problems.append(Problem(name, "(file)", "is missing", remedy))


def _order(loaded: Loaded) -> None:
    """Schemes in the order in which they are shown, and each topic with those that answer it."""
    book = loaded.book
    ordered = sorted(book.schemes.values(), key=lambda scheme: (scheme.order, scheme.id))
    book.schemes = {scheme.id: scheme for scheme in ordered}
    for name, topic in book.topics.items():
        schemes = tuple(scheme for scheme in book.schemes if (scheme, name) in book.blocks)
        book.topics[name] = Topic(name, topic.title, schemes, topic.scope, topic.needs_scheme)
