import re

from hypothesis import given
from hypothesis import strategies as st
from telegram.constants import MessageLimit

from bot.split import split, utf16_length

LIMIT = int(MessageLimit.MAX_TEXT_LENGTH)


def without_spaces(text: str) -> str:
    return re.sub(r"\s", "", text)


def test_a_short_text_stays_whole() -> None:
    assert split("Hello.\n\nYes.") == ["Hello.\n\nYes."]


def test_a_blank_text_gives_nothing_to_send() -> None:
    assert split(" \n ") == []


def test_a_text_at_telegrams_limit_stays_whole_and_one_above_is_split() -> None:
    assert len(split("😀" * (LIMIT // 2))) == 1
    assert len(split("😀" * (LIMIT // 2) + "a")) == 2


def test_it_is_cut_between_paragraphs_first() -> None:
    assert split("one one one\ntwo.\n\nthree", limit=20) == ["one one one\ntwo.", "three"]


def test_it_is_cut_between_lines_before_sentences() -> None:
    assert split("One two. Three\nfour five", limit=20) == ["One two. Three", "four five"]


def test_it_is_cut_after_a_chinese_sentence() -> None:
    assert split("入境處會審批。申請人請等候通知", limit=10) == [
        "入境處會審批。",
        "申請人請等候通知",
    ]


def test_it_is_cut_between_words_if_there_is_no_sentence() -> None:
    assert split("alpha beta gamma", limit=12) == ["alpha beta", "gamma"]


def test_an_emoji_of_several_parts_is_not_torn() -> None:
    family = "👨‍👩‍👧"
    assert split("a" * 9 + family, limit=12) == ["a" * 9, family]


@given(st.text(max_size=300), st.integers(min_value=12, max_value=60))
def test_parts_fit_and_lose_nothing_but_space(text: str, limit: int) -> None:
    parts = split(text, limit)
    assert all(0 < utf16_length(part) <= limit for part in parts)
    assert without_spaces("".join(parts)) == without_spaces(text)
