"""Cases: what the rules must say, in YAML that a consultant can read and write.

    - name: a fifty-year-old meets the age item
      scheme: qmas
      as_of: 2026-09-03
      answers: {age: 50}
      expect: {criteria: {age_50: met}, outcome: not_enough_information}

`expect` takes any of: outcome; criteria (id: verdict, or absent on days without that rule); next
and missing (facts); tally [met, needed, total]; refer (criteria); alternatives (scheme: outcome, or
null); parameters (name: value on the day); documents (id: true if it is to be filed).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import files
from .criteria import Verdict
from .entries import Entry, Notebook, nearest
from .errors import FactError, Problem
from .files import LocatedList, LocatedMap
from .model import Book, qualified
from .reader import Loaded

if TYPE_CHECKING:  # rules.py is only needed to run cases, not to read them
    from .assess import Assessment
    from .rules import Rules

OUTCOMES = ("meets", "may_meet", "does_not_meet", "not_enough_information")

EXPECTATIONS = (
    "outcome",
    "criteria",
    "next",
    "missing",
    "tally",
    "refer",
    "alternatives",
    "parameters",
    "documents",
)


@dataclass(frozen=True, slots=True)
class Case:
    """A sentence, a day, answers, and any part of what must come out."""

    name: str
    scheme: str
    file: str
    line: int
    as_of: date
    answers: dict[str, Any] = field(default_factory=dict)
    expect: dict[str, Any] = field(default_factory=dict)


def case_files(folder: Path) -> list[Path]:
    """The files of cases below a folder, or the file itself."""
    return [folder] if folder.is_file() else sorted(folder.rglob("*.yml"))


def read_cases(path: Path, book: Book) -> tuple[list[Case], list[Problem]]:
    """The cases of a file, and what is wrong with them."""
    name = f"cases/{path.name}"
    data, problems = files.read(path, name)
    if data is None:
        return [], problems
    if not isinstance(data, LocatedList):
        return [], [*problems, Problem(name, "(file)", "must be a list", "write '- name: …'", 1)]
    notebook = Notebook(problems=problems)
    cases = [
        case
        for item, line in zip(data, data.lines, strict=True)
        if (case := _case(notebook, name, item, line, book)) is not None
    ]
    seen: dict[tuple[str, str], int] = {}
    for case in cases:
        first = seen.setdefault((case.scheme, case.name), case.line)
        if first != case.line:
            problems.append(
                Problem(name, f"{case.scheme}:{case.name}", f"stands also in line {first}",
                        "give each case its own sentence", case.line)
            )  # fmt: skip
    return cases, problems


def check_cases(folder: Path, loaded: Loaded) -> None:
    """Note what is wrong with the form of the cases; whether they hold is run_cases's matter."""
    for path in case_files(folder):
        loaded.notebook.problems.extend(read_cases(path, loaded.book)[1])


def _case(notebook: Notebook, file: str, item: Any, line: int, book: Book) -> Case | None:
    if not isinstance(item, LocatedMap):
        notebook.problems.append(
            Problem(file, "(case)", "must be a mapping", "write name, scheme, as_of …", line)
        )
        return None
    scheme, name = str(item.get("scheme")), str(item.get("name"))
    entry = Entry(notebook, file, f"{scheme}:{name}", item, scheme)
    entry.only("name", "scheme", "as_of", "answers", "expect", "note")
    entry.string("name", required=True)
    entry.choice("scheme", list(book.schemes), required=True)
    as_of = entry.day("as_of", required=True)
    answers = entry.child("answers")
    expect = entry.child("expect", required=True)
    if as_of is None or expect is None:
        return None
    _expect(expect, scheme, book)
    return Case(
        name, scheme, file, line, as_of, _answers(answers, book) if answers else {},
        dict(expect.data),
    )  # fmt: skip


def _answers(entry: Entry, book: Book) -> dict[str, Any]:
    found = {}
    for name, value in entry.data.items():
        fact = book.facts.get(name)
        if fact is None:
            entry.problem(name, f"the fact {name!r} does not exist", nearest(name, book.facts))
            continue
        try:
            found[name] = fact.check(value)
        except FactError as error:
            entry.problem(
                name, f"{value!r} is no answer: {error.reason}",
                nearest(value, fact.options) if fact.options else f"write one of type {fact.type}",
            )  # fmt: skip
    return found


def _expect(entry: Entry, scheme: str, book: Book) -> None:
    entry.only(*EXPECTATIONS)
    if not entry.data:
        entry.problem("", "expects nothing", f"expect any of {', '.join(EXPECTATIONS)}")
    if entry.has("outcome"):
        entry.choice("outcome", OUTCOMES)
    criteria = entry.child("criteria")
    for name, verdict in criteria.data.items() if criteria else ():
        known = book.criteria.get(scheme, {})
        if name not in known:
            criteria.problem(name, "is no criterion", nearest(name, known))  # type: ignore[union-attr]
        allowed = [*Verdict, "absent"]
        if verdict not in allowed:
            criteria.problem(name, f"{verdict!r} is no verdict", nearest(verdict, allowed))  # type: ignore[union-attr]
    for key in ("next", "missing"):
        for fact in entry.words(key):
            if fact not in book.facts:
                entry.problem(key, f"{fact!r} is no fact", nearest(fact, book.facts))
    parameters = entry.child("parameters")
    for name in parameters.data if parameters else ():
        if qualified(name, scheme) not in book.parameters:
            parameters.problem(name, "is no parameter", nearest(name, book.parameters))  # type: ignore[union-attr]


def all_cases(folder: Path, book: Book) -> Iterator[Case]:
    """Every case below a folder, leaving out what is faulty."""
    for path in case_files(folder):
        yield from read_cases(path, book)[0]


@dataclass(frozen=True, slots=True)
class Failure:
    """What a case expected, and what came out."""

    case: Case
    what: str
    expected: Any
    actual: Any

    def __str__(self) -> str:
        return (
            f"{self.case.file}:{self.case.line}: {self.case.scheme}: {self.case.name}\n"
            f"    {self.what}: expected {_plain(self.expected)}, got {_plain(self.actual)}"
        )


def run_case(rules: Rules, case: Case) -> list[Failure]:
    """Everything in which a case differs from what the rules say; empty if it holds."""
    actual = _actual(rules, case)
    failures = []
    for key, expected in case.expect.items():
        if isinstance(expected, dict):
            for name, value in expected.items():
                found = actual[key](name)
                if found != _comparable(value):
                    failures.append(Failure(case, f"{key}.{name}", value, found))
        else:
            found = actual[key]()
            if _comparable(found) != _comparable(expected):
                failures.append(Failure(case, key, expected, found))
    return failures


def _actual(rules: Rules, case: Case) -> dict[str, Callable[..., Any]]:
    """How to find what came out, for each thing that can be expected."""

    @cache
    def assessment() -> Assessment:
        return rules.assess(case.scheme, case.answers, case.as_of)

    def verdict(name: str) -> str:
        results = assessment().criteria
        return next((str(r.verdict) for r in results if r.id == name), "absent")

    def alternatives(name: str) -> str | None:
        found = dict(rules.alternatives(case.scheme, case.answers, case.as_of))
        return str(found[name]) if name in found else None

    def documents() -> list[str]:
        groups = rules.documents(case.scheme, "en", case.answers, as_of=case.as_of)
        return sorted(item.id for group in groups for item in group.items)

    def document(name: str) -> bool:
        return name in documents()

    return {
        "outcome": lambda: str(assessment().outcome),
        "criteria": verdict,
        "next": lambda: assessment().next_fact,
        "missing": lambda: list(assessment().missing),
        "tally": lambda: list(assessment().tally or ()),
        "refer": lambda: list(assessment().refer),
        "alternatives": alternatives,
        "parameters": lambda name: _comparable(
            rules.parameter(qualified(name, case.scheme), case.as_of)
        ),
        "documents": document,
    }


def _comparable(value: Any) -> Any:
    return list(value) if isinstance(value, list | tuple) else value


def _plain(value: Any) -> str:
    if isinstance(value, list | tuple):
        return "[" + ", ".join(str(item) for item in value) + "]"
    return str(value)
