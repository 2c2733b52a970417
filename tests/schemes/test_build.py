import sqlite3

import pytest

from schemes import DataError, Rules
from schemes.build import build, fingerprint
from schemes.check import check
from schemes.stored import read_book


@pytest.fixture
def connection(database):
    opened = sqlite3.connect(database)
    yield opened
    opened.close()


def test_the_database_gives_back_what_the_files_say(database, connection, data, today):
    loaded, _ = check(data, None, today)

    stored = read_book(connection)

    for name in ("sources", "facts", "topics", "schemes", "parameters", "blocks", "criteria",
                 "roots", "interviews", "documents", "procedures", "totals", "comparison",
                 "firm"):  # fmt: skip
        assert getattr(stored, name) == getattr(loaded.book, name), name


def test_every_table_of_data_is_strict(connection):
    loose = connection.execute(
        "select name from pragma_table_list where type = 'table' and not strict "
        "and schema = 'main' and name not like 'sqlite_%'"
    ).fetchall()

    assert loose == []


def test_foreign_keys_hold_and_exist(connection):
    assert connection.execute("pragma foreign_key_check").fetchall() == []
    targets = {row[2] for row in connection.execute("pragma foreign_key_list(answers)")}
    assert targets == {"schemes", "topics"}


def test_texts_can_be_read_in_the_tables_as_they_are(connection):
    row = connection.execute("select text_en, text_ja from answers where topic = 'quota'")

    assert row.fetchone() == ("Places are limited.", "枠があります。")


def test_faulty_data_leaves_the_older_database_alone(data, edit, tmp_path, today):
    target = tmp_path / "schemes.db"
    build(data, None, target, today)
    before = target.read_bytes()
    edit("demo/scheme.yml", "order: 1", "oder: 1")

    with pytest.raises(DataError, match="oder"):
        build(data, None, target, today)

    assert target.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["schemes.db"]


def test_a_build_replaces_the_file_while_it_is_open(data, edit, tmp_path, today):
    target = tmp_path / "schemes.db"
    build(data, None, target, today)
    edit("general/parameters.yml", "value: 600", "value: 700")

    with Rules.open(target) as before:
        build(data, None, target, today)
        with Rules.open(target) as after:
            assert (before.parameter("general.fee"), after.parameter("general.fee")) == (600, 700)
            assert before.search("fees", "en")


def test_the_fingerprint_follows_the_data(data, edit):
    before = fingerprint(data)
    assert fingerprint(data) == before

    edit("general/parameters.yml", "value: 600", "value: 601")

    assert fingerprint(data) != before
