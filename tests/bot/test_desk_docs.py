"""The consultants' guide names every command, and its pictures are there and small."""

import re

import pytest

from bot.card import REASONS
from bot.chats import Holder
from bot.commands import STAFF_COMMANDS
from bot.staff import COMMANDS
from locales import text
from settings import ROOT

GUIDE = (ROOT / "docs/staff.md").read_text(encoding="utf-8")
HANDOFF = (ROOT / "docs/handoff.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", STAFF_COMMANDS)
def test_each_staff_command_is_in_the_guide(name: str) -> None:
    assert re.search(rf"^\| `/{name}\b", GUIDE, flags=re.MULTILINE)


def test_the_guide_names_no_other_command() -> None:
    assert set(re.findall(r"^\| `/(\w+)", GUIDE, flags=re.MULTILINE)) == set(STAFF_COMMANDS)


def test_each_listed_command_does_something() -> None:
    assert tuple(COMMANDS) == STAFF_COMMANDS


@pytest.mark.parametrize("button", ["take", "done", "close"])
def test_each_button_is_in_the_guide(button: str) -> None:
    assert f"| **{text('bot', 'en', f'staff_button_{button}')}** |" in GUIDE


def test_the_guides_pictures_are_there_and_small() -> None:
    pictures = re.findall(r"!\[.+?\]\((\S+?)\)", GUIDE)

    assert len(pictures) == 3
    for picture in pictures:
        assert (ROOT / "docs" / picture).stat().st_size < 200_000


def test_the_chart_shows_the_states_there_are() -> None:
    chart = HANDOFF.split("```mermaid")[1].split("```")[0]
    drawn = set(re.findall(r"\b(\w+) -->", chart)) | set(re.findall(r"--> (\w+)", chart))

    assert drawn == {holder.value for holder in Holder}


@pytest.mark.parametrize("reason", REASONS)
def test_each_reason_is_explained(reason: str) -> None:
    assert f"| `{reason}` |" in HANDOFF
