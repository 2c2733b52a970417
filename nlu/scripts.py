"""What each Han character says about the language it is written in.

Simplified Chinese, Traditional Chinese and Japanese share most characters; the few that they do
not share settle the question. The tables come from OpenCC's own conversion data, so nothing is
listed by hand but the characters that only written Cantonese uses.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from opencc import OpenCC

HAN_FIRST, HAN_LAST = 0x4E00, 0x9FFF

# Characters that standard Chinese does not use (or hardly), but written Cantonese does in every
# other sentence. They settle zh-Hant even where the rest of the message is ambiguous.
CANTONESE = frozenset("嘅咗喺嚟冇唔佢哋啲嗰咁乜嘢啱㗎喎囉噉揾搵攞俾睇諗嗌冧瞓嘥嗮晒埋嚿嗱咩啩噃曬")


@dataclass(frozen=True)
class HanTables:
    """Characters that occur in one or two of the three ways of writing only."""

    simplified_only: frozenset[str]
    """Neither Traditional Chinese nor Japanese writes them (续, 签, 证)."""
    traditional_only: frozenset[str]
    """Neither Simplified Chinese nor Japanese writes them (續, 簽, 證)."""
    japanese_only: frozenset[str]
    """Post-war Japanese forms (続, 験, 発)."""
    not_simplified: frozenset[str]
    """Traditional Chinese and Japanese write them alike (語, 請, 間)."""
    not_traditional: frozenset[str]
    """Simplified Chinese and Japanese write them alike (国, 学, 会)."""


def _convert_each(converter: OpenCC, characters: list[str]) -> list[str]:
    """Converts single characters, kept apart by line breaks so that no phrase is matched."""
    return str(converter.convert("\n".join(characters))).split("\n")


def han_tables() -> HanTables:
    """Builds the tables from OpenCC. Takes seconds: done in training and kept with the model."""
    characters = [chr(code) for code in range(HAN_FIRST, HAN_LAST + 1)]
    to_simplified = dict(zip(characters, _convert_each(OpenCC("t2s"), characters), strict=True))
    to_traditional = dict(zip(characters, _convert_each(OpenCC("s2t"), characters), strict=True))
    to_japanese = dict(zip(characters, _convert_each(OpenCC("t2jp"), characters), strict=True))
    japanese_forms = {new for old, new in to_japanese.items() if new != old}

    traditional = {c for c in characters if to_simplified[c] != c and to_traditional[c] == c}
    simplified = {c for c in characters if to_traditional[c] != c and to_simplified[c] == c}
    traditional_only = {c for c in traditional if to_japanese[c] != c}
    simplified_only = simplified - japanese_forms
    folded = {to_simplified[c] for c in traditional}
    japanese_only = japanese_forms - simplified - folded
    return HanTables(
        simplified_only=frozenset(simplified_only),
        traditional_only=frozenset(traditional_only),
        japanese_only=frozenset(japanese_only),
        not_simplified=frozenset(traditional - traditional_only),
        not_traditional=frozenset(simplified & japanese_forms),
    )


@lru_cache(maxsize=1)
def _to_simplified() -> OpenCC:
    return OpenCC("t2s")


def fold_han(text: str) -> str:
    """Writes Traditional characters as Simplified, so that both scripts share features."""
    return str(_to_simplified().convert(text))


def is_han(character: str) -> bool:
    """Whether the character is a Han ideograph of the common block."""
    return HAN_FIRST <= ord(character) <= HAN_LAST


def is_kana(character: str) -> bool:
    """Whether the character is hiragana or katakana (the middle dot and long mark are not)."""
    code = ord(character)
    return 0x3041 <= code <= 0x309F or 0x30A1 <= code <= 0x30FA or 0xFF66 <= code <= 0xFF9D
