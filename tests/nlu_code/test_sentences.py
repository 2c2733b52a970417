from __future__ import annotations

import pytest

from nlu.sentences import split_questions


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("How long does it take? And how much is it?",
         ["How long does it take?", "And how much is it?"]),
        ("要幾耐？要幾錢？仲有點樣申請", ["要幾耐？", "要幾錢？", "點樣申請"]),
        ("审批要多久，另外家属可以工作吗", ["审批要多久", "家属可以工作吗"]),
        ("手数料はいくらですか。あと、期間はどのくらいですか",
         ["手数料はいくらですか", "期間はどのくらいですか"]),
        ("what documents do I need\nhow long can I stay",
         ["what documents do I need", "how long can I stay"]),
        ("can my wife work, also what is the fee for her",
         ["can my wife work", "what is the fee for her"]),
    ],
)  # fmt: skip
def test_a_message_is_cut_into_its_questions(text: str, parts: list[str]) -> None:
    assert split_questions(text) == parts


@pytest.mark.parametrize(
    "text",
    [
        "How long does it take?",
        "要幾耐？",
        "手数料はいくらですか？",
        "QMAS processing time",
        "32",
        "👍",
    ],
)
def test_one_question_stays_whole(text: str) -> None:
    assert len(split_questions(text)) <= 1


@pytest.mark.parametrize(
    "text", ["Hi! What are the fees for QMAS?", "你好！優才要幾耐時間審批？", "", "???"]
)
def test_a_greeting_is_no_question_of_its_own(text: str) -> None:
    assert len(split_questions(text)) <= 1
