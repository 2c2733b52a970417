"""From the assistant to a person and back: states, and what each side reads."""

from typing import Any

import httpx
import pytest

from bot.card import REASONS
from locales import text
from sandbox.people import set_bot_status
from settings import FIELDS
from tests.bot.conftest import Desk, StaffDesk, says

CONTACT = FIELDS["FIRM_CONTACT"][1]


def ja(message: str, **values: Any) -> str:
    return text("bot", "ja", message, **values)


def en(message: str, **values: Any) -> str:
    return text("bot", "en", message, **values)


async def test_a_person_who_asks_is_told_what_happens_next(staff: StaffDesk) -> None:
    aiko = await staff.waiting()

    [notice] = await staff.said_to(aiko)

    assert notice.split("\n\n") == [
        ja("lead_asked"),
        ja("handed_over"),
        ja("leave_contact"),
        ja("reach_us", contact=CONTACT),
    ]
    assert staff.holder(aiko) == ("waiting", "", "asked")
    assert staff.desk.rows("SELECT reason, taken_at FROM handoffs") == [("asked", None)]


async def test_office_hours_are_told_where_they_are_set(stopped_staff_desk: StaffDesk) -> None:
    staff = stopped_staff_desk
    staff.desk.environment["OFFICE_HOURS"] = "9:30–18:00"
    await staff.desk.start()

    aiko = await staff.waiting()

    [notice] = await staff.said_to(aiko)
    assert ja("office_hours", hours="9:30–18:00") in notice


async def test_the_topic_opens_with_what_is_known(staff: StaffDesk) -> None:
    staff.rasa.answer = lambda post: says("You qualify, perhaps.", language="ja", scheme="qmas")
    aiko = staff.desk.person("Aiko", "ja")
    await aiko.say("永住権について")
    await aiko.next_reply()
    answers = {"age": 50, "degree": True}
    interview = {"scheme": "qmas", "fact": "age", "open": True, "answers": answers}
    staff.rasa.answer = staff.asks_for_a_person(language="ja", scheme="qmas", interview=interview)

    await aiko.say("a person please")

    [card] = await staff.in_topic()
    assert staff.group.topic("Aiko").name == "Aiko · QMAS · 日本語"
    assert card.startswith(en("staff_card", reason=en("reason_asked")))
    for part in ("Scheme: QMAS", "• age: 50", "• degree: ✓", "Person: 永住権について"):
        assert part in card
    assert "Assistant: You qualify, perhaps." in card
    assert "Person: a person please" in card
    [message] = [m for m in staff.group.messages(staff.group.topic("Aiko")) if m.buttons]
    assert message.buttons == ["Take", "Hand back", "Close"]


@pytest.mark.parametrize("reason", [r for r in REASONS if r not in ("backend_failure", "staff")])
async def test_each_reason_hands_over_and_is_recorded(staff: StaffDesk, reason: str) -> None:
    aiko = await staff.waiting(handoff=reason)

    assert staff.holder(aiko) == ("waiting", "", reason)
    assert (await staff.in_topic())[0].startswith(en("staff_card", reason=en(f"reason_{reason}")))


async def test_an_answer_of_the_dialogue_is_kept_without_its_buttons(staff: StaffDesk) -> None:
    aiko = await staff.waiting(handoff="overstay")

    await staff.desk.settled()

    answer, notice = aiko.replies()
    assert (answer.text, answer.buttons) == ("Of course.", [])
    assert notice.text.startswith(ja("handed_over"))
    assert "Assistant: Of course." in (await staff.in_topic())[0]


async def test_a_failure_of_the_back_end_hands_over(staff: StaffDesk) -> None:
    staff.rasa.answer = lambda post: httpx.Response(500)
    aiko = staff.desk.person("Aiko", "ja")

    await aiko.say("こんにちは")

    apology, notice = await staff.said_to(aiko)
    assert apology == ja("apology_handed_over")
    assert notice.startswith(ja("handed_over"))
    assert staff.holder(aiko) == ("waiting", "", "backend_failure")
    assert "Person: こんにちは" in (await staff.in_topic())[0]


async def test_asking_for_a_person_while_the_back_end_fails_is_no_failure(
    staff: StaffDesk,
) -> None:
    staff.rasa.answer = lambda post: httpx.Response(500)
    aiko = staff.desk.person("Aiko", "ja")

    await aiko.say("/human")

    assert (await staff.said_to(aiko))[0].startswith(ja("lead_asked"))
    assert staff.holder(aiko) == ("waiting", "", "asked")


async def test_the_first_reply_takes_the_conversation(staff: StaffDesk) -> None:
    aiko = await staff.waiting()

    await staff.write("Hello, this is Grace.")

    assert (await staff.said_to(aiko))[1:] == [
        ja("taken", name="Grace"),
        "Hello, this is Grace.",
    ]
    assert staff.holder(aiko) == ("human", "Grace", "asked")
    assert staff.desk.rows("SELECT taken_by FROM handoffs") == [("Grace",)]


async def test_done_gives_back_and_the_assistant_answers_again(staff: StaffDesk) -> None:
    aiko = await staff.human()

    await staff.write("/done")
    await aiko.say("手数料は？")

    assert (await staff.said_to(aiko))[-2:] == [ja("handed_back"), "You said: 手数料は?"]
    assert staff.holder(aiko)[0] == "bot"
    assert (await staff.in_topic())[-1] == en("staff_handed_back", name="Grace")
    assert staff.rasa.messages == ["手数料は?"]
    assert staff.desk.rows("SELECT ended_at IS NOT NULL FROM handoffs") == [(1,)]


async def test_an_open_interview_goes_on_after_the_hand_back(staff: StaffDesk) -> None:
    interview = {"scheme": "qmas", "fact": "age", "open": True, "answers": {}}
    aiko = await staff.human(interview=interview)

    await staff.write("/done")

    assert (await staff.said_to(aiko))[-2:] == [ja("handed_back"), "You said: /resume"]
    [post] = staff.rasa.posts
    assert post["metadata"]["button"] is True
    assert post["metadata"]["language"] == "ja"


async def test_a_paused_interview_is_not_taken_up_by_itself(staff: StaffDesk) -> None:
    interview = {"scheme": "qmas", "fact": "age", "open": False, "answers": {}}
    aiko = await staff.human(interview=interview)

    await staff.write("/done")

    assert (await staff.said_to(aiko))[-1] == ja("handed_back")
    assert staff.rasa.posts == []


async def test_a_question_to_repeat_survives_a_restart(staff: StaffDesk) -> None:
    interview = {"scheme": "qmas", "fact": "age", "open": True, "answers": {}}
    aiko = await staff.human(interview=interview)
    await staff.desk.stop()
    await staff.grace.say(
        "/done", chat_id=staff.group.id, thread_id=staff.group.topic("Aiko").thread_id
    )

    await staff.desk.start()

    assert (await staff.said_to(aiko))[-1] == "You said: /resume"


async def test_the_buttons_take_hand_back_and_close(staff: StaffDesk) -> None:
    aiko = await staff.waiting()

    taken = await staff.grace.press("Take", chat_id=staff.group.id)
    assert await staff.grace.answered(taken) == en("staff_taken", name="Grace")
    await staff.desk.settled()
    assert staff.holder(aiko) == ("human", "Grace", "asked")

    back = await staff.grace.press("Hand back", chat_id=staff.group.id)
    assert await staff.grace.answered(back) == en("staff_handed_back", name="Grace")
    await staff.desk.settled()
    assert staff.holder(aiko)[0] == "bot"

    close = await staff.grace.press("Close", chat_id=staff.group.id)
    assert await staff.grace.answered(close) == en("staff_nothing_to_hand_back")
    await staff.desk.settled()
    assert staff.group.topic("Aiko").closed


async def test_a_second_handover_opens_the_closed_topic_again(staff: StaffDesk) -> None:
    aiko = await staff.waiting()
    await staff.grace.press("Close", chat_id=staff.group.id)
    await staff.desk.settled()

    await aiko.say("a person please")
    await staff.desk.settled()

    assert [topic.closed for topic in staff.group.topics()] == [False]
    assert staff.holder(aiko)[0] == "waiting"


async def test_a_reply_after_the_hand_back_takes_again(staff: StaffDesk) -> None:
    aiko = await staff.human()
    await staff.write("/done")

    await staff.write("One more thing.")

    assert (await staff.said_to(aiko))[-2:] == [ja("taken", name="Grace"), "One more thing."]
    assert staff.holder(aiko)[0] == "human"


async def test_an_answer_that_comes_after_the_staff_took_over_is_not_said(
    staff: StaffDesk,
) -> None:
    aiko = await staff.human()
    await staff.write("/done")

    async def meanwhile_grace_writes(post: Any) -> Any:
        thread_id = staff.group.topic("Aiko").thread_id
        await staff.grace.say("Wait, I know.", chat_id=staff.group.id, thread_id=thread_id)
        await staff.desk.until(lambda: staff.holder(aiko)[0] == "human")
        return says("The assistant's answer", language="ja")

    staff.rasa.answer = meanwhile_grace_writes
    await aiko.say("And the fee?")

    assert (await staff.said_to(aiko))[-1] == "Wait, I know."
    assert (await staff.in_topic())[-1] == "And the fee?"


# ---------------------------------------------------------------- without a desk


async def test_without_a_staff_group_nothing_is_promised(desk: Desk) -> None:
    desk.rasa.answer = lambda post: says("Leave at once.", handoff="overstay")
    mei = desk.person()

    await mei.say("my visa has expired")

    assert await desk.texts(mei) == ["Leave at once.", en("reach_us", contact=CONTACT)]
    assert desk.stores.chats.get(mei.id).holder == "bot"
    assert desk.rows("SELECT reason FROM handoffs") == [("overstay",)]


async def test_a_group_that_cannot_be_written_to_is_no_desk(staff: StaffDesk) -> None:
    set_bot_status(staff.sandbox.world, staff.grace.id, staff.group.id, "administrator", {})

    aiko = await staff.waiting(handoff="deadline")

    assert await staff.said_to(aiko) == ["Of course.", ja("reach_us", contact=CONTACT)]
    assert staff.holder(aiko)[0] == "bot"
    assert staff.desk.rows("SELECT reason FROM handoffs") == [("deadline",)]


async def test_who_waits_for_a_group_that_is_lost_is_told(staff: StaffDesk) -> None:
    aiko = await staff.waiting()
    set_bot_status(staff.sandbox.world, staff.grace.id, staff.group.id, "kicked")

    await aiko.say("Hello?")

    expected = ja("desk_unreachable") + "\n\n" + ja("reach_us", contact=CONTACT)
    assert (await staff.said_to(aiko))[-1] == expected
    assert staff.holder(aiko) == ("bot", "", "unreachable")


async def test_nobody_is_left_waiting_when_the_group_is_no_longer_set(staff: StaffDesk) -> None:
    aiko = await staff.waiting()
    await staff.desk.stop()
    del staff.desk.environment["STAFF_GROUP_ID"]

    await staff.desk.start()
    await aiko.say("Hello?")

    assert (await staff.said_to(aiko))[-1] == "You said: Hello?"
