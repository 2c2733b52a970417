"""The four languages, and texts that exist in all of them."""

from __future__ import annotations

from collections.abc import Mapping

LANGUAGES = ("en", "zh-Hant", "zh-Hans", "ja")

Text = Mapping[str, str]
"""A wording in each of LANGUAGES."""

# Which characters a language writes is told by its old national character set: the cheapest
# reliable way to notice Simplified characters in a Traditional text, or the reverse.
_CHARACTER_SETS = {"zh-Hant": "big5hkscs", "zh-Hans": "gb2312", "ja": "cp932"}

_PLACE_NAMES = {"ja": "圳"}
"""Characters that a language borrows for names (Shenzhen)."""


def foreign_characters(text: str, language: str) -> str:
    """The Han characters of a text that its language does not write, in order.

    >>> foreign_characters("签證", "zh-Hant")
    '签'
    >>> foreign_characters("签证", "zh-Hans")
    ''
    """
    charset = _CHARACTER_SETS.get(language)
    if charset is None:
        return "".join(dict.fromkeys(character for character in text if _is_han(character)))
    return "".join(
        dict.fromkeys(
            character
            for character in text
            if _is_han(character)
            and character not in _PLACE_NAMES.get(language, "")
            and not _can_encode(character, charset)
        )
    )


def _is_han(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff"


def _can_encode(character: str, charset: str) -> bool:
    try:
        character.encode(charset)
    except UnicodeEncodeError:
        return False
    return True
