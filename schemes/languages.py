"""The four languages, and texts that exist in all of them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # its dictionaries take a moment, and most callers need none
    import opencc

LANGUAGES = ("en", "zh-Hant", "zh-Hans", "ja")

Text = Mapping[str, str]
"""A wording in each of LANGUAGES."""

# A language's old national character set tells which characters it certainly writes. What is
# outside may still be right (Hong Kong's own characters): for Chinese it is wrong only if OpenCC
# would write it otherwise.
_CHARACTER_SETS = {"zh-Hant": "big5", "zh-Hans": "gb2312", "ja": "cp932"}
_CONVERSIONS = {"zh-Hant": "s2hk", "zh-Hans": "t2s"}

_PLACE_NAMES = {"ja": "圳"}
"""Characters that a language borrows for names (Shenzhen)."""


def foreign_characters(text: str, language: str) -> str:
    """The Han characters of a text that its language does not write, in order.

    >>> foreign_characters("签證", "zh-Hant")
    '签'
    >>> foreign_characters("签证", "zh-Hans")
    ''
    """
    return "".join(
        dict.fromkeys(
            character
            for character in text
            if "\u4e00" <= character <= "\u9fff" and _is_foreign(character, language)
        )
    )


@cache
def _is_foreign(character: str, language: str) -> bool:
    charset = _CHARACTER_SETS.get(language)
    if charset is None:
        return True
    if character in _PLACE_NAMES.get(language, "") or _can_encode(character, charset):
        return False
    conversion = _CONVERSIONS.get(language)
    return conversion is None or _converted(character, conversion) != character


def _converted(character: str, conversion: str) -> str:
    return str(converter(conversion).convert(character))


@cache
def converter(conversion: str) -> opencc.OpenCC:
    """OpenCC for one direction, its dictionaries loaded when first needed."""
    import opencc

    return opencc.OpenCC(conversion)


def _can_encode(character: str, charset: str) -> bool:
    try:
        character.encode(charset)
    except UnicodeEncodeError:
        return False
    return True
