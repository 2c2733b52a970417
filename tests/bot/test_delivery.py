"""Sending: refusals, lost answers, limits. Nobody gets a message twice, nobody gets none."""

import asyncio

import pytest

from bot.keyboards import Draft
from bot.outbox import Row, first_free
from bot.stores import Stores
from tests.bot.conftest import Desk, says


async def test_a_message_whose_answer_was_lost_is_not_sent_again(desk: Desk) -> None:
    mei = desk.person()
    desk.sandbox.fail("sendMessage", drop="reply")

    await mei.say("one")
    await mei.say("two")

    assert await desk.texts(mei) == ["You said: one", "You said: two"]
    assert desk.rows("SELECT DISTINCT state FROM messages") == [("sent",)]


async def test_a_lost_answer_to_a_message_with_buttons_is_found_out_too(desk: Desk) -> None:
    desk.rasa.answer = lambda post: says("Sure?", ("Yes", "/affirm"))
    mei = desk.person()
    desk.sandbox.fail("sendMessage", drop="reply")

    await mei.say("one")
    await desk.settled()

    [reply] = mei.replies()
    assert reply.buttons == ["Yes"]
    assert desk.rows("SELECT message_id FROM messages") == [(reply.id,)]


async def test_a_message_that_never_arrived_is_sent_again(desk: Desk) -> None:
    mei = desk.person()
    desk.sandbox.fail("sendMessage", drop="request")

    await mei.say("one")
    await mei.say("two")

    assert await desk.texts(mei) == ["You said: one", "You said: two"]


@pytest.mark.parametrize("status", [500, 502])
async def test_an_error_of_telegrams_own_is_waited_out(desk: Desk, status: int) -> None:
    mei = desk.person()
    desk.sandbox.fail("sendMessage", status=status)

    await mei.say("one")

    assert await desk.texts(mei) == ["You said: one"]


async def test_retry_after_holds_that_chat_only(desk: Desk) -> None:
    mei, aiko = desk.person("Mei"), desk.person("Aiko")
    desk.sandbox.fail("sendMessage", chat_id=mei.id, status=429, retry_after=1)
    begun = asyncio.get_running_loop().time()

    await mei.say("one")
    await mei.say("two")
    await aiko.say("hello")
    await aiko.next_reply()
    aiko_waited = asyncio.get_running_loop().time() - begun

    assert mei.replies() == []
    assert await desk.texts(mei) == ["You said: one", "You said: two"]
    assert aiko_waited < 1 <= asyncio.get_running_loop().time() - begun


async def test_a_person_who_blocked_the_bot_is_left_alone_and_others_go_on(desk: Desk) -> None:
    mei, aiko = desk.person("Mei"), desk.person("Aiko")
    desk.sandbox.fail("sendMessage", chat_id=mei.id, status=403)

    await mei.say("one")
    await aiko.say("hello")

    assert await desk.texts(mei) == []
    assert await desk.texts(aiko) == ["You said: hello"]
    assert desk.stores.chats.get(mei.id).blocked is True
    assert desk.rows("SELECT state FROM messages WHERE chat_id = ?", mei.id) == [("dropped",)]


async def test_who_writes_again_has_not_blocked_the_bot(desk: Desk) -> None:
    mei = desk.person()
    desk.sandbox.fail("sendMessage", status=403)
    await mei.say("one")
    await desk.settled()

    await mei.say("two")

    assert await desk.texts(mei) == ["You said: two"]
    assert desk.stores.chats.get(mei.id).blocked is False


async def test_a_refused_keyboard_is_left_off(desk: Desk) -> None:
    desk.rasa.answer = lambda post: says("Sure?", ("Yes", "/affirm"))
    mei = desk.person()
    desk.sandbox.fail("sendMessage", status=400, description="Bad Request: BUTTON_DATA_INVALID")

    await mei.say("one")
    await desk.settled()

    [reply] = mei.replies()
    assert (reply.text, reply.buttons) == ("Sure?", [])


async def test_a_message_refused_for_good_does_not_hold_up_the_next(desk: Desk) -> None:
    mei = desk.person()
    desk.sandbox.fail("sendMessage", status=400, description="Bad Request: chat not found")

    await mei.say("one")
    await mei.say("two")

    assert await desk.texts(mei) == ["You said: two"]
    assert desk.rows("SELECT state, problem FROM messages ORDER BY id")[0] == (
        "failed",
        "Chat not found",
    )


async def test_links_get_no_preview_and_text_no_markup(desk: Desk) -> None:
    desk.rasa.answer = lambda post: says("See https://www.immd.gov.hk <b>_x_")
    mei = desk.person()

    await mei.say("hello")
    await desk.settled()

    [call] = desk.sandbox.calls("sendMessage")
    assert mei.replies()[0].text == "See https://www.immd.gov.hk <b>_x_"
    assert "is_disabled" in str(call.parameters["link_preview_options"])
    assert "parse_mode" not in call.parameters


async def test_typing_is_shown_when_an_answer_takes_long(desk: Desk) -> None:
    async def slow(post: object) -> object:
        await desk.sandbox.until(lambda: desk.sandbox.calls("sendChatAction"), 5)
        return says("done")

    desk.rasa.answer = slow
    mei = desk.person()

    await mei.say("hello")

    assert await desk.texts(mei) == ["done"]
    assert desk.sandbox.calls("sendChatAction")[0].parameters["action"] == "typing"


async def test_a_quick_answer_shows_no_typing(desk: Desk) -> None:
    mei = desk.person()
    await mei.say("hello")
    await desk.settled()
    assert desk.sandbox.calls("sendChatAction") == []


# ---------------------------------------------------------------- after a crash


async def test_what_was_left_pending_is_sent_at_the_next_start(stopped_desk: Desk) -> None:
    desk = stopped_desk
    mei = desk.person()
    await desk.start()
    await mei.say("hello")
    await desk.settled()
    desk.stores.outbox.add(999, mei.id, [Draft("left over")])
    await desk.stop()

    await desk.start()

    await mei.next_reply()
    assert (await mei.next_reply()).text == "left over"


@pytest.mark.parametrize("arrived", [True, False])
async def test_what_was_under_way_is_found_out_at_the_next_start(
    stopped_desk: Desk, arrived: bool
) -> None:
    desk = stopped_desk
    mei = desk.person()
    await desk.start()
    await mei.say("hello")
    await desk.settled()
    desk.stores.outbox.add(999, mei.id, [Draft("under way")])
    row = desk.stores.outbox.next(mei.id)
    assert row is not None
    desk.stores.outbox.mark_sending(row)
    if arrived:
        await desk.app.telegram.bot.send_message(mei.id, "under way")
    await desk.stop()

    await desk.start()
    await desk.until(lambda: desk.stores.outbox.next(mei.id) is None)

    assert [reply.text for reply in mei.replies()] == ["You said: hello", "under way"]


def sending(stores: Stores, chat_id: int) -> Row:
    stores.outbox.add(999, chat_id, [Draft("?")])
    row = stores.outbox.next(chat_id)
    assert row is not None
    stores.outbox.mark_sending(row)
    row = stores.outbox.next(chat_id)
    assert row is not None and row.state == "sending"
    return row


def said(stores: Stores, update_id: int, chat_id: int, message_id: int) -> None:
    chat = {"id": chat_id, "type": "private"}
    stores.inbox.store(
        [{"update_id": update_id, "message": {"message_id": message_id, "chat": chat}}]
    )


def test_the_ids_looked_at_follow_the_chats_own_counter(stores: Stores) -> None:
    said(stores, 999, chat_id=5, message_id=10)
    said(stores, 1000, chat_id=5, message_id=11)
    said(stores, 1001, chat_id=6, message_id=300)

    row = sending(stores, 5)

    assert stores.outbox.candidates(row)[:4] == [12, 13, 14, 15]


def test_the_ids_looked_at_follow_the_counter_of_all_private_chats(stores: Stores) -> None:
    said(stores, 999, chat_id=5, message_id=10)
    said(stores, 1000, chat_id=6, message_id=300)
    row = sending(stores, 5)
    said(stores, 1001, chat_id=7, message_id=301)
    said(stores, 1002, chat_id=5, message_id=303)

    candidates = stores.outbox.candidates(row)

    assert 302 in candidates
    assert not {10, 300, 301, 303} & set(candidates)
    assert len(candidates) <= 20


def test_free_ids_skip_the_known_ones() -> None:
    assert first_free(0, set(), 2) == [1, 2]
    assert first_free(0, {1, 2, 4}, 2) == [3, 5]
