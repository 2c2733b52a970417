"""Where the seed pages are out of date, a reply gives today's rule, its day, source and month."""

import re

import pytest

from schemes import Rules
from settings import ROOT
from tests.conversation.server import Said, Server
from tests.conversation.statements import Desk, Row, faults, rows, unsaid

ROWS = rows()
ASKED = [pytest.param(row, id=f"{row.row}-{row.topic}-{row.language}") for row in ROWS]
AS_OF = {
    "en": r"as of [A-Z][a-z]+ \d{4}",
    "zh-Hant": r"截至\d{4}年\d{1,2}月",
    "zh-Hans": r"截至\d{4}年\d{1,2}月",
    "ja": r"\d{4}年\d{1,2}月時点",
}


@pytest.fixture(scope="module")
def desk(server: Server) -> Desk:
    return Desk(server)


@pytest.fixture(scope="module")
def titles() -> dict[tuple[str, str], str]:
    """The title of a source in a language."""
    with Rules.open(ROOT / "build" / "schemes.db") as rules:
        return {
            (source.id, language): title
            for source in rules.sources().values()
            for language, title in source.title.items()
        }


def footer_faults(said: Said, row: Row, titles: dict[tuple[str, str], str]) -> list[str]:
    """What the reply's own foot leaves out: the source's title, or the month of the evidence."""
    foot = said.texts[0].rpartition("\n\n")[2] if said.texts else ""
    found = []
    if titles[row.source, row.language] not in foot:
        found.append(f"does not name {titles[row.source, row.language]!r}")
    if not re.search(AS_OF[row.language], foot):
        found.append("does not say as of which month")
    return found


@pytest.mark.parametrize("row", ASKED)
def test_the_topic_gives_todays_rule(
    desk: Desk, titles: dict[tuple[str, str], str], row: Row
) -> None:
    said = desk.pressed(row.scheme, row.topic, row.language)

    found = faults(said, row.scheme, row.topic, row.expect) + footer_faults(said, row, titles)
    assert not found, "; ".join(found)


@pytest.mark.parametrize("row", ASKED)
def test_a_typed_question_gets_todays_rule(
    desk: Desk, titles: dict[tuple[str, str], str], row: Row
) -> None:
    said = desk.typed(row.ask, row.topic)

    found = unsaid(said, row.expect) + footer_faults(said, row, titles)
    assert not found, "; ".join(found)


def test_every_row_of_the_comparison_is_asked_and_every_language_is_used() -> None:
    assert {row.row for row in ROWS} == {f"0.{number}" for number in range(1, 23)}
    assert {row.language for row in ROWS} == set(AS_OF)
