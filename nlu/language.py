"""Which of our four languages a message is written in.

Messages are short ("幾錢?", "続きから", "fees") and the choice is among four, so three kinds of
evidence are added up as log-odds: the script (kana, Hangul …), the characters that only one way
of writing Chinese characters uses (`nlu.scripts`), and naive Bayes over one- and two-character
grams of the project's own training examples, which decides where the tables are silent (「申請」
is written alike in Hong Kong and Tokyo). langdetect has one job: to tell that a message long
enough to judge is in none of the four.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from langdetect import DetectorFactory, LangDetectException, detect_langs

from nlu.scripts import CANTONESE, HanTables, han_tables, is_han, is_kana

LANGUAGES = ("en", "zh-Hant", "zh-Hans", "ja")

# Log-odds of one character that a language never writes; strong, yet two typos can be outvoted.
EXCLUSIVE = 5.0
# Log-odds by which the language of the conversation so far is favoured.
CONVERSATION_PRIOR = 3.0
# Telegram's interface language says less: many people in Hong Kong use the English interface.
INTERFACE_PRIOR = 1.0
# Weight of naive Bayes beside the tables: grams overlap, so they count less than independent ones.
GRAM_WEIGHT = 0.7
# langdetect needs this many letters before its opinion is worth anything.
JUDGEABLE_LETTERS = 16
FEWEST_WORDS = 4

# Written alike by everybody: they never say which language somebody is using.
NEUTRAL = frozenset(
    "ok okay okie k hi hello bye thx ty pls plz lol haha hahaha visa offer hk hkid phd mba master "
    "bachelor stem cv pr id no yes fyi asap start stop".split()
)
_WORD = re.compile(r"[A-Za-zÀ-ɏḀ-ỿ']+")

# Blocks of writing that none of the four languages uses, and the language to name for them.
_FOREIGN_SCRIPTS = {
    "HANGUL": "ko", "THAI": "th", "DEVANAGARI": "hi", "ARABIC": "ar", "CYRILLIC": "ru",
    "HEBREW": "he", "GREEK": "el", "BENGALI": "bn", "TAMIL": "ta", "MYANMAR": "my", "KHMER": "km",
    "LAO": "lo", "GURMUKHI": "pa", "GEORGIAN": "ka",
}  # fmt: skip
DetectorFactory.seed = 0  # langdetect samples at random otherwise


@dataclass(frozen=True)
class Reading:
    """What was made out about a message's language.

    code: the best of the four, or None where the message says nothing ("32", "QMAS", "👍") and
        nothing else was known.
    confidence: probability of `code` among the four, 0 where nothing was known.
    scores: log-odds of the message alone, without any prior; equal where it says nothing.
    other: ISO code of the language where it is none of ours, else None.
    """

    code: str | None
    confidence: float
    scores: Mapping[str, float]
    other: str | None = None


@dataclass
class LanguageModel:
    """The tables and the gram frequencies; made by `train`, kept as JSON by `to_json`."""

    tables: HanTables
    grams: dict[str, dict[str, float]] = field(default_factory=dict)
    """gram → language → log probability relative to the mean of the languages."""
    words: frozenset[str] = frozenset()
    """English words, lower case: those of the English examples."""

    @classmethod
    def train(cls, examples: Iterable[tuple[str, str]]) -> LanguageModel:
        """Learns from (text, language) pairs; languages other than our four are an error."""
        counts: dict[str, Counter[str]] = {language: Counter() for language in LANGUAGES}
        words: set[str] = set()
        for text, language in examples:
            plain = normalise(text)
            counts[language].update(_grams(plain))
            if language == "en":
                words.update(word.lower() for word in _WORD.findall(plain))
        return cls(_confirmed(han_tables(), counts), _log_odds(counts), frozenset(words))

    def read(
        self, text: str, conversation: str | None = None, interface: str | None = None
    ) -> Reading:
        """Reads a message; `conversation` is the language spoken so far, `interface` Telegram's."""
        text = normalise(text)
        other = foreign_language(text, self.words)
        scores = self._scores(text)
        code, confidence = combine(scores, conversation, interface)
        return Reading(code, confidence, scores, other)

    def _scores(self, text: str) -> dict[str, float]:
        scores = dict.fromkeys(LANGUAGES, 0.0)
        words = [word for word in _WORD.findall(text) if self._tells(word)]
        han = [c for c in text if is_han(c)]
        kana = sum(map(is_kana, text))
        if han or kana:
            self._add_tables(scores, text, kana)
            self._add_grams(scores, text)
            # People write Chinese and Japanese with English words in it; hardly ever the reverse.
            share = len(words) * 1.5 - (len(han) + 4 * kana + 3 * sum(c in CANTONESE for c in han))
            scores["en"] += 2.0 * share if share > 0 else -EXCLUSIVE + share
        elif words:
            for language in LANGUAGES[1:]:
                scores[language] -= min(len(words), 4) * 1.5
        return scores

    def _tells(self, word: str) -> bool:
        """Whether a Latin word says that somebody writes English.

        Acronyms and "ok" do not, and neither do romanised Chinese or Japanese.
        """
        lower = word.lower()
        return len(word) > 1 and lower in self.words and lower not in NEUTRAL and not word.isupper()

    def _add_tables(self, scores: dict[str, float], text: str, kana: int) -> None:
        tables = self.tables
        against: tuple[str, ...]
        for character in text:
            if character in CANTONESE or character in tables.traditional_only:
                against = ("zh-Hans", "ja")
            elif character in tables.simplified_only:
                against = ("zh-Hant", "ja")
            elif character in tables.japanese_only or is_kana(character):
                against = ("zh-Hans", "zh-Hant")
            elif character in tables.not_simplified:
                against = ("zh-Hans",)
            elif character in tables.not_traditional:
                against = ("zh-Hant",)
            else:
                continue
            for language in against:
                scores[language] -= EXCLUSIVE

    def _add_grams(self, scores: dict[str, float], text: str) -> None:
        for gram in _grams(text):
            for language, value in self.grams.get(gram, {}).items():
                scores[language] += GRAM_WEIGHT * value

    def to_json(self) -> dict[str, object]:
        """The model as plain JSON values."""
        tables = {name: "".join(sorted(getattr(self.tables, name))) for name in _TABLE_NAMES}
        return {"tables": tables, "grams": self.grams, "words": sorted(self.words)}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> LanguageModel:
        """The inverse of `to_json`."""
        tables = HanTables(**{name: frozenset(data["tables"][name]) for name in _TABLE_NAMES})
        return cls(tables, data["grams"], frozenset(data["words"]))


_TABLE_NAMES = tuple(HanTables.__dataclass_fields__)


def combine(
    scores: Mapping[str, float], conversation: str | None = None, interface: str | None = None
) -> tuple[str | None, float]:
    """Adds what is known from before to a message's own scores: (language, probability).

    A message without evidence stays in the conversation's language, then Telegram's; where neither
    is known the answer is (None, 0.0).
    """
    silent = len(set(scores.values())) <= 1
    if silent:
        known = conversation or interface
        return known, 0.0
    total = dict(scores)
    if conversation in total:
        total[conversation] += CONVERSATION_PRIOR
    elif interface in total:
        total[interface] += INTERFACE_PRIOR
    best = max(total, key=lambda language: total[language])
    weight = sum(math.exp(value - total[best]) for value in total.values())
    return best, 1.0 / weight


def interface_language(code: str | None) -> str | None:
    """One of our four languages for Telegram's IETF `language_code`, None for any other."""
    if not code:
        return None
    code = code.lower()
    if code.startswith("zh"):
        traditional = any(part in code for part in ("hant", "hk", "tw", "mo"))
        return "zh-Hant" if traditional else "zh-Hans"
    return {"en": "en", "ja": "ja"}.get(code.split("-")[0])


def normalise(text: str) -> str:
    """NFKC (full-width letters become plain), trimmed. Only for reading: the text itself stays."""
    return unicodedata.normalize("NFKC", text).strip()


def foreign_language(text: str, english: frozenset[str]) -> str | None:
    """ISO code of the language of a message that is in none of the four, where that is plain.

    `english` are the words by which a message in Latin script is taken for English.
    """
    letters = [c for c in text if c.isalpha()]
    if not letters:
        return None
    scripts = Counter(unicodedata.name(c, "?").split()[0] for c in letters)
    script, count = scripts.most_common(1)[0]
    if script in _FOREIGN_SCRIPTS and count * 2 > len(letters):
        return _FOREIGN_SCRIPTS[script]
    if script != "LATIN" or count < len(letters) or count < JUDGEABLE_LETTERS:
        return None
    return _foreign_latin(text, english)


def _foreign_latin(text: str, english: frozenset[str]) -> str | None:
    """Langdetect's opinion, taken only where it is sure and the words are not English ones."""
    words = [word.lower() for word in _WORD.findall(text)]
    if len(words) < FEWEST_WORDS or sum(word in english for word in words) * 2 >= len(words):
        return None
    try:
        best = detect_langs(text)[0]
    except LangDetectException:
        return None
    return best.lang if best.lang != "en" and best.prob > 0.95 else None


# A table says that a language never writes a character; this many uses of it say otherwise.
CONTRADICTED = 3


def _confirmed(tables: HanTables, counts: dict[str, Counter[str]]) -> HanTables:
    """The tables without the characters that our own examples contradict.

    OpenCC's variants go too far here and there: 研 and 翻 are listed as Japanese forms only.
    """

    def kept(characters: frozenset[str], *never: str) -> frozenset[str]:
        return frozenset(
            c for c in characters if all(counts[language][c] < CONTRADICTED for language in never)
        )

    return HanTables(
        simplified_only=kept(tables.simplified_only, "zh-Hant", "ja"),
        traditional_only=kept(tables.traditional_only, "zh-Hans", "ja"),
        japanese_only=kept(tables.japanese_only, "zh-Hans", "zh-Hant"),
        not_simplified=kept(tables.not_simplified, "zh-Hans"),
        not_traditional=kept(tables.not_traditional, "zh-Hant"),
    )


def _grams(text: str) -> list[str]:
    """One- and two-character grams of the Han and kana runs."""
    letters = [c if is_han(c) or is_kana(c) else " " for c in text]
    pairs = [a + b for a, b in pairwise(letters) if " " not in (a, b)]
    return [c for c in letters if c != " "] + pairs


def _log_odds(counts: dict[str, Counter[str]]) -> dict[str, dict[str, float]]:
    """Smoothed log probabilities of each gram, centred over the three languages that have any."""
    languages = [language for language in LANGUAGES if language != "en"]
    vocabulary = {gram for language in languages for gram in counts[language]}
    sizes = {language: sum(counts[language].values()) + len(vocabulary) for language in languages}
    table: dict[str, dict[str, float]] = {}
    for gram in sorted(vocabulary):
        logs = {g: math.log((counts[g][gram] + 0.5) / sizes[g]) for g in languages}
        mean = sum(logs.values()) / len(logs)
        table[gram] = {language: round(value - mean, 3) for language, value in logs.items()}
    return table
