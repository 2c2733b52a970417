"""Criteria in three-valued (Kleene) logic: unknown is not no.

A criterion is a test on one fact, or a node over other criteria: all, any, at_least n, not. What
nobody answered, what somebody is unsure of and what no rule settles is unknown, never not met.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from .facts import UNSURE
from .languages import Text


class Verdict(StrEnum):
    """What is known about a criterion."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"


MET, NOT_MET, UNKNOWN = Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN

KINDS = ("fact", "all", "any", "at_least", "not")

OPERATORS = ("is", "in", "not_in", "minimum", "above", "maximum", "below", "within_months")
"""Tests on a fact. `above` and `below` leave the limit itself out."""

LIMITS = frozenset({"minimum", "above", "maximum", "below", "within_months"})
"""Operators whose operand is a number or the name of a parameter."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A parameter as an operand; its value on the day of assessment counts."""

    parameter: str


@dataclass(frozen=True, slots=True)
class Test:
    """One condition on a fact's value."""

    operator: str
    operand: Any

    __test__ = False  # not a test case, whatever pytest thinks of the name


@dataclass(frozen=True, slots=True)
class Criterion:
    """A node or a leaf. `until` is the last day of a rule; outside its days it does not exist.

    `unsure_if` are answers that leave the verdict unknown; `prove` are ids of documents; `refer`
    says that failing it is a matter for a person.
    """

    id: str
    kind: str
    children: tuple[str, ...] = ()
    needed: int | Limit | None = None
    fact: str | None = None
    tests: tuple[Test, ...] = ()
    unsure_if: tuple[Any, ...] = ()
    title: Text | None = None
    why: Text | None = None
    if_unknown: Text | None = None
    if_not_met: Text | None = None
    sources: tuple[str, ...] = ()
    as_of: date | None = None
    confidence: str | None = None
    start: date | None = None
    until: date | None = None
    tally: bool = False
    refer: bool = False
    prove: tuple[str, ...] = ()


def negate(verdict: Verdict) -> Verdict:
    """The opposite; unknown stays unknown.

    >>> negate(Verdict.MET), negate(Verdict.UNKNOWN)
    (<Verdict.NOT_MET: 'not_met'>, <Verdict.UNKNOWN: 'unknown'>)
    """
    if verdict is UNKNOWN:
        return UNKNOWN
    return NOT_MET if verdict is MET else MET


def at_least(needed: int | None, verdicts: Sequence[Verdict]) -> Verdict:
    """Whether at least `needed` are met, between what is sure and what is possible.

    >>> at_least(2, [Verdict.MET, Verdict.UNKNOWN, Verdict.NOT_MET])
    <Verdict.UNKNOWN: 'unknown'>
    >>> at_least(2, [Verdict.MET, Verdict.NOT_MET, Verdict.NOT_MET])
    <Verdict.NOT_MET: 'not_met'>
    """
    if needed is None:
        return UNKNOWN
    low = sum(verdict is MET for verdict in verdicts)
    high = sum(verdict is not NOT_MET for verdict in verdicts)
    if low >= needed:
        return MET
    return NOT_MET if high < needed else UNKNOWN


def all_of(verdicts: Iterable[Verdict]) -> Verdict:
    """Not met as soon as one is not met; met when every one is."""
    seen = set(verdicts)
    if NOT_MET in seen:
        return NOT_MET
    return UNKNOWN if UNKNOWN in seen else MET


def any_of(verdicts: Iterable[Verdict]) -> Verdict:
    """Met as soon as one is met; not met when none can be."""
    seen = set(verdicts)
    if MET in seen:
        return MET
    return UNKNOWN if UNKNOWN in seen else NOT_MET


def judge(
    value: Any,
    tests: Sequence[Test],
    unsure_if: Sequence[Any],
    limits: Mapping[str, Any],
    day: date,
) -> Verdict:
    """What an answer says about a leaf on a day.

    `limits` holds the parameters' values on that day; one that is None leaves the verdict unknown.
    """
    if value is None or value == UNSURE or value in unsure_if:
        return UNKNOWN
    return all_of(_judge(value, test, limits, day) for test in tests)


def _judge(value: Any, test: Test, limits: Mapping[str, Any], day: date) -> Verdict:
    operand = test.operand
    if isinstance(operand, Limit):
        operand = limits.get(operand.parameter)
    if operand is None:
        return UNKNOWN
    match test.operator:
        case "is":
            met = value == operand
        case "in":
            met = value in operand
        case "not_in":
            met = value not in operand
        case "minimum":
            met = value >= operand
        case "above":
            met = value > operand
        case "maximum":
            met = value <= operand
        case "below":
            met = value < operand
        case "within_months":
            if value > day:  # has not happened yet, so nothing runs from it
                return UNKNOWN
            met = day <= add_months(value, operand)
        case _:
            raise AssertionError(f"operator {test.operator!r} passed the validation")
    return MET if met else NOT_MET


def add_months(day: date, months: int) -> date:
    """The same day of the month that many months later, or that month's last day.

    >>> add_months(date(2026, 8, 31), 6)
    datetime.date(2027, 2, 28)
    """
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")
