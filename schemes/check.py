"""Refusing data that could make a reply wrong: what one file says about another.

`check` is the whole validation. It finds every fault it can, so that an author mends them in one
go; limited to a scheme it keeps quiet about folders that others are still writing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path

from .cases import check_cases
from .criteria import Criterion, Limit
from .entries import Entry, Wording, nearest
from .errors import Problem
from .files import UNREADABLE
from .languages import foreign_characters
from .load import load
from .model import GENERAL, Book
from .reader import SHARED, Loaded
from .templates import HISTORY, Placeholder, TemplateError, parse
from .wording import check_wording

_PLAIN_FILES = frozenset({"sources.yml", "topics.yml", "firm.yml", "scheme.yml"})
"""Files whose texts are shown as they stand."""

_LEANED_ON = frozenset({"sources.yml", "topics.yml", "facts.yml", f"{GENERAL}/parameters.yml"})
"""Files whose names are used in all others."""

_LIMIT_UNITS = {
    "whole_number": ("years", "age", "count"),
    "years": ("years", "count"),
    "money": ("hkd",),
    "date": ("months",),
    "yes_no": (),
    "choice": (),
}

_NUMERALS = re.compile(
    r"[二兩两三四五六七八九十]+(?:年|個月|个月|か月|週|周|星期|日以內|歲|岁|歳)"
    r"|\b(?:two|three|four|five|six|seven|eight|nine|ten|twelve) (?:years|months|weeks|days)\b",
    re.IGNORECASE,
)


def check(
    data: Path, cases: Path | None, today: date, schemes: Iterable[str] = ()
) -> tuple[Loaded, list[Problem]]:
    """The data and everything wrong with it, warnings included, in the order of the files.

    :param schemes: only faults of these folders (and of what is theirs in facts.yml and
        compare.yml) are returned; none means all.
    """
    loaded = load(data, today)
    check_wording(loaded.notebook)
    if not _is_blind(loaded):
        _references(loaded)
        _wordings(loaded, today)
        _interviews(loaded)
        _limits(loaded)
        _cycles(loaded)
        if cases is not None and cases.exists():
            check_cases(cases, loaded)
    problems = _limited(loaded, tuple(schemes))
    return loaded, sorted(set(problems), key=lambda p: (p.file, p.line or 0, p.key, p.what))


def _is_blind(loaded: Loaded) -> bool:
    """Whether a file is unreadable that all others lean on: what they miss is then no fault."""
    return any(
        problem.key == UNREADABLE and problem.file in _LEANED_ON
        for problem in loaded.notebook.problems
    )


def _limited(loaded: Loaded, schemes: tuple[str, ...]) -> list[Problem]:
    problems = loaded.notebook.problems
    if not schemes:
        return list(problems)
    facts = {fact for scheme in schemes for fact in loaded.book.interviews.get(scheme, ())}
    return [problem for problem in problems if _concerns(problem, schemes, facts)]


def _concerns(problem: Problem, schemes: tuple[str, ...], facts: set[str]) -> bool:
    folder, _, _ = problem.file.partition("/")
    if folder in schemes or problem.file.startswith("cases/"):
        # A case names its scheme in the first part of the key.
        return folder in schemes or problem.key.partition(":")[0] in (*schemes, UNREADABLE)
    if problem.key == UNREADABLE and ("/" not in problem.file or problem.file in _LEANED_ON):
        return True
    if problem.file == "compare.yml":
        return problem.key.removeprefix("schemes.").partition(".")[0] in schemes
    return problem.file == "facts.yml" and problem.key.partition(".")[0] in facts


# ── names that must exist ────────────────────────────────────────────────────────────────────


def _references(loaded: Loaded) -> None:
    book = loaded.book
    documents = {
        scheme: {item.id for group in groups.values() for item in group.items}
        for scheme, groups in book.documents.items()
    }
    known: dict[str, Mapping[str, object]] = {
        "source": book.sources,
        "fact": book.facts,
        "topic": book.topics,
        "parameter": book.parameters,
        "scheme": book.schemes,
    }
    for reference in loaded.references:
        scheme = reference.entry.scheme
        if reference.kind == "grounds":
            _grounds(book, reference.entry)
            continue
        names: Iterable[str]
        if reference.kind == "criterion":
            names = book.criteria.get(scheme, {})
        elif reference.kind == "document":
            names = documents.get(scheme, set())
        else:
            names = known[reference.kind]
        if reference.name in names:
            if reference.kind == "topic" and reference.key == "see":
                _dead_button(book, reference.name, reference.entry)
            continue
        reference.entry.problem(
            reference.key,
            f"the {reference.kind} {reference.name!r} does not exist",
            nearest(reference.name, (name for name in names if "/" not in name)),
        )


def _dead_button(book: Book, topic: str, entry: Entry) -> None:
    # What is about the family or the firm stands in one folder and is offered under any scheme.
    anywhere = book.topics[topic].scope in ("family", "firm") and book.topics[topic].schemes
    if not anywhere and not {(entry.scheme, topic), (GENERAL, topic)} & book.blocks.keys():
        entry.problem(
            "see",
            f"offers {topic!r}, which neither {entry.scheme} nor general answers",
            "write that answer or offer another topic",
            warning=True,
        )


def _grounds(book: Book, entry: Entry) -> None:
    """An answer must rest on something: its own source and day, or a parameter that has them."""
    if not entry.truth("established", default=True):
        return
    text = entry.data.get("text")
    pieces = _pieces(text.get("en")) if isinstance(text, dict) else []
    leaning = any(
        piece.kind == "list" or (piece.kind == "parameter" and piece.form not in HISTORY)
        for piece in pieces
    )
    for key in ("source", "as_of"):
        if not entry.has(key) and not leaning:
            entry.problem(
                key, "is missing, and no parameter stands in for it",
                "write it, or use the parameter that the answer rests on",
            )  # fmt: skip


def _pieces(text: object) -> list[Placeholder]:
    try:
        return [piece for piece in parse(str(text)) if isinstance(piece, Placeholder)]
    except TemplateError:
        return []


# ── texts ────────────────────────────────────────────────────────────────────────────────────


def _wordings(loaded: Loaded, today: date) -> None:
    used: dict[tuple[str, str], dict[str, tuple[Wording, frozenset[Placeholder]]]] = {}
    for wording in loaded.notebook.wordings:
        try:
            pieces = [piece for piece in parse(wording.text) if isinstance(piece, Placeholder)]
        except TemplateError as error:
            _note(loaded, wording, str(error), "see schemes/README.md for what can stand in braces")
            continue
        if pieces and wording.file.rpartition("/")[2] in _PLAIN_FILES:
            _note(loaded, wording, "holds a placeholder, and nothing fills it in here", "say it")
            continue
        for piece in pieces:
            _placeholder(loaded, wording, piece, today)
        _script(loaded, wording)
        key = wording.key.rpartition(".")[0]
        used.setdefault((wording.file, key), {})[wording.language] = (
            wording,
            frozenset(piece for piece in pieces if _is_number(loaded.book, piece, wording.scheme)),
        )
    for languages in used.values():
        _same_placeholders(loaded, list(languages.values()))


def _note(
    loaded: Loaded, wording: Wording, what: str, remedy: str, *, warning: bool = False
) -> None:
    loaded.notebook.problems.append(
        Problem(wording.file, wording.key, what, remedy, wording.line, warning)
    )


def _script(loaded: Loaded, wording: Wording) -> None:
    if wording.file == "sources.yml":
        return
    if foreign := foreign_characters(wording.text, wording.language):
        _note(
            loaded, wording, f"holds {foreign!r}, which {wording.language} does not write",
            "use that language's characters", warning=True,
        )  # fmt: skip
    if found := _NUMERALS.search(wording.text):
        _note(
            loaded, wording, f"says {found.group()!r} in words",
            "if it is a rule, make it a parameter", warning=True,
        )  # fmt: skip


def _same_placeholders(
    loaded: Loaded, languages: list[tuple[Wording, frozenset[Placeholder]]]
) -> None:
    """A number that one language says and another leaves out is a mistake somewhere."""
    everything = frozenset[Placeholder]().union(*(placeholders for _, placeholders in languages))
    for wording, placeholders in languages:
        missing = {_written(piece) for piece in everything - placeholders}
        if missing:
            _note(
                loaded, wording,
                f"does not use {', '.join(sorted(missing))}, which another language does",
                "say the same in each language", warning=True,
            )  # fmt: skip


def _is_number(book: Book, piece: Placeholder, scheme: str) -> bool:
    """Whether it says a number or a day; names and codes may differ from language to language."""
    if piece.kind != "parameter":
        return False
    parameter = book.parameter(piece.name, GENERAL if scheme == SHARED else scheme)
    return parameter is not None and parameter.unit not in ("code", "text")


def _written(piece: Placeholder) -> str:
    name = piece.name if piece.kind == "parameter" else f"{piece.kind}:{piece.name}"
    return "{" + name + (f":{piece.form}" if piece.form else "") + "}"


def _placeholder(loaded: Loaded, wording: Wording, piece: Placeholder, today: date) -> None:
    book = loaded.book
    scheme = GENERAL if wording.scheme == SHARED else wording.scheme
    if piece.kind == "parameter":
        _parameter(loaded, wording, piece, scheme, today)
        return
    if piece.kind == "list":
        names: Iterable[str] = {
            "criteria": [n for n in book.criteria.get(scheme, {}) if "/" not in n],
            "documents": book.documents.get(scheme, {}),
            "steps": book.procedures.get(scheme, {}),
        }[piece.name]
        known = piece.form in names if piece.form else bool(list(names))
        wanted = piece.form
    else:
        names = book.sources if piece.kind == "url" else book.schemes
        known = piece.name in names or piece.kind == "firm"
        wanted = piece.name
    if not known:
        _note(loaded, wording, f"{_written(piece)} refers to nothing", nearest(wanted, names))
    if piece.kind == "url" and known and book.sources[piece.name].url is None:
        _note(loaded, wording, f"the source {piece.name!r} has no url", "refer to another")
    if piece.kind == "firm" and book.firm is not None and not getattr(book.firm, piece.name):
        _note(loaded, wording, f"firm.yml has no {piece.name}", "leave it out of the text")


def _parameter(
    loaded: Loaded, wording: Wording, piece: Placeholder, scheme: str, today: date
) -> None:
    parameter = loaded.book.parameter(piece.name, scheme)
    if parameter is None:
        own = [p.name for p in loaded.book.parameters.values() if p.scheme == scheme]
        _note(
            loaded, wording,
            f"the parameter {piece.name!r} does not exist"
            + ("" if "." in piece.name else f" in {scheme}"),
            nearest(piece.name, [*own, *loaded.book.parameters]),
        )  # fmt: skip
        return
    current, earlier = parameter.at(today), parameter.before(today)
    if piece.form in ("", "number") and (current is None or current.value is None):
        _note(
            loaded, wording, f"{parameter.id} has no value today",
            "tell what was with {name:was} and {name:until}, or leave it out",
        )  # fmt: skip
    elif piece.form == "from" and (current is None or current.start is None):
        _note(loaded, wording, f"{parameter.id} has no known first day", "leave the day out")
    elif piece.form in ("from", "until") and current is not None and not current.exact:
        _note(
            loaded, wording, f"the day on which {parameter.id} became what it is, is not exact",
            "leave the day out",
        )  # fmt: skip
    elif piece.form in HISTORY and (
        earlier is None or (piece.form != "until" and earlier.value is None)
    ):
        _note(loaded, wording, f"{parameter.id} had no value before", "leave the history out")


# ── criteria ─────────────────────────────────────────────────────────────────────────────────


def _interviews(loaded: Loaded) -> None:
    for scheme, criteria in loaded.book.criteria.items():
        interview = loaded.book.interviews.get(scheme, ())
        reached = _reached(loaded.book, scheme)
        used = {c.fact for c in criteria.values() if c.fact and c.id in reached}
        file = f"{scheme}/criteria.yml"
        for fact in sorted(used - set(interview)):
            loaded.notebook.problems.append(
                Problem(file, "interview", f"does not ask {fact!r}, which a criterion uses",
                        "add it where it should be asked")
            )  # fmt: skip
        for fact in interview:
            if fact not in used:
                loaded.notebook.problems.append(
                    Problem(file, "interview", f"asks {fact!r}, which no criterion uses",
                            "drop it, or write the criterion")
                )  # fmt: skip
        for name in criteria:
            if "/" not in name and name not in reached:
                loaded.notebook.problems.append(
                    Problem(file, f"criteria.{name}", "is under no other criterion",
                            "add it to a parent, or drop it")
                )  # fmt: skip


def _reached(book: Book, scheme: str) -> set[str]:
    criteria = book.criteria[scheme]
    reached: set[str] = set()
    waiting = [book.roots.get(scheme, "")]
    while waiting:
        name = waiting.pop()
        if name in criteria and name not in reached:
            reached.add(name)
            waiting.extend(criteria[name].children)
    return reached


def _limits(loaded: Loaded) -> None:
    """A limit must be in the unit of what it limits: HK$ for money, months for a span."""
    book = loaded.book
    for scheme, criteria in book.criteria.items():
        for criterion in criteria.values():
            fact = book.facts.get(criterion.fact or "")
            wanted = {
                test.operand.parameter: _LIMIT_UNITS[fact.type]
                for test in criterion.tests
                if fact is not None and isinstance(test.operand, Limit)
            }
            if isinstance(criterion.needed, Limit):
                wanted[criterion.needed.parameter] = ("count",)
            for name, units in wanted.items():
                parameter = book.parameters.get(name)
                if parameter is not None and parameter.unit not in units:
                    key, number = criterion.id.partition("/")[::2]
                    loaded.notebook.problems.append(
                        Problem(
                            f"{scheme}/criteria.yml",
                            f"criteria.{key}" + (f"[{number}]" if number else ""),
                            f"compares with {name}, which is in {parameter.unit}",
                            f"use a parameter in {' or '.join(units)}",
                        )
                    )


def _cycles(loaded: Loaded) -> None:
    for scheme, criteria in loaded.book.criteria.items():
        for cycle in _find_cycles(criteria):
            loaded.notebook.problems.append(
                Problem(
                    f"{scheme}/criteria.yml", f"criteria.{cycle[0]}",
                    f"contains itself: {' → '.join(cycle)}", "break the circle",
                )
            )  # fmt: skip


def _find_cycles(criteria: dict[str, Criterion]) -> Iterator[list[str]]:
    done: set[str] = set()

    def visit(name: str, path: list[str]) -> Iterator[list[str]]:
        if name in path:
            yield [*path[path.index(name) :], name]
            return
        if name in done or name not in criteria:
            return
        for child in criteria[name].children:
            yield from visit(child, [*path, name])
        done.add(name)

    for name in criteria:
        yield from visit(name, [])
