"""Numerals as people type them: Arabic, Han, English words, mixtures, multipliers and ranges.

Chinese and Japanese numerals are read by cn2an; only what it lacks is done here (「三万五」 for
35,000, 「五六」 for five or six, 「1億2千万」, 廿, traditional forms). English number words are few
enough for a table.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

import cn2an

_LATIN_MULTIPLIERS = {
    "k": 1e3, "thousand": 1e3, "m": 1e6, "mil": 1e6, "mio": 1e6, "mn": 1e6, "million": 1e6,
    "millions": 1e6, "b": 1e9, "bn": 1e9, "billion": 1e9, "w": 1e4, "lakh": 1e5, "lakhs": 1e5,
    "lac": 1e5, "crore": 1e7, "crores": 1e7,
}  # fmt: skip
_HAN_UNITS = {"十": 1e1, "百": 1e2, "千": 1e3, "万": 1e4, "億": 1e8, "亿": 1e8, "萬": 1e4}
_MYRIAD = 1e4
_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_SCALES = {"hundred": 100.0, "thousand": 1e3, "million": 1e6, "billion": 1e9}
_SMALL = (
    {word: float(value) for value, word in enumerate(_UNITS)}
    | {word: 10.0 * (place + 2) for place, word in enumerate(_TENS)}
    | {"nil": 0.0, "nought": 0.0}
)
_HAN_DIGITS = "零〇一二三四五六七八九两兩"
_HAN = _HAN_DIGITS + "十百千万萬億亿廿卅"
_TO_CN2AN = str.maketrans(
    {"萬": "万", "億": "亿", "兩": "两", "廿": "二十", "卅": "三十", "〇": "零"}
)

_words = "|".join(sorted([*_SMALL, *_SCALES], key=len, reverse=True))
_scales = "|".join(_SCALES)
_suffixes = "|".join(sorted(_LATIN_MULTIPLIERS, key=len, reverse=True))
_number = r"\d+(?:,\d{3})*(?:\.\d+)?"
_MIXED = rf"(?P<mixed>(?:{_number}(?:\s(?=[万萬億亿]))?[十百千万萬億亿]+)+\d*)"
_ARABIC = rf"(?P<arabic>(?:(?<![\w.])-)?{_number})(?:\s*(?P<suffix>(?:{_suffixes})(?![a-z])))?"
_WORDS = (
    rf"(?<![a-z])(?P<words>(?:half\s+an?\s+(?:{_scales})|(?:an?\s+)?(?:{_scales})|(?:{_words}))"
    rf"(?:[\s-]+(?:and[\s-]+)?(?:a[\s-]+half|{_words}))*)(?![a-z])"
)
_PATTERN = re.compile(rf"{_MIXED}|{_ARABIC}|(?P<han>[{_HAN}]+)|(?P<kana>ゼロ)|{_WORDS}")
_GROUP = re.compile(rf"({_number})\s?([十百千万萬億亿]*)")
# 「三万五」: a digit after 万 counts in the next smaller unit.
_SHORT_TAIL = re.compile(rf"^(.*[百千万亿])([{_HAN_DIGITS}])$")
_NEXT_SMALLER = {"百": "十", "千": "百", "万": "千", "亿": "千万"}
# Two digits in a row are "five or six" where they follow each other (and 「三五年」 is an idiom).
_NEIGHBOURS = [
    *zip("一二三四五六七八", "二三四五六七八九", strict=True),
    ("三", "五"),
    ("两", "三"),
]
# Longer runs of digits are codes, not numbers (and would leave the range of a float).
LONGEST = 30
_NO_NUMERALS = ("万一",)  # "in case"
_RANGE_WORDS = frozenset({"-", "~", "〜", "–", "—", "to", "or", "到", "至", "から", "か", "或"})
_BETWEEN = re.compile(r"(?:between|介乎|介于|介於)\s*$")
_AND = frozenset({"and", "和", "与", "與"})


@dataclass(frozen=True)
class Numeral:
    """A number in a text.

    upto: the upper end where a range was written ("5-6", 「三四十万」), else None.
    unit: the multiplier it was written with (80万: 10,000), 1 without.
    digits: as it stands in the text.
    """

    value: float
    start: int
    end: int
    digits: str
    unit: float = 1.0
    upto: float | None = None

    @property
    def scaled(self) -> bool:
        """Whether it was written in thousands or more (80万, 1.5m), as amounts of money are."""
        return self.unit > 1.0

    @property
    def values(self) -> tuple[float, ...]:
        """Both ends of a range, or the one value."""
        return (self.value,) if self.upto is None else (self.value, self.upto)


def find_numerals(text: str) -> list[Numeral]:
    """The numerals of a text that is NFKC-normalised and lower case, in order; ranges as one."""
    found = (_read(match) for match in _PATTERN.finditer(text) if len(match.group()) <= LONGEST)
    return list(_join_ranges(text, [numeral for numeral in found if numeral is not None]))


def _read(match: re.Match[str]) -> Numeral | None:
    place = (match.start(), match.end(), match.group())
    if match["mixed"]:
        value, unit = _mixed(match["mixed"])
        return Numeral(value, *place, unit)
    if match["arabic"]:
        unit = _LATIN_MULTIPLIERS.get(match["suffix"] or "", 1.0)
        return Numeral(round(float(match["arabic"].replace(",", "")) * unit, 6), *place, unit)
    if match["words"]:
        unit = 1e6 if "million" in match["words"] else 1.0
        return Numeral(english(match["words"]), *place, unit)
    if match["kana"]:
        return Numeral(0.0, *place)
    return _read_han(match["han"], place)


def _read_han(digits: str, place: tuple[int, int, str]) -> Numeral | None:
    plain = digits.translate(_TO_CN2AN)
    if plain in _NO_NUMERALS:
        return None
    unit = 1e8 if "亿" in plain else _MYRIAD if "万" in plain else 1.0
    ends = _two_readings(plain)
    if ends is not None:
        low, high = (han(end) for end in ends)
        return None if low is None or high is None else Numeral(low, *place, unit, high)
    value = han(plain)
    return None if value is None else Numeral(value, *place, unit)


def _two_readings(plain: str) -> tuple[str, str] | None:
    """「五六」 → 五, 六 · 「三四十万」 → 三十万, 四十万; None for a single number (二〇二三)."""
    if len(plain) > 2 and all(character in _HAN_DIGITS for character in plain):
        return None
    for low, high in _NEIGHBOURS:
        place = plain.find(low + high)
        if place >= 0:
            before, after = plain[:place], plain[place + 2 :]
            return before + low + after, before + high + after
    return None


def _mixed(text: str) -> tuple[float, float]:
    """(value, largest unit) of Arabic digits with Han units: 「1億2千万」, 「3万5」."""
    total = section = 0.0
    largest = last = 1.0
    for digits, units in _GROUP.findall(text):
        number = float(digits.replace(",", ""))
        if not units:
            total += section + number * (last / 10 if len(digits) == 1 else 1)
            section = 0.0
            continue
        for character in units:
            last = _HAN_UNITS[character]
            largest = max(largest, last)
            if last >= _MYRIAD:
                total += (section + number) * last
                section = number = 0.0
            else:
                number *= last
        section += number
    return total + section, largest


def han(numeral: str) -> float | None:
    """The value of a Han numeral; None where it is none (「万一」)."""
    plain = numeral.translate(_TO_CN2AN)
    tail = _SHORT_TAIL.match(plain)
    if tail:
        plain += _NEXT_SMALLER[tail[1][-1]]
    if plain[0] in "百千万亿":
        plain = "一" + plain
    try:
        return float(cn2an.cn2an(plain, "smart"))
    except ValueError:
        return None


def english(words: str) -> float:
    """The value of number words: "thirty two", "one hundred and five", "half a million"."""
    if words.startswith("half"):
        return _SCALES[words.rsplit(maxsplit=1)[-1]] / 2
    total = current = 0.0
    for word in re.findall(r"[a-z]+", words):
        if word in _SMALL:
            current += _SMALL[word]
        elif word == "half":
            current += 0.5
        elif word == "hundred":
            current = max(current, 1.0) * 100
        elif word in _SCALES:
            total += (current or 1.0) * _SCALES[word]
            current = 0.0
    return total + current


def _join_ranges(text: str, numerals: list[Numeral]) -> Iterable[Numeral]:
    """One numeral with two ends for "5-6", "80到100万", "between 4 and 6" and 「5、6」."""
    place = 0
    while place < len(numerals):
        low = numerals[place]
        high = numerals[place + 1] if place + 1 < len(numerals) else None
        joined = high and _joined(text, low, high)
        yield joined or low
        place += 2 if joined else 1


def _joined(text: str, low: Numeral, high: Numeral) -> Numeral | None:
    between = text[low.end : high.start].strip()
    announced = between in _AND and _BETWEEN.search(text[: low.start])
    if high.upto is not None or low.upto is not None:
        return None
    value = low.value
    if not low.scaled and value * high.unit < high.value:
        value *= high.unit
    listed = between == "、" and value + high.unit == high.value
    if not (between in _RANGE_WORDS or announced or listed) or value >= high.value:
        return None
    return replace(
        low, value=value, end=high.end, digits=text[low.start : high.end],
        unit=max(low.unit, high.unit), upto=high.value,
    )  # fmt: skip
