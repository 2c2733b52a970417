"""Reading the papers to file and the steps to take."""

from __future__ import annotations

from typing import Any

from .criteria import OPERATORS, Criterion
from .entries import Entry, nearest
from .model import Document, Group, Step, qualified
from .read_conditions import ConditionReader

PARTIES = (
    "applicant",
    "employer",
    "sponsor",
    "firm",
    "immd",
    "panel",
    "hkte",
    "itc",
    "lwb",
    "mainland",
    "other",
)
"""Who provides a paper or does a step."""


class PaperReader(ConditionReader):
    """Reads documents.yml and procedure.yml."""

    def documents(self, file: Entry, scheme: str) -> None:
        groups: dict[str, Group] = {}
        for name, entry in file.children():
            entry.only("title", "items", "from", "until", "note")
            title = entry.text("title")
            items = [
                document
                for item in entry.items("items", required=True)
                if (document := self._document(item, scheme, name)) is not None
            ]
            self._unique(entry, items)
            if title:
                groups[name] = Group(scheme, name, title, tuple(items), *self._span(entry))
        self.book.documents[scheme] = groups

    def _document(self, entry: Entry, scheme: str, group: str) -> Document | None:
        entry.only(
            "id", "text", "condition", "when", "form", "by", "original", "source", "as_of",
            "confidence", "from", "until", "note",
        )  # fmt: skip
        key, text = entry.string("id", required=True), entry.text("text")
        sources = self._source_ids(entry, required=True)
        form = entry.string("form")
        if form:
            self._refer("parameter", qualified(form, scheme), entry, "form")
        as_of = self._as_of(entry, entry.day("from"), required=True)
        when = self._when(entry)
        condition = entry.text("condition", required=False)
        if when is not None and condition is None:
            entry.problem(
                "condition",
                "is missing beside 'when'",
                "say it in words, for people whose answer is not known",
            )
        if not key or text is None:
            return None
        return Document(
            scheme, group, key, text, condition, when,
            form and qualified(form, scheme),
            entry.choice("by", PARTIES),
            None if entry.raw("original") is None else entry.truth("original"),
            sources, as_of, self._confidence(entry, sources), *self._span(entry),
        )  # fmt: skip

    def _when(self, entry: Entry) -> Criterion | None:
        when = entry.child("when")
        if when is None:
            return None
        when.only("fact", *OPERATORS, "unsure_if")
        fact = self.leaf_fact(when)
        return Criterion(
            f"when:{entry.string('id')}", "fact", fact=fact, tests=self.tests(when),
            unsure_if=self.unsure(when),
        )  # fmt: skip

    @staticmethod
    def _unique(entry: Entry, items: list[Any]) -> None:
        seen: set[str] = set()
        for item in items:
            if item.id in seen:
                entry.problem("", f"holds the id {item.id!r} twice", "give each its own")
            seen.add(item.id)

    def procedure(self, file: Entry, scheme: str) -> None:
        file.only("groups", "total", "note")
        total = file.string("total")
        if total:
            self._refer("parameter", qualified(total, scheme), file, "total")
            self.book.totals[scheme] = qualified(total, scheme)
        groups: dict[str, Group] = {}
        entries = file.child("groups", required=True)
        for name, entry in entries.children() if entries else ():
            entry.only("title", "steps", "from", "until", "note")
            title = entry.text("title")
            steps = [
                step
                for item in entry.items("steps", required=True)
                if (step := self._step(item, scheme, name)) is not None
            ]
            self._unique(entry, steps)
            if title:
                groups[name] = Group(scheme, name, title, tuple(steps), *self._span(entry))
        self.book.procedures[scheme] = groups

    def _step(self, entry: Entry, scheme: str, group: str) -> Step | None:
        entry.only(
            "id", "text", "who", "takes", "source", "as_of", "confidence", "from", "until", "note"
        )
        key, text = entry.string("id", required=True), entry.text("text")
        who = entry.words("who", required=True)
        for party in who:
            if party not in PARTIES:
                entry.problem("who", f"{party!r} does not exist", nearest(party, PARTIES))
        parameter, takes = None, None
        if isinstance(entry.raw("takes"), str):
            parameter = qualified(entry.raw("takes"), scheme)
            self._refer("parameter", parameter, entry, "takes")
        else:
            takes = entry.text("takes", required=False)
        sources = self._source_ids(entry, required=True)
        as_of = self._as_of(entry, entry.day("from"), required=True)
        if not key or text is None:
            return None
        return Step(
            scheme, group, key, text, who, takes, parameter, sources, as_of,
            self._confidence(entry, sources), *self._span(entry),
        )  # fmt: skip
