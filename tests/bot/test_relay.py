"""The relay's way from a message to its answer, and what it says by itself."""

import asyncio
from typing import Any

import httpx
import pytest

from locales import text
from settings import FIELDS
from tests.bot.conftest import Desk, says, turn


def say(message: str, language: str = "en", **values: Any) -> str:
    return text("bot", language, message, **values)


async def test_a_message_is_answered_by_rasa(desk: Desk) -> None:
    mei = desk.person()

    await mei.say("How much is the fee?")

    assert (await mei.next_reply()).text == "You said: How much is the fee?"


async def test_rasa_learns_update_and_languages(desk: Desk) -> None:
    desk.rasa.answer = lambda post: says("はい", language="ja")
    aiko = desk.person("Aiko", "ja")

    await aiko.say("手数料は？")
    await aiko.next_reply()
    await aiko.say("ありがとう")
    await desk.settled()

    first, second = desk.rasa.posts
    first_update, second_update = (update["update_id"] for update in desk.sandbox.updates())
    assert first["sender"] == str(aiko.id)
    assert first["metadata"] == {
        "update_id": first_update,
        "language_code": "ja",
        "language": None,
        "button": False,
    }
    assert second["metadata"]["update_id"] == second_update
    assert second["metadata"]["language"] == "ja"


async def test_messages_of_one_person_are_answered_in_order_one_at_a_time(desk: Desk) -> None:
    async def slowly_at_first(post: Any) -> Any:
        await asyncio.sleep(0.05 if post["message"] == "0" else 0)
        return says(post["message"])

    desk.rasa.answer = slowly_at_first
    mei = desk.person()

    for number in range(6):
        await mei.say(str(number))

    assert await desk.texts(mei) == ["0", "1", "2", "3", "4", "5"]
    assert desk.rasa.overlaps == []


async def test_a_slow_answer_to_one_person_does_not_hold_up_another(desk: Desk) -> None:
    gate = asyncio.Event()

    async def mei_waits(post: Any) -> Any:
        if post["sender"] == str(mei.id):
            await gate.wait()
        return says("ok")

    desk.rasa.answer = mei_waits
    mei, aiko = desk.person("Mei"), desk.person("Aiko")

    await mei.say("hello")
    await aiko.say("hello")
    await aiko.next_reply()

    assert mei.replies() == []
    gate.set()
    await mei.next_reply()


async def test_an_update_delivered_twice_is_answered_once(desk: Desk) -> None:
    mei = desk.person()
    await mei.say("hello")
    await desk.settled()

    desk.sandbox.redeliver(desk.sandbox.updates()[0]["update_id"])
    await mei.say("again")

    assert await desk.texts(mei) == ["You said: hello", "You said: again"]


async def test_stopping_lets_an_answer_under_way_be_given(desk: Desk) -> None:
    asked = asyncio.Event()

    async def slow(post: Any) -> Any:
        asked.set()
        await asyncio.sleep(0.2)
        return says("just in time")

    desk.rasa.answer = slow
    mei = desk.person()
    await mei.say("hello")
    await asked.wait()

    await desk.stop()

    assert [reply.text for reply in mei.replies()] == ["just in time"]


async def test_messages_sent_while_the_relay_was_away_are_answered(stopped_desk: Desk) -> None:
    mei = stopped_desk.person()
    for number in range(3):
        await mei.say(str(number))

    await stopped_desk.start()

    expected = ["You said: 0", "You said: 1", "You said: 2"]
    assert await stopped_desk.texts(mei) == expected


# ---------------------------------------------------------------- failures of Rasa


def apology(language: str = "en") -> str:
    """Without a staff desk: sorry, and how to reach the firm."""
    contact = say("reach_us", language, contact=FIELDS["FIRM_CONTACT"][1])
    return say("apology", language) + "\n\n" + contact


async def refuse(post: Any) -> Any:
    raise httpx.ConnectError("refused")


async def time_out(post: Any) -> Any:
    raise httpx.ReadTimeout("too slow")


FAILURES = {
    "an empty list": lambda post: [],
    "a turn without words": lambda post: [turn()],
    "status 500": lambda post: httpx.Response(500),
    "no JSON": lambda post: httpx.Response(200, text="<html>"),
    "another form": lambda post: {"status": "failure"},
    "a time-out": time_out,
    "a refused connection": refuse,
}


@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES)
async def test_a_failure_of_rasa_is_apologised_for_and_recorded(desk: Desk, failure: Any) -> None:
    desk.rasa.answer = failure
    aiko = desk.person("Aiko", "ja")

    await aiko.say("こんにちは")

    assert await desk.texts(aiko) == [apology("ja")]
    [(body, outcome, failed)] = desk.rows("SELECT body, outcome, failure FROM updates")
    assert "こんにちは" in body
    assert outcome == "apologised"
    assert failed.startswith("Rasa gave no answer")
    assert desk.rows("SELECT chat_id, reason FROM handoffs") == [(aiko.id, "backend_failure")]


async def test_a_connection_refused_at_first_is_tried_again(desk: Desk) -> None:
    async def third_time(post: Any) -> Any:
        return says("at last") if len(desk.rasa.posts) == 3 else await refuse(post)

    desk.rasa.answer = third_time
    mei = desk.person()

    await mei.say("hello")

    assert await desk.texts(mei) == ["at last"]


async def test_a_time_out_is_not_tried_again(desk: Desk) -> None:
    desk.rasa.answer = time_out
    mei = desk.person()

    await mei.say("hello")
    await desk.settled()

    assert desk.rasa.messages == ["hello"]


async def test_after_a_failure_the_next_message_is_answered(desk: Desk) -> None:
    desk.rasa.answer = lambda post: [] if len(desk.rasa.posts) == 1 else says("well again")
    mei = desk.person()

    await mei.say("hello")
    await mei.say("hello?")

    assert await desk.texts(mei) == [apology(), "well again"]


async def test_an_update_that_breaks_the_relay_is_apologised_for(desk: Desk) -> None:
    desk.rasa.answer = lambda post: says("fine", handoff={"not": "a text"})
    mei = desk.person()

    await mei.say("hello")

    assert await desk.texts(mei) == [apology()]


# ---------------------------------------------------------------- language


async def test_the_first_words_of_the_relay_follow_telegrams_language(desk: Desk) -> None:
    for code, language in [("zh-hk", "zh-Hant"), ("zh-hans", "zh-Hans"), ("ko", "en")]:
        person = desk.person(code, code)
        await person.send("photo")
        assert await desk.texts(person) == [say("cannot_read", language)]


async def test_the_conversations_language_wins_over_telegrams(desk: Desk) -> None:
    desk.rasa.answer = lambda post: says("好的", language="zh-Hans")
    mei = desk.person("Mei", "en")

    await mei.say("手续费多少")
    await mei.send("photo")

    assert await desk.texts(mei) == ["好的", say("cannot_read", "zh-Hans")]


async def test_a_chosen_language_settles_it_for_the_dialogue_too(desk: Desk) -> None:
    desk.rasa.answer = lambda post: []
    mei = desk.person("Mei", "en")

    await mei.say("/language")
    offer = await mei.next_reply()
    await mei.press("日本語")

    assert offer.buttons == ["English", "繁體中文", "简体中文", "日本語"]
    assert (await mei.next_reply()).text == apology("ja")
    [post] = desk.rasa.posts
    assert post["message"] == '/change_language{"language": "ja"}'
    assert post["metadata"]["language"] == "ja"
    assert post["metadata"]["button"] is True


# ---------------------------------------------------------------- what was learnt


async def test_a_handoff_is_recorded(desk: Desk) -> None:
    desk.rasa.answer = lambda post: says("A person will look at it.", handoff="overstay")
    mei = desk.person()

    await mei.say("my visa has expired")
    await desk.settled()

    [update] = desk.sandbox.updates()
    assert desk.rows("SELECT chat_id, update_id, reason FROM handoffs") == [
        (mei.id, update["update_id"], "overstay")
    ]


async def test_a_chat_held_by_a_person_is_not_answered_by_rasa(desk: Desk) -> None:
    mei = desk.person()
    await desk.texts(mei)
    desk.stores.database.execute(
        "INSERT INTO chats (chat_id, holder) VALUES (?, 'human')", [mei.id]
    )

    await mei.say("hello")

    assert await desk.texts(mei) == []
    assert desk.outcomes() == ["held"]
    assert desk.rasa.posts == []


async def test_the_log_has_no_words_no_chat_and_no_token(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    mei = desk.person()

    await mei.say("my secret question")
    await desk.settled()

    lines = [record.getMessage() for record in caplog.records if record.name.startswith("bot")]
    [update] = desk.sandbox.updates()
    assert any(
        line.startswith(f"update update_id={update['update_id']} chat=")
        and "outcome=answered" in line
        for line in lines
    )
    whole = "\n".join(lines)
    for secret in ("secret question", str(mei.id), desk.sandbox.token):
        assert secret not in whole
