"""What an interview can ask about a person, and which answers each fact takes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from .errors import FactError
from .languages import Text

UNSURE = "unsure"
"""The answer that every fact takes: asked, and left unknown."""

FACT_TYPES = ("yes_no", "whole_number", "years", "money", "choice", "date")

Answer = bool | int | float | str | date
"""What a fact can hold, UNSURE included."""

_WORDS = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True)
class Fact:
    """One question: `minimum` and `maximum` are bounds of belief, not of a rule.

    Money is in HK$, `years` may have decimals, a date is a day. `words` are what people write for
    an option, beside its label. A whole_number in the unit years is an age.
    """

    id: str
    type: str
    question: Text
    help: Text
    label: Text
    options: Mapping[str, Text]
    minimum: float | None = None
    maximum: float | None = None
    unit: str | None = None
    extract: str | None = None
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def check(self, value: object) -> Answer:
        """The value in the form that the rules compute with.

        Takes "yes" and "no" for a yes_no fact and an ISO day for a date.

        :raises FactError: with the reason too_low, too_high, wrong_type or unknown_option.
        """
        if value == UNSURE:
            return UNSURE
        match self.type:
            case "yes_no":
                return self._yes_no(value)
            case "choice":
                return self._choice(value)
            case "date":
                return self._date(value)
            case _:
                return self._number(value)

    def _yes_no(self, value: object) -> bool:
        if isinstance(value, bool):
            return value
        if isinstance(value, str) and value in _WORDS:
            return _WORDS[value]
        raise FactError(self.id, value, "wrong_type")

    def _choice(self, value: object) -> str:
        if not isinstance(value, str):
            raise FactError(self.id, value, "wrong_type")
        if value not in self.options:
            raise FactError(self.id, value, "unknown_option", ", ".join(self.options))
        return value

    def _date(self, value: object) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            raise FactError(self.id, value, "wrong_type") from None

    def _number(self, value: object) -> int | float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise FactError(self.id, value, "wrong_type")
        if not math.isfinite(value):  # NaN would pass every comparison with a limit
            raise FactError(self.id, value, "wrong_type")
        if self.type == "whole_number" and value != int(value):
            raise FactError(self.id, value, "wrong_type")
        if self.minimum is not None and value < self.minimum:
            raise FactError(self.id, value, "too_low", self.minimum)
        if self.maximum is not None and value > self.maximum:
            raise FactError(self.id, value, "too_high", self.maximum)
        return int(value) if self.type == "whole_number" else value
