"""Whether a yes or no inside a longer message is about the question that was asked.

"No criminal record" is no answer to "Do you have a job offer?", whatever it begins with. A message
that says more than yes or no must share a telling word with the question, its help or its label.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise

from nlu.answers import read_values
from nlu.scripts import fold_han, is_han
from schemes import Fact

# A yes or no that stands by itself at the beginning, or a message that is nothing else.
_FIRST_PART = re.compile(r"[,，、.。!！\s]+")
# What carries meaning: Latin words, Han characters, katakana; hiragana is mostly grammar.
_TELLING = re.compile(r"[a-z]{4,}|[一-鿿]+|[ァ-ヺー]{2,}")
# Words and characters (Simplified) that stand in any yes or no and so tell nothing.
_EMPTY = frozenset(
    "have haven does dont doesn yeah yes sure sorry think actually really course thanks please "
    "that this them they with from what been never about also would could should some more any "
    "right correct true indeed exactly definitely absolutely currently already still well".split()
) | frozenset(
    "有没冇不是系唔过了吗的我你您他她可能以会在就都也还真确实对当然这个那么样啊呢吧呀很太好大多少上下"
    "人一二三年月日时候现目前已经去做用要想说讲话行得到着给被把和与及等所其之为者方私仆丈夫问题全特今后"
    "分思言见来出入持识谂国"
)


def is_about(fact: Fact, text: str) -> bool:
    """Whether a yes or no in `text` may be taken for an answer to the fact's question."""
    first, *rest = [part for part in _FIRST_PART.split(text.strip()) if part] or [""]
    said = set(_words(text))
    if not said:
        return True
    if rest and _is_yes_or_no(first):
        return True  # "yes, …": whoever begins like this answers what was asked
    return _is_yes_or_no(text) or bool(said & _subject(fact))


def _is_yes_or_no(text: str) -> bool:
    """Whether the text as a whole is a yes or no."""
    letters = sum(character.isalnum() for character in text)
    return any(
        value.entity == "yes_no" and (value.end - value.start) >= letters
        for value in read_values(text)
    )


def _words(text: str) -> list[str]:
    """The telling words; runs of Han characters as pairs, a character left alone as itself."""
    folded = fold_han(unicodedata.normalize("NFKC", text).casefold())
    plain = "".join(" " if character in _EMPTY else character for character in folded)
    return [word for run in _TELLING.findall(plain) if run not in _EMPTY for word in _pairs(run)]


def _pairs(run: str) -> list[str]:
    if not is_han(run[0]) or len(run) == 1:
        return [run]
    return [a + b for a, b in pairwise(run)]


@lru_cache(maxsize=512)
def _subject_of(texts: tuple[str, ...]) -> frozenset[str]:
    words = [word for text in texts for word in _words(text)]
    return frozenset(words) | {character for word in words if is_han(word[0]) for character in word}


def _subject(fact: Fact) -> frozenset[str]:
    """The telling words of a question in all four languages."""
    options = [title for titles in fact.options.values() for title in titles.values()]
    said = [word for words in fact.words.values() for word in words]
    texts = (*fact.question.values(), *fact.help.values(), *fact.label.values(), *options, *said)
    return _subject_of(tuple(texts))
