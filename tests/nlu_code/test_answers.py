"""Whether answers are read as people mean them; the table is answers.yml."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from actions.reading import Answer, Doubt, read_answer
from nlu.answers import read_values
from nlu.sentences import split_questions
from schemes import Rules
from tests.typed import scheme_names, typed

TABLE = Path(__file__).with_name("answers.yml")
RIGHT_AT_LEAST = 0.98
CASES_AT_LEAST = 300


class Case(NamedTuple):
    fact: str
    language: str
    message: str
    expected: Any


def cases() -> list[Case]:
    table = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    return [
        Case(fact, language, message, expected)
        for fact, languages in table.items()
        for language, messages in languages.items()
        for message, expected in messages.items()
    ]


@pytest.fixture(scope="module")
def rules() -> Rules:
    return Rules.open("build/schemes.db")


def read(rules: Rules, case: Case) -> Any:
    """What is read, in the notation of the table."""
    found = read_answer(rules.facts()[case.fact], typed(case.message, case.language))
    if isinstance(found, Doubt):
        return {"doubt": found.reason}
    if isinstance(found, Answer) and found.foreign_currency:
        return [found.value, found.foreign_currency]
    return None if found is None else found.value


def same(actual: Any, expected: Any) -> bool:
    """Equal in value and kind: True is not 1."""
    return bool(actual == expected) and isinstance(actual, bool) == isinstance(expected, bool)


def test_answers_are_read_as_their_writers_meant_them(rules: Rules, capsys: Any) -> None:
    table = cases()
    wrong = [
        (case, actual) for case in table if not same(actual := read(rules, case), case.expected)
    ]
    share = 1 - len(wrong) / len(table)

    with capsys.disabled():
        print(f"\nanswers read right: {share:.1%} of {len(table)}")
        for case, actual in wrong:
            print(f"  {case.fact} {case.language} {case.message!r}: {actual!r}, "
                  f"meant {case.expected!r}")  # fmt: skip
    assert len(table) >= CASES_AT_LEAST
    assert share >= RIGHT_AT_LEAST


@pytest.mark.parametrize(
    "piece",
    [
        "1 ",
        "9",
        "一二三",
        "十百千万億",
        "1-",
        "no ",
        "，",
        "不是",
        "1千",
        "one ",
        "2023-",
        " ",
        " ,",
        "(",
    ],
)
def test_no_message_takes_long_to_read(piece: str) -> None:
    text = (piece * 20_000)[:20_000]

    started = time.perf_counter()
    read_values(text)
    scheme_names().find(text)
    split_questions(text)

    assert time.perf_counter() - started < 1.0


@pytest.mark.parametrize(
    "text", ["9" * 400, "九" * 60, "1e999", "٣٢", "½", "①", "-" * 50, "0x1F", "1_000"]
)
def test_odd_digits_break_nothing(text: str) -> None:
    for value in read_values(text):
        assert value.end > value.start
