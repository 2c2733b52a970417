"""A Book from the database's rows: the reverse of tables.py."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from .criteria import Criterion, Limit, Test
from .facts import Fact
from .languages import LANGUAGES, Text
from .model import (
    Block,
    Book,
    Column,
    Comparison,
    Document,
    Firm,
    Group,
    Scheme,
    Service,
    Source,
    Step,
    Topic,
)
from .parameters import Parameter, Value
from .tables import GROUNDED, suffix

Row = Mapping[str, Any]


def read_book(connection: sqlite3.Connection) -> Book:
    """Everything in the database. This is a read-only operation."""
    reader = _Reader(connection)
    return reader.read()


def _text(row: Row, name: str) -> Text | None:
    found = {language: row[f"{name}_{suffix(language)}"] for language in LANGUAGES}
    return found if found["en"] is not None else None


def _sure(row: Row, name: str) -> Text:
    text = _text(row, name)
    assert text is not None, f"{name} is required by the validation"
    return text


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def decode(encoded: str) -> Any:
    """The reverse of tables.encode; lists come back as tuples."""
    return _decoded(json.loads(encoded))


def _decoded(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_decoded(item) for item in value)
    if isinstance(value, dict):
        if "day" in value:
            return date.fromisoformat(value["day"])
        return Limit(value["parameter"]) if "parameter" in value else value["text"]
    return value


def _tests(encoded: str) -> tuple[tuple[Test, ...], tuple[Any, ...]]:
    data = json.loads(encoded)
    tests = tuple(Test(operator, _decoded(operand)) for operator, operand in data["tests"])
    return tests, _decoded(data["unsure_if"])


class _Reader:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._lists: dict[str, dict[Any, tuple[str, ...]]] = {
            f"{owner}_sources": self._grouped(f"{owner}_sources", owner, "source")
            for owner, _, _ in GROUNDED
        }

    def _rows(self, table: str, order: str = "position") -> Iterator[Row]:
        cursor = self._connection.execute(f"select * from [{table}] order by [{order}]")
        names = [column[0] for column in cursor.description]
        for row in cursor:
            yield dict(zip(names, row, strict=True))

    def _grouped(self, table: str, key: str, value: str) -> dict[Any, tuple[str, ...]]:
        groups: dict[Any, tuple[str, ...]] = {}
        for row in self._rows(table):
            groups[row[key]] = (*groups.get(row[key], ()), row[value])
        return groups

    def _sources(self, owner: str, key: Any) -> tuple[str, ...]:
        return self._lists[f"{owner}_sources"].get(key, ())

    def read(self) -> Book:
        book = Book()
        self._shared(book)
        self._schemes(book)
        self._parameters(book)
        self._answers(book)
        self._criteria(book)
        book.documents = self._groups(book, "document_groups", self._documents())
        book.procedures = self._groups(book, "step_groups", self._steps())
        book.totals = {row["scheme"]: row["parameter"] for row in self._rows("totals", "scheme")}
        book.comparison = self._comparison()
        book.firm = self._firm()
        self._topics(book)
        return book

    def _shared(self, book: Book) -> None:
        for row in self._rows("sources", "rowid"):
            book.sources[row["id"]] = Source(
                row["id"], _sure(row, "title"), row["publisher"], row["url"], row["kind"],
                _day(row["date"]), row["note"],
            )  # fmt: skip
        options: dict[str, dict[str, Text]] = {}
        for row in self._rows("fact_options"):
            options.setdefault(row["fact"], {})[row["option"]] = _sure(row, "title")
        for row in self._rows("facts"):
            words = {key: tuple(value) for key, value in json.loads(row["words"]).items()}
            book.facts[row["id"]] = Fact(
                row["id"], row["type"], _sure(row, "question"), _sure(row, "help"),
                _sure(row, "label"), options.get(row["id"], {}), row["minimum"], row["maximum"],
                row["unit"], row["extract"], words,
            )  # fmt: skip

    def _schemes(self, book: Book) -> None:
        aliases = self._grouped("scheme_aliases", "scheme", "alias")
        for row in self._rows("schemes"):
            book.schemes[row["id"]] = Scheme(
                row["id"], _sure(row, "name"), _sure(row, "short"), aliases.get(row["id"], ()),
                bool(row["has_interview"]), bool(row["suggest"]), row["official_url"],
                row["launched"], row["sort"],
            )  # fmt: skip

    def _parameters(self, book: Book) -> None:
        values: dict[str, list[Value]] = {}
        for row in self._rows("parameter_values", "id"):
            as_of = _day(row["as_of"])
            assert as_of is not None, "as_of is required by the validation"
            values.setdefault(row["parameter"], []).append(
                Value(_day(row["start"]), decode(row["value"]),
                      self._sources("parameter_value", row["id"]), as_of, row["confidence"],
                      bool(row["exact"]))
            )  # fmt: skip
        for row in self._rows("parameters"):
            book.parameters[row["id"]] = Parameter(
                row["scheme"], row["name"], row["unit"], row["meaning"], tuple(values[row["id"]])
            )

    def _answers(self, book: Book) -> None:
        see = self._grouped("answer_see", "answer", "topic")
        keywords: dict[int, dict[str, str]] = {}
        for row in self._rows("answer_keywords", "answer"):
            keywords.setdefault(row["answer"], {})[row["language"]] = row["keywords"]
        for row in self._rows("answers"):
            key = (row["scheme"], row["topic"])
            block = Block(
                *key, _sure(row, "text"), self._sources("answer", row["id"]), _day(row["as_of"]),
                row["confidence"], bool(row["established"]), _day(row["start"]),
                _day(row["until"]), see.get(row["id"], ()), keywords.get(row["id"], {}),
            )  # fmt: skip
            book.blocks[key] = (*book.blocks.get(key, ()), block)

    def _criteria(self, book: Book) -> None:
        children = self._grouped("criterion_children", "criterion", "child")
        documents = self._grouped("criterion_documents", "criterion", "document")
        for row in self._rows("criteria", "rowid"):
            tests, unsure_if = _tests(row["tests"])
            start = len(row["scheme"]) + 1
            book.criteria.setdefault(row["scheme"], {})[row["name"]] = Criterion(
                id=row["name"],
                kind=row["kind"],
                children=tuple(child[start:] for child in children.get(row["id"], ())),
                needed=None if row["needed"] is None else decode(row["needed"]),
                fact=row["fact"],
                tests=tests,
                unsure_if=unsure_if,
                title=_text(row, "title"),
                why=_text(row, "why"),
                if_unknown=_text(row, "if_unknown"),
                if_not_met=_text(row, "if_not_met"),
                sources=self._sources("criterion", row["id"]),
                as_of=_day(row["as_of"]),
                confidence=row["confidence"],
                start=_day(row["start"]),
                until=_day(row["until"]),
                tally=bool(row["tally"]),
                refer=bool(row["refer"]),
                prove=documents.get(row["id"], ()),
            )
            if row["is_root"]:
                book.roots[row["scheme"]] = row["name"]
        book.interviews = self._grouped("interviews", "scheme", "fact")

    def _groups(
        self, book: Book, table: str, items: Mapping[str, list[Any]]
    ) -> dict[str, dict[str, Group]]:
        groups: dict[str, dict[str, Group]] = {}
        for row in self._rows(table):
            groups.setdefault(row["scheme"], {})[row["name"]] = Group(
                row["scheme"], row["name"], _sure(row, "title"), tuple(items.get(row["id"], ())),
                _day(row["start"]), _day(row["until"]),
            )  # fmt: skip
        return groups

    def _documents(self) -> dict[str, list[Any]]:
        found: dict[str, list[Any]] = {}
        for row in self._rows("documents", "id"):
            group = row["group"].partition(".")[2]
            original = None if row["original"] is None else bool(row["original"])
            found.setdefault(row["group"], []).append(Document(
                row["scheme"], group, row["name"], _sure(row, "text"), _text(row, "condition"),
                _when(row), row["form"], row["by"], original,
                self._sources("document", row["id"]), _day(row["as_of"]), row["confidence"],
                _day(row["start"]), _day(row["until"]),
            ))  # fmt: skip
        return found

    def _steps(self) -> dict[str, list[Any]]:
        found: dict[str, list[Any]] = {}
        for row in self._rows("steps", "id"):
            group = row["group"].partition(".")[2]
            found.setdefault(row["group"], []).append(Step(
                row["scheme"], group, row["name"], _sure(row, "text"), decode(row["who"]),
                _text(row, "takes"), row["takes_parameter"], self._sources("step", row["id"]),
                _day(row["as_of"]), row["confidence"], _day(row["start"]), _day(row["until"]),
            ))  # fmt: skip
        return found

    def _comparison(self) -> Comparison:
        cells: dict[str, dict[str, Text]] = {}
        for row in self._rows("comparison_cells", "rowid"):
            cells.setdefault(row["scheme"], {})[row["row"]] = _sure(row, "text")
        return Comparison(
            rows={row["id"]: _sure(row, "title") for row in self._rows("comparison_rows")},
            alike=tuple(_sure(row, "text") for row in self._rows("comparison_alike")),
            columns={
                row["id"]: Column(
                    cells.get(row["id"], {}), self._sources("compared_scheme", row["id"]),
                    _day(row["as_of"]), row["confidence"],
                )
                for row in self._rows("compared_schemes")
            },
        )  # fmt: skip

    def _firm(self) -> Firm | None:
        services = tuple(
            Service(row["id"], _sure(row, "text"), self._sources("firm_service", row["id"]))
            for row in self._rows("firm_services")
        )
        for row in self._rows("firm", "id"):
            return Firm(
                _sure(row, "name"), row["phone"], row["email"], row["web"],
                _text(row, "address"), _text(row, "office_hours"), services,
                self._sources("firm", 1), _day(row["as_of"]),
            )  # fmt: skip
        return None

    def _topics(self, book: Book) -> None:
        for row in self._rows("topics"):
            schemes = tuple(s for s in book.schemes if (s, row["id"]) in book.blocks)
            book.topics[row["id"]] = Topic(
                row["id"], _sure(row, "title"), schemes, row["scope"], bool(row["needs_scheme"])
            )


def _when(row: Row) -> Criterion | None:
    if row["fact"] is None:
        return None
    tests, unsure_if = _tests(row["tests"])
    return Criterion(
        f"when:{row['name']}", "fact", fact=row["fact"], tests=tests, unsure_if=unsure_if
    )
