"""Whether the language of a message is made out, learnt from nlu/ and judged on tests/nlu/."""

from __future__ import annotations

from typing import Any

import pytest

from nlu.language import LANGUAGES, LanguageModel, combine
from tests.examples import LEARNT, Example, examples, unseen

# Shares right that must not be lost: whole messages · the first 6 and 4 characters (3 and 2 words
# of Latin script) in a conversation whose language is known.
WHOLE, SIX, FOUR = 0.97, 0.95, 0.93


@pytest.fixture(scope="module")
def model() -> LanguageModel:
    return LanguageModel.train((e.text, e.language) for e in examples(LEARNT))


def beginning(text: str, characters: int) -> str:
    """The first characters, or half as many words where the script is Latin."""
    return " ".join(text.split()[: characters // 2]) if text.isascii() else text[:characters]


def share(model: LanguageModel, cases: list[Example], characters: int | None) -> float:
    """The share read right: whole without context, beginnings with the conversation's language."""
    right = 0
    for case in cases:
        text = beginning(case.text, characters) if characters else case.text
        known = case.language if characters else None
        right += model.read(text, conversation=known).code == case.language
    return right / len(cases)


def test_languages_are_made_out_on_messages_never_seen(model: LanguageModel, capsys: Any) -> None:
    cases = unseen()
    rows = {
        language: [
            share(model, [c for c in cases if c.language == language], n) for n in (None, 6, 4)
        ]
        for language in LANGUAGES
    }
    means = [share(model, cases, n) for n in (None, 6, 4)]

    with capsys.disabled():
        print("\nlanguage read right: whole · first 6 · first 4, language of conversation known")
        for name, row in [*rows.items(), ("all", means)]:
            print(f"  {name:8} " + " · ".join(f"{value:.1%}" for value in row))
    assert [value >= least for value, least in zip(means, (WHOLE, SIX, FOUR), strict=True)] == [
        True, True, True,
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["ok", "QMAS", "32", "👍", "", "...", "IANG?", "２０２３"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_says_nothing_leaves_the_conversation_in_its_language(
    model: LanguageModel, text: str, language: str
) -> None:
    reading = model.read(text, conversation=language)

    assert (reading.code, reading.other) == (language, None)


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("안녕하세요", "ko"), ("Как получить визу?", "ru"), ("मुझे वीज़ा चाहिए", "hi"),
        ("Bonjour, je voudrais savoir combien coûte la demande de visa", "fr"),
        ("Xin chào, tôi muốn hỏi về thị thực làm việc tại Hồng Kông", "vi"),
    ],
)  # fmt: skip
def test_a_message_in_none_of_the_four_is_told_from_them(
    model: LanguageModel, text: str, other: str
) -> None:
    assert model.read(text).other == other


@pytest.mark.parametrize(
    "text", ["visa fee?", "hi", "I need QMAS documents list please", "優才要幾錢", "OK"]
)
def test_short_and_own_messages_are_never_foreign(model: LanguageModel, text: str) -> None:
    assert model.read(text).other is None


def test_hardly_a_message_of_ours_is_taken_for_foreign(model: LanguageModel) -> None:
    cases = unseen()

    foreign = [e.text for e in cases if model.read(e.text).other]

    assert len(foreign) <= len(cases) * 0.002, foreign


def test_telegrams_language_decides_only_where_nothing_else_does() -> None:
    silent = dict.fromkeys(LANGUAGES, 0.0)

    assert combine(silent, None, "ja") == ("ja", 0.0)
    assert combine(silent, "en", "ja") == ("en", 0.0)
    assert combine(silent) == (None, 0.0)


def test_a_model_survives_being_kept(model: LanguageModel) -> None:
    kept = LanguageModel.from_json(model.to_json())

    assert kept.read("續簽要幾耐").scores == model.read("續簽要幾耐").scores
