"""Which language the reply is in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from actions.memory import Memory
from nlu.language import combine, interface_language

LANGUAGES = ("en", "zh-Hant", "zh-Hans", "ja")
NATIVE_NAMES = {"en": "English", "zh-Hant": "繁體中文", "zh-Hans": "简体中文", "ja": "日本語"}

# How people name a language when they ask for it; "Chinese" alone says nothing about the script.
_NAMED = {
    "en": r"english|英[文语語]|イングリッシュ",
    "ja": r"japanese|日本?[語语文]|にほんご",
    "zh-Hant": r"traditional|繁[體体中]|繁體|廣東話|广东话|粵語|粤语|cantonese|広東語",
    "zh-Hans": r"simplified|[简簡][体體中]|普通[话話]|国语|mandarin|putonghua|簡体",
}
_CHINESE = r"chinese|中文|中国語|中國語|汉语|漢語|华语|華語"

# From this probability on, a message in another language moves the conversation to it.
SWITCH = 0.8


def named_language(text: str, spoken: str) -> str | None:
    """The language that a message asks for; None where it names none, or more than one.

    "Chinese" alone is the script that is spoken already, if it is one of the two.
    """
    text = text.casefold()
    named = [language for language, names in _NAMED.items() if re.search(names, text)]
    if not named and re.search(_CHINESE, text) and spoken.startswith("zh"):
        return spoken
    return named[0] if len(named) == 1 else None


def reply_language(memory: Memory, latest: Mapping[str, Any], default: str) -> str:
    """The language to answer in.

    `latest` is Rasa's parse of the message; it holds no reading of the language for a pressed
    button, where only the conversation's and Telegram's interface language are known. A language
    that the person chose stays; else the message decides where it is plain enough, and what was
    spoken before where it is not ("ok", "32", "QMAS" never switch a conversation).
    """
    if memory.language_settled and memory.language:
        return memory.language
    read, metadata = latest.get("language"), latest.get("metadata") or {}
    if not read:
        interface = interface_language(metadata.get("language_code"))
        return memory.language or metadata.get("language") or interface or default
    if read.get("other"):
        return memory.language or "en"
    code, confidence = combine(read.get("scores") or {}, memory.language)
    if memory.language is None:
        return code or read.get("code") or default
    return code if code and confidence >= SWITCH else memory.language
