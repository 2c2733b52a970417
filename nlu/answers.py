"""Values in a message that may answer a question of the interview.

One reader a kind of value, all over the same normalised text. What is ambiguous stays so: a range
gives two values, "less than three years" none, and the dialogue asks.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from typing import Any

from nlu import vocabulary
from nlu.numbers import Numeral, find_numerals


@dataclass(frozen=True)
class Value:
    """A value in a text.

    entity: number, age (years), duration (years), money ({amount, currency, period}), date (ISO),
        degree, country (ISO code) or yes_no (yes, no, unsure); start and end in the original text.
    """

    entity: str
    value: Any
    start: int
    end: int

    def as_entity(self) -> dict[str, Any]:
        """The value as Rasa passes entities on."""
        return {"entity": self.entity, "value": self.value, "start": self.start, "end": self.end}


def read_values(text: str) -> list[Value]:
    """All values of a message, in order of kind, then of place."""
    plain, positions = _plain(text)
    found = [value for reader in _READERS for value in reader(plain)]
    return [
        Value(v.entity, v.value, positions[v.start], positions[v.end - 1] + 1)
        for v in found
        if v.end > v.start
    ]


def _plain(text: str) -> tuple[str, list[int]]:
    """NFKC and lower case, with the original position of each character."""
    characters: list[str] = []
    positions: list[int] = []
    for position, original in enumerate(text):
        for character in unicodedata.normalize("NFKC", original).lower():
            characters.append("'" if character == "’" else character)
            positions.append(position)
    return "".join(characters), positions


# ── Numbers with a unit ─────────────────────────────────────────────────────────────────────────

_YEAR = r"\s*-?\s*(?:years?(?!\s*old)|yrs?|年間?|載|个年头|個年頭)"
_HALF = r"\s*(?:and\s+a\s+half|半)"
_MONTH = r"\s*(?:months?|mths?|個月|个月|か月|ヶ月|カ月|ヵ月|箇月|月間)"
_AGE_AFTER = re.compile(
    r"\s*-?\s*(?:years?\s*old|yrs?\s*old|y/?o\b|歳|歲|岁|才(?![能干])|years?\s+of\s+age)"
)
_AGE_BEFORE = re.compile(
    r"(?:\bage[d]?\b|\bturn(?:ed|ing)?\b|年齡|年龄|年齢|今年)\s*(?:is|am|:|：|是|は)?\s*$"
)
_YEARS_AFTER = re.compile(_YEAR)
_HALF_BEFORE = re.compile(r"(?:half\s+a\s+year|半年)")
_HALF_AFTER = re.compile(_HALF + r"|\s*years?\s+and\s+a\s+half")
_MONTHS_AFTER = re.compile(_MONTH)
# "Less than three years" is no number of years: the dialogue asks.
_LESS_BEFORE = re.compile(
    r"(?:less\s+than|under|below|fewer\s+than|almost|nearly|not\s+(?:even|quite)|不到|不足|未滿|未满|"
    r"唔夠|唔够|不夠|不够|未夠|差不多|快)\s*$"
)
_LESS_AFTER = re.compile(r"\s*(?:未満|弱|以下|足らず|に満たない|不到|唔夠|唔到)")
_RANGE = ("-", "~", "〜", "～", "–", "—", "to", "or", "到", "至", "から", "か", "或")
_CALENDAR_YEAR = re.compile(r"(?:19|20)\d\d$")


def _durations(text: str) -> Iterator[Value]:
    """Years as a decimal number; "3 years 6 months" is one value."""
    for match in _HALF_BEFORE.finditer(text):
        yield Value("duration", 0.5, *match.span())
    months_of: float | None = None
    numerals = find_numerals(text)
    skip = -1
    for place, numeral in enumerate(numerals):
        if place <= skip or _vague(text, numeral):
            continue
        years = _YEARS_AFTER.match(text, numeral.end)
        if years is None and _range_to(text, numerals, place):
            yield Value("duration", numeral.value, numeral.start, numeral.end)
            continue
        if years and not _CALENDAR_YEAR.match(numeral.digits):
            value, end = numeral.value, years.end()
            half = _HALF_AFTER.match(text, end)
            if half:
                value, end = value + 0.5, half.end()
            months_of, months_end = _months_following(text, numerals, place, end)
            if months_of is not None:
                value, end, skip = value + months_of / 12, months_end, place + 1
            if not _LESS_AFTER.match(text, end):
                yield Value("duration", round(value, 2), numeral.start, end)
            continue
        half = re.compile(r"\s+and\s+a\s+half\s+years?").match(text, numeral.end)
        months = _MONTHS_AFTER.match(text, numeral.end)
        if half:
            yield Value("duration", numeral.value + 0.5, numeral.start, half.end())
        elif months and not _LESS_AFTER.match(text, months.end()):
            yield Value("duration", round(numeral.value / 12, 2), numeral.start, months.end())


def _months_following(
    text: str, numerals: list[Numeral], place: int, end: int
) -> tuple[float | None, int]:
    if place + 1 < len(numerals):
        following = numerals[place + 1]
        months = _MONTHS_AFTER.match(text, following.end)
        if months and text[end : following.start].strip(" ,、零と又and") == "":
            return following.value, months.end()
    return None, end


def _range_to(text: str, numerals: list[Numeral], place: int) -> bool:
    """Whether "5" begins a range of years ("5-6 years"): then both ends are values."""
    if place + 1 >= len(numerals):
        return False
    following = numerals[place + 1]
    between = text[numerals[place].end : following.start].strip()
    return between in _RANGE and bool(_YEARS_AFTER.match(text, following.end))


def _vague(text: str, numeral: Numeral) -> bool:
    return bool(_LESS_BEFORE.search(text[: numeral.start]))


def _ages(text: str) -> Iterator[Value]:
    for numeral in find_numerals(text):
        after = _AGE_AFTER.match(text, numeral.end)
        if after:
            yield Value("age", numeral.value, numeral.start, after.end())
        elif _AGE_BEFORE.search(text[: numeral.start]) and not _YEARS_AFTER.match(
            text, numeral.end
        ):
            yield Value("age", numeral.value, numeral.start, numeral.end)


_PLACE_OF_MONEY = re.compile(r"\s*(?:元|块|塊|dollars?|bucks|\$)")
_MONTHLY = re.compile(
    r"(?:per|a|each|every|/)\s*(?:month|mth)\b|monthly|/\s*m\b|月薪|月入|每月|每個月|每个月|月収|月給|"
    r"一個月|一个月|ひと月|毎月"
)


def _money(text: str) -> Iterator[Value]:
    """Amounts with a currency, a multiplier or both; a bare number is a `number` only."""
    period = "month" if _MONTHLY.search(text) else "year"
    for numeral in find_numerals(text):
        currency, start, end = _currency_around(text, numeral)
        place = _PLACE_OF_MONEY.match(text, end)
        if place:
            end = place.end()
        dollar = text[:start].rstrip().endswith("$")
        if currency is None and not (numeral.scaled or place or dollar):
            continue
        amount = int(numeral.value) if numeral.value.is_integer() else numeral.value
        yield Value("money", {"amount": amount, "currency": currency, "period": period}, start, end)


def _currency_around(text: str, numeral: Numeral) -> tuple[str | None, int, int]:
    """The currency named right before or after a number, and the span with it."""
    after = re.compile(rf"\s*(?:元)?\s*({_currency_pattern()})").match(text, numeral.end)
    if after:
        return _currency_names()[after[1]], numeral.start, after.end()
    before = re.search(rf"({_currency_pattern()})\s*[:：]?\s*$", text[: numeral.start])
    if before:
        return _currency_names()[before[1]], before.start(), numeral.end
    return None, numeral.start, numeral.end


@lru_cache(maxsize=1)
def _currency_names() -> dict[str, str]:
    return {
        name: code
        for code, words in vocabulary.CURRENCIES.items()
        for name in vocabulary.phrases(words)
    }


@lru_cache(maxsize=1)
def _currency_pattern() -> str:
    return _alternatives(_currency_names())


def _numbers(text: str) -> Iterator[Value]:
    """Every number that no unit follows; a person's "32" or 「三十二」."""
    for numeral in find_numerals(text):
        if numeral.digits in ("一", "千", "百", "万", "萬") and len(text.strip()) > 2:
            continue  # part of a word far more often than a number: 一般, 万一, 千萬
        if _vague(text, numeral) or _LESS_AFTER.match(text, numeral.end):
            continue
        value = int(numeral.value) if numeral.value.is_integer() else numeral.value
        yield Value("number", value, numeral.start, numeral.end)


# ── Dates ───────────────────────────────────────────────────────────────────────────────────────

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_month = r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DATES = [
    re.compile(p)
    for p in (
        r"(?P<year>(?:19|20)\d\d)\s*[-/.]\s*(?P<month>\d{1,2})(?:\s*[-/.]\s*(?P<day>\d{1,2}))?(?!\d)",
        r"(?P<year>(?:19|20)\d\d)\s*年\s*(?P<month>\d{1,2})\s*月(?:\s*(?P<day>\d{1,2})\s*[日號号])?",
        rf"(?<![a-z])(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?{_month},?\s+(?P<year>(?:19|20)\d\d)",
        rf"(?<![a-z]){_month}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>(?:19|20)\d\d)",
        rf"(?<![a-z]){_month},?\s+(?P<year>(?:19|20)\d\d)(?P<day>)",
        r"(?<!\d)(?P<day>\d{1,2})[/.](?P<month>\d{1,2})[/.](?P<year>(?:19|20)\d\d)",
        r"令和\s*(?P<reiwa>\d{1,2}|元)\s*年\s*(?P<month>\d{1,2})\s*月(?:\s*(?P<day>\d{1,2})\s*日)?",
    )
]
REIWA_YEAR_ZERO = 2018


def _dates(text: str) -> Iterator[Value]:
    """Days and months; a month alone counts from its first day."""
    taken: set[int] = set()
    for pattern in _DATES:
        for match in pattern.finditer(text):
            day = _as_date(match)
            if day is not None and taken.isdisjoint(range(*match.span())):
                taken.update(range(*match.span()))
                yield Value("date", day.isoformat(), *match.span())


def _as_date(match: re.Match[str]) -> date | None:
    parts = match.groupdict()
    reiwa = parts.get("reiwa")
    year = int(parts["year"]) if not reiwa else REIWA_YEAR_ZERO + int(reiwa.replace("元", "1"))
    month = parts["month"]
    number = _MONTHS.index(month) + 1 if month in _MONTHS else int(month)
    try:
        return date(year, number, int(parts.get("day") or 1))
    except ValueError:
        return None


# ── Words ───────────────────────────────────────────────────────────────────────────────────────

_ORDER_OF_DEGREES = ("doctorate", "master", "bachelor", "diploma", "none")


def _degrees(text: str) -> Iterator[Value]:
    """The highest degree named."""
    for degree in _ORDER_OF_DEGREES:
        match = _pattern_of("degree:" + degree).search(text)
        if match:
            yield Value("degree", degree, *match.span())
            return


def _countries(text: str) -> Iterator[Value]:
    for match in _pattern_of("country").finditer(text):
        yield Value("country", vocabulary.countries()[match.group()], *match.span())


# What may stand around a yes or no without changing it.
_TRIM = " \t\n.,!?、。，！？~～…;；:：\"'()（）"
_PARTICLES = r"[呀啊喎呢吧㗎嘅的了啦喇囉ねよかな]*"
# Longer messages are yes or no only by the word they begin with.
_SHORT = 14


def _yes_no(text: str) -> Iterator[Value]:
    trimmed = text.strip(_TRIM)
    start = text.find(trimmed) if trimmed else 0
    for answer, words in (
        ("unsure", vocabulary.UNSURE),
        ("no", vocabulary.NO),
        ("yes", vocabulary.YES),
    ):
        if re.fullmatch(rf"(?:{_words(words)}){_PARTICLES}", trimmed):
            yield Value("yes_no", answer, start, start + len(trimmed))
            return
    yield from _yes_no_inside(text, trimmed, start)


def _yes_no_inside(text: str, trimmed: str, start: int) -> Iterator[Value]:
    """A yes or no at the beginning of a longer message, or an "I don't know" anywhere."""
    unsure = re.search(rf"(?<![a-z])(?:{_words(vocabulary.UNSURE)})(?![a-z])", trimmed)
    if unsure and len(trimmed) <= 3 * _SHORT:
        yield Value("yes_no", "unsure", start + unsure.start(), start + unsure.end())
        return
    if trimmed.endswith(("吗", "嗎", "咩", "か")) or text.rstrip().endswith(("?", "？")):
        return
    for answer, words in (("no", vocabulary.NO), ("yes", vocabulary.YES)):
        begin = re.match(
            rf"(?:{_words(words)})(?=[\s,.!、。，！]|{_PARTICLES}[\s,.!、。，！])", trimmed
        )
        if begin:
            yield Value("yes_no", answer, start, start + begin.end())
            return
    denial = re.search(r"没有|沒有|冇|唔係|不是|ません|ないです|don't have|do not have", trimmed)
    if denial and len(trimmed) <= _SHORT:
        yield Value("yes_no", "no", start + denial.start(), start + denial.end())


@cache
def _words(words: str) -> str:
    return _alternatives(dict.fromkeys(vocabulary.phrases(words)))


@cache
def _pattern_of(kind: str) -> re.Pattern[str]:
    if kind == "country":
        return re.compile(_alternatives(vocabulary.countries()))
    return re.compile(_words(vocabulary.DEGREES[kind.split(":")[1]]))


def _alternatives(names: Mapping[str, Any]) -> str:
    """A pattern of names, the longest first; Latin ones need a border on both sides."""
    patterns = []
    for name in sorted(names, key=len, reverse=True):
        before = r"(?<![a-z])" if name[0].isascii() and name[0].isalpha() else ""
        after = r"(?![a-z])" if name[-1].isascii() and name[-1].isalpha() else ""
        patterns.append(before + re.escape(name) + after)
    return "|".join(patterns)


_READERS: tuple[Callable[[str], Iterator[Value]], ...] = (
    _ages, _durations, _money, _numbers, _dates, _degrees, _countries, _yes_no,
)  # fmt: skip
