"""The database's tables, and a Book as their rows.

Texts stand in one column a language (title_en, title_zh_hant …), so that a table can be read as it
is. Days are ISO texts. Values of mixed type (a number, a day, a list) are JSON.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from .criteria import Criterion, Limit, Test
from .languages import LANGUAGES, Text
from .model import Block, Book, Document, Firm, Group, Step
from .parameters import Parameter

if TYPE_CHECKING:  # a large import that only building needs
    from sqlite_utils import Database

FORMAT = 2
"""Changes when a database built before can no longer be read."""

Row = dict[str, Any]


def suffix(language: str) -> str:
    """The end of a language's column names.

    >>> suffix("zh-Hant")
    'zh_hant'
    """
    return language.lower().replace("-", "_")


def _texts(*names: str) -> dict[str, type]:
    return {f"{name}_{suffix(language)}": str for name in names for language in LANGUAGES}


def _spread(name: str, text: Text | None) -> Row:
    return {f"{name}_{suffix(lang)}": text[lang] if text else None for lang in LANGUAGES}


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def encode(value: Any) -> str:
    """A value as JSON; days become {"day": …}, parameters {"parameter": …}."""

    def plain(item: Any) -> Any:
        if isinstance(item, date):
            return {"day": item.isoformat()}
        if isinstance(item, Limit):
            return {"parameter": item.parameter}
        if isinstance(item, list | tuple):
            return [plain(part) for part in item]
        if isinstance(item, Mapping):
            return {"text": dict(item)}
        return item

    return json.dumps(plain(value), ensure_ascii=False)


def encode_tests(tests: Iterable[Test], unsure_if: Iterable[Any]) -> str:
    """A leaf's tests as JSON."""
    return json.dumps(
        {
            "tests": [[test.operator, json.loads(encode(test.operand))] for test in tests],
            "unsure_if": json.loads(encode(list(unsure_if))),
        },
        ensure_ascii=False,
    )


_SPAN: dict[str, type] = {"start": str, "until": str}
_GROUND: dict[str, type] = {"as_of": str, "confidence": str}
_ITEM: dict[str, type] = {"id": int, "scheme": str, "group": str, "position": int, "name": str}


def create(db: Database) -> None:
    """Every table, empty, strict, with its foreign keys."""
    make = _maker(db)
    make("meta", {"key": str, "value": str}, "key")
    make("languages", {"id": str}, "id")
    make(
        "sources",
        {"id": str, **_texts("title"), "publisher": str, "url": str, "kind": str, "date": str,
         "note": str},
        "id",
    )  # fmt: skip
    make(
        "schemes",
        {"id": str, "position": int, **_texts("name", "short"), "has_interview": int,
         "suggest": int, "official_url": str, "launched": str, "sort": float},
        "id",
    )  # fmt: skip
    make("scheme_aliases", {"scheme": str, "position": int, "alias": str}, None, ["scheme"])
    make("topics", {"id": str, "position": int, **_texts("title"), "scope": str,
                    "needs_scheme": int}, "id")  # fmt: skip
    make(
        "facts",
        {"id": str, "position": int, "type": str, **_texts("question", "help", "label"),
         "minimum": float, "maximum": float, "unit": str, "extract": str, "words": str},
        "id",
    )  # fmt: skip
    make("fact_options", {"fact": str, "position": int, "option": str, **_texts("title")},
         ("fact", "option"), ["fact"])  # fmt: skip
    make("parameters", {"id": str, "scheme": str, "position": int, "name": str, "unit": str,
                        "meaning": str}, "id", ["scheme"])  # fmt: skip
    make("parameter_values", {"id": int, "parameter": str, "position": int, "start": str,
                              "exact": int, "value": str, **_GROUND},
         "id", ["parameter"])  # fmt: skip
    make(
        "answers",
        {"id": int, "scheme": str, "topic": str, "position": int, **_texts("text"),
         "established": int, **_SPAN, **_GROUND},
        "id", ["scheme", "topic"],
    )  # fmt: skip
    make("answer_see", {"answer": int, "position": int, "topic": str}, None, ["answer", "topic"])
    make("answer_keywords", {"answer": int, "language": str, "keywords": str}, None,
         ["answer", "language"])  # fmt: skip
    make(
        "criteria",
        {"id": str, "scheme": str, "name": str, "position": int, "kind": str, "needed": str,
         "fact": str, "tests": str, **_texts("title", "why", "if_unknown", "if_not_met"), **_SPAN,
         **_GROUND, "is_root": int, "tally": int, "refer": int},
        "id", ["scheme", "fact"],
    )  # fmt: skip
    make("criterion_children", {"criterion": str, "position": int, "child": str}, None,
         ["criterion", ("child", "criteria")])  # fmt: skip
    make("criterion_documents", {"criterion": str, "position": int, "document": str}, None,
         ["criterion"])  # fmt: skip
    make("interviews", {"scheme": str, "position": int, "fact": str}, ("scheme", "fact"),
         ["scheme", "fact"])  # fmt: skip
    make("document_groups", {"id": str, "scheme": str, "position": int, "name": str,
                             **_texts("title"), **_SPAN}, "id", ["scheme"])  # fmt: skip
    make(
        "documents",
        {**_ITEM, **_texts("text", "condition"), "fact": str, "tests": str, "form": str,
         "by": str, "original": int, **_SPAN, **_GROUND},
        "id", ["scheme", ("group", "document_groups"), "fact", ("form", "parameters")],
    )  # fmt: skip
    make("step_groups", {"id": str, "scheme": str, "position": int, "name": str,
                         **_texts("title"), **_SPAN}, "id", ["scheme"])  # fmt: skip
    make(
        "steps",
        {**_ITEM, **_texts("text", "takes"), "who": str, "takes_parameter": str, **_SPAN,
         **_GROUND},
        "id", ["scheme", ("group", "step_groups"), ("takes_parameter", "parameters")],
    )  # fmt: skip
    make("totals", {"scheme": str, "parameter": str}, "scheme", ["scheme", "parameter"])
    make("comparison_rows", {"id": str, "position": int, **_texts("title")}, "id")
    make("comparison_alike", {"position": int, **_texts("text")}, "position")
    make("compared_schemes", {"id": str, "position": int, **_GROUND}, "id",
         [("id", "schemes")])  # fmt: skip
    make("comparison_cells", {"scheme": str, "row": str, **_texts("text")}, ("scheme", "row"),
         [("scheme", "compared_schemes"), ("row", "comparison_rows")])  # fmt: skip
    make("firm", {"id": int, **_texts("name", "address", "office_hours"), "phone": str,
                  "email": str, "web": str, "as_of": str}, "id")  # fmt: skip
    make("firm_services", {"id": str, "position": int, **_texts("text")}, "id")
    for owner, table, kind in GROUNDED:
        make(f"{owner}_sources", {owner: kind, "position": int, "source": str}, None,
             [(owner, table), "source"])  # fmt: skip


GROUNDED: tuple[tuple[str, str, type], ...] = (
    ("parameter_value", "parameter_values", int),
    ("answer", "answers", int),
    ("criterion", "criteria", str),
    ("document", "documents", int),
    ("step", "steps", int),
    ("compared_scheme", "compared_schemes", str),
    ("firm", "firm", int),
    ("firm_service", "firm_services", str),
)
"""Owner, its table and the type of its key, for each table of sources."""

_PLURALS = {
    "scheme": "schemes", "fact": "facts", "topic": "topics", "source": "sources",
    "parameter": "parameters", "criterion": "criteria", "answer": "answers",
    "language": "languages",
}  # fmt: skip


def _maker(db: Database) -> Any:
    def make(
        name: str,
        columns: dict[str, type],
        pk: Any,
        keys: Iterable[str | tuple[str, str]] = (),
    ) -> None:
        foreign = [
            (key, _PLURALS[key], "id") if isinstance(key, str) else (*key, "id") for key in keys
        ]
        db.table(name).create(
            columns, pk=pk, foreign_keys=foreign, strict=True, column_order=list(columns)
        )

    return make


def rows(book: Book) -> Iterator[tuple[str, list[Row]]]:
    """Every table with its rows, in an order in which foreign keys hold."""
    writer = _Writer(book)
    writer.write()
    yield from writer.tables.items()


class _Writer:
    def __init__(self, book: Book) -> None:
        self.book = book
        self.tables: dict[str, list[Row]] = {}

    def add(self, table: str, row: Row) -> None:
        self.tables.setdefault(table, []).append(row)

    def grounds(self, owner: str, key: int | str, sources: Iterable[str]) -> None:
        for position, source in enumerate(sources):
            self.add(f"{owner}_sources", {owner: key, "position": position, "source": source})

    def write(self) -> None:
        for language in LANGUAGES:
            self.add("languages", {"id": language})
        self._shared()
        for scheme in self.book.schemes:
            self._scheme(scheme)
        for position, parameter in enumerate(self.book.parameters.values()):
            self._parameter(parameter, position)
        for block in self.book.all_blocks():
            self._block(block)
        for scheme in self.book.criteria:
            self._criteria(scheme)
        for groups in self.book.documents.values():
            for position, group in enumerate(groups.values()):
                self._group("document_groups", group, position)
        for groups in self.book.procedures.values():
            for position, group in enumerate(groups.values()):
                self._group("step_groups", group, position)
        for scheme, parameter_id in self.book.totals.items():
            self.add("totals", {"scheme": scheme, "parameter": parameter_id})
        self._comparison()
        if self.book.firm is not None:
            self._firm(self.book.firm)

    def _shared(self) -> None:
        for source in self.book.sources.values():
            self.add("sources", {
                "id": source.id, **_spread("title", source.title), "publisher": source.publisher,
                "url": source.url, "kind": source.kind, "date": _day(source.date),
                "note": source.note,
            })  # fmt: skip
        for position, topic in enumerate(self.book.topics.values()):
            self.add("topics", {
                "id": topic.id, "position": position, **_spread("title", topic.title),
                "scope": topic.scope, "needs_scheme": int(topic.needs_scheme),
            })  # fmt: skip
        for position, fact in enumerate(self.book.facts.values()):
            self.add("facts", {
                "id": fact.id, "position": position, "type": fact.type,
                **_spread("question", fact.question), **_spread("help", fact.help),
                **_spread("label", fact.label), "minimum": fact.minimum, "maximum": fact.maximum,
                "unit": fact.unit, "extract": fact.extract,
                "words": json.dumps(
                    {option: list(words) for option, words in fact.words.items()},
                    ensure_ascii=False,
                ),
            })  # fmt: skip
            for place, (option, title) in enumerate(fact.options.items()):
                self.add("fact_options", {"fact": fact.id, "position": place, "option": option,
                                          **_spread("title", title)})  # fmt: skip

    def _scheme(self, name: str) -> None:
        scheme = self.book.schemes[name]
        self.add("schemes", {
            "id": name, "position": len(self.tables.get("schemes", ())),
            **_spread("name", scheme.name), **_spread("short", scheme.short),
            "has_interview": int(scheme.has_interview), "suggest": int(scheme.suggest),
            "official_url": scheme.official_url, "launched": scheme.launched,
            "sort": float(scheme.order),
        })  # fmt: skip
        for position, alias in enumerate(scheme.aliases):
            self.add("scheme_aliases", {"scheme": name, "position": position, "alias": alias})

    def _parameter(self, parameter: Parameter, position: int) -> None:
        self.add("parameters", {
            "id": parameter.id, "scheme": parameter.scheme, "position": position,
            "name": parameter.name, "unit": parameter.unit, "meaning": parameter.meaning,
        })  # fmt: skip
        for place, value in enumerate(parameter.values):
            key = len(self.tables.get("parameter_values", ())) + 1
            self.add("parameter_values", {
                "id": key, "parameter": parameter.id, "position": place,
                "start": _day(value.start), "exact": int(value.exact),
                "value": encode(value.value),
                "as_of": _day(value.as_of), "confidence": value.confidence,
            })  # fmt: skip
            self.grounds("parameter_value", key, value.sources)

    def _block(self, block: Block) -> None:
        key = len(self.tables.get("answers", ())) + 1
        self.add("answers", {
            "id": key, "scheme": block.scheme, "topic": block.topic, "position": key,
            **_spread("text", block.text), "established": int(block.established),
            "start": _day(block.start), "until": _day(block.until), "as_of": _day(block.as_of),
            "confidence": block.confidence,
        })  # fmt: skip
        self.grounds("answer", key, block.sources)
        for position, topic in enumerate(block.see):
            self.add("answer_see", {"answer": key, "position": position, "topic": topic})
        for language, keywords in block.keywords.items():
            self.add("answer_keywords", {"answer": key, "language": language,
                                         "keywords": keywords})  # fmt: skip

    def _criteria(self, scheme: str) -> None:
        for position, criterion in enumerate(self.book.criteria[scheme].values()):
            self._criterion(scheme, criterion, position)
        for position, fact in enumerate(self.book.interviews[scheme]):
            self.add("interviews", {"scheme": scheme, "position": position, "fact": fact})

    def _criterion(self, scheme: str, criterion: Criterion, position: int) -> None:
        key = f"{scheme}.{criterion.id}"
        self.add("criteria", {
            "id": key, "scheme": scheme, "name": criterion.id, "position": position,
            "kind": criterion.kind,
            "needed": None if criterion.needed is None else encode(criterion.needed),
            "fact": criterion.fact,
            "tests": encode_tests(criterion.tests, criterion.unsure_if),
            **_spread("title", criterion.title), **_spread("why", criterion.why),
            **_spread("if_unknown", criterion.if_unknown),
            **_spread("if_not_met", criterion.if_not_met),
            "start": _day(criterion.start), "until": _day(criterion.until),
            "as_of": _day(criterion.as_of), "confidence": criterion.confidence,
            "is_root": int(self.book.roots.get(scheme) == criterion.id),
            "tally": int(criterion.tally), "refer": int(criterion.refer),
        })  # fmt: skip
        self.grounds("criterion", key, criterion.sources)
        for place, child in enumerate(criterion.children):
            self.add("criterion_children", {"criterion": key, "position": place,
                                            "child": f"{scheme}.{child}"})  # fmt: skip
        for place, document in enumerate(criterion.prove):
            self.add("criterion_documents", {"criterion": key, "position": place,
                                             "document": document})  # fmt: skip

    def _group(self, table: str, group: Group, position: int) -> None:
        key = f"{group.scheme}.{group.id}"
        self.add(table, {
            "id": key, "scheme": group.scheme, "position": position, "name": group.id,
            **_spread("title", group.title), "start": _day(group.start),
            "until": _day(group.until),
        })  # fmt: skip
        for place, item in enumerate(group.items):
            if isinstance(item, Document):
                self._document(item, key, place)
            else:
                self._step(item, key, place)

    def _item(self, item: Document | Step, table: str, group: str, position: int) -> Row:
        return {
            "id": len(self.tables.get(table, ())) + 1, "scheme": item.scheme, "group": group,
            "position": position, "name": item.id, **_spread("text", item.text),
            "start": _day(item.start), "until": _day(item.until), "as_of": _day(item.as_of),
            "confidence": item.confidence,
        }  # fmt: skip

    def _document(self, item: Document, group: str, position: int) -> None:
        row = self._item(item, "documents", group, position)
        when = item.when
        self.add("documents", {
            **row, **_spread("condition", item.condition),
            "fact": when.fact if when else None,
            "tests": encode_tests(when.tests, when.unsure_if) if when else None,
            "form": item.form, "by": item.by,
            "original": None if item.original is None else int(item.original),
        })  # fmt: skip
        self.grounds("document", row["id"], item.sources)

    def _step(self, item: Step, group: str, position: int) -> None:
        row = self._item(item, "steps", group, position)
        self.add("steps", {
            **row, **_spread("takes", item.takes), "who": encode(item.who),
            "takes_parameter": item.takes_parameter,
        })  # fmt: skip
        self.grounds("step", row["id"], item.sources)

    def _comparison(self) -> None:
        table = self.book.comparison
        for position, (row, title) in enumerate(table.rows.items()):
            self.add("comparison_rows", {"id": row, "position": position,
                                         **_spread("title", title)})  # fmt: skip
        for position, text in enumerate(table.alike):
            self.add("comparison_alike", {"position": position, **_spread("text", text)})
        for position, (scheme, column) in enumerate(table.columns.items()):
            self.add("compared_schemes", {"id": scheme, "position": position,
                                          "as_of": _day(column.as_of),
                                          "confidence": column.confidence})  # fmt: skip
            self.grounds("compared_scheme", scheme, column.sources)
            for row, cell in column.cells.items():
                self.add("comparison_cells", {"scheme": scheme, "row": row,
                                              **_spread("text", cell)})  # fmt: skip

    def _firm(self, firm: Firm) -> None:
        self.add("firm", {
            "id": 1, **_spread("name", firm.name), **_spread("address", firm.address),
            **_spread("office_hours", firm.office_hours), "phone": firm.phone,
            "email": firm.email, "web": firm.web, "as_of": _day(firm.as_of),
        })  # fmt: skip
        self.grounds("firm", 1, firm.sources)
        for position, service in enumerate(firm.services):
            self.add("firm_services", {"id": service.id, "position": position,
                                       **_spread("text", service.text)})  # fmt: skip
            self.grounds("firm_service", service.id, service.sources)
