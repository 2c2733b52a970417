"""The log says what happened, turn by turn, and never stands in the way of a reply."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.__main__ import conversation_log
from review.log import ConversationLog, kept_numbers
from review.masking import Masker
from settings import read
from tests.bot.conftest import says
from tests.review.conftest import Conversations, LoggingDesk


def test_a_turn_is_a_message_and_its_answers(conversations: Conversations) -> None:
    conversations.turn("what does it cost", topic="fees", scheme="qmas", entities={"number": [3]})

    assert conversations.rows(
        "SELECT who, text, language, intent, confidence, topic, scheme, entities, model, sequence"
        " FROM messages ORDER BY id"
    ) == [
        ("person", "what does it cost", "en", "fees", 0.9, "fees", "qmas", '{"number": [3]}',
         "model-1", 0),
        ("assistant", "An answer.", "en", None, None, "fees", "qmas", None, None, 1),
    ]  # fmt: skip
    assert conversations.rows("SELECT language, scheme FROM conversations") == [("en", "qmas")]


def test_what_identifies_is_masked_wherever_it_stands(conversations: Conversations) -> None:
    conversations.turn(
        "A123456(3), 9123 4567", reply="You wrote A123456(3).", entities={"number": [91234567]}
    )
    conversations.log.record_message(chat_id=7, who="staff", text="I call you at 9123 4567")

    written = conversations.rows("SELECT text, entities FROM messages")
    assert written == [
        ("[HKID], [phone]", '{"number": ["[phone]"]}'),
        ("You wrote [HKID].", None),
        ("I call you at [phone]", None),
    ]


def test_the_chat_is_not_in_the_log_only_a_hash_of_it(conversations: Conversations) -> None:
    conversations.turn("hello", chat=987654321)
    conversations.turn("hello", chat=987654322)
    conversations.turn("hello", chat=987654321)

    people = conversations.rows("SELECT person FROM conversations")
    assert len(set(people)) == 2
    assert b"98765432" not in (conversations.folder / "log.db").read_bytes()


def test_a_long_silence_begins_another_conversation(conversations: Conversations) -> None:
    conversations.turn("hello")
    conversations.clock.now += 5 * 3600
    conversations.turn("still me")
    conversations.clock.now += 7 * 3600
    conversations.turn("me again")

    assert conversations.rows("SELECT count(*), count(DISTINCT person) FROM conversations") == [
        (2, 1)
    ]


def test_an_update_worked_on_twice_is_written_once(conversations: Conversations) -> None:
    for reply in ("first", "second"):
        conversations.log.record_turn(
            chat_id=7, update_id=1, text="hello", replies=[(reply, [])], turn={}
        )

    assert conversations.rows("SELECT text FROM messages ORDER BY id") == [("hello",), ("second",)]


@pytest.mark.parametrize(
    ("about", "score"),
    [
        ({}, 0),
        ({"confidence": 0.3}, 2),
        ({"confidence": 0.3, "interview": {"open": True}}, 0),
        ({"handoff": "asked"}, 4),
        ({"fallback": True}, 8),
        ({"outcome": "apologised"}, 36),
    ],
    ids=["fine", "unsure", "answer in an interview", "handoff", "fallback", "failure"],
)
def test_a_turn_scores_by_how_badly_it_went(
    conversations: Conversations, about: dict[str, Any], score: int
) -> None:
    conversations.turn("what does it cost", **about)

    assert conversations.rows("SELECT score FROM messages WHERE who = 'person'") == [(score,)]


def test_thats_not_it_counts_against_the_message_before(conversations: Conversations) -> None:
    conversations.turn("what does it cost")
    conversations.turn("that's not what i meant", intent="not_it", fallback=True)

    assert conversations.rows("SELECT disputed, score FROM messages WHERE who = 'person'") == [
        (1, 16),
        (0, 0),
    ]


def test_the_same_question_in_other_words_counts_against_the_first(
    conversations: Conversations,
) -> None:
    conversations.turn("申請要等多久")
    conversations.turn("申請要等幾耐？")
    conversations.turn("ありがとう")

    assert conversations.rows("SELECT rephrased FROM messages WHERE who = 'person'") == [
        (1,),
        (0,),
        (0,),
    ]


def test_the_wait_for_a_person_ends_with_the_first_staff_message(
    conversations: Conversations,
) -> None:
    conversations.turn("a person please", handoff="asked")
    conversations.turn("hello?", handoff="asked")
    conversations.clock.now += 600
    conversations.log.record_message(chat_id=7, who="staff", text="Here I am.", author="Ada")

    assert conversations.rows("SELECT reason, answered_at - asked_at FROM handoffs") == [
        ("asked", 660.0)
    ]


def test_the_phones_of_the_rules_are_kept() -> None:
    rules = Path(__file__).resolve().parents[2] / "build/schemes.db"
    with sqlite3.connect(rules) as connection:
        (phone,) = connection.execute("SELECT phone FROM firm").fetchone()

    assert Masker(kept_numbers(rules))(f"call {phone}") == f"call {phone}"


# ---------------------------------------------------------------- with the relay


async def test_the_relay_writes_down_what_is_said_pressed_and_answered(
    stopped_desk: LoggingDesk,
) -> None:
    desk = stopped_desk
    await desk.start()
    desk.rasa.answer = lambda post: says(
        "It costs money.",
        ("Documents", "/documents"),
        confidence=0.8,
        topic="fees",
        action="answer",
    )
    mei = desk.person("Mei")
    await mei.say("cost? my phone is 9123 4567")
    await desk.settled()
    await mei.press("Documents")
    await desk.settled()

    with sqlite3.connect(desk.folder / "log.db") as log:
        rows = log.execute("SELECT who, text, pressed, buttons FROM messages").fetchall()
    assert rows[:4] == [
        ("person", "cost? my phone is [phone]", 0, None),
        ("assistant", "It costs money.", 0, '["Documents"]'),
        ("person", "Documents", 1, None),
        ("assistant", "It costs money.", 0, '["Documents"]'),
    ]


async def test_the_relay_purges_old_conversations(
    stopped_desk: LoggingDesk, conversations: Conversations
) -> None:
    conversations.turn("long ago")
    conversations.log.close()
    stopped_desk.folder = conversations.folder
    stopped_desk.environment["RETENTION_DAYS"] = "1"

    await stopped_desk.start()

    def left() -> int:
        with closing(sqlite3.connect(conversations.folder / "log.db")) as log:
            return int(log.execute("SELECT count(*) FROM messages").fetchone()[0])

    await stopped_desk.until(lambda: left() == 0)


class BrokenLog:
    """A log whose disk is full."""

    def record_turn(
        self, *, text: str, turn: Mapping[str, Any] | None = None, **others: Any
    ) -> None:
        raise sqlite3.OperationalError("disk is full")

    def erase(self, chat_id: int) -> None:
        raise sqlite3.OperationalError("disk is full")

    def purge(self, days: float) -> int:
        raise sqlite3.OperationalError("disk is full")

    def close(self) -> None:
        """Nothing to close."""


async def test_a_log_that_fails_stops_no_reply(
    stopped_desk: LoggingDesk, caplog: pytest.LogCaptureFixture
) -> None:
    stopped_desk.turns = BrokenLog()
    await stopped_desk.start()
    mei = stopped_desk.person()

    await mei.say("hello")

    assert await stopped_desk.texts(mei) == ["You said: hello"]
    assert "is not in the conversation log" in caplog.text


async def test_it_is_not_said_to_be_erased_if_the_log_could_not_be(
    stopped_desk: LoggingDesk,
) -> None:
    stopped_desk.turns = BrokenLog()
    await stopped_desk.start()
    mei = stopped_desk.person()
    await mei.say("/delete")
    await stopped_desk.settled()

    await mei.press("Yes, erase all")

    assert "could not erase" in (await stopped_desk.texts(mei))[-1]


def test_a_log_that_is_opened_again_goes_on(tmp_path: Path) -> None:
    for update_id in (1, 2):
        log = ConversationLog(tmp_path)
        log.record_turn(chat_id=7, update_id=update_id, text="hello", turn={})
        log.close()

    with sqlite3.connect(tmp_path / "log.db") as connection:
        assert connection.execute("SELECT count(*) FROM conversations").fetchone() == (1,)


# ---------------------------------------------------------------- put together


def test_the_command_gives_the_relay_a_log_that_names_the_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RASA_MODEL", "/models/0123abcd.tar.gz")

    log = conversation_log(read({"DATA_DIR": str(tmp_path)}))

    assert isinstance(log, ConversationLog)
    assert log.model == "0123abcd"
    log.close()


def test_a_log_that_cannot_be_opened_leaves_the_relay_without_one(tmp_path: Path) -> None:
    (tmp_path / "log.db").write_bytes(b"this is no database, but long enough" * 100)

    assert conversation_log(read({"DATA_DIR": str(tmp_path)})) is None


def test_the_log_is_its_owners_alone(conversations: Conversations) -> None:
    conversations.turn("hello")

    modes = {path.name: path.stat().st_mode & 0o077 for path in conversations.folder.iterdir()}
    assert modes == dict.fromkeys(modes, 0)
