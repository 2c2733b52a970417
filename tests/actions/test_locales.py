"""The dialogue's own texts: complete, used, and alike in the four languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from actions.languages import LANGUAGES
from locales import catalogue

CODE = "\n".join(path.read_text(encoding="utf-8") for path in Path("actions").glob("*.py"))
# Keys put together in the code: the words in place of {…} follow from what they are made of.
FAMILIES = {f"{name}_": rf'f"{name}_\{{' for name in ("outcome", "doubt", "alternative")}
PLACEHOLDER = re.compile(r"\{(\w+)\}")


def keys(language: str) -> set[str]:
    return set(catalogue("actions", language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_key(language: str) -> None:
    assert keys(language) == keys("en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_agree_with_the_english_ones(language: str) -> None:
    english, texts = catalogue("actions", "en"), catalogue("actions", language)

    different = {
        key: (sorted(PLACEHOLDER.findall(texts[key])), sorted(PLACEHOLDER.findall(text)))
        for key, text in english.items()
        if set(PLACEHOLDER.findall(texts[key])) != set(PLACEHOLDER.findall(text))
    }

    assert different == {}


def test_every_key_in_the_code_is_in_the_catalogues() -> None:
    said = set(re.findall(r'desk\.(?:say|button)\(\s*"(\w+)"', CODE))

    assert said - keys("en") == set()


def test_no_key_is_unused() -> None:
    quoted = set(re.findall(r'"(\w+)"', CODE))
    built = {
        key
        for prefix, pattern in FAMILIES.items()
        if re.search(pattern, CODE)
        for key in keys("en")
        if key.startswith(prefix)
    }

    assert keys("en") - quoted - built == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_buttons_fit_a_phone(language: str) -> None:
    long = {k: t for k, t in catalogue("actions", language).items()
            if k.startswith("button_") and len(t) > 28}  # fmt: skip

    assert long == {}


@pytest.mark.parametrize(
    ("language", "wrong"),
    [("zh-Hant", "们这为说请"), ("zh-Hans", "們這為說請"), ("ja", "们说请说這說")],
)
def test_each_language_is_written_in_its_own_script(language: str, wrong: str) -> None:
    for key, text in catalogue("actions", language).items():
        assert not set(text) & set(wrong), (key, text)
