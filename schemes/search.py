"""Full-text search over the answers, in four languages and by words of any length.

Two indexes over the same rows: `search_words` holds word stems and, for Chinese and Japanese, pairs
of characters, so that a word of two characters is found; `search_parts` holds trigrams, which find
parts of words and misspelt Latin ones. Traditional characters are folded to Simplified in both, so
that either script finds both.
"""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .languages import converter

TITLE, KEYWORDS, SCHEME, TEXT = 8.0, 6.0, 3.0, 1.0
"""Weights of the columns: a word in the title says more about a page than one in its text."""

WORDS_WEIGHT, PARTS_WEIGHT = 1.0, 0.4
"""Whole words count more than parts of them."""

OTHER_LANGUAGE = 0.25
"""Answers in another language than the asked one rank below, but are better than none."""

_CANDIDATES = 60
# A run ends where the script changes: Japanese words mostly do, and a lone hiragana is a particle.
_RUNS = re.compile(r"[a-z0-9]+|[ァ-ヺー]+|[ぁ-ゖ]{2,}|[\u3400-\u9fff々]+")

# Words that stand in every question and tell nothing about it.
_STOP = frozenset(
    re.findall(
        r"\w+",
        """a an and any are as at be been by can could did do does for from get had has have how i
        if in is it its me my of on or our s shall should so t that the their them there this to
        was we were what when where which who why will with would you your about please tell need
        want""",
    )
)
_STOP_HAN = re.compile(
    "什么|怎么|怎样|如何|可以|可否|是否|请问|我想|需要|我的|我们|你们|吗|呢|的|了|"
    "ですか|ますか|でしょうか|ください|について|したい|どう|です|ます"
)


@dataclass(frozen=True, slots=True)
class Hit:
    """An answer that a search found; the higher the score the better, comparable in one search."""

    scheme: str
    topic: str
    title: str
    score: float


@dataclass(frozen=True, slots=True)
class Page:
    """One answer in one language, as it goes into the index.

    `names` are those of its scheme: they lead to it, but tell nothing about the topic.
    """

    scheme: str
    topic: str
    language: str
    title: str
    keywords: str
    names: str
    text: str


def fold(text: str) -> str:
    """Width, case and script folded away.

    >>> fold("ＱＭＡＳ 優才"), fold("延長")
    ('qmas 优才', '延长')
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    return str(converter("t2s").convert(plain))


def _is_latin(run: str) -> bool:
    return run[0].isascii()


def pairs(run: str) -> list[str]:
    """A run of Han or kana as overlapping pairs.

    >>> pairs("受养人"), pairs("税")
    (['受养', '养人'], ['税'])
    """
    return [run[place : place + 2] for place in range(len(run) - 1)] or [run]


def tokens(text: str) -> str:
    """What `search_words` indexes: words, and pairs of characters.

    Single characters go in too, so that a question of one character finds something.
    """
    found: list[str] = []
    for run in _RUNS.findall(fold(text)):
        found += [run] if _is_latin(run) else [*pairs(run), *(run if len(run) > 1 else "")]
    return " ".join(found)


def create(connection: sqlite3.Connection, pages: Iterable[Page]) -> None:
    """The indexes, filled."""
    connection.executescript(
        """
        create table search_pages (
            id integer primary key, scheme text not null references schemes(id),
            topic text not null references topics(id),
            language text not null references languages(id)
        ) strict;
        create virtual table search_words using fts5(
            title, keywords, names, text, tokenize = 'porter unicode61', content = ''
        );
        create virtual table search_parts using fts5(
            title, keywords, names, text, tokenize = 'trigram', content = ''
        );
        """
    )
    for key, page in enumerate(pages, 1):
        connection.execute(
            "insert into search_pages values (?, ?, ?, ?)",
            (key, page.scheme, page.topic, page.language),
        )
        for index, prepare in (("search_words", tokens), ("search_parts", fold)):
            connection.execute(
                f"insert into {index}(rowid, title, keywords, names, text) values (?, ?, ?, ?, ?)",
                (key, *map(prepare, (page.title, page.keywords, page.names, page.text))),
            )


def query(connection: sqlite3.Connection, text: str, language: str) -> list[tuple[str, str, float]]:
    """(scheme, topic, score) of the answers found, best first, each once."""
    pages: dict[tuple[str, str, str], float] = {}
    for index, weight, match in _matches(text):
        for scheme, topic, page_language, score in _ask(connection, index, match):
            page = (scheme, topic, page_language)
            pages[page] = pages.get(page, 0.0) + score * weight
    best: dict[tuple[str, str], float] = {}
    for (scheme, topic, page_language), score in pages.items():
        weighed = score if page_language == language else score * OTHER_LANGUAGE
        best[scheme, topic] = max(best.get((scheme, topic), 0.0), weighed)
    return sorted(
        ((scheme, topic, score) for (scheme, topic), score in best.items()),
        key=lambda hit: (-hit[2], hit[0], hit[1]),
    )


def _matches(text: str) -> Iterator[tuple[str, float, str]]:
    """The FTS5 expressions for a question: index, weight, expression."""
    folded = fold(text)
    runs = _RUNS.findall(_STOP_HAN.sub(" ", folded)) or _RUNS.findall(folded)
    latin = [run for run in runs if _is_latin(run)]
    telling = [run for run in latin if run not in _STOP] or latin
    han = [run for run in runs if not _is_latin(run)]
    words = [*telling, *(pair for run in han for pair in pairs(run))]
    if words:
        yield "search_words", WORDS_WEIGHT, _any(words)
    parts = [run for run in (*telling, *han) if len(run) >= 3]
    if parts:
        yield "search_parts", PARTS_WEIGHT, _any(parts)


def _any(words: Iterable[str]) -> str:
    return " OR ".join(f'"{word}"' for word in dict.fromkeys(words))


def _ask(
    connection: sqlite3.Connection, index: str, match: str
) -> list[tuple[str, str, str, float]]:
    rank = f"bm25({index}, {TITLE}, {KEYWORDS}, {SCHEME}, {TEXT})"
    return connection.execute(
        f"""
        select scheme, topic, language, -{rank} as score from {index}
        join search_pages on search_pages.id = {index}.rowid
        where {index} match ? order by {rank} limit {_CANDIDATES}
        """,
        (match,),
    ).fetchall()
