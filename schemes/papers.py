"""The papers to file and the steps to take, worded for a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from .answers import Composer, Grounds
from .criteria import MET, NOT_MET, Limit, Verdict, judge
from .model import Document, Group, Step, holds
from .text import format_value


@dataclass(frozen=True, slots=True)
class DocumentItem:
    """A paper to file.

    `needed` is met where the answers show that it is, and unknown where a condition is still open:
    `line` then says the condition.
    """

    id: str
    text: str
    condition: str | None
    form: str | None
    by: str | None
    original: bool | None
    needed: Verdict
    line: str


@dataclass(frozen=True, slots=True)
class DocumentGroup:
    """A titled list of papers, with its footer."""

    id: str
    title: str
    items: tuple[DocumentItem, ...]
    footer: str


@dataclass(frozen=True, slots=True)
class ProcedureStep:
    """One step; `who` are party ids, `takes` is a wording or None."""

    id: str
    text: str
    who: tuple[str, ...]
    takes: str | None


@dataclass(frozen=True, slots=True)
class ProcedureGroup:
    """The steps of one way of applying."""

    id: str
    title: str
    steps: tuple[ProcedureStep, ...]
    footer: str


@dataclass(frozen=True, slots=True)
class Procedure:
    """How to apply; `total` is how long it takes in all, where that is known."""

    groups: tuple[ProcedureGroup, ...]
    total: str | None


class PaperDesk:
    """Words papers and steps in one language as of a day."""

    def __init__(self, composer: Composer, language: str, day: date, today: date) -> None:
        self._composer = composer
        self._language = language
        self._day = day
        self._today = today

    def documents(
        self, scheme: str, answers: Mapping[str, Any], group: str | None
    ) -> list[DocumentGroup]:
        """The groups of papers, or the one asked for, without what is not needed."""
        return [
            self._document_group(found, answers)
            for found in self._composer.book.documents.get(scheme, {}).values()
            if (group is None or found.id == group) and self._holds(found)
        ]

    def procedure(self, scheme: str) -> Procedure:
        """The ways of applying that hold on the day."""
        book = self._composer.book
        groups = tuple(
            self._procedure_group(group)
            for group in book.procedures.get(scheme, {}).values()
            if self._holds(group)
        )
        return Procedure(groups, self._value(book.totals.get(scheme)))

    def _holds(self, item: Group | Document | Step) -> bool:
        return holds(item.start, item.until, self._day)

    def _fill(self, text: Mapping[str, str], scheme: str, grounds: Grounds | None = None) -> str:
        return self._composer.fill(text[self._language], self._language, scheme, self._day, grounds)

    def _footer(self, grounds: Grounds) -> str:
        return self._composer.footer(grounds, self._language, self._today)

    def _document_group(self, group: Group, answers: Mapping[str, Any]) -> DocumentGroup:
        grounds = Grounds()
        items = tuple(
            self._document(item, needed, grounds)
            for item in group.items
            if self._holds(item) and (needed := self._needed(item, answers)) is not NOT_MET
        )
        title = self._fill(group.title, group.scheme)
        return DocumentGroup(group.id, title, items, self._footer(grounds))

    def _needed(self, item: Document, answers: Mapping[str, Any]) -> Verdict:
        when = item.when
        if when is None:
            return MET if item.condition is None else Verdict.UNKNOWN
        limits = {
            test.operand.parameter: self._held(test.operand.parameter)
            for test in when.tests
            if isinstance(test.operand, Limit)
        }
        value = answers.get(when.fact or "")
        return judge(value, when.tests, when.unsure_if, limits, self._day)

    def _document(self, item: Document, needed: Verdict, grounds: Grounds) -> DocumentItem:
        return DocumentItem(
            id=item.id,
            text=self._fill(item.text, item.scheme),
            condition=self._fill(item.condition, item.scheme) if item.condition else None,
            form=self._composer.form(item, self._language, self._day),
            by=item.by,
            original=item.original,
            needed=needed,
            line=self._composer.document_line(
                item, self._language, self._day, grounds, sure=needed is MET
            ),
        )

    def _procedure_group(self, group: Group) -> ProcedureGroup:
        grounds = Grounds()
        steps = tuple(self._step(step, grounds) for step in group.items if self._holds(step))
        title = self._fill(group.title, group.scheme)
        return ProcedureGroup(group.id, title, steps, self._footer(grounds))

    def _step(self, step: Step, grounds: Grounds) -> ProcedureStep:
        grounds.add(step.sources, step.as_of, step.confidence)
        takes = self._value(step.takes_parameter)
        if step.takes is not None:
            takes = self._fill(step.takes, step.scheme, grounds)
        return ProcedureStep(step.id, self._fill(step.text, step.scheme, grounds), step.who, takes)

    def _held(self, name: str) -> Any:
        value = self._composer.book.parameters[name].at(self._day)
        return None if value is None else value.value

    def _value(self, name: str | None) -> str | None:
        """A parameter in words; None where there is none, or it has no value on the day."""
        if name is None or (held := self._held(name)) is None:
            return None
        return format_value(held, self._composer.book.parameters[name].unit, self._language)
