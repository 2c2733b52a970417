"""What can go wrong with the rules, and who can mend it.

SchemesError
├── RulesError     the database or the data behind it: staff mend it
│   └── DataError  the YAML data is wrong; carries every problem found
└── FactError      an answer that a fact does not take: the person is asked again
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class SchemesError(Exception):
    """Base of all errors of this package.

    try:
        rules = Rules.open("build/schemes.db")
    except SchemesError as error:
        sys.exit(str(error))
    """


class RulesError(SchemesError):
    """The rules cannot be read or asked like this; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault in the data: where it is, what is wrong, what to do."""

    file: str
    key: str
    what: str
    remedy: str
    line: int | None = None
    warning: bool = False

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        kind = "warning: " if self.warning else ""
        return f"{place}: {self.key}: {kind}{self.what}; {self.remedy}"


def counted(number: int, noun: str) -> str:
    """A number of things.

    >>> counted(1, "fault"), counted(0, "fault")
    ('1 fault', '0 faults')
    """
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


class DataError(RulesError):
    """The data was refused; `problems` holds every fault, not only the first."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        lines = "\n".join(str(problem) for problem in self.problems)
        super().__init__(f"The data has {counted(len(self.problems), 'fault')}:\n{lines}")


class FactError(SchemesError):
    """A value that a fact does not take.

    `reason` is one of too_low, too_high, wrong_type, unknown_option, so that the dialogue can word
    it; `limit` is the bound that was passed, or the options that exist.
    """

    def __init__(self, fact: str, value: object, reason: str, limit: object = None) -> None:
        self.fact = fact
        self.value = value
        self.reason = reason
        self.limit = limit
        super().__init__(
            f"Fact {fact!r} does not take {value!r}: {reason}"
            + (f" (limit: {limit})" if limit is not None else "")
            + ". Ask again, or store 'unsure'."
        )
