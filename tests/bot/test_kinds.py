"""Every kind of update has its answer, or its silence."""

from typing import Any

import pytest

from bot.updates import Kind, chat_of, read
from locales import text
from tests.bot.conftest import Desk, says


def say(message: str, **values: Any) -> str:
    return text("bot", "en", message, **values)


# ---------------------------------------------------------------- attachments


@pytest.mark.parametrize("kind", ["photo", "document", "video", "sticker"])
async def test_what_cannot_be_read_is_answered_kindly(desk: Desk, kind: str) -> None:
    mei = desk.person()
    await mei.send(kind)
    assert await desk.texts(mei) == [say("cannot_read")]
    assert desk.rasa.posts == []


@pytest.mark.parametrize("kind", ["voice", "audio"])
async def test_what_cannot_be_heard_is_answered_kindly(desk: Desk, kind: str) -> None:
    mei = desk.person()
    await mei.send(kind)
    assert await desk.texts(mei) == [say("cannot_hear")]


CONTENTS: dict[str, dict[str, Any]] = {
    "location": {"location": {"latitude": 22.3, "longitude": 114.2}},
    "contact": {"contact": {"phone_number": "+85200000000", "first_name": "A"}},
    "dice": {"dice": {"emoji": "🎲", "value": 3}},
    "a poll python-telegram-bot cannot read": {"poll": {"question": "?"}},
}


@pytest.mark.parametrize("content", CONTENTS.values(), ids=CONTENTS)
async def test_other_contents_are_answered_kindly(desk: Desk, content: dict[str, Any]) -> None:
    mei = desk.person()
    await mei.send_content(content)
    assert await desk.texts(mei) == [say("cannot_read")]


async def test_a_caption_is_answered(desk: Desk) -> None:
    mei = desk.person()
    await mei.send("photo", caption="Is this photo all right?")
    expected = f"{say('caption_only')}\n\nYou said: Is this photo all right?"
    assert await desk.texts(mei) == [expected]


def test_words_are_read_even_beside_something_unknown() -> None:
    chat = {"id": 7, "type": "private"}
    message = {"message_id": 1, "chat": chat, "text": "/help", "date": "not a date"}
    incoming = read({"update_id": 1, "message": message})
    assert (incoming.kind, incoming.text) == (Kind.COMMAND, "/help")


async def album(desk: Desk, *captions: str | None) -> list[str]:
    mei = desk.person()
    desk.sandbox.freeze()
    for caption in captions:
        more = {"caption": caption} if caption else {}
        await mei.send_content(
            {
                "photo": [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}],
                "media_group_id": "g1",
                **more,
            }
        )
    desk.sandbox.freeze(False)
    return await desk.texts(mei)


async def test_an_album_is_answered_once(desk: Desk) -> None:
    assert await album(desk, None, None, None) == [say("cannot_read")]


async def test_an_albums_caption_is_answered_wherever_it_stands(desk: Desk) -> None:
    assert await album(desk, None, "my degree", None) == [
        f"{say('caption_only')}\n\nYou said: my degree"
    ]


# ---------------------------------------------------------------- texts


async def test_a_long_message_is_cut_and_that_is_said(desk: Desk) -> None:
    desk.rasa.answer = lambda post: says("Answer.")
    mei = desk.person()

    await mei.say("a" * 3000)

    assert await desk.texts(mei) == [f"{say('too_long', limit=1000)}\n\nAnswer."]
    assert desk.rasa.messages == ["a" * 1000]


async def test_a_message_without_words_is_answered_by_the_relay(desk: Desk) -> None:
    mei = desk.person()
    await mei.say("／／")
    assert await desk.texts(mei) == [say("empty")]


@pytest.mark.parametrize("typed", ["👍", "32", "ok"])
async def test_an_emoji_and_a_number_go_to_rasa(desk: Desk, typed: str) -> None:
    mei = desk.person()
    await mei.say(typed)
    await desk.settled()
    assert desk.rasa.messages == [typed]


async def test_a_forwarded_text_is_answered_as_text(desk: Desk) -> None:
    mei, aiko = desk.person("Mei"), desk.person("Aiko")
    original = await aiko.say("What is QMAS?")
    await mei.forward(aiko.id, original.id)
    assert await desk.texts(mei) == ["You said: What is QMAS?"]


# ---------------------------------------------------------------- edits


async def test_an_edit_of_the_last_message_is_a_new_question(desk: Desk) -> None:
    mei = desk.person()
    said = await mei.say("What is QMSA?")
    await mei.next_reply()

    await mei.edit(said, "What is QMAS?")

    assert (await desk.texts(mei))[1:] == [f"{say('edited')}\n\nYou said: What is QMAS?"]


async def test_an_edit_of_an_older_message_is_silence(desk: Desk) -> None:
    mei = desk.person()
    said = await mei.say("one")
    await mei.say("two")
    await desk.settled()

    await mei.edit(said, "three")
    await desk.settled()

    assert desk.rasa.messages == ["one", "two"]
    assert desk.outcomes()[-1] == "edit_old"


async def test_an_edit_after_a_button_was_pressed_is_silence(desk: Desk) -> None:
    desk.rasa.answer = lambda post: says("ok", ("Yes", "/affirm"))
    mei = desk.person()
    said = await mei.say("one")
    await mei.next_reply()
    await mei.press("Yes")
    await desk.settled()

    await mei.edit(said, "two")
    await desk.settled()

    assert desk.outcomes()[-1] == "edit_old"


async def test_an_edit_in_an_interview_changes_no_answer(desk: Desk) -> None:
    interview = {"scheme": "qmas", "fact": "age", "outcome": None}
    desk.rasa.answer = lambda post: says("How old are you?", interview=interview)
    mei = desk.person()
    said = await mei.say("check me")
    await mei.next_reply()

    await mei.edit(said, "32")

    assert (await desk.texts(mei))[1:] == [say("edited_in_interview")]
    assert desk.rasa.messages == ["check me"]


# ---------------------------------------------------------------- elsewhere


async def test_in_a_group_it_says_once_that_it_works_in_private_and_leaves(desk: Desk) -> None:
    mei = desk.person()
    group = desk.sandbox.group("Friends")
    group.add(mei)

    await mei.say("hello bot", chat_id=group.id)
    await mei.say("hello?", chat_id=group.id)
    await desk.settled()

    said = [message.text for message in group.messages() if message.from_bot and message.text]
    assert said == [say("private_only")]
    assert len(desk.sandbox.calls("leaveChat")) >= 1
    assert desk.rasa.posts == []


async def test_the_staff_group_is_not_left(stopped_desk: Desk) -> None:
    desk = stopped_desk
    group = desk.sandbox.staff_group()
    desk.environment["STAFF_GROUP_ID"] = str(group.id)
    await desk.start()
    mei = desk.person()
    group.add(mei)

    await mei.say("hello", chat_id=group.id)
    await desk.settled()

    assert desk.sandbox.calls("leaveChat") == []
    assert set(desk.outcomes()) <= {"staff_group", "ignored"}


async def test_blocking_and_unblocking_are_noted(desk: Desk) -> None:
    mei = desk.person()
    await mei.say("hello")
    await desk.settled()

    mei.block()
    await desk.settled()
    blocked = desk.stores.chats.get(mei.id).blocked
    mei.unblock()
    await desk.settled()

    assert blocked is True
    assert desk.stores.chats.get(mei.id).blocked is False
    assert len(mei.replies()) == 1


async def test_a_reaction_is_silence(desk: Desk) -> None:
    mei = desk.person()
    await mei.say("hello")
    reply = await mei.next_reply()

    await mei.react(reply, "👍")
    await desk.settled()

    assert len(mei.replies()) == 1


PERSON = {"id": 7, "is_bot": False, "first_name": "A"}
CHANNEL = {"id": -1007, "type": "channel", "title": "News"}

ODD: dict[str, tuple[dict[str, Any], Kind, int]] = {
    "a channel post": (
        {"channel_post": {"message_id": 1, "date": 1, "chat": CHANNEL, "text": "news"}},
        Kind.OTHER,
        -1007,
    ),
    "an inline query": (
        {"inline_query": {"id": "1", "from": PERSON, "query": "q", "offset": ""}},
        Kind.OTHER,
        0,
    ),
    "something new": ({"hologram": {"chat": {"id": 7, "type": "private"}}}, Kind.OTHER, 7),
    "nothing": ({}, Kind.OTHER, 0),
    "a broken message": ({"message": {"chat": {"id": 7}}}, Kind.UNREADABLE, 7),
    "a message of another shape": ({"message": "hello"}, Kind.UNREADABLE, 0),
    "a service message": (
        {
            "message": {
                "message_id": 1,
                "date": 1,
                "chat": {"id": 7, "type": "private"},
                "message_auto_delete_timer_changed": {"message_auto_delete_time": 86400},
            }
        },
        Kind.OTHER,
        7,
    ),
}


@pytest.mark.parametrize(("body", "kind", "chat_id"), ODD.values(), ids=ODD)
async def test_what_nobody_waits_for_is_stored_and_met_with_silence(
    desk: Desk, body: dict[str, Any], kind: Kind, chat_id: int
) -> None:
    update = {"update_id": 1, **body}

    desk.app.relay.accept([update])
    await desk.app.relay.idle()

    assert read(update).kind is kind
    assert chat_of(update) == chat_id
    assert desk.outcomes() == ["ignored"]
    assert desk.sandbox.calls("sendMessage") == []
