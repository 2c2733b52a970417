"""Numbers, dates and codes of the rules, each with the days on which it holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

CONFIDENCES = ("official", "press", "reproduced", "secondary", "inferred")
"""From the surest to the least sure."""

REPORTED = frozenset({"secondary", "inferred"})
"""Confidences at which a reply says "reported, not confirmed by an official text"."""

ASIDE_UNITS = frozenset({"date", "code"})
"""Units of facts of history or contact (the day a rule began, a form, a telephone): they say
nothing about whether a rule still holds, so they neither age a reply nor make it "reported"."""

UNITS = (
    "years",
    "months",
    "weeks",
    "days",
    "hours",
    "age",
    "count",
    "points",
    "percent",
    "hkd",
    "millimetres",
    "megabytes",
    "date",
    "code",
    "text",
    "pattern_years",
    "pattern_months",
)


@dataclass(frozen=True, slots=True)
class Value:
    """What a parameter was from a day on; `value` None means it does not exist or is not known.

    `exact` False means that `start` is the nearest day the evidence gives: it is never told.
    """

    start: date | None
    value: Any
    sources: tuple[str, ...]
    as_of: date
    confidence: str
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Parameter:
    """A dated value with its unit. `scheme` is the folder that owns it."""

    scheme: str
    name: str
    unit: str
    meaning: str
    values: tuple[Value, ...]

    @property
    def id(self) -> str:
        return f"{self.scheme}.{self.name}"

    def at(self, day: date) -> Value | None:
        """The value in force on a day; None before the first one."""
        found = None
        for value in self.values:
            if value.start is not None and value.start > day:
                break
            found = value
        return found

    def before(self, day: date) -> Value | None:
        """The value that the one in force on a day replaced; None if there was none."""
        current = self.at(day)
        if current is None:
            return None
        place = self.values.index(current)
        return self.values[place - 1] if place else None

    def last_day_before(self, day: date) -> date | None:
        """The last day of the value before the one in force on a day."""
        current = self.at(day)
        if current is None or current.start is None or self.before(day) is None:
            return None
        return current.start - timedelta(days=1)
