import pytest

from bot.languages import LANGUAGE_NAMES, LANGUAGES, seed

SEEDS = {
    "en": "en",
    "en-GB": "en",
    "zh-hk": "zh-Hant",
    "zh-TW": "zh-Hant",
    "zh-hant": "zh-Hant",
    "zh-Hant-HK": "zh-Hant",
    "zh": "zh-Hans",
    "zh-cn": "zh-Hans",
    "zh-hans": "zh-Hans",
    "ja": "ja",
    "ja-JP": "ja",
    "ko": "en",
    "javanese": "en",
}


@pytest.mark.parametrize("code", SEEDS)
def test_telegrams_code_gives_the_first_language(code: str) -> None:
    assert seed(code, "ja") == SEEDS[code]


def test_without_a_code_the_default_is_used() -> None:
    assert seed(None, "zh-Hant") == "zh-Hant"
    assert seed("", "ja") == "ja"


def test_every_language_has_a_name() -> None:
    assert tuple(LANGUAGE_NAMES) == LANGUAGES
