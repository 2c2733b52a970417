"""Every string of the relay exists in every language, with the same placeholders, and is used."""

import re
from pathlib import Path
from string import Formatter

import pytest

import bot
import bot.commands
from bot.card import REASONS
from bot.chats import Holder
from bot.history import Speaker
from bot.languages import LANGUAGES
from locales import catalogue

SOURCE = "\n".join(path.read_text() for path in Path(bot.__file__).parent.glob("*.py"))
USED = {
    *re.findall(r'say\(\s*"(\w+)"', SOURCE),
    *re.findall(r'"(cannot_\w+)"', SOURCE),
    *(f"command_{name}" for name in bot.commands.COMMANDS),
    *re.findall(r'"(lead_\w+|staff_\w+)"', SOURCE),
    *(f"staff_command_{name}" for name in bot.commands.STAFF_COMMANDS),
    *(f"staff_holder_{holder}" for holder in Holder),
    *(f"reason_{reason}" for reason in REASONS),
    *(f"speaker_{who}" for who in Speaker),
} - {
    # Outcomes in the log and a table, not words.
    "staff_group",
    "staff_group_moved",
    "staff_internal",
    "staff_notes_of_chat",
    "staff_refused",
    "staff_spoke",
    "staff_not_sent",
    "staff_command_refused",
}


def placeholders(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_has_what_the_relay_says_and_nothing_else(language: str) -> None:
    assert set(catalogue("bot", language)) == USED


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_placeholders_are_those_of_the_english(language: str) -> None:
    english = catalogue("bot", "en")
    for name, template in catalogue("bot", language).items():
        assert placeholders(template) == placeholders(english[name]), name


def test_each_language_is_written_in_its_own_script() -> None:
    assert re.search("[\u3040-\u30ff]", catalogue("bot", "ja")["apology"])
    assert "訊息" in catalogue("bot", "zh-Hant")["apology"]
    assert "消息" in catalogue("bot", "zh-Hans")["apology"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_descriptions_fit_into_telegrams_limits(language: str) -> None:
    assert len(catalogue("bot", language)["description"]) <= 512
    assert len(catalogue("bot", language)["short_description"]) <= 120
