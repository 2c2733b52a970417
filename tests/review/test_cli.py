"""``python -m review``: each command does what its help says."""

import csv
import io
import json
import sqlite3
from collections.abc import Callable

import pytest

from bot.stores import Stores
from review.__main__ import main, parser
from tests.review.conftest import NOON, Conversations

Run = Callable[..., int]


@pytest.fixture
def run(conversations: Conversations, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("DATA_DIR", str(conversations.folder))
    return lambda *arguments: main(arguments)


def said(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().out


def test_every_command_has_help() -> None:
    text = parser().format_help()

    for name in ("serve", "reviewer", "purge", "erase", "export", "stats", "examples"):
        assert f"    {name} " in text


def test_purge_erases_what_is_older_than_the_setting(
    run: Run, conversations: Conversations, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    conversations.turn("old")
    monkeypatch.setattr("time.time", lambda: NOON + 100 * 86400)

    assert run("purge") == 0
    assert "0 conversations older than 180 days" in said(capsys)
    assert run("purge", "--older-than", "90") == 0
    assert "1 conversations older than 90 days" in said(capsys)
    assert conversations.rows("SELECT count(*) FROM messages") == [(0,)]


def test_export_gives_every_message_masked_as_lines_or_as_a_table(
    run: Run, conversations: Conversations, capsys: pytest.CaptureFixture[str]
) -> None:
    conversations.turn("費用は？ 090-1234-5678", language="ja")

    assert run("export") == 0
    lines = [json.loads(line) for line in said(capsys).splitlines()]
    assert [line["text"] for line in lines] == ["費用は？ [phone]", "An answer."]
    assert lines[0]["time"] == "2026-01-01T12:01:00+08:00"
    assert run("export", "--format", "csv") == 0
    rows = list(csv.DictReader(io.StringIO(said(capsys))))
    assert [row["who"] for row in rows] == ["person", "assistant"]


@pytest.mark.parametrize("by", ["number", "name"])
def test_erase_clears_the_log_the_relay_and_rasas_memory(
    run: Run, conversations: Conversations, capsys: pytest.CaptureFixture[str], by: str
) -> None:
    conversations.turn("mine", chat=7)
    conversations.turn("theirs", chat=8)
    stores = Stores.open(conversations.folder / "relay.db")
    for chat in (7, 8):
        chat_part = {"chat": {"id": chat, "type": "private"}, "message_id": 1, "text": "mine"}
        stores.inbox.store([{"update_id": chat, "message": chat_part}])
        stores.chats.set_language(chat, "ja")
    with sqlite3.connect(conversations.folder / "rasa.db") as rasa:
        rasa.execute("CREATE TABLE events (sender_id TEXT)")
        rasa.executemany("INSERT INTO events VALUES (?)", [("7",), ("8",)])
    rasa.close()
    ((name,),) = conversations.rows("SELECT person FROM conversations WHERE id = 1")

    assert run("erase", "7" if by == "number" else name) == 0

    assert "1 conversations of" in said(capsys)
    assert conversations.rows("SELECT text FROM messages WHERE who = 'person'") == [("theirs",)]
    assert stores.database.execute("SELECT chat_id FROM chats").fetchall() == [(8,)]
    kept = stores.database.execute("SELECT update_id, chat_id, body IS NULL FROM updates")
    assert kept.fetchall() == [(7, 0, 1), (8, 8, 0)]
    with sqlite3.connect(conversations.folder / "rasa.db") as rasa:
        assert rasa.execute("SELECT sender_id FROM events").fetchall() == [("8",)]
    rasa.close()
    stores.database.close()


def test_erasing_nobody_is_refused_plainly(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("erase", "Mei") == 1
    assert "'Mei' is neither a chat's number nor a name" in capsys.readouterr().err


def test_stats_prints_the_figures(
    run: Run, conversations: Conversations, capsys: pytest.CaptureFixture[str]
) -> None:
    conversations.clock.now = 4_000_000_000.0
    conversations.turn("hello", language="ja", fallback=True)

    assert run("stats") == 0
    assert "ja        1         100.0" in said(capsys)


def test_a_reviewer_gets_a_password_and_can_be_removed(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("reviewer", "ada") == 0
    assert "ada's password is " in said(capsys)
    assert run("reviewer", "ada", "--remove") == 0
    assert "ada is removed" in said(capsys)
