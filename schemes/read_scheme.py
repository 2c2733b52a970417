"""Reading a scheme's own description and its parameters."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any

from .entries import Entry
from .files import LocatedMap
from .languages import LANGUAGES
from .model import GENERAL, Scheme, qualified
from .parameters import ASIDE_UNITS, UNITS, Parameter, Value
from .reader import Reader, is_number

_LAST = 1000
"""Where a scheme is shown that does not say where."""


class SchemeReader(Reader):
    """Reads scheme.yml and parameters.yml."""

    def scheme(self, file: Entry, scheme: str, interview: bool) -> None:
        file.only(
            "id", "order", "name", "short", "aliases", "interview", "suggest", "official_url",
            "launched", "note",
        )  # fmt: skip
        if (written := file.string("id")) not in (None, scheme):
            file.problem("id", f"is {written!r}, but the folder is {scheme!r}", "make them one")
        name, short = file.text("name"), file.text("short", button=True)
        order = file.number("order")
        launched = file.string("launched")
        if launched:
            self._refer("parameter", qualified(launched, scheme), file, "launched")
        if file.has("interview") and file.truth("interview") != interview:
            file.problem(
                "interview",
                f"is {file.truth('interview')}, but criteria.yml {'is' if interview else 'is not'} "
                "there",
                "make them agree",
                warning=True,
            )
        if name and short:
            self.book.schemes[scheme] = Scheme(
                scheme,
                name,
                short,
                self._aliases(file),
                interview,
                file.truth("suggest", default=scheme != GENERAL),
                file.string("official_url"),
                launched and qualified(launched, scheme),
                _LAST if order is None else order,
            )

    @staticmethod
    def _aliases(file: Entry) -> tuple[str, ...]:
        """Names for a scheme, of all languages together: a person may use any."""
        if not isinstance(file.raw("aliases"), LocatedMap):
            return file.words("aliases")
        entry = file.child("aliases")
        assert entry is not None, "a mapping was seen above"
        entry.only(*LANGUAGES)
        return tuple(dict.fromkeys(alias for name in LANGUAGES for alias in entry.words(name)))

    def parameters(self, file: Entry, scheme: str) -> None:
        for name, entry in file.children():
            entry.only("meaning", "unit", "values", "note")
            meaning = entry.string("meaning", required=True)
            unit = entry.choice("unit", UNITS, required=True)
            values = [
                value
                for item in entry.items("values", required=True)
                if (value := self._value(item, unit)) is not None
            ]
            self._in_order(entry, values)
            if unit and values:
                # A parameter with a fault is still one: only its own fault is worth reading.
                parameter = Parameter(scheme, name, unit, meaning or "", tuple(values))
                self.book.parameters[parameter.id] = parameter

    def _value(self, entry: Entry, unit: str | None) -> Value | None:
        entry.only("from", "exact", "value", "source", "as_of", "confidence", "note")
        if "from" not in entry.data:
            entry.problem("from", "is missing", "write the day, or null if it is unknown")
        if "value" not in entry.data:
            entry.problem("value", "is missing", "write it, or null if it no longer exists")
        start = entry.day("from")
        value = self._unit_value(entry, unit)
        sources = self._source_ids(entry, required=True)
        as_of = self._as_of(entry, start, required=True)
        confidence = self._confidence(entry, sources)
        if as_of is None or not sources:
            return None
        exact = entry.truth("exact", default=True)
        return Value(start, value, sources, as_of, confidence, exact)

    def _unit_value(self, entry: Entry, unit: str | None) -> Any:
        value = entry.raw("value")
        if value is None or unit is None:
            return None
        wrong: str | None = None
        # An address differs by language, and of some days only the month is known.
        if unit == "text" or (unit in ASIDE_UNITS and isinstance(value, LocatedMap)):
            return entry.text("value", plain=True)
        if unit == "code":
            wrong = None if isinstance(value, str) else "a word in quotes, or four languages"
        elif unit == "date":
            wrong = (
                None if isinstance(value, date) else "a day such as 2026-09-03, or four languages"
            )
        elif unit.startswith("pattern_"):
            good = isinstance(value, list) and value and all(is_number(item) for item in value)
            wrong = None if good else "a list of numbers such as [3, 2]"
        else:
            wrong = None if is_number(value) and value >= 0 else "a number, not below zero"
        if wrong:
            entry.problem("value", f"{value!r} does not fit the unit {unit}", f"write {wrong}")
            return None
        return tuple(value) if isinstance(value, list) else value

    @staticmethod
    def _in_order(entry: Entry, values: list[Value]) -> None:
        for before, after in pairwise(values):
            if after.start is None:
                entry.problem("values", "only the first may start at null", "write its day")
            elif before.start is not None and after.start <= before.start:
                entry.problem(
                    "values",
                    f"{after.start} does not come after {before.start}: they overlap or are "
                    "unsorted",
                    "put the oldest first, each day once",
                )
