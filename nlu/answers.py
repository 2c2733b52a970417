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
from nlu.numbers import Numeral, find_numerals, han


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


# Nobody's answer begins later than this; what follows is a story, or somebody's pasted book.
MOST_READ = 600
# The words that change what a number means stand at most this far before it.
NEAR = 40


def read_values(text: str) -> list[Value]:
    """All values at the beginning of a message, in order of kind, then of place."""
    plain, positions = _plain(text[:MOST_READ])
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

_YEARS = r"\s*-?\s*[多幾几餘余数數]?\s*(?:years?(?!\s*old)|yrs?|年間?|載|个年头|個年頭)"
_MONTHS_UNIT = r"\s*(?:months?|mths?|個月|个月|か月|ヶ月|カ月|ヵ月|箇月|月間)"
_AGE_UNIT = (
    r"\s*-?\s*(?:years?\s*old|yrs?\s*old|y/?o\b|years?\s+of\s+age|周?歳|周?歲|周?岁|才(?![能干]))"
)
_YEARS_AFTER = re.compile(_YEARS)
_MONTHS_AFTER = re.compile(_MONTHS_UNIT)
_AGE_AFTER = re.compile(_AGE_UNIT)
_AGE_BEFORE = re.compile(
    r"(?:\bage[d]?\b|\bturned\b|\bi(?:'|\s+a)m\b|年齡|年龄|年齢|今年で?)\s*(?:is|am|:|是|は|係|系)?\s*$"
)
# "I'm 32 years" is an age, "I'm 10 years in banking" is not.
_AGE_YEARS = re.compile(r"\s*years?\s*[.!]?\s*$")
_HALF_AFTER = re.compile(r"\s*(?:and\s+a\s+half|半)|\s*years?\s+and\s+a\s+half")
_HALF_YEARS = re.compile(r"\s+and\s+a\s+half\s+years?")
# Years without a numeral. "HK$900k a year" is none: the words stand at the beginning.
_MORE = r"(?:about|around|roughly|over|more\s+than|at\s+least|just|only|for)"
_SPOKEN_YEARS = [
    (re.compile(rf"^\W*(?:{_MORE}\s+)?{words}"), years)
    for words, years in (
        (r"a\s+year\s+and\s+a\s+half", 1.5),
        (r"half\s+a\s+year", 0.5),
        (r"a\s+year(?!\s+and)", 1.0),
        (r"a\s+decade", 10.0),
        (r"年半", 1.5),
    )
]
_HALF_YEAR = re.compile(r"(?<![一二三四五六七八九十百\d])(?:大?半年)")
# "Less than three years" or "in my fifties" is no number: the dialogue asks.
_CURRENCY_SIGN = r"(?:hk\$|us\$|nt\$|[$€£¥]|hkd|usd|rmb|人民[币幣])?"
_LESS_BEFORE = re.compile(
    r"(?:less\s+than|under|below|fewer\s+than|almost|nearly|not\s+(?:even|quite)|short\s+of|up\s+to|"
    r"at\s+most|turning|\b(?:early|mid|late)[\s-]*|不到|不足|未滿|未满|唔夠|唔够|不夠|不够|未夠|差不多|"
    r"差唔多|差一[点點]|[十百]有|將近|将近|接近|快到?|近|奔|虚岁|虛歲|もうすぐ|まもなく|そろそろ)"
    rf"\s*(?:an?\s+)?{_CURRENCY_SIGN}\s*$"
)
_LESS_AFTER = re.compile(
    r"\s*(?:香港ドル|ドル|円|元|块|塊|蚊|年間?|か月|ヶ月|歳|歲|岁|才)?\s*"
    r"(?:未満|弱|以下|足らず|に満たない|不到|唔夠|唔到|くらい手前|目)"
)
_ROUGH_AFTER = re.compile(
    r"\s*(?:'?s\b|something|ish\b|-ish\b|代(?![表理])|有[一二三四五六七八九](?!年)|"
    r"[多幾几來来](?:歲|岁|歳)?(?=$|\W)|[多幾几来來](?=[歲岁歳年])(?!年)|[来來]年|[多幾几来來数數][万萬億亿]|出[头頭]|前[后後])"
)
# 「六十来万」: what stands before the unit is rough, and the unit alone is no number.
_UNIT_ALONE = re.compile(r"[万萬億亿]+$")
_ROUGH_BEFORE_UNIT = re.compile(r"[多幾几来來数數好]$")
_CALENDAR_YEAR = re.compile(r"(?:19|20)\d\d$")
_SINCE = re.compile(r"(?:since|from|自从|自從|自|由|从|從)\s*$")


@lru_cache(maxsize=8)
def _clear_numerals(text: str) -> list[Numeral]:
    """The numerals that say how much exactly: no "almost", no "in my fifties", no "since 2015"."""
    return [
        numeral
        for numeral in find_numerals(text)
        if not _LESS_BEFORE.search(_before(text, numeral.start))
        and not _LESS_AFTER.match(text, numeral.end)
        and not _ROUGH_AFTER.match(text, numeral.end)
        and not _is_calendar_year(text, numeral)
        and not (
            _UNIT_ALONE.match(numeral.digits)
            and _ROUGH_BEFORE_UNIT.search(_before(text, numeral.start))
        )
    ]


def _is_calendar_year(text: str, numeral: Numeral) -> bool:
    """A point in time, no amount of it: "since 2015", 「2015年」."""
    if not _CALENDAR_YEAR.match(numeral.digits):
        return False
    since = _SINCE.search(_before(text, numeral.start))
    return since is not None or text[numeral.end :].startswith("年")


def _before(text: str, place: int) -> str:
    return text[max(0, place - NEAR) : place]


def _durations(text: str) -> Iterator[Value]:
    """Years as a decimal number; "3 years 6 months" is one value, "5-6 years" two."""
    for pattern, years in _SPOKEN_YEARS:
        spoken = pattern.search(text)
        if spoken:
            yield Value("duration", years, *spoken.span())
    for match in _HALF_YEAR.finditer(text):
        yield Value("duration", 0.5, *match.span())
    numerals = _clear_numerals(text)
    joined = -1
    for place, numeral in enumerate(numerals):
        if place <= joined:
            continue
        length, end, months_place = _length(text, numerals, place)
        if length is None or _LESS_AFTER.match(text, end):
            continue
        joined = months_place
        for value in (*numeral.values[:-1], length):
            yield Value("duration", round(value, 2), numeral.start, end)


def _length(text: str, numerals: list[Numeral], place: int) -> tuple[float | None, int, int]:
    """(years, end, place of the last numeral used) from a numeral on; None where it is no time."""
    numeral = numerals[place]
    value = numeral.values[-1]
    half_years = _HALF_YEARS.match(text, numeral.end)
    if half_years:
        return value + 0.5, half_years.end(), place
    months = _MONTHS_AFTER.match(text, numeral.end)
    if months:
        return value / 12, months.end(), place
    years = _YEARS_AFTER.match(text, numeral.end)
    if not years or _AGE_AFTER.match(text, numeral.end):
        return None, numeral.end, place
    half = _HALF_AFTER.match(text, years.end())
    if half:
        return value + 0.5, half.end(), place
    more, end = _months_following(text, numerals, place, years.end())
    return (value, years.end(), place) if more is None else (value + more / 12, end, place + 1)


def _months_following(
    text: str, numerals: list[Numeral], place: int, end: int
) -> tuple[float | None, int]:
    if place + 1 < len(numerals):
        following = numerals[place + 1]
        months = _MONTHS_AFTER.match(text, following.end)
        if months and text[end : following.start].strip(" ,、零と又and") == "":
            return following.value, months.end()
    return None, end


def _ages(text: str) -> Iterator[Value]:
    for numeral in _clear_numerals(text):
        after = _AGE_AFTER.match(text, numeral.end)
        before = _AGE_BEFORE.search(_before(text, numeral.start))
        if before and not after:
            after = _AGE_YEARS.match(text, numeral.end)
        if not after and (not before or _has_unit(text, numeral)):
            continue
        end = after.end() if after else numeral.end
        for value in numeral.values:
            yield Value("age", value, numeral.start, end)


def _has_unit(text: str, numeral: Numeral) -> bool:
    return numeral.scaled or any(
        pattern.match(text, numeral.end) for pattern in (_YEARS_AFTER, _MONTHS_AFTER, _HALF_YEARS)
    )


_PLACE_OF_MONEY = re.compile(r"\s*(?:元|块|塊|dollars?|bucks|\$)")
_MONTHLY = re.compile(
    r"(?:per|a|each|every|/)\s*(?:month|mth|mo)\b|monthly|/\s*m\b|/\s*月|月薪|月入|每月|每個月|每个月|"
    r"月収|月給|月々|一個月|一个月|ひと月|毎月"
)
# Nobody's pay for a month is less than this: a bare number below it is something else.
_LEAST_PAY = 1000


def _money(text: str) -> Iterator[Value]:
    """Amounts with a currency, a multiplier or both; a bare number is a `number` only."""
    monthly = bool(_MONTHLY.search(text))
    for numeral in _clear_numerals(text):
        currency, start, end = _currency_around(text, numeral)
        place = _PLACE_OF_MONEY.match(text, end)
        end = place.end() if place else end
        if _LESS_AFTER.match(text, end) or _YEARS_AFTER.match(text, end):
            continue
        dollar = text[:start].rstrip().endswith("$")
        pay = monthly and numeral.value >= _LEAST_PAY
        if currency is None and not (numeral.scaled or place or dollar or pay):
            continue
        for value in numeral.values:
            amount = int(value) if value.is_integer() else value
            period = "month" if monthly else "year"
            money = {"amount": amount, "currency": currency, "period": period}
            yield Value("money", money, start, end)


def _currency_around(text: str, numeral: Numeral) -> tuple[str | None, int, int]:
    """The currency named right before or after a number, and the span with it."""
    after = re.compile(rf"\s*(?:元)?\s*({_currency_pattern()})").match(text, numeral.end)
    if after:
        return _currency_names()[after[1]], numeral.start, after.end()
    near = _before(text, numeral.start)
    before = re.search(rf"({_currency_pattern()})\s*[:：]?\s*$", near)
    if before:
        start = numeral.start - len(near) + before.start()
        return _currency_names()[before[1]], start, numeral.end
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


# Far more often part of a word or a pronoun than a number: 一般, 万一, 千萬, "this one".
_RARELY_NUMBERS = ("一", "千", "百", "万", "萬", "one")
# "Three companies", 「两个孩子」: how many of something, never the answer itself.
_COUNTER = re.compile(
    r"\s*(?:[間间家個个名位次份社人種种项項條条件]|compan|firms?\b|jobs?\b|kids|child)"
)


def _numbers(text: str) -> Iterator[Value]:
    """Every number that no unit follows: a person's "32" or 「三十二」."""
    taken = _taken(text)
    for numeral in _clear_numerals(text):
        if numeral.start in taken or _COUNTER.match(text, numeral.end):
            continue
        if numeral.digits in _RARELY_NUMBERS and len(text.strip()) > len(numeral.digits) + 1:
            continue
        for value in numeral.values:
            number = int(value) if value.is_integer() else value
            yield Value("number", number, numeral.start, numeral.end)


def _taken(text: str) -> set[int]:
    """The positions that ages, durations, amounts and dates claim."""
    readers = (_ages, _durations, _money, _dates)
    return {
        place
        for reader in readers
        for value in reader(text)
        for place in range(value.start, value.end)
    }


# ── Dates ───────────────────────────────────────────────────────────────────────────────────────

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_month = r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_han = "〇零一二三四五六七八九"
_han_month = r"(?P<month>\d{1,2}|[一二三四五六七八九十]{1,2})"
_han_day = rf"(?P<day>\d{{1,2}}|[{_han}十廿卅]{{1,4}})"
_DATES = [
    re.compile(p)
    for p in (
        r"(?P<year>(?:19|20)\d\d)\s*[-/.]\s*(?P<month>\d{1,2})(?:\s*[-/.]\s*(?P<day>\d{1,2}))?(?!\d)",
        rf"(?P<year>(?:19|20)\d\d|[{_han}]{{4}})\s*年\s*{_han_month}\s*月(?:\s*{_han_day}\s*[日號号])?",
        rf"(?P<era>令和|平成)\s*(?P<year>\d{{1,2}}|元|[{_han}十]{{1,3}})\s*年\s*{_han_month}\s*月"
        rf"(?:\s*{_han_day}\s*日)?",
        rf"(?<!\d)(?P<year>\d\d)\s*年\s*{_han_month}\s*月(?:\s*{_han_day}\s*[日號号])?",
        rf"(?<![a-z])(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?{_month},?\s+(?P<year>(?:19|20)\d\d)",
        rf"(?<![a-z]){_month}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>(?:19|20)\d\d)",
        rf"(?<![a-z]){_month},?\s+(?P<year>(?:19|20)\d\d)(?P<day>)",
        r"(?<!\d)(?P<day>\d{1,2})[/.](?P<month>\d{1,2})[/.](?P<year>(?:19|20)\d\d)",
        r"(?<!\d)(?P<year>20\d\d)(?P<month>0[1-9]|1[0-2])(?P<day>[0-3]\d)(?!\d)",
    )
]
# The year before the first of each era.
ERAS = {"令和": 2018, "平成": 1988}
CENTURY = 2000


def _dates(text: str) -> Iterator[Value]:
    """Days and months; a month alone counts from its first day."""
    taken: set[int] = set()
    for pattern in _DATES:
        for match in pattern.finditer(text):
            if not taken.isdisjoint(range(*match.span())):
                continue
            taken.update(range(*match.span()))
            day = _as_date(match)
            if day is not None:
                yield Value("date", day.isoformat(), *match.span())


def _as_date(match: re.Match[str]) -> date | None:
    parts = match.groupdict()
    year = _year(parts["year"], parts.get("era"))
    month = parts["month"]
    number = _MONTHS.index(month) + 1 if month in _MONTHS else _ordinal(month)
    day = _ordinal(parts.get("day") or "1")
    if number > 12 >= day:  # 06/30/2024
        number, day = day, number
    try:
        return date(year, number, day)
    except ValueError:
        return None


def _year(text: str, era: str | None) -> int:
    if era:
        return ERAS[era] + (1 if text == "元" else _ordinal(text))
    year = _ordinal(text)
    return year if year >= 100 else CENTURY + year


def _ordinal(text: str) -> int:
    """A year, month or day in digits of either kind; 0 where it is no number (no date then)."""
    return int(text) if text.isdecimal() and text.isascii() else int(han(text) or 0)


# ── Words ───────────────────────────────────────────────────────────────────────────────────────

_ORDER_OF_DEGREES = ("doctorate", "master", "bachelor", "diploma", "none")
# "No master's", 「没有硕士」, 「修士ではなく」: what is denied is not had …
_DENIED_BEFORE = re.compile(
    r"(?:\b(?:no|not|not\s+an?|without|don't\s+have(?:\s+an?)?)|没有|沒有|没|冇|不是|唔係|唔系|並非|并非)\s*$"
)
_DENIED_AFTER = re.compile(
    r"号?(?:では|じゃ)(?:なく|ない|ありません)|号?[はも](?:ない|ありません|持って)|ではありません"
)
# … and what is still being studied for is not had yet.
_STUDYING_BEFORE = re.compile(
    r"(?:studying(?:\s+for)?|doing|pursuing|candidate\s+for)(?:\s+(?:a|my|the))?\s*$|[讀读]緊$|正在读$|在读$"
)
_STUDYING_AFTER = re.compile(
    r"(?:号|学位|學位|生)?\s*(?:在读|在讀|candidate|student|课程在读|課程?に?在学|在学中|課程中)"
)


def _degrees(text: str) -> Iterator[Value]:
    """The highest degree named that the person has."""
    named = [
        (match, _degree_names()[match.group()])
        for match in _degree_pattern().finditer(text)
        if not _not_had(text, match)
    ]
    for degree in _ORDER_OF_DEGREES:
        for match, name in named:
            if name == degree:
                yield Value("degree", degree, *match.span())
                return


def _not_had(text: str, match: re.Match[str]) -> bool:
    before = _before(text, match.start())
    return bool(
        _denied(text, match)
        or _STUDYING_BEFORE.search(before)
        or _STUDYING_AFTER.match(text, match.end())
    )


def _denied(text: str, match: re.Match[str]) -> bool:
    before = _before(text, match.start())
    return bool(_DENIED_BEFORE.search(before) or _DENIED_AFTER.match(text, match.end()))


def _countries(text: str) -> Iterator[Value]:
    for match in _country_pattern().finditer(text):
        if not _denied(text, match):
            yield Value("country", vocabulary.countries()[match.group()], *match.span())


# What may stand around a yes or no without changing it.
_TRIM = " \t\n.,!?、。，！？~～…;；:：\"'()（）"
_PARTICLES = r"(?:です|っす|だ)?[呀啊喎呢吧㗎嘅的了啦喇囉咯哦噢哟ねよかなー]*"
_STRESS = (
    r"(?:(?:of\s+course|absolutely|definitely|certainly|really|当然|當然|绝对|絕對|肯定|完全|一定|从来|從來|"
    r"暂时|暫時|目前|现在|現在|并|並|都|还是|還是|もちろん|特に|全く|まったく|一切|何も)\s*)?"
)
# "Yes and no", the Chinese question forms 「有没有」「係唔係」, and "no problem" (which is a yes to
# "can you" and a no to "have you ever") say neither.
_NEITHER = re.compile(
    r"no\s+(?:problem|worries)|[没沒冇無无]问题|[没沒冇無]問題|問題(?:は)?(?:ない|ありません|なし)|"
    r"(.)[不没沒唔冇未]\1|有冇|有无|有無|yes\s+(?:and|or)\s+no|no\s+(?:and|or)\s+yes"
)
# What people say before they say anything ("hmm, no"); 「嗯」 alone is a yes, 「嗯，没有」 is none.
_FILLER = re.compile(
    r"^(?:h+m+|u+m+|u+h+|er+m?|well|えっと|えーと|うーん|あの|嗯+|恩|呃|额|哦|噢|啊)[\s,，、。.…]+"
)
# Yes, yes, yes; the bound keeps a wall of 「嗯嗯嗯」 from taking for ever.
_MOST_REPEATED = 3
# Longer messages are yes or no only by the word they begin with.
_SHORT = 14
_POLARITIES = (("unsure", vocabulary.UNSURE), ("no", vocabulary.NO), ("yes", vocabulary.YES))
_DENIAL = re.compile(
    r"没有|沒有|冇|未有|唔係|不是|未[曾經经]|没.{1,3}过|未.{1,3}過|未経験|ません|ないです|"
    r"(?<![a-z])(?:none|don't\s+have|do\s+not\s+have|i\s+can't|no\s+(?:experience|income))(?![a-z])"
)


def _yes_no(text: str) -> Iterator[Value]:
    trimmed = _FILLER.sub("", text.strip(_TRIM))
    if not trimmed or _NEITHER.search(trimmed):
        return
    start = text.find(trimmed)
    for answer, words in _POLARITIES:
        one = rf"{_STRESS}(?:{_words(words)}){_PARTICLES}"
        if re.fullmatch(rf"{one}(?:[\s,、，。!]*{one}){{0,{_MOST_REPEATED}}}", trimmed):
            yield Value("yes_no", answer, start, start + len(trimmed))
            return
    yield from _yes_no_inside(text, trimmed, start)


def _yes_no_inside(text: str, trimmed: str, start: int) -> Iterator[Value]:
    """A yes or no at the beginning of a longer message, or an "I don't know" anywhere."""
    unsure = re.search(rf"(?<![a-z])(?:{_words(vocabulary.UNSURE)})(?![a-z])", trimmed)
    if unsure and len(trimmed) <= 3 * _SHORT:
        yield Value("yes_no", "unsure", start + unsure.start(), start + unsure.end())
        return
    if trimmed.endswith(("吗", "嗎", "咩", "か")) or text.rstrip(" \n").endswith(("?", "？")):
        return
    for answer, words in _POLARITIES[1:]:
        begin = re.match(
            rf"{_STRESS}(?:{_words(words)})(?=[\s,.!、。，！]|{_PARTICLES}[\s,.!、。，！])", trimmed
        )
        if begin and answer == "yes" and _is_no(trimmed[begin.end() :].strip(_TRIM)):
            return  # "yes, none": agreement and denial in one
        if begin:
            yield Value("yes_no", answer, start, start + begin.end())
            return
    denial = _DENIAL.search(trimmed)
    if denial and len(trimmed) <= (3 * _SHORT if denial.group().isascii() else _SHORT):
        yield Value("yes_no", "no", start + denial.start(), start + denial.end())


def _is_no(text: str) -> bool:
    words = rf"{_STRESS}(?:{_words(vocabulary.NO)}){_PARTICLES}"
    return re.fullmatch(words, text) is not None


@cache
def _words(words: str) -> str:
    return _alternatives(dict.fromkeys(vocabulary.phrases(words)))


@cache
def _degree_names() -> dict[str, str]:
    return {
        name: degree
        for degree, words in vocabulary.DEGREES.items()
        for name in vocabulary.phrases(words)
    }


@cache
def _degree_pattern() -> re.Pattern[str]:
    return re.compile(_alternatives(_degree_names()))


@cache
def _country_pattern() -> re.Pattern[str]:
    return re.compile(_alternatives(vocabulary.countries()))


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
