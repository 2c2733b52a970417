"""Reading conditions on facts, as criteria and the conditions of documents use them."""

from __future__ import annotations

from typing import Any

from .criteria import LIMITS, OPERATORS, Limit, Test
from .entries import Entry, nearest
from .errors import FactError
from .facts import Fact
from .model import qualified
from .reader import Reader, is_number


class ConditionReader(Reader):
    """Reads what stands beside `fact:` in a mapping."""

    def limit(self, entry: Entry, key: str, name: str) -> Limit:
        full = qualified(name, entry.scheme)
        self._refer("parameter", full, entry, key)
        return Limit(full)

    def leaf_fact(self, entry: Entry) -> str | None:
        name = entry.string("fact", required=True)
        if name:
            self._refer("fact", name, entry, "fact")
        return name

    def tests(self, entry: Entry) -> tuple[Test, ...]:
        fact = self.book.facts.get(str(entry.raw("fact")))
        tests = []
        for operator in OPERATORS:
            if operator not in entry.data:
                continue
            operand = self._operand(entry, operator, fact)
            if operand is not None:
                tests.append(Test(operator, operand))
        if not any(operator in entry.data for operator in OPERATORS):
            entry.problem("fact", "has no test", f"add one of {', '.join(OPERATORS)}")
        return tuple(tests)

    def _operand(self, entry: Entry, operator: str, fact: Fact | None) -> Any:
        value = entry.raw(operator)
        if operator in LIMITS:
            self._fits(entry, operator, fact)
            if isinstance(value, str):
                return self.limit(entry, operator, value)
            if is_number(value):
                return value
            entry.problem(operator, f"{value!r} is no limit", "write a number or a parameter")
            return None
        if operator == "is":
            return self._option(entry, operator, value, fact)
        if not isinstance(value, list) or not value:
            entry.problem(operator, f"{value!r} is no list", "write [option, option]")
            return None
        options = [self._option(entry, operator, item, fact) for item in value]
        return tuple(option for option in options if option is not None)

    @staticmethod
    def _fits(entry: Entry, operator: str, fact: Fact | None) -> None:
        if fact is None:
            return
        dated = operator == "within_months"
        if dated != (fact.type == "date") or fact.type in ("yes_no", "choice"):
            entry.problem(
                operator, f"does not fit {fact.id!r}, a fact of type {fact.type}",
                "use is/in/not_in for options, limits for numbers, within_months for dates",
            )  # fmt: skip

    @staticmethod
    def _option(entry: Entry, operator: str, value: Any, fact: Fact | None) -> Any:
        if fact is None:
            return value
        try:
            return fact.check(value)
        except FactError:
            allowed = fact.options or ("true", "false")
            entry.problem(
                operator, f"{value!r} is no answer to {fact.id!r}", nearest(value, allowed)
            )
            return None

    def unsure(self, entry: Entry) -> tuple[Any, ...]:
        value = entry.raw("unsure_if")
        if value is None:
            return ()
        fact = self.book.facts.get(str(entry.raw("fact")))
        items = value if isinstance(value, list) else [value]
        options = [self._option(entry, "unsure_if", item, fact) for item in items]
        return tuple(option for option in options if option is not None)
