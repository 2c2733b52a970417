"""The data in memory: what the YAML files say, and what the database gives back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from .criteria import Criterion
from .facts import Fact
from .languages import Text
from .parameters import Parameter

SOURCE_KINDS = ("official", "press", "reproduced", "secondary", "seed")
"""From the most official to the least."""

GENERAL = "general"
"""The folder that holds what is true whatever the scheme."""


@dataclass(frozen=True, slots=True)
class Source:
    """A page that a statement rests on; `date` is its own date, where it has one."""

    id: str
    title: Text
    publisher: str
    url: str | None
    kind: str
    date: date | None
    note: str | None

    @property
    def confidence(self) -> str:
        """What a statement from here deserves unless its author says otherwise."""
        return "secondary" if self.kind == "seed" else self.kind


@dataclass(frozen=True, slots=True)
class Scheme:
    """An admission scheme. `aliases` are names that people use for it, in any language.

    `suggest` False keeps it out of the alternatives that are offered to a person; `launched` is the
    id of the parameter that holds its first day.
    """

    id: str
    name: Text
    short: Text
    aliases: tuple[str, ...]
    has_interview: bool
    suggest: bool = True
    official_url: str | None = None
    launched: str | None = None
    order: float = 1000


@dataclass(frozen=True, slots=True)
class Topic:
    """A question people ask; `schemes` are the folders that answer it.

    `scope` says whose matter it is: scheme (differs by scheme), general, family or firm.
    """

    id: str
    title: Text
    schemes: tuple[str, ...]
    scope: str = "scheme"
    needs_scheme: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """An answer's template with the days on which it is given (`until` is the last one)."""

    scheme: str
    topic: str
    text: Text
    sources: tuple[str, ...]
    as_of: date | None
    confidence: str | None
    established: bool
    start: date | None
    until: date | None
    see: tuple[str, ...]
    keywords: Mapping[str, str]

    def holds(self, day: date) -> bool:
        return holds(self.start, self.until, day)


@dataclass(frozen=True, slots=True)
class Document:
    """A paper to file. `when` is a criterion: not met means not needed."""

    scheme: str
    group: str
    id: str
    text: Text
    condition: Text | None
    when: Criterion | None
    form: str | None
    by: str | None
    original: bool | None
    sources: tuple[str, ...]
    as_of: date | None
    confidence: str | None
    start: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class Group:
    """A titled list of documents or of steps."""

    scheme: str
    id: str
    title: Text
    items: tuple[Any, ...]
    start: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a procedure; `takes` is a wording, or a parameter given as an id."""

    scheme: str
    group: str
    id: str
    text: Text
    who: tuple[str, ...]
    takes: Text | None
    takes_parameter: str | None
    sources: tuple[str, ...]
    as_of: date | None
    confidence: str | None
    start: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class Service:
    """Something the consultancy does."""

    id: str
    text: Text
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Firm:
    """The consultancy that runs the desk; what is not known is None."""

    name: Text
    phone: str | None
    email: str | None
    web: str | None
    address: Text | None
    office_hours: Text | None
    services: tuple[Service, ...]
    sources: tuple[str, ...]
    as_of: date | None


@dataclass(frozen=True, slots=True)
class Column:
    """What a scheme shows beside others: a cell for each row, and what its cells rest on."""

    cells: Mapping[str, Text]
    sources: tuple[str, ...]
    as_of: date | None
    confidence: str | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Schemes side by side: titles of the rows, a column a scheme, and what is alike for all."""

    rows: Mapping[str, Text] = field(default_factory=dict)
    columns: Mapping[str, Column] = field(default_factory=dict)
    alike: tuple[Text, ...] = ()


@dataclass(slots=True)
class Book:
    """All the data together."""

    sources: dict[str, Source] = field(default_factory=dict)
    facts: dict[str, Fact] = field(default_factory=dict)
    topics: dict[str, Topic] = field(default_factory=dict)
    schemes: dict[str, Scheme] = field(default_factory=dict)
    parameters: dict[str, Parameter] = field(default_factory=dict)
    blocks: dict[tuple[str, str], tuple[Block, ...]] = field(default_factory=dict)
    criteria: dict[str, dict[str, Criterion]] = field(default_factory=dict)
    roots: dict[str, str] = field(default_factory=dict)
    interviews: dict[str, tuple[str, ...]] = field(default_factory=dict)
    documents: dict[str, dict[str, Group]] = field(default_factory=dict)
    procedures: dict[str, dict[str, Group]] = field(default_factory=dict)
    totals: dict[str, str] = field(default_factory=dict)
    comparison: Comparison = field(default_factory=Comparison)
    firm: Firm | None = None

    def parameter(self, reference: str, scheme: str) -> Parameter | None:
        """A parameter by its name in a scheme, or by scheme.name."""
        return self.parameters.get(qualified(reference, scheme))

    def all_blocks(self) -> Iterator[Block]:
        for blocks in self.blocks.values():
            yield from blocks


def qualified(reference: str, scheme: str) -> str:
    """The full id of a parameter.

    >>> qualified("first_stay", "qmas"), qualified("general.fee", "qmas")
    ('qmas.first_stay', 'general.fee')
    """
    return reference if "." in reference else f"{scheme}.{reference}"


def holds(start: date | None, until: date | None, day: date) -> bool:
    """Whether a day lies in a span whose both ends belong to it."""
    return (start is None or start <= day) and (until is None or day <= until)
