"""Who may do what in the staff's group, and what each command does."""

from typing import Any

import pytest

from bot.canned import Canned
from bot.commands import COMMANDS, STAFF_COMMANDS
from bot.languages import LANGUAGES
from locales import text
from sandbox import people
from sandbox.client import ChattingPerson
from tests.bot.conftest import Desk, StaffDesk


def en(message: str, **values: Any) -> str:
    return text("bot", "en", message, **values)


async def silent(staff: StaffDesk, person: ChattingPerson) -> bool:
    """Whether the person still waits and was told nothing since."""
    return len(await staff.said_to(person)) == 1 and staff.holder(person)[0] == "waiting"


# ---------------------------------------------------------------- who may


async def from_a_former_member(staff: StaffDesk, words: str) -> None:
    """Somebody writes and is gone before the relay looks."""
    mallory = staff.desk.person("Mallory")
    staff.group.add(mallory)
    await staff.desk.settled()
    staff.sandbox.freeze()
    thread_id = staff.group.topic("Aiko").thread_id
    await mallory.say(words, chat_id=staff.group.id, thread_id=thread_id)
    staff.group.remove(mallory)
    staff.sandbox.freeze(False)
    await staff.desk.settled()


@pytest.mark.parametrize("words", ["Hello", "/take", "/done", "/ban", "/canned hello"])
async def test_somebody_who_left_the_group_can_do_nothing(staff: StaffDesk, words: str) -> None:
    aiko = await staff.waiting()

    await from_a_former_member(staff, words)

    assert await silent(staff, aiko)
    assert (await staff.in_topic())[-1] == en("staff_no_member", name="Mallory")
    assert "staff_refused" in staff.desk.outcomes()


@pytest.mark.parametrize("status", ["restricted", "kicked", "left"])
async def test_somebody_without_full_standing_can_do_nothing(staff: StaffDesk, status: str) -> None:
    aiko = await staff.waiting()
    mallory = staff.desk.person("Mallory")
    staff.group.add(mallory)
    staff.sandbox.freeze()
    await staff.grace.say("// hm", chat_id=staff.group.id)
    pressed = await mallory.press("Take", chat_id=staff.group.id)
    await mallory.say(
        "Hello", chat_id=staff.group.id, thread_id=staff.group.topic("Aiko").thread_id
    )
    people.join(staff.sandbox.world, mallory.id, staff.group.id, status)
    staff.sandbox.freeze(False)

    assert await mallory.answered(pressed) == en("staff_no_member", name="Mallory")
    assert await silent(staff, aiko)
    assert staff.desk.outcomes().count("staff_refused") == 2


async def test_refusals_are_logged(staff: StaffDesk, caplog: pytest.LogCaptureFixture) -> None:
    await staff.waiting()

    await from_a_former_member(staff, "/done")

    assert any("was refused" in record.getMessage() for record in caplog.records)


async def test_an_anonymous_administrator_is_told_that_nothing_was_sent(
    staff: StaffDesk,
) -> None:
    aiko = await staff.waiting()
    hidden = staff.desk.person("Hidden")
    staff.group.add(hidden, "administrator", is_anonymous=True)

    await staff.write("Hello", by=hidden)
    await staff.write("/done", by=hidden)

    assert await silent(staff, aiko)
    assert (await staff.in_topic())[-2:] == [en("staff_anonymous")] * 2


@pytest.mark.parametrize("name", sorted(set(STAFF_COMMANDS) - set(COMMANDS)))
async def test_a_staff_command_in_private_is_refused(desk: Desk, name: str) -> None:
    mei = desk.person()

    await mei.say(f"/{name} Grace")

    assert (await desk.texts(mei))[0].startswith("I do not know that command")
    assert desk.outcomes() == ["staff_command_refused"]
    assert desk.rasa.posts == []


@pytest.mark.parametrize("name", STAFF_COMMANDS)
async def test_a_staff_command_from_a_person_who_waits_is_only_text(
    staff: StaffDesk, name: str
) -> None:
    aiko = await staff.waiting()

    await aiko.say(f"/{name} Mallory")
    await aiko.say(f"// /{name}")

    assert await silent(staff, aiko)
    assert (await staff.in_topic())[-2:] == [f"/{name} Mallory", f"// /{name}"]
    assert staff.desk.stores.chats.get(aiko.id).banned is False


@pytest.mark.parametrize("words", ["/done", "/ban", "Hello"])
async def test_another_group_is_no_desk(staff: StaffDesk, words: str) -> None:
    aiko = await staff.waiting()
    other = staff.sandbox.world.add_group("Others", forum=True)
    people.join(staff.sandbox.world, staff.grace.id, other.id, "creator")
    topic = people.open_topic(staff.sandbox.world, staff.grace.id, other.id, "Aiko")

    await staff.grace.say(words, chat_id=other.id, thread_id=topic.thread_id)

    assert await silent(staff, aiko)
    assert staff.desk.outcomes()[-1] == "left"


async def test_a_button_of_the_desk_is_worthless_elsewhere(staff: StaffDesk) -> None:
    aiko = await staff.waiting()
    [card] = [m for m in staff.group.messages() if m.buttons]
    data = card.data["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    forged = {
        "update_id": 999_999_999,
        "callback_query": {
            "id": "1",
            "from": {"id": aiko.id, "is_bot": False, "first_name": "Aiko"},
            "chat_instance": "1",
            "data": data,
            "message": {
                "message_id": 1,
                "date": 1,
                "chat": {"id": aiko.id, "type": "private", "first_name": "Aiko"},
            },
        },
    }

    staff.desk.app.relay.accept([forged])

    await staff.desk.app.relay.idle()
    assert await silent(staff, aiko)


async def test_chatter_outside_the_topics_goes_nowhere(staff: StaffDesk) -> None:
    aiko = await staff.waiting()

    await staff.grace.say("Lunch?", chat_id=staff.group.id)
    await staff.grace.say("/done", chat_id=staff.group.id)
    await staff.grace.say("/help", chat_id=staff.group.id)
    await staff.desk.settled()

    assert await silent(staff, aiko)
    general = [m.text for m in staff.group.messages() if m.thread_id is None and m.from_bot]
    assert general[-2] == en("staff_only_in_topic")
    assert "/transcript" in general[-1]


async def test_another_bots_words_are_not_passed_on(staff: StaffDesk) -> None:
    aiko = await staff.waiting()
    update = await staff.grace.say("// x", chat_id=staff.group.id)
    thread_id = staff.group.topic("Aiko").thread_id
    message = {
        **update.data,
        "text": "I am a bot",
        "message_thread_id": thread_id,
        "is_topic_message": True,
        "from": {"id": 5, "is_bot": True, "first_name": "Other"},
    }

    staff.desk.app.relay.accept([{"update_id": 999_999_998, "message": message}])
    await staff.desk.app.relay.idle()

    assert await silent(staff, aiko)


# ---------------------------------------------------------------- commands


async def test_take_has_the_conversation_without_a_word(staff: StaffDesk) -> None:
    aiko = await staff.waiting()

    await staff.write("/take")
    await staff.write("/take")

    assert staff.holder(aiko) == ("human", "Grace", "asked")
    assert (await staff.said_to(aiko))[-1] == text("bot", "ja", "taken", name="Grace")
    assert (await staff.in_topic())[-2:] == [
        en("staff_taken", name="Grace"),
        en("staff_taken_already", name="Grace"),
    ]


async def test_done_twice_says_that_there_is_nothing_to_hand_back(staff: StaffDesk) -> None:
    aiko = await staff.human()

    await staff.write("/done")
    await staff.write("/done@hk_talent_desk_sandbox_bot")

    assert (await staff.in_topic())[-1] == en("staff_nothing_to_hand_back")
    assert (await staff.said_to(aiko)).count(text("bot", "ja", "handed_back")) == 1


async def test_assign_names_who_should_answer(staff: StaffDesk) -> None:
    aiko = await staff.waiting()

    await staff.write("/assign Kelvin")
    await staff.fire("waiting")

    assert staff.holder(aiko) == ("waiting", "Kelvin", "asked")
    assert (await staff.in_topic())[-1] == en("staff_waiting_long", minutes=10, name="Kelvin")
    await staff.write("/assign")
    assert (await staff.in_topic())[-1] == en("staff_assign_whom")


async def test_notes_are_kept_and_shown_with_the_facts(staff: StaffDesk) -> None:
    interview = {"scheme": "qmas", "fact": None, "answers": {"age": 50, "english": False}}
    aiko = await staff.human(interview=interview)
    before = await staff.said_to(aiko)

    await staff.write("/note Call back on Monday")
    await staff.write("/note")
    await staff.write("/facts")

    noted, what, facts = (await staff.in_topic())[-3:]
    assert (noted, what) == (en("staff_noted"), en("staff_note_what"))
    for part in ("Scheme: QMAS", "• age: 50", "• english: ✗", "Grace: Call back on Monday"):
        assert part in facts
    assert en("staff_holder_human", name="Grace") in facts
    assert await staff.said_to(aiko) == before


async def test_the_transcript_shows_both_sides(staff: StaffDesk) -> None:
    aiko = await staff.human()
    await aiko.say("Which form?")
    await staff.desk.settled()

    await staff.write("/transcript")

    shown = (await staff.in_topic())[-1]
    for line in ("Person: a person please", "Staff: Hello, this is Grace.", "Person: Which form?"):
        assert line in shown


async def test_canned_answers_go_out_in_the_persons_language(staff: StaffDesk) -> None:
    aiko = await staff.waiting()

    await staff.write("/canned")
    assert "/canned hello" in (await staff.in_topic())[-1]
    await staff.write("/canned hello")

    hello = Canned.load().text("hello", "ja")
    assert (await staff.said_to(aiko))[-1] == hello
    assert staff.holder(aiko)[0] == "human"
    await staff.write("/canned nonsense")
    assert (await staff.in_topic())[-1] == en("staff_canned_unknown", key="nonsense")


def test_every_canned_answer_is_there_in_every_language() -> None:
    for key, texts in Canned.load().texts.items():
        assert set(texts) == set(LANGUAGES), key
        assert all(words.strip() for words in texts.values()), key


async def test_ban_hears_nothing_more_until_unban(staff: StaffDesk) -> None:
    aiko = await staff.human()

    await staff.write("/ban")
    before = await staff.said_to(aiko)
    await aiko.say("Buy my coins")
    await aiko.say("/human")
    await staff.write("Sorry?")

    assert await staff.said_to(aiko) == before
    assert (await staff.in_topic())[-1] == en("staff_not_sent_banned")
    assert staff.rasa.posts == []
    await staff.write("/unban")
    await aiko.say("hello")
    assert (await staff.said_to(aiko))[-1] == "You said: hello"


async def test_an_unknown_command_is_not_sent(staff: StaffDesk) -> None:
    aiko = await staff.waiting()

    await staff.write("/dnoe")

    assert await silent(staff, aiko)
    assert (await staff.in_topic())[-1] == en("staff_unknown_command", command="dnoe")


async def test_help_lists_every_command(staff: StaffDesk) -> None:
    await staff.waiting()

    await staff.write("/help")

    shown = (await staff.in_topic())[-1]
    assert all(f"/{name}" in shown for name in STAFF_COMMANDS)


async def test_the_staffs_words_are_in_the_desks_language(stopped_staff_desk: StaffDesk) -> None:
    staff = stopped_staff_desk
    staff.desk.environment["DEFAULT_LANGUAGE"] = "zh-Hant"
    await staff.desk.start()
    await staff.waiting()

    await staff.write("/take")

    assert (await staff.in_topic())[-1] == text("bot", "zh-Hant", "staff_taken", name="Grace")


async def test_the_group_shows_the_staffs_commands(staff: StaffDesk) -> None:
    await staff.desk.until(lambda: staff.sandbox.world.commands_for(staff.group.id, "en"))
    await staff.desk.until(lambda: len(staff.sandbox.calls("setMyCommands")) == 4)

    shown = staff.sandbox.world.commands_for(staff.group.id, "ja")
    assert tuple(command["command"] for command in shown) == STAFF_COMMANDS


async def test_a_complaint_reads_the_contact_once(staff: StaffDesk) -> None:
    aiko = await staff.waiting(handoff="complaint")

    assert "@" not in (await staff.said_to(aiko))[-1]
