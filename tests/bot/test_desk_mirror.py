"""What goes both ways between a person's chat and their topic: media, replies, edits, silence."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from locales import text
from sandbox.client import ChattingPerson, ShownMessage
from tests.bot.conftest import StaffDesk

SENT = ("photo", "document", "voice", "sticker", "video", "audio")


def en(message: str, **values: Any) -> str:
    return text("bot", "en", message, **values)


def last_in_topic(staff: StaffDesk, name: str = "Aiko") -> ShownMessage:
    return staff.group.messages(staff.group.topic(name))[-1]


def last_to(person: ChattingPerson) -> ShownMessage:
    return person.replies()[-1]


@pytest.mark.parametrize("kind", SENT)
async def test_what_a_person_sends_reaches_the_topic(staff: StaffDesk, kind: str) -> None:
    aiko = await staff.waiting()

    await aiko.send(kind)
    await staff.desk.settled()

    assert kind in last_in_topic(staff).data


@pytest.mark.parametrize("kind", SENT)
async def test_what_staff_send_reaches_the_person(staff: StaffDesk, kind: str) -> None:
    aiko = await staff.waiting()
    thread_id = staff.group.topic("Aiko").thread_id

    await staff.grace.send(kind, chat_id=staff.group.id, thread_id=thread_id)
    await staff.desk.settled()

    assert kind in last_to(aiko).data
    assert staff.holder(aiko)[0] == "human"


async def test_what_cannot_be_copied_is_shown_in_words(staff: StaffDesk) -> None:
    aiko = await staff.waiting()

    await aiko.send_content({"dice": {"emoji": "🎲", "value": 3}})

    assert (await staff.in_topic())[-1] == "[dice]"


async def test_staff_learn_that_something_could_not_be_sent(staff: StaffDesk) -> None:
    await staff.human()
    thread_id = staff.group.topic("Aiko").thread_id

    dice = {"dice": {"emoji": "🎲", "value": 3}}
    await staff.grace.send_content(dice, chat_id=staff.group.id, thread_id=thread_id)

    assert (await staff.in_topic())[-1] == en("staff_not_sent_refused")


async def test_replies_map_in_both_directions(staff: StaffDesk) -> None:
    aiko = await staff.human()
    question = await aiko.say("Which form?")
    await aiko.say("And when?")
    await staff.desk.settled()
    shown = next(
        m for m in staff.group.messages(staff.group.topic("Aiko")) if m.text == "Which form?"
    )

    await staff.write("ID 1023A", reply_to=shown.id)
    answer = last_to(aiko)
    await aiko.say("Thank you", reply_to=answer.id)
    await staff.desk.settled()

    assert answer.data["reply_to_message"]["message_id"] == question.id
    assert last_in_topic(staff).data["reply_to_message"]["text"] == "ID 1023A"


async def test_edits_map_in_both_directions(staff: StaffDesk) -> None:
    aiko = await staff.human()
    sent = await staff.write("The fee is HK$600")
    question = await aiko.say("Realy?")
    await staff.desk.settled()

    await staff.grace.edit(sent, "The fee is what the form says")
    await aiko.edit(question, "Really?")

    assert (await staff.said_to(aiko))[-1] == "The fee is what the form says"
    assert (await staff.in_topic())[-1] == "Really?"
    assert len(aiko.replies()) == 4


async def test_an_edited_caption_is_edited_on_the_other_side(staff: StaffDesk) -> None:
    aiko = await staff.human()
    photo = await aiko.send("photo", caption="my leter")
    await staff.desk.settled()

    await aiko.edit(photo, "my letter")
    await staff.desk.settled()

    assert last_in_topic(staff).data["caption"] == "my letter"


async def test_an_edit_of_something_older_than_the_topic_is_shown_anew(staff: StaffDesk) -> None:
    staff.rasa.answer = staff.asks_for_a_person(language="ja")
    aiko = staff.desk.person("Aiko", "ja")
    old = await aiko.say("I earn 1 million")
    await aiko.say("a person please")
    await staff.desk.settled()

    await aiko.edit(old, "I earn 2 million")

    assert (await staff.in_topic())[-1] == "✎ I earn 2 million"


async def test_lines_that_begin_with_two_slashes_stay_inside(staff: StaffDesk) -> None:
    aiko = await staff.human()
    before = await staff.said_to(aiko)

    note = await staff.write("// sounds like an overstay")
    await staff.grace.edit(note, "// sounds like two overstays")

    assert await staff.said_to(aiko) == before


async def test_an_internal_line_alone_does_not_take_the_conversation(staff: StaffDesk) -> None:
    aiko = await staff.waiting()

    await staff.write("// who takes this?")

    assert staff.holder(aiko)[0] == "waiting"


@pytest.mark.parametrize("text", ["now for the person", "/done"])
async def test_an_internal_line_edited_into_another_is_not_sent(
    staff: StaffDesk, text: str
) -> None:
    aiko = await staff.human()
    before = await staff.said_to(aiko)
    note = await staff.write("// draft")

    await staff.grace.edit(note, text)

    assert await staff.said_to(aiko) == before
    assert (await staff.in_topic())[-1] == en("staff_edit_not_sent")
    assert staff.holder(aiko)[0] == "human"


async def test_an_answer_edited_into_an_internal_line_stays_as_it_was_sent(
    staff: StaffDesk,
) -> None:
    aiko = await staff.human()
    sent = await staff.write("Hello again")

    await staff.grace.edit(sent, "// Hello again")

    assert (await staff.said_to(aiko))[-1] == "Hello again"
    assert (await staff.in_topic())[-1] == en("staff_edit_not_sent")


async def test_formatting_of_staff_is_kept(staff: StaffDesk) -> None:
    aiko = await staff.human()

    await staff.write("See https://www.immd.gov.hk/ please")

    assert last_to(aiko).data["entities"][0]["type"] == "url"


async def test_two_persons_have_two_topics(staff: StaffDesk) -> None:
    aiko, mei = await staff.waiting("Aiko"), await staff.waiting("Mei", "en", language="en")

    await staff.write("For Aiko", name="Aiko")
    await staff.write("For Mei", name="Mei")

    assert (await staff.said_to(aiko))[-1] == "For Aiko"
    assert (await staff.said_to(mei))[-1] == "For Mei"
    assert "For Mei" not in await staff.said_to(aiko)


# ---------------------------------------------------------------- silence of the assistant

Act = Callable[[ChattingPerson], Awaitable[Any]]


async def everything(staff: StaffDesk, person: ChattingPerson, button: ShownMessage) -> None:
    """Every kind of update a person can cause."""
    first = await person.say("hello?")
    for words in ("/restart", "/start", "/help", "/human", "/delete", "/language", "／restart"):
        await person.say(words)
    for kind in SENT:
        await person.send(kind)
    await person.send("photo", media_group_id="a1")
    await person.send("photo", media_group_id="a1", caption="album")
    await person.send_content({"location": {"latitude": 22.3, "longitude": 114.2}})
    await person.send_content({"contact": {"phone_number": "+852 1", "first_name": "Aiko"}})
    await person.edit(first, "hello??")
    await person.press(button.buttons[0], button)
    await person.react(first, "👍")
    await staff.desk.settled()


async def test_the_assistant_is_silent_while_a_person_waits_or_talks_with_staff(
    staff: StaffDesk,
) -> None:
    staff.rasa.answer = staff.asks_for_a_person(language="ja")
    aiko = staff.desk.person("Aiko", "ja")
    await aiko.say("/language")
    offer = await aiko.next_reply()
    await aiko.say("a person please")
    await staff.desk.settled()
    staff.rasa.posts.clear()
    waiting = await staff.said_to(aiko)

    await everything(staff, aiko, offer)
    assert (await staff.said_to(aiko), staff.rasa.posts) == (waiting, [])

    await staff.desk.stop()
    await staff.desk.start()
    await everything(staff, aiko, offer)
    assert (await staff.said_to(aiko), staff.rasa.posts) == (waiting, [])

    await staff.write("Hello")
    human = await staff.said_to(aiko)
    assert human[-1] == "Hello"
    await everything(staff, aiko, offer)
    await staff.desk.stop()
    await staff.desk.start()
    await everything(staff, aiko, offer)
    assert (await staff.said_to(aiko), staff.rasa.posts) == (human, [])

    await staff.write("/done")
    await aiko.say("hello again")
    assert (await staff.said_to(aiko))[-1] == "You said: hello again"
    assert staff.rasa.messages == ["hello again"]


async def test_what_a_person_does_meanwhile_is_stored_and_shown(staff: StaffDesk) -> None:
    staff.rasa.answer = staff.asks_for_a_person(language="ja")
    aiko = staff.desk.person("Aiko", "ja")
    await aiko.say("/language")
    offer = await aiko.next_reply()
    await aiko.say("a person please")
    await staff.desk.settled()

    await everything(staff, aiko, offer)

    shown = await staff.in_topic()
    assert en("staff_pressed", title="English") in shown
    for words in ("/restart", "/delete", "hello??"):
        assert words in shown
    (stored,) = staff.desk.rows(
        "SELECT count(*) FROM updates WHERE outcome = 'passed_on' AND body IS NOT NULL"
    )
    assert stored == (20,)


async def test_a_button_pressed_meanwhile_still_counts_afterwards(staff: StaffDesk) -> None:
    staff.rasa.answer = staff.asks_for_a_person(language="ja")
    aiko = staff.desk.person("Aiko", "ja")
    await aiko.say("/language")
    offer = await aiko.next_reply()
    await aiko.say("a person please")
    await staff.desk.settled()
    pressed = await aiko.press("日本語", offer)
    assert await aiko.answered(pressed) == ""
    await staff.write("/done")

    await aiko.press("日本語", offer)
    await staff.desk.settled()

    assert staff.rasa.messages[-1] == '/change_language{"language": "ja"}'
