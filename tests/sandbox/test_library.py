"""python-telegram-bot, as the desk uses it, works against the sandbox."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, NetworkError, RetryAfter

from sandbox.client import Sandbox
from sandbox.people import sample_picture


@pytest.fixture
async def desk(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bot]:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")  # the library's coming way, without its warning
    bot = Bot(sandbox.token, base_url=sandbox.base_url, base_file_url=sandbox.base_file_url)
    async with bot:
        yield bot


async def test_a_conversation_goes_both_ways(sandbox: Sandbox, desk: Bot) -> None:
    aiko = sandbox.person("Aiko", "ja")
    markup = InlineKeyboardMarkup([[InlineKeyboardButton("費用", callback_data="t1")]])

    await aiko.start("from_web")
    update = (await desk.get_updates())[0]
    sent = await desk.send_message(aiko.id, "こんにちは 🏠", reply_markup=markup)
    query = await aiko.press("費用")
    pressed = (await desk.get_updates(offset=update.update_id + 1))[0]
    assert pressed.callback_query is not None
    await pressed.callback_query.answer("はい")
    edited = await sent.edit_text("手数料です")

    assert update.message is not None
    assert update.message.from_user is not None
    assert update.message.from_user.language_code == "ja"
    assert update.message.text == "/start from_web"
    assert pressed.callback_query.data == "t1"
    assert await aiko.answered(query) == "はい"
    assert isinstance(edited, type(sent))
    assert aiko.replies()[0].text == "手数料です"


async def test_me_and_chats_are_understood(sandbox: Sandbox, desk: Bot) -> None:
    staff = sandbox.staff_group("Desk")

    me = await desk.get_me()
    chat = await desk.get_chat(staff.id)
    member = await desk.get_chat_member(staff.id, me.id)

    assert me.is_bot
    assert chat.is_forum
    assert member.status == "administrator"


async def test_a_photo_goes_up_and_comes_down(sandbox: Sandbox, desk: Bot) -> None:
    aiko = sandbox.person("Aiko")
    await aiko.start()

    sent = await desk.send_photo(aiko.id, sample_picture(), caption="the office")
    file = await desk.get_file(sent.photo[-1].file_id)

    assert sent.caption == "the office"
    assert bytes(await file.download_as_bytearray()) == sample_picture()


async def test_what_people_send_is_understood(sandbox: Sandbox, desk: Bot) -> None:
    aiko = sandbox.person("Aiko")
    for kind in ("photo", "document", "voice", "audio", "video", "sticker"):
        await aiko.send(kind)
    contact = {"phone_number": "+85221234567", "first_name": "Aiko"}
    await aiko.send_content({"contact": contact})
    aiko.block()
    aiko.unblock()

    updates = await desk.get_updates(allowed_updates=Update.ALL_TYPES)

    messages = [update.message for update in updates if update.message]
    assert len(messages) == 7
    assert all(message.effective_attachment for message in messages)
    assert [update.my_chat_member is not None for update in updates[-2:]] == [True, True]


async def test_topics_are_created_and_written_in(sandbox: Sandbox, desk: Bot) -> None:
    staff = sandbox.staff_group()

    topic = await desk.create_forum_topic(staff.id, "Aiko")
    sent = await desk.send_message(staff.id, "Card", message_thread_id=topic.message_thread_id)
    await desk.close_forum_topic(staff.id, topic.message_thread_id)

    assert sent.is_topic_message
    assert staff.topic("Aiko").closed


async def test_each_refusal_is_the_librarys_own_error(sandbox: Sandbox, desk: Bot) -> None:
    aiko = sandbox.person("Aiko")
    await aiko.start()

    with pytest.raises(BadRequest, match="^Message is too long$"):
        await desk.send_message(aiko.id, "x" * 4097)
    sandbox.fail("sendMessage", status=429, retry_after=7)
    with pytest.raises(RetryAfter) as wait:
        await desk.send_message(aiko.id, "x")
    assert wait.value.retry_after == timedelta(seconds=7)
    sandbox.fail("sendMessage", drop="reply")
    with pytest.raises(NetworkError):
        await desk.send_message(aiko.id, "x")
    sandbox.fail("sendMessage", status=400, migrate_to_chat_id=-1001000000009)
    with pytest.raises(ChatMigrated):
        await desk.send_message(aiko.id, "x")
    sandbox.fail("getUpdates", status=409)
    with pytest.raises(Conflict):
        await desk.get_updates()
    aiko.block()
    with pytest.raises(Forbidden, match="blocked by the user"):
        await desk.send_message(aiko.id, "x")
