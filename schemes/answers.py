"""Answers put together from templates, and the grounds on which each one stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from typing import Any

from .criteria import Criterion
from .languages import Text
from .model import GENERAL, SOURCE_KINDS, Block, Book, Document, Group, Source, Step, holds
from .parameters import ASIDE_UNITS, CONFIDENCES, REPORTED, Parameter, Value
from .templates import HISTORY, Placeholder, parse
from .text import format_bare, format_date, format_month, format_value

STALE_DAYS = 540
"""Evidence older than this many days (a year and a half) makes a reply say that it may have
changed: fees and thresholds of these schemes have moved about once a year."""

MOST_TITLES = 3
"""Sources that a reply names: more do not fit a phone."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply to a question; `str()` is the whole message, its sources included.

    `as_of` is the oldest evidence among what the reply states as current; `confidence` the least
    sure. `established` False means that the rule is not established: offer a person. `see` are
    topics that people ask next.
    """

    scheme: str
    topic: str
    language: str
    text: str
    footer: str
    sources: tuple[Source, ...]
    as_of: date | None
    confidence: str | None
    established: bool = True
    stale: bool = False
    see: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.text}\n\n{self.footer}" if self.footer else self.text


@dataclass(slots=True)
class Grounds:
    """What a text was found to rest on while it was put together.

    `aside` are the grounds of facts of history or contact: their sources are named last, and their
    age and confidence count only where there is nothing else.
    """

    sources: dict[str, None] = field(default_factory=dict)
    days: list[date] = field(default_factory=list)
    confidences: list[str] = field(default_factory=list)
    aside: Grounds | None = None

    def add(
        self, sources: Iterable[str], as_of: date | None, confidence: str | None = None
    ) -> None:
        self.sources.update(dict.fromkeys(sources))
        if as_of is not None:
            self.days.append(as_of)
        if confidence is not None:
            self.confidences.append(confidence)

    def merge(self, other: Grounds) -> None:
        self.sources.update(other.sources)
        self.days += other.days
        self.confidences += other.confidences
        if other.aside is not None:
            self.set_aside(other.aside)

    def set_aside(self, other: Grounds) -> None:
        """Take in grounds that must not age what is stated here."""
        self.aside = self.aside or Grounds()
        for part in (other, other.aside):
            if part is not None:
                self.aside.sources.update(part.sources)
                self.aside.days += part.days
                self.aside.confidences += part.confidences

    @property
    def as_of(self) -> date | None:
        """The oldest evidence: a reply is as current as its least current part."""
        beside = self.aside.days if self.aside else []
        return min(self.days or beside, default=None)

    @property
    def confidence(self) -> str | None:
        """The least sure of what is stated."""
        beside = self.aside.confidences if self.aside else []
        return max(self.confidences or beside, key=CONFIDENCES.index, default=None)


@cache
def _parsed(text: str) -> tuple[str | Placeholder, ...]:
    return tuple(parse(text))


class Composer:
    """Fills templates from a Book. It reads; it changes nothing."""

    def __init__(self, book: Book, wording: Mapping[str, Text]) -> None:
        self.book = book
        self.wording = wording

    def say(self, key: str, language: str, **values: object) -> str:
        """One of the engine's own sentences."""
        sentence = self.wording[key][language]
        return sentence.format(**values) if values else sentence

    # ── texts ────────────────────────────────────────────────────────────────────────────────

    def fill(
        self, text: str, language: str, scheme: str, day: date, grounds: Grounds | None = None
    ) -> str:
        """A template with the values of a day; what it rests on is added to `grounds`."""
        pieces = _parsed(text)
        if len(pieces) == 1 and isinstance(pieces[0], str):
            return pieces[0]
        kept = Grounds() if grounds is None else grounds
        return "".join(
            piece
            if isinstance(piece, str)
            else self._piece(piece, language, scheme or GENERAL, day, kept)
            for piece in pieces
        )

    def _piece(
        self, piece: Placeholder, language: str, scheme: str, day: date, grounds: Grounds
    ) -> str:
        match piece.kind:
            case "parameter":
                return self._parameter(piece, language, scheme, day, grounds)
            case "list":
                return self._list(piece, language, scheme, day, grounds)
            case "name":
                return self.book.schemes[piece.name].short[language]
            case "fullname":
                return self.book.schemes[piece.name].name[language]
            case "url":
                return self.book.sources[piece.name].url or ""
            case _:
                return self._firm(piece.name, language)

    def _parameter(
        self, piece: Placeholder, language: str, scheme: str, day: date, grounds: Grounds
    ) -> str:
        parameter = self.book.parameter(piece.name, scheme)
        assert parameter is not None, f"{piece.name} passed the validation"
        current = parameter.at(day)
        if current is not None and piece.form not in HISTORY:
            stated = Grounds()
            stated.add(current.sources, current.as_of, current.confidence)
            if piece.form == "from" or parameter.unit in ASIDE_UNITS:
                grounds.set_aside(stated)
            else:
                grounds.merge(stated)
        shown = _form(parameter, piece.form, day, language)
        return self.say("not_established", language) if shown is None else shown

    def _firm(self, name: str, language: str) -> str:
        """The desk's own details: it knows them itself, so they need no source in the footer."""
        firm = self.book.firm
        assert firm is not None, "firm.yml passed the validation"
        if name == "services":
            return self.bullets([service.text[language] for service in firm.services], language)
        value = getattr(firm, name)
        return str(value[language] if isinstance(value, Mapping) else value or "")

    def bullets(self, lines: Iterable[str], language: str) -> str:
        """One line each, with the language's bullet."""
        return "\n".join(self.say("item", language, text=line) for line in lines)

    # ── lists ────────────────────────────────────────────────────────────────────────────────

    def _list(
        self, piece: Placeholder, language: str, scheme: str, day: date, grounds: Grounds
    ) -> str:
        if piece.name == "criteria":
            return self._criteria(piece.form, language, scheme, day, grounds)
        documents = piece.name == "documents"
        group = (
            self.book.documents[scheme][piece.form]
            if documents
            else self.steps_group(scheme, piece.form, day)
        )
        if group is None:
            return ""
        # A group that ended is told as it last stood, which says nothing about what holds now.
        told = min(day, group.until or day)
        ended, day, used = told < day, told, Grounds()
        items = [item for item in group.items if holds(item.start, item.until, day)]
        text = (
            self.bullets([self.document_line(i, language, day, used) for i in items], language)
            if documents
            else _numbered(
                self.fill(i.text[language], language, scheme, day, _with(used, i)) for i in items
            )
        )
        (grounds.set_aside if ended else grounds.merge)(used)
        return text

    def _criteria(self, name: str, language: str, scheme: str, day: date, grounds: Grounds) -> str:
        criteria = self.book.criteria[scheme]
        children = [criteria[child] for child in criteria[name].children]
        _with(grounds, criteria[name])
        return _numbered(
            self.title(child, language, scheme, day, _with(grounds, child))
            for child in children
            if holds(child.start, child.until, day)
        )

    def title(
        self, criterion: Criterion, language: str, scheme: str, day: date,
        grounds: Grounds | None = None,
    ) -> str:  # fmt: skip
        """A criterion's title; a test without one is called by its fact."""
        if criterion.title is not None:
            return self.fill(criterion.title[language], language, scheme, day, grounds)
        if criterion.fact is not None:
            label = self.book.facts[criterion.fact].label[language]
            return self.fill(label, language, GENERAL, day, grounds)
        return ""

    def document_line(
        self, item: Document, language: str, day: date, grounds: Grounds, *, sure: bool = False
    ) -> str:
        """A paper with its form and, unless it is `sure` to be needed, its condition."""
        _with(grounds, item)
        text = self.fill(item.text[language], language, item.scheme, day, grounds)
        notes = [self.form(item, language, day) or ""]
        if item.condition is not None and not sure:
            condition = item.condition[language]
            notes.append(self.fill(condition, language, item.scheme, day, grounds))
        notes = [note for note in notes if note and note not in text]
        if not notes:
            return text
        separator = self.say("comma", language)
        return self.say("in_brackets", language, text=text, note=separator.join(notes))

    def form(self, item: Document, language: str, day: date) -> str | None:
        """The number of the form that a paper is on."""
        parameter = self.book.parameters.get(item.form or "")
        return None if parameter is None else _form(parameter, "", day, language)

    def steps_group(self, scheme: str, name: str, day: date) -> Group | None:
        """The steps asked for, whenever they were taken, else those of the day."""
        groups = self.book.procedures.get(scheme, {})
        if name:
            return groups.get(name)
        if "current" in groups:
            return groups["current"]
        return next((g for g in groups.values() if holds(g.start, g.until, day)), None)

    # ── answers ──────────────────────────────────────────────────────────────────────────────

    def answer(self, block: Block, language: str, day: date, today: date) -> Answer:
        """A block's text and footer as of a day; `today` tells how old the evidence is."""
        grounds = Grounds()
        grounds.add(block.sources, block.as_of, block.confidence)
        text = self.fill(block.text[language], language, block.scheme, day, grounds)
        return Answer(
            scheme=block.scheme,
            topic=block.topic,
            language=language,
            text=text.strip(),
            footer=self.footer(grounds, language, today),
            sources=self.ranked(grounds),
            as_of=grounds.as_of,
            confidence=grounds.confidence,
            established=block.established,
            stale=is_stale(grounds.as_of, today),
            see=block.see,
        )

    def ranked(self, grounds: Grounds) -> tuple[Source, ...]:
        """The sources, most official first, then those of what is only said aside."""
        beside = {} if grounds.aside is None else grounds.aside.sources
        return (
            *self._by_kind(grounds.sources),
            *self._by_kind(name for name in beside if name not in grounds.sources),
        )

    def _by_kind(self, names: Iterable[str]) -> list[Source]:
        """Sources of a kind stay in the order in which they were named."""
        sources = [self.book.sources[name] for name in names if name in self.book.sources]
        return sorted(sources, key=lambda source: SOURCE_KINDS.index(source.kind))

    def footer(self, grounds: Grounds, language: str, today: date) -> str:
        """Where a reply comes from, how current it is, and how sure; "" without any source."""
        titles = list(dict.fromkeys(source.title[language] for source in self.ranked(grounds)))[
            :MOST_TITLES
        ]
        if not titles:
            return ""
        joined = self.say("title_separator", language).join(titles)
        as_of = grounds.as_of
        if as_of is None:
            lines = [self.say("footer_undated", language, titles=joined)]
        else:
            month = format_month(as_of, language)
            lines = [self.say("footer", language, titles=joined, month=month)]
        hedges = []
        if grounds.confidence in REPORTED:
            hedges.append(self.say("reported", language))
        if is_stale(as_of, today):
            hedges.append(self.say("stale", language))
        if hedges:
            lines.append((" " if language == "en" else "").join(hedges))
        return "\n".join(lines)


def is_stale(as_of: date | None, today: date) -> bool:
    """Whether evidence is so old that a reply should say that things may have changed."""
    return as_of is not None and today - as_of > timedelta(days=STALE_DAYS)


def _with(grounds: Grounds, item: Criterion | Document | Step) -> Grounds:
    grounds.add(item.sources, item.as_of, item.confidence if item.sources else None)
    return grounds


def _numbered(lines: Iterable[str]) -> str:
    return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, 1))


def _form(parameter: Parameter, form: str, day: date, language: str) -> str | None:
    """A parameter in one of its forms; None where there is nothing to show."""
    if form == "from":
        current = parameter.at(day)
        return _day(current.start if current else None, language)
    if form == "until":
        return _day(parameter.last_day_before(day), language)
    value = parameter.before(day) if form in HISTORY else parameter.at(day)
    return _value(value, parameter.unit, language, bare=form in ("number", "was_number"))


def _day(day: date | None, language: str) -> str | None:
    return None if day is None else format_date(day, language)


def _value(value: Value | None, unit: str, language: str, *, bare: bool) -> str | None:
    held: Any = None if value is None else value.value
    if held is None:
        return None
    return (format_bare if bare else format_value)(held, unit, language)
