"""When something is in the way: nothing is lost, and the right side is told."""

from typing import Any

import pytest

from bot.limiter import Limits
from locales import text
from sandbox import people
from sandbox.client import Sandbox
from tests.bot.conftest import FAST, QUICK, Desk, FakeRasa, StaffDesk


def en(message: str, **values: Any) -> str:
    return text("bot", "en", message, **values)


@pytest.mark.parametrize("wording", [None, "TOPIC_DELETED", "message thread not found"])
async def test_a_deleted_topic_is_opened_again_with_the_card(
    staff: StaffDesk, wording: str | None
) -> None:
    aiko = await staff.human()
    staff.group.chat.topic_error = wording
    staff.group.change_topic(staff.grace, staff.group.topic("Aiko"), "delete")

    await aiko.say("Are you there?")
    await aiko.send("photo")

    shown = await staff.in_topic()
    assert len(staff.group.topics()) == 1
    assert shown[0].startswith(en("staff_topic_again"))
    assert "Person: Are you there?" in shown[0]
    assert shown[1:] == ["Are you there?"]
    assert "photo" in staff.group.messages(staff.group.topic("Aiko"))[-1].data
    await staff.write("Yes, here.")
    assert (await staff.said_to(aiko))[-1] == "Yes, here."


async def test_the_card_of_a_topic_opened_again_has_working_buttons(staff: StaffDesk) -> None:
    aiko = await staff.waiting()
    staff.group.change_topic(staff.grace, staff.group.topic("Aiko"), "delete")
    await aiko.say("Are you there?")
    await staff.desk.settled()

    await staff.grace.press("Take", chat_id=staff.group.id)
    await staff.desk.settled()

    assert staff.holder(aiko)[0] == "human"


async def test_a_topic_deleted_after_the_hand_back_stays_away(staff: StaffDesk) -> None:
    aiko = await staff.human()
    await staff.write("/done")
    staff.group.change_topic(staff.grace, staff.group.topic("Aiko"), "delete")

    await aiko.say("thank you")
    await staff.desk.settled()
    assert staff.group.topics() == []

    await aiko.say("a person please")
    await staff.desk.settled()
    assert len(staff.group.topics()) == 1


async def test_a_topic_closed_by_somebody_is_opened_for_the_next_message(
    staff: StaffDesk,
) -> None:
    aiko = await staff.human()
    staff.group.change_topic(staff.grace, staff.group.topic("Aiko"), "close")
    await staff.desk.settled()

    await aiko.say("Are you there?")

    assert (await staff.in_topic())[-1] == "Are you there?"
    assert not staff.group.topic("Aiko").closed


async def test_a_closed_topic_that_refuses_is_opened(staff: StaffDesk) -> None:
    aiko = await staff.human()
    staff.sandbox.fail(
        "copyMessage", chat_id=staff.group.id, status=400, description="Bad Request: TOPIC_CLOSED"
    )

    await aiko.say("Are you there?")

    assert (await staff.in_topic())[-1] == "Are you there?"
    assert staff.sandbox.calls("reopenForumTopic")


async def test_staff_learn_that_a_person_blocked_the_bot(staff: StaffDesk) -> None:
    aiko = await staff.human()

    aiko.block()
    await staff.desk.settled()
    assert (await staff.in_topic())[-1] == en("staff_blocked")

    await staff.write("Are you there?")
    assert (await staff.in_topic())[-1] == en("staff_not_sent_blocked")

    aiko.unblock()
    await aiko.say("Here I am")
    shown = await staff.in_topic()
    assert shown[-2:] == [en("staff_unblocked"), "Here I am"]
    await staff.write("Welcome back")
    assert (await staff.said_to(aiko))[-1] == "Welcome back"


async def test_staff_learn_of_a_block_only_the_sending_shows(staff: StaffDesk) -> None:
    aiko = await staff.human()
    staff.sandbox.fail("copyMessage", chat_id=aiko.id, status=403)

    await staff.write("Are you there?")

    assert (await staff.in_topic())[-1] == en("staff_blocked")


async def test_an_upgraded_group_is_followed_and_remembered(staff: StaffDesk) -> None:
    aiko = await staff.human()
    new = staff.sandbox.upgrade(staff.group, staff.grace)
    await aiko.say("Are you there?")
    await staff.desk.settled()
    staff.group = new

    shown = await staff.in_topic()
    assert shown[-1] == "Are you there?"
    await staff.desk.stop()
    await staff.desk.start()
    await staff.write("Yes")
    assert (await staff.said_to(aiko))[-1] == "Yes"


async def test_an_upgrade_found_out_by_sending_loses_nothing(staff: StaffDesk) -> None:
    aiko = await staff.human()
    staff.sandbox.freeze()
    new = staff.sandbox.upgrade(staff.group, staff.grace)
    staff.desk.app.relay.accept(
        [
            {
                "update_id": 900,
                "message": {
                    "message_id": 900,
                    "date": 1,
                    "chat": {"id": aiko.id, "type": "private", "first_name": "Aiko"},
                    "from": {"id": aiko.id, "is_bot": False, "first_name": "Aiko"},
                    "text": "Are you there?",
                },
            }
        ]
    )
    await staff.desk.until(new.topics)
    await staff.desk.app.relay.idle()

    shown = [m.text for m in new.messages(new.topics()[0]) if m.text]
    assert shown[-1].endswith("Are you there?")
    staff.sandbox.freeze(False)
    await staff.desk.settled()
    assert staff.sandbox.calls("leaveChat") == []


async def test_a_group_told_to_wait_gets_everything_in_order(staff: StaffDesk) -> None:
    aiko = await staff.human()
    staff.sandbox.fail("copyMessage", chat_id=staff.group.id, status=429, retry_after=1, times=1)

    for number in range(4):
        await aiko.say(str(number))
    await staff.write("I read you")

    assert (await staff.said_to(aiko))[-1] == "I read you"
    assert (await staff.in_topic())[-4:] == ["0", "1", "2", "3"]


async def test_staff_answers_arrive_while_the_group_must_wait(staff: StaffDesk) -> None:
    aiko = await staff.human()
    staff.sandbox.fail("copyMessage", chat_id=staff.group.id, status=429, retry_after=2, times=1)
    await aiko.say("a question")
    await staff.desk.until(lambda: staff.desk.app.relay.delivery.limiter.held_until)

    thread_id = staff.group.topic("Aiko").thread_id
    await staff.grace.say("an answer", chat_id=staff.group.id, thread_id=thread_id)

    await staff.desk.until(lambda: aiko.replies()[-1].text == "an answer")
    assert staff.group.messages(staff.group.topic("Aiko"))[-1].text == "an answer"
    await staff.desk.settled()


async def test_the_groups_own_limit_is_kept(tmp_path: Any) -> None:
    slow_group = Limits(**{**vars(FAST), "group_per_second": 4.0, "group_burst": FAST.group_burst})
    async with Sandbox.start(rate_limits=True) as sandbox:
        pace = type(QUICK)(**{**vars(QUICK), "limits": slow_group})
        desk = Desk(sandbox, FakeRasa(), tmp_path, pace)
        group = sandbox.staff_group()
        desk.environment["STAFF_GROUP_ID"] = str(group.id)
        await desk.start()
        staff = StaffDesk(desk, group, desk.person("Grace"))
        group.add(staff.grace, "creator")
        aiko = await staff.waiting()
        for number in range(4):
            await aiko.say(str(number))

        shown = await staff.in_topic()

        assert shown[-4:] == ["0", "1", "2", "3"]
        await desk.stop()


async def test_a_crash_between_sending_and_its_answer_shows_nothing_twice(
    staff: StaffDesk,
) -> None:
    aiko = await staff.human()
    staff.sandbox.fail("copyMessage", chat_id=staff.group.id, drop="reply")

    await aiko.say("only once")

    assert (await staff.in_topic()).count("only once") == 1
    sent = await staff.write("to you", reply_to=staff.group.messages()[-1].id)
    assert sent.text == "to you"
    assert aiko.replies()[-1].data["reply_to_message"]["text"] == "only once"


async def test_a_lost_answer_to_a_staff_message_sends_it_once(staff: StaffDesk) -> None:
    aiko = await staff.human()
    staff.sandbox.fail("copyMessage", chat_id=aiko.id, drop="reply")

    await staff.write("only once")

    assert (await staff.said_to(aiko)).count("only once") == 1


async def test_what_was_said_while_the_relay_was_away_arrives(staff: StaffDesk) -> None:
    aiko = await staff.human()
    thread_id = staff.group.topic("Aiko").thread_id
    await staff.desk.stop()
    await aiko.say("a question")
    await staff.grace.say("an answer", chat_id=staff.group.id, thread_id=thread_id)

    await staff.desk.start()

    assert (await staff.said_to(aiko))[-1] == "an answer"
    assert (await staff.in_topic())[-1] == "a question"


async def test_a_lost_group_is_said_once_to_each_who_waits(staff: StaffDesk) -> None:
    aiko, mei = await staff.waiting("Aiko"), await staff.waiting("Mei")
    people.set_bot_status(staff.sandbox.world, staff.grace.id, staff.group.id, "left")

    await aiko.say("Hello?")

    for person in (aiko, mei):
        said = await staff.said_to(person)
        assert sum(text("bot", "ja", "desk_unreachable") in line for line in said) == 1
        assert staff.holder(person)[0] == "bot"


async def test_erasing_takes_the_topic_along(staff: StaffDesk) -> None:
    aiko = await staff.human()
    await staff.write("/note born in Osaka")
    await staff.write("/done")
    await aiko.say("/delete")
    await staff.desk.settled()

    await aiko.press(text("bot", "ja", "erase_yes"))
    await staff.desk.settled()

    assert staff.group.topics() == []
    for table in ("topics", "links", "timers", "staff_notes", "updates", "chats", "handoffs"):
        rows = staff.desk.rows(f"SELECT count(*) FROM {table} WHERE chat_id = ?", aiko.id)
        assert rows == [(0,)], table
    assert staff.desk.rows("SELECT count(*) FROM messages WHERE about = ?", aiko.id) == [(0,)]
    assert staff.desk.rows("SELECT 1 FROM updates WHERE body LIKE '%Osaka%'") == []


# ---------------------------------------------------------------- time


async def test_after_a_long_wait_both_sides_get_a_word_once(staff: StaffDesk) -> None:
    aiko = await staff.waiting()

    await staff.fire("waiting")

    assert (await staff.said_to(aiko))[-1].startswith(text("bot", "ja", "waiting_long"))
    assert (await staff.in_topic())[-1] == en("staff_waiting_long", minutes=10, name="-")
    assert staff.desk.rows("SELECT kind FROM timers") == [("silence",)]
    assert staff.holder(aiko)[0] == "waiting"


async def test_nobody_is_reminded_of_a_conversation_that_was_taken(staff: StaffDesk) -> None:
    await staff.human()

    assert staff.desk.rows("SELECT kind FROM timers") == [("silence",)]


async def test_a_silent_conversation_is_closed_with_a_word_to_both(staff: StaffDesk) -> None:
    aiko = await staff.human()

    await staff.fire("silence")

    assert (await staff.said_to(aiko))[-1] == text("bot", "ja", "closed_silent")
    assert (await staff.in_topic())[-1] == en("staff_closed_silent")
    assert staff.group.topic("Aiko").closed
    await aiko.say("hello")
    assert (await staff.said_to(aiko))[-1] == "You said: hello"


async def test_each_message_puts_the_closing_off(staff: StaffDesk) -> None:
    aiko = await staff.human()
    staff.desk.stores.database.execute("UPDATE timers SET due_at = due_at - 1000")
    [(before,)] = staff.desk.rows("SELECT due_at FROM timers")

    await aiko.say("still here")
    await staff.desk.settled()

    [(after,)] = staff.desk.rows("SELECT due_at FROM timers")
    assert after > before


async def test_a_timer_fires_after_a_restart(staff: StaffDesk) -> None:
    aiko = await staff.human()
    await staff.desk.stop()

    await staff.desk.start()
    await staff.fire("silence")

    assert (await staff.said_to(aiko))[-1] == text("bot", "ja", "closed_silent")


async def test_an_update_that_can_neither_be_passed_on_nor_excused_stops_nothing(
    staff: StaffDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    aiko = await staff.human()

    def broken(*_: Any) -> None:
        raise RuntimeError("broken")

    with monkeypatch.context() as patch:
        patch.setattr(staff.desk.app.relay.desk, "hear", broken)
        await aiko.say("lost in the relay")
        await staff.desk.settled()
    await aiko.say("and on we go")

    assert (await staff.in_topic())[-1] == "and on we go"
    assert staff.desk.outcomes()[-2:] == ["failed", "passed_on"]


async def test_staff_are_asked_to_delete_a_topic_that_the_bot_may_not_delete(
    staff: StaffDesk,
) -> None:
    aiko = await staff.human()
    thread_id = staff.group.topic("Aiko").thread_id
    await staff.write("/done")
    staff.sandbox.fail("deleteForumTopic", status=400, description="Bad Request: not enough rights")
    await aiko.say("/delete")
    await staff.desk.settled()

    await aiko.press(text("bot", "ja", "erase_yes"))
    await staff.desk.settled()

    number = str(staff.group.id).removeprefix("-100")
    link = f"https://t.me/c/{number}/{thread_id}"
    assert staff.group.messages()[-1].text == en("staff_delete_topic", link=link)
    assert aiko.replies()[-1].text == text("bot", "ja", "erased")


async def test_a_crash_right_after_passing_on_what_staff_wrote_sends_it_once(
    staff: StaffDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    aiko = await staff.human()
    relay = staff.desk.app.relay

    def crash(*_: Any, **__: Any) -> None:
        raise RuntimeError("crash")

    with monkeypatch.context() as patch:
        patch.setattr(relay, "_finish", crash)
        patch.setattr(relay, "_give_up", crash)
        thread_id = staff.group.topic("Aiko").thread_id
        await staff.grace.say("only once", chat_id=staff.group.id, thread_id=thread_id)
        await staff.desk.until(staff.desk.running.done)
    with pytest.raises(RuntimeError):
        await staff.desk.running
    await staff.desk.start()

    assert (await staff.said_to(aiko)).count("only once") == 1
