"""/delete: asked first, then everything is gone, and only then is that said."""

import contextlib
import sqlite3
from pathlib import Path

import pytest

from bot.errors import CannotErase
from bot.forget import TRACKER_FILE, forget_conversation
from locales import text
from tests.bot.conftest import Desk, says


def say(message: str) -> str:
    return text("bot", "en", message)


def tracker(folder: Path, *senders: int) -> Path:
    path = folder / TRACKER_FILE
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE events (id INTEGER PRIMARY KEY, sender_id, data)")
        connection.executemany(
            "INSERT INTO events (sender_id, data) VALUES (?, 'x')",
            [(str(sender),) for sender in senders],
        )
    return path


def senders(path: Path) -> list[str]:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        return [row[0] for row in connection.execute("SELECT sender_id FROM events")]


async def test_everything_about_a_person_is_erased_when_they_say_yes(desk: Desk) -> None:
    desk.rasa.answer = lambda post: says("ok", ("Yes", "/affirm"), handoff="refusal")
    mei, aiko = desk.person("Mei"), desk.person("Aiko")
    path = tracker(desk.folder, mei.id, aiko.id)
    for person in (mei, aiko):
        await person.say("my secret")
    await mei.say("/delete")
    await desk.settled()

    await mei.press(say("erase_yes"))

    assert (await desk.texts(mei))[-2:] == [say("erase_question"), say("erased")]
    for table in ("updates", "messages", "chats", "tokens", "handoffs"):
        assert desk.rows(f"SELECT count(*) FROM {table} WHERE chat_id = ?", mei.id) == [(0,)], table
        assert desk.rows(f"SELECT count(*) > 0 FROM {table} WHERE chat_id = ?", aiko.id) == [(1,)]
    assert desk.rows("SELECT count(*) FROM updates WHERE body LIKE '%secret%'") == [(1,)]
    assert senders(path) == [str(aiko.id)]


async def test_an_erased_update_delivered_again_stays_ignored(desk: Desk) -> None:
    mei = desk.person()
    await mei.say("hello")
    await mei.say("/delete")
    await desk.settled()
    await mei.press(say("erase_yes"))
    await desk.settled()

    desk.sandbox.redeliver(desk.sandbox.updates()[0]["update_id"])
    await mei.say("hello again")

    assert (await desk.texts(mei))[-1] == "You said: hello again"
    assert desk.rasa.messages == ["hello", "hello again"]


async def test_nothing_is_erased_when_they_say_no(desk: Desk) -> None:
    mei = desk.person()
    await mei.say("hello")
    await mei.say("/delete")
    await desk.settled()

    await mei.press(say("erase_no"))

    assert (await desk.texts(mei))[-1] == say("kept")
    assert desk.rows("SELECT count(*) FROM updates WHERE body LIKE '%hello%'") == [(1,)]


async def test_it_is_not_said_to_be_erased_if_a_store_could_not_be(desk: Desk) -> None:
    (desk.folder / TRACKER_FILE).write_bytes(b"this is no database, but long enough" * 100)
    mei = desk.person()
    await mei.say("/delete")
    await desk.settled()

    await mei.press(say("erase_yes"))

    assert (await desk.texts(mei))[-1] == say("erase_failed")


async def test_asking_for_it_in_words_offers_the_same_buttons(desk: Desk) -> None:
    desk.rasa.answer = lambda post: says("You can erase everything.", intent="delete_data")
    mei = desk.person()

    await mei.say("delete my data")

    assert await desk.texts(mei) == ["You can erase everything.", say("erase_question")]
    assert mei.replies()[1].buttons == [say("erase_yes"), say("erase_no")]


def test_a_tracker_store_that_does_not_exist_holds_nothing(tmp_path: Path) -> None:
    forget_conversation(tmp_path / "none.db", 1)
    assert not (tmp_path / "none.db").exists()


def test_a_broken_tracker_store_says_so(tmp_path: Path) -> None:
    path = tmp_path / TRACKER_FILE
    path.write_bytes(b"this is no database, but long enough" * 100)
    with pytest.raises(CannotErase, match="could not be changed"):
        forget_conversation(path, 1)
