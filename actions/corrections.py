"""Which earlier answer somebody wants to change, made out from what they say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from actions.turn import Turn
from nlu.scripts import fold_han, is_han, is_kana
from schemes import Fact

# What people call an answer beside its label. A stem is enough in Chinese and Japanese.
ALSO_CALLED = {
    "age": "age old birthday 歲 岁 歳 年紀 年纪",
    "education_level": "degree education qualification 學歷 学历 学歴 學位 学位",
    "nationality": "nationality passport citizenship country 國籍 国籍 護照",
    "annual_income": "income salary pay wage earn 收入 薪 人工 工資 工资 年收 年収 給与 給料",
    "yearly_package": "income salary pay package 收入 薪 年薪 人工 報酬 給与 年収",
    "graduate_work_years": "experience 年資 经验 經驗 年限 職歴 経験",
    "criminal_record": "criminal record conviction 案底 犯罪 刑事 前科",
    "english": "english 英文 英语 英語",
    "chinese": "chinese 中文 中国語 普通話 普通话",
    "job_offer": "offer job 聘 offer 内定 工作",
    "graduation_date": "graduation 畢業 毕业 卒業",
    "mainland_resident": "mainland resident 內地 内地 大陸 大陆 本土",
    "child_age": "child kid 小朋友 孩子 子女 お子",
}
# Latin words that many labels share or that mean nothing here.
_EMPTY = frozenset(
    "my the your and for past year years answer work job level from with well".split()
)


def named_fact(turn: Turn, facts: Sequence[Fact]) -> str | None:
    """The fact that a message wants changed, of those answered (newest first); None if unclear.

    By its label or another name in any language; else by the kind of value the message gives,
    where only one of the answers is of that kind.
    """
    text = fold_han(turn.text.casefold())
    by_name = [fact.id for fact in facts if _called(text, fact)]
    if by_name:
        return by_name[0] if len(by_name) == 1 else None
    by_kind = [fact for fact in facts if _gives(turn, fact)]
    if len(by_kind) == 1:
        return by_kind[0].id
    return _likest(text, by_kind or facts)


def _called(text: str, fact: Fact) -> bool:
    """Whether the text holds the fact's label or another of its names."""
    names = [*fact.label.values(), *ALSO_CALLED.get(fact.id, "").split()]
    return any(_holds(text, fold_han(name.casefold())) for name in names)


def _gives(turn: Turn, fact: Fact) -> bool:
    return fact.extract not in (None, "yes_no") and turn.entity(str(fact.extract)) is not None


def _likest(text: str, facts: Sequence[Fact]) -> str | None:
    """The one fact of whose label the text holds the largest part; None where two are alike."""
    shares = {fact.id: _share(text, fact) for fact in facts}
    best = max(shares.values(), default=0.0)
    likest = [fact for fact, share in shares.items() if share == best > 0]
    return likest[0] if len(likest) == 1 else None


def _share(text: str, fact: Fact) -> float:
    shares = [0.0]
    for label in fact.label.values():
        grams = list(_grams(fold_han(label.casefold())))
        if grams:
            shares.append(sum(_holds(text, gram) for gram in grams) / len(grams))
    return max(shares)


def _holds(text: str, word: str) -> bool:
    if word.isascii():
        return re.search(rf"(?<![a-z]){re.escape(word)}(?![a-z])", text) is not None
    return word in text


def _grams(label: str) -> Iterable[str]:
    """Telling Latin words, and pairs of Han or kana characters."""
    yield from (word for word in re.findall(r"[a-z]{3,}", label) if word not in _EMPTY)
    for first, second in pairwise(label):
        if all(is_han(character) or is_kana(character) for character in (first, second)):
            yield first + second
