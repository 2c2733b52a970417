"""What the bot may send, edit and delete, and how it is refused."""

import json
from typing import Any

import aiohttp
import pytest

from sandbox.client import ChattingPerson, Sandbox
from sandbox.people import sample_picture
from tests.sandbox.conftest import Clock, RawBot


@pytest.fixture
async def aiko(sandbox: Sandbox) -> ChattingPerson:
    person = sandbox.person("Aiko", "ja")
    await person.start()
    return person


def keyboard(**button: Any) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": "Go", **button}]]}


async def test_a_message_arrives_with_its_number_and_date(
    sandbox: Sandbox, bot: RawBot, aiko: ChattingPerson, clock: Clock
) -> None:
    sent = await bot.call("sendMessage", chat_id=aiko.id, text="  hello ")

    assert sent["message_id"] == 2
    assert sent["date"] == int(clock())
    assert sent["from"]["is_bot"] is True
    assert (await aiko.next_reply()).text == "hello"


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("", "Bad Request: message text is empty"),
        (" \n ", "Bad Request: text must be non-empty"),
        ("x" * 4097, "Bad Request: message is too long"),
        ("🏠" * 2049, "Bad Request: message is too long"),
    ],
    ids=["empty", "blank", "too long", "too long in UTF-16"],
)
async def test_a_text_out_of_bounds_is_refused(
    bot: RawBot, aiko: ChattingPerson, text: str, refusal: str
) -> None:
    assert await bot.refused("sendMessage", chat_id=aiko.id, text=text) == refusal


async def test_the_limit_counts_what_is_left_after_the_markup(
    bot: RawBot, aiko: ChattingPerson
) -> None:
    text = f"<b>{'x' * 4096}</b>"

    sent = await bot.call("sendMessage", chat_id=aiko.id, text=text, parse_mode="HTML")

    assert len(sent["text"]) == 4096


@pytest.mark.parametrize(
    ("button", "refusal"),
    [
        ({"callback_data": "永" * 22}, "Bad Request: BUTTON_DATA_INVALID"),
        (
            {"callback_data": ""},
            "Bad Request: can't parse inline keyboard button: "
            "Text buttons are unallowed in the inline keyboard",
        ),
        (
            {"url": "ftp://example.com"},
            "Bad Request: inline keyboard button URL 'ftp://example.com' is invalid: "
            "Unsupported URL protocol",
        ),
    ],
    ids=["66 bytes", "no data", "not the web"],
)
async def test_a_bad_button_is_refused(
    bot: RawBot, aiko: ChattingPerson, button: dict[str, str], refusal: str
) -> None:
    markup = keyboard(**button)

    said = await bot.refused("sendMessage", chat_id=aiko.id, text="x", reply_markup=markup)

    assert said == refusal


async def test_64_bytes_of_callback_data_are_accepted(bot: RawBot, aiko: ChattingPerson) -> None:
    markup = keyboard(callback_data="永" * 21 + "x")

    sent = await bot.call("sendMessage", chat_id=aiko.id, text="x", reply_markup=markup)

    assert sent["reply_markup"] == markup


async def test_parameters_may_come_as_query_form_or_json_text(
    sandbox: Sandbox, session: aiohttp.ClientSession, aiko: ChattingPerson
) -> None:
    url = f"{sandbox.base_url}{sandbox.token}/sendMessage"
    markup = json.dumps(keyboard(callback_data="1"))

    async with session.get(url, params={"chat_id": aiko.id, "text": "query"}) as reply:
        assert reply.status == 200
    form = {"chat_id": str(aiko.id), "text": "form", "reply_markup": markup}
    async with session.post(url, data=form) as reply:
        assert reply.status == 200

    assert [message.text for message in aiko.replies()] == ["query", "form"]
    assert aiko.replies()[1].buttons == ["Go"]


async def test_an_unknown_method_and_a_wrong_token_are_refused(
    sandbox: Sandbox, session: aiohttp.ClientSession, bot: RawBot
) -> None:
    assert await bot.refused("sendPigeon") == "Not Found: method not found"

    for token in ("nonsense", "123:wrong"):
        async with session.get(f"{sandbox.base_url}{token}/getMe") as reply:
            assert reply.status == 401
            assert (await reply.json())["description"].startswith("Unauthorized")


async def test_strangers_and_people_who_never_started_cannot_be_written_to(
    sandbox: Sandbox, bot: RawBot
) -> None:
    quiet = sandbox.person("Quiet")

    stranger = await bot.refused("sendMessage", chat_id=1, text="x")
    unstarted = await bot.refused("sendMessage", chat_id=quiet.id, text="x")

    assert stranger == "Bad Request: chat not found"
    assert unstarted == "Forbidden: bot can't initiate conversation with a user"


async def test_a_reply_names_its_message_or_is_refused(bot: RawBot, aiko: ChattingPerson) -> None:
    first = aiko.messages()[0]
    there, missing = {"message_id": first.id}, {"message_id": 99}

    sent = await bot.call("sendMessage", chat_id=aiko.id, text="x", reply_parameters=there)
    refusal = await bot.refused("sendMessage", chat_id=aiko.id, text="x", reply_parameters=missing)

    assert sent["reply_to_message"]["message_id"] == first.id
    assert refusal == "Bad Request: message to be replied not found"
    forgiving = missing | {"allow_sending_without_reply": True}
    await bot.call("sendMessage", chat_id=aiko.id, text="x", reply_parameters=forgiving)


async def test_editing_changes_text_and_drops_an_unmentioned_keyboard(
    bot: RawBot, aiko: ChattingPerson
) -> None:
    markup = keyboard(callback_data="1")
    sent = await bot.call("sendMessage", chat_id=aiko.id, text="a", reply_markup=markup)
    place = {"chat_id": aiko.id, "message_id": sent["message_id"]}

    edited = await bot.call("editMessageText", **place, text="b")

    assert edited["text"] == "b"
    assert "edit_date" in edited
    assert "reply_markup" not in edited
    assert (await aiko.next_edit()).text == "b"


async def test_an_edit_that_changes_nothing_is_refused(bot: RawBot, aiko: ChattingPerson) -> None:
    sent = await bot.call("sendMessage", chat_id=aiko.id, text="a")

    said = await bot.refused(
        "editMessageText", chat_id=aiko.id, message_id=sent["message_id"], text="a"
    )

    assert said.startswith("Bad Request: message is not modified")


async def test_only_the_bots_own_messages_can_be_edited(bot: RawBot, aiko: ChattingPerson) -> None:
    theirs = aiko.messages()[0].id

    said = await bot.refused("editMessageText", chat_id=aiko.id, message_id=theirs, text="b")

    assert said == "Bad Request: message can't be edited"


async def test_a_deleted_message_is_gone(bot: RawBot, aiko: ChattingPerson) -> None:
    sent = await bot.call("sendMessage", chat_id=aiko.id, text="a")
    place = {"chat_id": aiko.id, "message_id": sent["message_id"]}

    await bot.call("deleteMessage", **place)

    assert await bot.refused("deleteMessage", **place) == (
        "Bad Request: message to delete not found"
    )
    assert aiko.replies() == []


async def test_an_old_message_cannot_be_deleted(
    bot: RawBot, aiko: ChattingPerson, clock: Clock
) -> None:
    sent = await bot.call("sendMessage", chat_id=aiko.id, text="a")
    clock.advance(48 * 3600 + 1)

    said = await bot.refused("deleteMessage", chat_id=aiko.id, message_id=sent["message_id"])

    assert said == "Bad Request: message can't be deleted"


async def test_a_press_is_answered_once(bot: RawBot, aiko: ChattingPerson) -> None:
    await bot.call(
        "sendMessage", chat_id=aiko.id, text="x", reply_markup=keyboard(callback_data="token")
    )
    query = await aiko.press("Go")
    update = (await bot.call("getUpdates", offset=-1))[0]

    await bot.call("answerCallbackQuery", callback_query_id=query.id, text="Noted")

    assert update["callback_query"]["data"] == "token"
    assert await aiko.answered(query) == "Noted"
    again = await bot.refused("answerCallbackQuery", callback_query_id=query.id)
    assert again.startswith("Bad Request: query is too old")


async def test_a_press_must_be_answered_in_time(
    bot: RawBot, aiko: ChattingPerson, clock: Clock
) -> None:
    await bot.call(
        "sendMessage", chat_id=aiko.id, text="x", reply_markup=keyboard(callback_data="1")
    )
    query = await aiko.press("Go")
    clock.advance(16)

    said = await bot.refused("answerCallbackQuery", callback_query_id=query.id)

    assert said.startswith("Bad Request: query is too old")


async def test_a_photo_is_uploaded_found_and_downloaded(
    sandbox: Sandbox, session: aiohttp.ClientSession, bot: RawBot, aiko: ChattingPerson
) -> None:
    form = aiohttp.FormData({"chat_id": str(aiko.id), "caption": "the form"})
    form.add_field("photo", sample_picture(), filename="a.png", content_type="image/png")
    url = f"{sandbox.base_url}{sandbox.token}/sendPhoto"
    async with session.post(url, data=form) as reply:
        sent = (await reply.json())["result"]

    largest = sent["photo"][-1]
    found = await bot.call("getFile", file_id=largest["file_id"])
    path = f"{sandbox.base_file_url}{sandbox.token}/{found['file_path']}"
    async with session.get(path) as reply:
        content = await reply.read()

    assert (largest["width"], largest["height"]) == (240, 160)
    assert content == sample_picture()
    again = await bot.call("sendPhoto", chat_id=aiko.id, photo=largest["file_id"])
    assert again["photo"] == sent["photo"]


@pytest.mark.parametrize(
    ("photo", "refusal"),
    [
        ("no-such-id", "Bad Request: wrong file identifier/HTTP URL specified"),
        ("https://example.com/a.jpg", "Bad Request: failed to get HTTP URL content"),
        ("", "Bad Request: there is no photo in the request"),
    ],
)
async def test_a_file_nobody_sent_is_refused(
    bot: RawBot, aiko: ChattingPerson, photo: str, refusal: str
) -> None:
    assert await bot.refused("sendPhoto", chat_id=aiko.id, photo=photo) == refusal


async def test_what_a_person_sent_can_be_copied_and_forwarded(
    sandbox: Sandbox, bot: RawBot, aiko: ChattingPerson
) -> None:
    ben = sandbox.person("Ben")
    await ben.start()
    photo = await aiko.send("photo", caption="my visa")
    source = {"from_chat_id": aiko.id, "message_id": photo.id, "chat_id": ben.id}

    copied = await bot.call("copyMessage", **source)
    forwarded = await bot.call("forwardMessage", **source)

    assert copied == {"message_id": 2}
    assert ben.replies()[0].data["photo"] == photo.data["photo"]
    assert "forward_origin" not in ben.replies()[0].data
    assert forwarded["forward_origin"]["sender_user"]["id"] == aiko.id
    gone = await bot.refused("copyMessage", **source | {"message_id": 99})
    assert gone == "Bad Request: message to copy not found"


async def test_commands_are_kept_by_language_and_scope(
    sandbox: Sandbox, bot: RawBot, aiko: ChattingPerson
) -> None:
    english = [{"command": "help", "description": "Help"}]
    japanese = [{"command": "help", "description": "使い方"}]

    await bot.call("setMyCommands", commands=english)
    await bot.call("setMyCommands", commands=japanese, language_code="ja")

    assert await bot.call("getMyCommands", language_code="ja") == japanese
    assert sandbox.world.commands_for(aiko.id, "ja") == japanese
    assert sandbox.world.commands_for(aiko.id, "zh-hk") == english


@pytest.mark.parametrize(
    ("parameters", "refusal"),
    [
        ({"commands": [{"command": "Help", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        (
            {"commands": [{"command": "help", "description": "x" * 257}]},
            "BOT_COMMAND_DESCRIPTION_INVALID",
        ),
        (
            {"commands": [{"command": f"c{n}", "description": "x"} for n in range(101)]},
            "BOT_COMMANDS_TOO_MUCH",
        ),
        ({"commands": [], "language_code": "zh-hk"}, "invalid language code specified"),
    ],
    ids=["capitals", "a long description", "too many", "a language of five letters"],
)
async def test_wrong_commands_are_refused(
    bot: RawBot, parameters: dict[str, Any], refusal: str
) -> None:
    assert await bot.refused("setMyCommands", **parameters) == f"Bad Request: {refusal}"


async def test_descriptions_have_languages_and_limits(bot: RawBot) -> None:
    await bot.call("setMyDescription", description="I answer.")
    await bot.call("setMyDescription", description="お答えします。", language_code="ja")

    japanese = await bot.call("getMyDescription", language_code="ja")
    other = await bot.call("getMyDescription", language_code="zh")

    assert japanese == {"description": "お答えします。"}
    assert other == {"description": "I answer."}
    assert "too long" in await bot.refused("setMyShortDescription", short_description="x" * 121)


async def test_a_reaction_must_be_one_of_telegrams(bot: RawBot, aiko: ChattingPerson) -> None:
    place = {"chat_id": aiko.id, "message_id": aiko.messages()[0].id}

    await bot.call("setMessageReaction", **place, reaction=[{"type": "emoji", "emoji": "👍"}])
    said = await bot.refused(
        "setMessageReaction", **place, reaction=[{"type": "emoji", "emoji": "✅"}]
    )

    assert said == "Bad Request: REACTION_INVALID"
