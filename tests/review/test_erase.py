"""Erased means gone: from the rows, the search index, the journals and the free pages."""

import time
from pathlib import Path

import pytest

from review.database import open_reviews
from tests.bot.conftest import says
from tests.review.conftest import Conversations, LoggingDesk

SECRET = "zebraquince"
HAN_SECRET = "麒麟菠蘿蜜"
SAID = f"SELECT id FROM messages WHERE who = 'person' AND text LIKE '%{SECRET}%'"


def traces(folder: Path, *words: str) -> list[str]:
    """The files that still hold one of the words, or enough of its letters to tell."""
    found = []
    for path in folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            found += [
                f"{path.name}: {word}" for word in words for piece in pieces(word)
                if piece.encode() in content
            ]  # fmt: skip
    return found


def pieces(word: str) -> list[str]:
    """The word, and its beginning as the index keeps it: in threes."""
    return [word, word[:3] if ord(word[0]) > 0x3000 else word[:5]]


def label(conversations: Conversations) -> None:
    reviews = open_reviews(conversations.folder / "reviews.db")
    for (message,) in conversations.rows(SAID):
        reviews.execute("INSERT INTO labels VALUES (?, 1, 'en', 'fees', 'ada', 0)", [message])
        reviews.execute(
            "INSERT INTO notes (message, text, by, at) VALUES (?, ?, 'ada', 0)", [message, SECRET]
        )
    reviews.close()


def test_the_words_are_there_before(conversations: Conversations) -> None:
    conversations.turn(f"my {SECRET}")
    assert traces(conversations.folder, SECRET) != []


def test_a_person_is_erased_without_a_trace_and_others_stay(conversations: Conversations) -> None:
    for number in range(30):
        conversations.turn(f"{number} my {SECRET} {HAN_SECRET}", reply=f"your {SECRET}")
        conversations.turn("something ordinary", chat=8)
    label(conversations)

    conversations.log.erase(7)

    assert traces(conversations.folder, SECRET, HAN_SECRET) == []
    assert conversations.rows("SELECT count(*) FROM messages") == [(60,)]
    assert conversations.rows(
        "SELECT count(*) FROM messages_fts WHERE messages_fts MATCH 'ordinary'"
    ) == [(30,)]


def test_old_conversations_are_purged_without_a_trace(conversations: Conversations) -> None:
    conversations.turn(f"my {SECRET}", reply="fine")
    label(conversations)
    conversations.clock.now += 179 * 86400
    conversations.turn("something ordinary", reply="fine")
    assert conversations.log.purge(180) == 0
    conversations.clock.now += 2 * 86400

    assert conversations.log.purge(180) == 1

    assert traces(conversations.folder, SECRET) == []
    assert conversations.rows("SELECT text FROM messages WHERE who = 'person'") == [
        ("something ordinary",)
    ]


def test_erasing_at_ten_thousand_messages_takes_a_moment(conversations: Conversations) -> None:
    with conversations.log.database.atomic():
        for number in range(5_000):
            conversations.turn(f"question number {number} about fees", chat=number % 400)
    started = time.perf_counter()

    conversations.log.erase(7)

    assert time.perf_counter() - started < 5
    assert conversations.rows("SELECT count(DISTINCT person) FROM conversations") == [(399,)]


@pytest.mark.parametrize("presses", [1, 2])
async def test_delete_leaves_no_trace_in_any_file(stopped_desk: LoggingDesk, presses: int) -> None:
    desk = stopped_desk
    await desk.start()
    desk.rasa.answer = lambda post: says(f"about {SECRET}", ("More", "/fees"))
    mei, aiko = desk.person("Mei"), desk.person("Aiko")
    for _ in range(presses):
        await mei.say(f"my {SECRET} and {HAN_SECRET}")
        await desk.settled()
    await mei.say("/delete")
    await desk.settled()
    assert traces(desk.folder, SECRET) != []

    await mei.press("Yes, erase all")

    assert "is erased" in (await desk.texts(mei))[-1]
    assert traces(desk.folder, SECRET, HAN_SECRET) == []
    desk.rasa.answer = lambda post: says("hello")
    await aiko.say("hello")
    assert await desk.texts(aiko) == ["hello"]
