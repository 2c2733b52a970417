"""Reading a scheme's criteria into a flat set of nodes that name their children."""

from __future__ import annotations

from .criteria import OPERATORS, Criterion, Limit
from .entries import Entry
from .files import LocatedMap
from .read_conditions import ConditionReader


class CriteriaReader(ConditionReader):
    """Reads criteria.yml; a test written inline becomes a criterion called parent/number."""

    def criteria(self, file: Entry, scheme: str) -> None:
        file.only("root", "interview", "criteria")
        root = file.string("root", required=True)
        interview = file.words("interview", required=True)
        for fact in interview:
            self._refer("fact", fact, file, "interview")
        criteria: dict[str, Criterion] = {}
        self.book.criteria[scheme] = criteria
        entries = file.child("criteria", required=True)
        if entries is not None:
            for name, entry in entries.children():
                self._criterion(entry, name, criteria, named=True)
        self.book.interviews[scheme] = interview
        if root:
            self.book.roots[scheme] = root
            self._refer("criterion", root, file, "root")

    def _criterion(
        self, entry: Entry, name: str, criteria: dict[str, Criterion], *, named: bool
    ) -> None:
        entry.only(
            "title", "all", "any", "at_least", "of", "not", "fact", *OPERATORS, "unsure_if", "why",
            "if_unknown", "if_not_met", "source", "as_of", "confidence", "from", "until", "tally",
            "refer", "prove", "note",
        )  # fmt: skip
        kinds = [kind for kind in ("all", "any", "at_least", "not", "fact") if kind in entry.data]
        if len(kinds) != 1:
            entry.problem(
                "",
                f"must be one of all, any, at_least, not, fact; it is {kinds or 'none'}",
                "give it exactly one",
            )
            return
        kind = kinds[0]
        for document in entry.words("prove"):
            self._refer("document", document, entry, "prove")
        sources = self._source_ids(entry, required=False)
        start, until = self._span(entry)
        criteria[name] = Criterion(
            id=name,
            kind=kind,
            children=self._children(entry, kind, name, criteria),
            needed=self._needed(entry) if kind == "at_least" else None,
            fact=self.leaf_fact(entry) if kind == "fact" else None,
            tests=self.tests(entry) if kind == "fact" else (),
            unsure_if=self.unsure(entry) if kind == "fact" else (),
            title=entry.text("title", required=named),
            why=entry.text("why", required=False),
            if_unknown=entry.text("if_unknown", required=False),
            if_not_met=entry.text("if_not_met", required=False),
            sources=sources,
            as_of=self._as_of(entry, start, required=False),
            confidence=self._confidence(entry, sources) if sources else None,
            start=start,
            until=until,
            tally=entry.truth("tally"),
            refer=entry.truth("refer"),
            prove=entry.words("prove"),
        )

    def _children(
        self, entry: Entry, kind: str, name: str, criteria: dict[str, Criterion]
    ) -> tuple[str, ...]:
        if kind == "fact":
            return ()
        key = "of" if kind == "at_least" else kind
        value = entry.raw(key)
        items = [value] if kind == "not" and not isinstance(value, list) else value
        if not isinstance(items, list) or not items:
            entry.problem(key, "must list criteria", "write [id, id] or '- {fact: …}' lines")
            return ()
        children: list[str] = []
        for place, item in enumerate(items, 1):
            child = f"{name}/{place}"
            if isinstance(item, str):
                self._refer("criterion", item, entry, key)
                child = item
            elif isinstance(item, LocatedMap):
                inline = Entry(entry.notebook, entry.file, f"{entry.key}.{key}[{place}]", item,
                               entry.scheme)  # fmt: skip
                self._criterion(inline, child, criteria, named=False)
            else:
                entry.problem(key, f"item {place} is {item!r}", "name a criterion or write a test")
                continue
            children.append(child)
        return tuple(children)

    def _needed(self, entry: Entry) -> int | Limit | None:
        value = entry.raw("at_least")
        if isinstance(value, str):
            return self.limit(entry, "at_least", value)
        if isinstance(value, int) and not isinstance(value, bool) and value > 0:
            return value
        entry.problem("at_least", f"{value!r} is no count", "write a number or a parameter")
        return None
