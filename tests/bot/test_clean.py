import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clean import QUESTION_LIMIT, clean

INJECTIONS = {
    '／affirm{"x":1}': 'affirm{"x":1}',
    "/restart": "restart",
    " /restart": "restart",
    "\n\t/ /session_start": "session_start",
    "\u200b/restart": "restart",
    "\u3000／／stop": "stop",
    "\u202e/restart": "restart",
}


@pytest.mark.parametrize("typed", INJECTIONS, ids=ascii)
def test_nothing_typed_reaches_rasa_as_an_intent(typed: str) -> None:
    assert clean(typed).text == INJECTIONS[typed]


@given(st.text())
def test_no_text_at_all_begins_with_a_slash_or_a_space(typed: str) -> None:
    cleaned = clean(typed).text
    assert cleaned == cleaned.strip()
    assert not cleaned.startswith("/")
    assert clean(cleaned).text == unicodedata.normalize("NFKC", cleaned).strip()


@pytest.mark.parametrize("blank", ["", " ", "/", "／／ /", "\u200b", "\x00"], ids=ascii)
def test_a_text_without_content_is_empty(blank: str) -> None:
    assert clean(blank).text == ""


@pytest.mark.parametrize("typed", ["👍", "32", "三十二", "はい", "½?", "a/b"])
def test_short_and_odd_texts_are_kept(typed: str) -> None:
    assert clean(typed).text == unicodedata.normalize("NFKC", typed)


def test_a_text_at_the_limit_is_whole_and_one_above_is_cut() -> None:
    assert clean("a" * QUESTION_LIMIT).cut is False
    assert clean("a" * (QUESTION_LIMIT + 1)).cut is True
    assert len(clean("a" * (QUESTION_LIMIT + 1)).text) == QUESTION_LIMIT
