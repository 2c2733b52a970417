"""Numerals as people type them: Arabic, Han, English words, and their multipliers.

Chinese and Japanese numerals are read by cn2an; only what it lacks is done here (「三万五」 for
35,000, 廿, traditional forms). English number words are few enough for a table.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import cn2an

MULTIPLIERS = {
    "k": 1e3, "thousand": 1e3, "千": 1e3,
    "m": 1e6, "mil": 1e6, "mio": 1e6, "mn": 1e6, "million": 1e6, "millions": 1e6, "百万": 1e6,
    "百萬": 1e6, "b": 1e9, "bn": 1e9, "billion": 1e9,
    "w": 1e4, "万": 1e4, "萬": 1e4, "千万": 1e7, "千萬": 1e7, "億": 1e8, "亿": 1e8,
    "lakh": 1e5, "lakhs": 1e5, "lac": 1e5, "crore": 1e7, "crores": 1e7,
}  # fmt: skip
_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_SCALES = {"hundred": 100.0, "thousand": 1e3, "million": 1e6}
_SMALL = {word: float(value) for value, word in enumerate(_UNITS)} | {
    word: 10.0 * (place + 2) for place, word in enumerate(_TENS)
}
_HAN_DIGITS = "零〇一二三四五六七八九两兩"
_HAN = _HAN_DIGITS + "十百千万萬億亿廿卅"
_TO_CN2AN = str.maketrans({"萬": "万", "億": "亿", "兩": "两", "廿": "二十", "卅": "三十"})

_words = "|".join(sorted([*_SMALL, *_SCALES], key=len, reverse=True))
_suffixes = "|".join(sorted(map(re.escape, MULTIPLIERS), key=len, reverse=True))
_ARABIC = (
    r"(?P<arabic>(?:(?<![\d.])-)?\d+(?:,\d{3})*(?:\.\d+)?)"
    rf"\s*(?P<suffix>(?:{_suffixes})(?![a-z]))?"
)
_WORDS = rf"(?<![a-z])(?P<words>(?:{_words})(?:[\s-]+(?:and[\s-]+)?(?:{_words}))*)(?![a-z])"
_PATTERN = re.compile(rf"{_ARABIC}|(?P<han>[{_HAN}]+)|{_WORDS}")
# 「三万五」: a digit after 万 counts in the next smaller unit.
_SHORT_TAIL = re.compile(rf"^(.*[百千万亿])([{_HAN_DIGITS}])$")
_NEXT_SMALLER = {"百": "十", "千": "百", "万": "千", "亿": "千万"}


@dataclass(frozen=True)
class Numeral:
    """A number in a text; `scaled`: it was written with a multiplier (80万, 1.5m), as money is."""

    value: float
    start: int
    end: int
    scaled: bool
    digits: str


def find_numerals(text: str) -> list[Numeral]:
    """The numerals of a text that is NFKC-normalised and lower case, in order."""
    found = []
    for match in _PATTERN.finditer(text):
        read = _read(match)
        if read is not None:
            value, scaled = read
            found.append(Numeral(value, match.start(), match.end(), scaled, match.group()))
    return found


def _read(match: re.Match[str]) -> tuple[float, bool] | None:
    if match["arabic"]:
        suffix = match["suffix"]
        value = float(match["arabic"].replace(",", ""))
        return round(value * MULTIPLIERS.get(suffix or "", 1.0), 6), bool(suffix)
    if match["words"]:
        return english(match["words"]), "million" in match["words"]
    return han(match["han"])


def han(numeral: str) -> tuple[float, bool] | None:
    """(value, whether it has 万 or more) of a Han numeral; None where it is none (「万一」)."""
    plain = numeral.translate(_TO_CN2AN)
    tail = _SHORT_TAIL.match(plain)
    if tail:
        plain += _NEXT_SMALLER[tail[1][-1]]
    if plain[0] in "百千万亿":
        plain = "一" + plain
    try:
        value = float(cn2an.cn2an(plain, "smart"))
    except ValueError:
        return None
    return value, "万" in plain or "亿" in plain


def english(words: str) -> float:
    """The value of English number words, "thirty two" or "one hundred and five thousand"."""
    total = current = 0.0
    for word in re.findall(r"[a-z]+", words):
        if word in _SMALL:
            current += _SMALL[word]
        elif word == "hundred":
            current = max(current, 1.0) * 100
        elif word in _SCALES:
            total += max(current, 1.0) * _SCALES[word]
            current = 0.0
    return total + current
