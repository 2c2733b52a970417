from __future__ import annotations

import pytest

from nlu.questions import asks


@pytest.mark.parametrize(
    "text",
    [
        "how much is it", "What if I fail", "can my wife work", "ok and how long does it take",
        "I want to know the fee", "fees？", "要幾耐", "點樣申請", "可唔可以帶父母",
        "多少钱", "能不能延期", "请问在哪里交表", "審查期間はどのくらいですか",
        "いつ申請できますか", "手数料を教えて", "有冇名額",
    ],
)  # fmt: skip
def test_questions_are_told_by_their_form(text: str) -> None:
    assert asks(text)


@pytest.mark.parametrize(
    "text",
    [
        "signed the contract last week", "Master's from Imperial", "no, I studied in Wuhan", "32",
        "I am a nurse", "我老婆", "硕士研究生", "部分相符吧", "無學位，有專業技能",
        "关联专业的学位", "関連分野の学位です", "銀行で十年働いています",
        "はい、専攻どおりです", "年薪八十萬", "", "👍",
    ],
)  # fmt: skip
def test_statements_are_no_questions(text: str) -> None:
    assert not asks(text)
