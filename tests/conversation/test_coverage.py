"""Everything that the two seed pages state can be asked for and is answered, in four languages.

With COVERAGE_TABLE=1 docs/coverage.md is first written anew from the replies.
"""

import os

import pytest

from tests.conversation import coverage
from tests.conversation.server import Server
from tests.conversation.statements import LANGUAGES, Desk, Statement, faults, statements, unsaid

STATEMENTS = statements()
ASKED = [
    pytest.param(entry, language, id=f"{entry.id}-{language}")
    for entry in STATEMENTS
    for language in LANGUAGES
]


@pytest.fixture(scope="module")
def desk(server: Server) -> Desk:
    return Desk(server)


@pytest.fixture(scope="module")
def table(desk: Desk) -> dict[str, dict[str, str]]:
    """The rows of the page as it stands, or as the replies of today make it."""
    if os.environ.get("COVERAGE_TABLE"):
        coverage.write(lambda entry, language: desk.typed(entry.ask[language], entry.topic))
    return coverage.read_table()


@pytest.mark.parametrize(("entry", "language"), ASKED)
def test_the_topic_says_what_the_page_states(desk: Desk, entry: Statement, language: str) -> None:
    said = desk.pressed(entry.scheme, entry.topic, language)

    found = faults(said, entry.scheme, entry.topic, entry.expect[language])
    assert not found, "; ".join(found)


@pytest.mark.parametrize(("entry", "language"), ASKED)
def test_a_typed_question_finds_it(desk: Desk, entry: Statement, language: str) -> None:
    said = desk.typed(entry.ask[language], entry.topic)

    found = unsaid(said, entry.expect[language])
    assert not found, "; ".join(found)


def test_every_statement_has_its_own_id_and_is_asked_for_in_every_language() -> None:
    assert len({entry.id for entry in STATEMENTS}) == len(STATEMENTS)
    for entry in STATEMENTS:
        assert set(entry.ask) == set(entry.expect) == set(LANGUAGES), entry.id
        assert all(entry.expect.values()), entry.id


def test_the_table_lists_every_statement_with_the_reply_that_says_it(
    table: dict[str, dict[str, str]],
) -> None:
    assert len(table) == len(STATEMENTS)
    for entry in STATEMENTS:
        assert entry.id in table, "run python -m tests.conversation.coverage"
        cells = table[entry.id]
        assert all(cells.values()), cells
        assert cells["Statement"] == entry.statement
        assert cells["Superseded"] == ("superseded" if entry.superseded else "no")
        for language in LANGUAGES:
            assert entry.expect[language][0] in cells[language], (entry.id, language)
