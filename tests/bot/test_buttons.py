"""Buttons: from Rasa's payloads to Telegram's tokens and back."""

import pytest

from bot.keyboards import Button, Draft, rows_of
from bot.stores import Stores
from bot.tokens import SPENT, TOKEN_DAYS, Tokens
from locales import text
from sandbox.client import ShownMessage
from tests.bot.conftest import Desk, says

YES = Button("Yes", "/affirm")
NO = Button("No", "/deny")
LONG = "How long does the first stay last?"


def token_of(message: ShownMessage, row: int = 0) -> str:
    return str(message.data["reply_markup"]["inline_keyboard"][row][0]["callback_data"])


def test_short_titles_share_a_line_and_long_ones_do_not() -> None:
    assert rows_of([YES, NO, YES]) == [[YES, NO], [YES]]
    assert rows_of([YES, Button(LONG, "/x")]) == [[YES], [Button(LONG, "/x")]]
    assert rows_of([]) == []


async def test_the_payload_stays_here_and_a_short_token_goes_out(desk: Desk) -> None:
    payload = '/length_of_stay{"scheme": "qmas", "topic": "' + "x" * 80 + '"}'
    desk.rasa.answer = lambda post: says("Anything else?", (LONG, payload))
    mei = desk.person()

    await mei.say("hello")
    token = token_of(await mei.next_reply())

    assert len(token.encode()) <= 64
    assert "length" not in token


async def test_a_press_posts_the_payload_as_it_is_and_shows_the_choice(desk: Desk) -> None:
    desk.rasa.answer = lambda post: says("Sure?", ("Yes", '/affirm{"x": 1}'), ("No", "/deny"))
    mei = desk.person()
    await mei.say("hello")
    question = await mei.next_reply()

    query = await mei.press("Yes", question)
    await mei.answered(query)
    edited = await mei.next_edit()
    await desk.settled()

    assert edited.id == question.id
    assert edited.buttons == ["✓ Yes"]
    assert desk.rasa.messages == ["hello", '/affirm{"x": 1}']
    assert desk.rasa.posts[1]["metadata"]["button"] is True


async def test_a_button_pressed_twice_counts_once(desk: Desk) -> None:
    desk.rasa.answer = lambda post: says(post["message"], ("Yes", "/affirm"), ("No", "/deny"))
    mei = desk.person()
    await mei.say("hello")
    question = await mei.next_reply()
    desk.sandbox.freeze()

    queries = [
        await mei.press("Yes", question),
        await mei.press("Yes", question),
        await mei.press("No", question),
    ]
    desk.sandbox.freeze(False)
    for query in queries:
        await mei.answered(query)
    await desk.settled()

    assert desk.rasa.messages == ["hello", "/affirm"]
    assert desk.outcomes() == ["answered", "answered", "repeated_press", "repeated_press"]
    assert mei.messages()[1].buttons == ["✓ Yes"]


async def test_the_shown_choice_does_nothing_when_pressed(desk: Desk) -> None:
    desk.rasa.answer = lambda post: says("ok", ("Yes", "/affirm"))
    mei = desk.person()
    await mei.say("hello")
    question = await mei.next_reply()
    await mei.press("Yes", question)
    await desk.settled()

    query = await mei.press("✓ Yes", mei.messages()[1])
    await mei.answered(query)
    await desk.settled()

    assert desk.outcomes()[-1] == "repeated_press"
    assert len(mei.replies()) == 2


async def test_an_unknown_button_gets_a_kind_word(desk: Desk) -> None:
    desk.rasa.answer = lambda post: says("ok", ("Yes", "/affirm"))
    mei = desk.person("Mei", "zh-hk")
    await mei.say("hello")
    question = await mei.next_reply()
    desk.stores.tokens.erase(mei.id)
    desk.stores.chats.erase(mei.id)

    await mei.press("Yes", question)

    assert (await mei.next_reply()).text == text("bot", "zh-Hant", "expired_button")


async def test_a_button_without_payload_stands_for_its_words(desk: Desk) -> None:
    desk.rasa.answer = lambda post: [{"text": "ok", "buttons": [{"title": "／restart"}]}]
    mei = desk.person()
    await mei.say("hello")
    await mei.next_reply()

    await mei.press("／restart")
    await desk.settled()

    assert desk.rasa.messages == ["hello", "restart"]


def keyboard(stores: Stores, chat_id: int = 1) -> list[str]:
    stores.outbox.add(1, chat_id, [Draft("?", (YES, NO))])
    row = stores.outbox.next(chat_id)
    assert row is not None
    return [token for line in row.keyboard for _, token in line]


def test_a_token_of_another_chat_is_unknown(stores: Stores) -> None:
    yes, _ = keyboard(stores, chat_id=1)
    assert stores.tokens.find(yes, 1) is not None
    assert stores.tokens.find(yes, 2) is None
    assert stores.tokens.find(SPENT, 1) is None


def test_a_token_expires(stores: Stores) -> None:
    yes, _ = keyboard(stores)
    later = stores.tokens.clock() + (TOKEN_DAYS + 1) * 86_400
    assert Tokens(stores.database, lambda: later).find(yes, 1) is None


def test_the_first_press_of_a_keyboard_claims_it(stores: Stores) -> None:
    yes, no = (stores.tokens.find(token, 1) for token in keyboard(stores))
    assert yes is not None and no is not None
    assert stores.tokens.claim(yes, update_id=10) is True
    assert stores.tokens.claim(yes, update_id=10) is True, "asked again after a crash"
    assert stores.tokens.claim(yes, update_id=11) is False
    assert stores.tokens.claim(no, update_id=12) is False


@pytest.mark.parametrize("count", [1, 2, 5])
async def test_a_long_answer_has_its_buttons_under_the_last_part(desk: Desk, count: int) -> None:
    long = "\n\n".join("a" * 4000 for _ in range(count))
    desk.rasa.answer = lambda post: says(long, ("Yes", "/affirm"))
    mei = desk.person()

    await mei.say("hello")
    await desk.settled()

    assert [reply.buttons for reply in mei.replies()] == [[]] * (count - 1) + [["Yes"]]
