"""Rough exchange rates, to place an amount given in another currency.

The rules count in HK$. These rates are the desk's own, for orientation only: whoever's amount was
converted is told the HK$ figure and can send another. They are no rule and prove nothing, so they
stand in `schemes/data/exchange_rates.yml` with the day somebody last set them.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import yaml

RATES = Path("schemes/data/exchange_rates.yml")
# A converted amount is a rough one: it is rounded to this many significant digits.
SIGNIFICANT_DIGITS = 3


@lru_cache(maxsize=1)
def rates() -> dict[str, float]:
    """HK$ for one unit of each currency, by ISO code."""
    data = yaml.safe_load(RATES.read_text(encoding="utf-8"))
    return {code: float(rate) for code, rate in data["hkd_for_one"].items()}


def to_hkd(amount: float, currency: str) -> int | None:
    """The amount in HK$, rounded to three digits; None for a currency without a rate."""
    rate = rates().get(currency)
    return None if rate is None else int(float(f"{amount * rate:.{SIGNIFICANT_DIGITS}g}"))
