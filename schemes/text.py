"""Numbers, amounts and days as each language writes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, Literal

from babel import Locale
from babel.dates import format_date as babel_date
from babel.numbers import format_decimal
from babel.units import format_unit

_LOCALES = {
    "en": Locale.parse("en_GB"),
    "zh-Hant": Locale.parse("zh_Hant_HK"),
    "zh-Hans": Locale.parse("zh_Hans_CN"),
    "ja": Locale.parse("ja_JP"),
}

_MEASURES = {
    "years": "duration-year",
    "months": "duration-month",
    "weeks": "duration-week",
    "days": "duration-day",
    "hours": "duration-hour",
    "millimetres": "length-millimeter",
    "megabytes": "digital-megabyte",
    "percent": "concentr-percent",
}

_ENGLISH_POINTS = {1: "point"}

_DOLLARS = {"zh-Hant": "{}港元", "zh-Hans": "{}港元", "ja": "{}香港ドル"}
_TEN_THOUSAND = {"zh-Hant": "萬", "zh-Hans": "万", "ja": "万"}
_HUNDRED_MILLION = {"zh-Hant": "億", "zh-Hans": "亿", "ja": "億"}
_POINTS = {"zh-Hant": "{}分", "zh-Hans": "{}分", "ja": "{}点"}
_AGE = {"en": "{}", "zh-Hant": "{}歲", "zh-Hans": "{}岁", "ja": "{}歳"}


def format_value(value: Any, unit: str, language: str) -> str:
    """A parameter's value with its unit, as a reply in that language says it.

    >>> [format_value(36, "months", language) for language in ("en", "zh-Hant", "zh-Hans", "ja")]
    ['36 months', '36個月', '36个月', '36か月']
    >>> [format_value(2_000_000, "hkd", language) for language in ("en", "zh-Hant", "ja")]
    ['HK$2 million', '200萬港元', '200万香港ドル']
    >>> format_value((3, 2), "pattern_years", "en")
    '3 + 2 years'
    """
    if isinstance(value, list):
        value = tuple(value)
    if isinstance(value, Mapping):
        return str(value[language])
    return _format(value, unit, language)


@lru_cache(maxsize=4096)
def _format(value: Any, unit: str, language: str) -> str:
    if unit == "code":
        return str(value)
    if unit == "date":
        return format_date(value, language)
    if unit == "hkd":
        return format_money(value, language)
    if unit.startswith("pattern_"):
        return _pattern(value, unit.removeprefix("pattern_"), language)
    if unit == "age":
        return _AGE[language].format(format_number(value, language))
    if unit == "points":
        number = format_number(value, language)
        if language == "en":
            return f"{number} {_ENGLISH_POINTS.get(value, 'points')}"
        return _POINTS[language].format(number)
    if unit == "percent":
        return f"{format_number(value, language)}%"
    if unit in _MEASURES:
        return _measure(value, unit, language)
    return format_number(value, language)


def format_bare(value: Any, unit: str, language: str) -> str:
    """A value without its unit; for days, texts and codes the same as format_value."""
    if unit.startswith("pattern_"):
        return " + ".join(format_number(item, language) for item in value)
    if unit in ("code", "text", "date"):
        return format_value(value, unit, language)
    return format_number(value, language)


def format_number(value: float, language: str) -> str:
    """A number with the language's separators and at most two decimals.

    >>> format_number(1300, "en"), format_number(2.0, "ja"), format_number(2.5, "zh-Hans")
    ('1,300', '2', '2.5')
    """
    return format_decimal(value, format="#,##0.##", locale=_LOCALES[language])


def format_date(day: date, language: str) -> str:
    """A day in full.

    >>> format_date(date(2022, 12, 28), "en"), format_date(date(2022, 12, 28), "ja")
    ('28 December 2022', '2022年12月28日')
    """
    pattern = "d MMMM y" if language == "en" else "y年M月d日"
    return babel_date(day, pattern, locale=_LOCALES[language])


@lru_cache(maxsize=1024)
def format_month(day: date, language: str) -> str:
    """A month and its year.

    >>> format_month(date(2026, 9, 3), "en"), format_month(date(2026, 9, 3), "zh-Hant")
    ('September 2026', '2026年9月')
    """
    return babel_date(day, "MMMM y" if language == "en" else "y年M月", locale=_LOCALES[language])


def format_money(amount: float, language: str) -> str:
    """An amount of HK$; large round ones in millions, or in 萬 and 億.

    >>> format_money(1300, "en"), format_money(2_500_000, "zh-Hans")
    ('HK$1,300', '250万港元')
    >>> format_money(1_234_567, "en"), format_money(30_000_000, "zh-Hant")
    ('HK$1,234,567', '3,000萬港元')
    """
    if language == "en":
        if amount >= 1_000_000 and amount % 10_000 == 0:
            return f"HK${format_number(amount / 1_000_000, language)} million"
        return f"HK${format_number(amount, language)}"
    return _DOLLARS[language].format(_large(amount, language))


def _large(amount: float, language: str) -> str:
    if amount >= 100_000_000 and amount % 1_000_000 == 0:
        return format_number(amount / 100_000_000, language) + _HUNDRED_MILLION[language]
    if amount >= 1_000_000 and amount % 10_000 == 0:
        return format_number(amount / 10_000, language) + _TEN_THOUSAND[language]
    return format_number(amount, language)


def _pattern(values: Sequence[float], unit: str, language: str) -> str:
    *first, last = values
    # Only the last number carries the unit, and it is always a plural: "2 + 1 years".
    ending = _measure(last, unit, language)
    if language == "en" and last == 1:
        ending = f"{format_number(last, language)} {unit}"
    return " + ".join([*(format_number(value, language) for value in first), ending])


def _measure(value: float, unit: str, language: str) -> str:
    # English abbreviates its short forms ("36 mths"); the others only have that one form.
    length: Literal["short", "long"] = "long" if language == "en" and unit in _LONG else "short"
    words = format_unit(
        value, _MEASURES[unit], length=length, format="#,##0.##", locale=_LOCALES[language]
    )
    # Chinese and Japanese put no space between a number and its counter.
    return words.replace("\u00a0", " ") if language == "en" else words.replace(" ", "")


_LONG = frozenset({"years", "months", "weeks", "days", "hours"})


def join(words: Sequence[str], comma: str, last: str) -> str:
    """Words as a list in a sentence.

    >>> join(["a", "b", "c"], ", ", " or ")
    'a, b or c'
    """
    if len(words) < 2:
        return "".join(words)
    return comma.join(words[:-1]) + last + words[-1]
