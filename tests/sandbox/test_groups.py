"""Groups, their members, forum topics and the upgrade to a supergroup."""

import pytest

from sandbox import people
from sandbox.client import ChattingPerson, Group, Sandbox
from sandbox.errors import PeopleError
from tests.sandbox.conftest import RawBot


@pytest.fixture
async def staff(sandbox: Sandbox) -> Group:
    return sandbox.staff_group()


@pytest.fixture
async def grace(sandbox: Sandbox, staff: Group, bot: RawBot) -> ChattingPerson:
    person = sandbox.person("Grace")
    staff.add(person, "creator")
    await bot.call("getUpdates", offset=-1)
    sandbox.world.updates.drop_pending()
    return person


async def test_a_topic_is_opened_and_written_in(
    staff: Group, grace: ChattingPerson, bot: RawBot
) -> None:
    topic = await bot.call("createForumTopic", chat_id=staff.id, name="Aiko · QMAS")
    thread = topic["message_thread_id"]

    await bot.call("sendMessage", chat_id=staff.id, message_thread_id=thread, text="Card")
    await grace.say("Hello Aiko", chat_id=staff.id, thread_id=thread)

    update = (await bot.call("getUpdates"))[0]["message"]
    assert update["message_thread_id"] == thread
    assert update["is_topic_message"] is True
    assert update["reply_to_message"]["forum_topic_created"]["name"] == "Aiko · QMAS"
    assert [m.text for m in staff.messages(staff.topic("Aiko"))] == ["", "Card", "Hello Aiko"]


async def test_general_messages_carry_no_topic(
    staff: Group, grace: ChattingPerson, bot: RawBot
) -> None:
    await grace.say("Morning", chat_id=staff.id)

    message = (await bot.call("getUpdates"))[0]["message"]

    assert "message_thread_id" not in message
    refusal = await bot.refused(
        "sendMessage", chat_id=staff.id, message_thread_id=1, text="to General"
    )
    assert refusal == "Bad Request: message thread not found"


async def test_a_deleted_topic_refuses_in_telegrams_different_words(
    staff: Group, grace: ChattingPerson, bot: RawBot
) -> None:
    created = await bot.call("createForumTopic", chat_id=staff.id, name="Aiko")
    thread = {"chat_id": staff.id, "message_thread_id": created["message_thread_id"]}
    word = await grace.say("hi", chat_id=staff.id)

    staff.change_topic(grace, staff.topic("Aiko"), "delete")

    said = await bot.refused("sendMessage", **thread, text="x")
    copied = await bot.refused("copyMessage", **thread, from_chat_id=staff.id, message_id=word.id)
    closed = await bot.refused("closeForumTopic", **thread)
    assert said == "Bad Request: message thread not found"
    assert copied == "Bad Request: TOPIC_DELETED"
    assert closed == "Bad Request: TOPIC_DELETED"


async def test_closing_twice_is_refused(staff: Group, bot: RawBot) -> None:
    created = await bot.call("createForumTopic", chat_id=staff.id, name="Aiko")
    thread = {"chat_id": staff.id, "message_thread_id": created["message_thread_id"]}

    await bot.call("closeForumTopic", **thread)
    again = await bot.refused("closeForumTopic", **thread)
    await bot.call("reopenForumTopic", **thread)

    assert again == "Bad Request: TOPIC_NOT_MODIFIED"
    assert staff.topic("Aiko").closed is False


async def test_a_closed_topic_takes_administrators_only(
    sandbox: Sandbox, staff: Group, grace: ChattingPerson, bot: RawBot
) -> None:
    created = await bot.call("createForumTopic", chat_id=staff.id, name="Aiko")
    thread_id = created["message_thread_id"]
    mei = sandbox.person("Mei")
    staff.add(mei)
    staff.change_topic(grace, staff.topic("Aiko"), "close")

    await grace.say("still here", chat_id=staff.id, thread_id=thread_id)

    with pytest.raises(PeopleError, match="closed"):
        await mei.say("me too", chat_id=staff.id, thread_id=thread_id)


async def test_an_anonymous_administrator_writes_as_the_group(
    sandbox: Sandbox, staff: Group, bot: RawBot
) -> None:
    hidden = sandbox.person("Hidden")
    staff.add(hidden, "administrator", is_anonymous=True)

    await hidden.say("From nobody", chat_id=staff.id)

    message = (await bot.call("getUpdates", offset=-1))[0]["message"]
    assert message["from"]["username"] == "GroupAnonymousBot"
    assert message["sender_chat"]["id"] == staff.id


async def test_members_have_their_standing(
    sandbox: Sandbox, staff: Group, grace: ChattingPerson, bot: RawBot
) -> None:
    stranger = sandbox.person("Stranger")

    statuses = [
        (await bot.call("getChatMember", chat_id=staff.id, user_id=person.id))["status"]
        for person in (grace, stranger)
    ]

    assert statuses == ["creator", "left"]
    administrators = await bot.call("getChatAdministrators", chat_id=staff.id)
    assert {member["user"]["first_name"] for member in administrators} == {
        "Grace",
        "HK Talent Desk",
    }


async def test_an_upgraded_group_names_its_new_id(sandbox: Sandbox, bot: RawBot) -> None:
    grace = sandbox.person("Grace")
    group = sandbox.group("Desk", kind="group")
    group.add(grace, "creator")

    new = sandbox.upgrade(group, grace)

    refused = await bot.ask("sendMessage", chat_id=group.id, text="x")
    assert refused["description"] == ("Bad Request: group chat was upgraded to a supergroup chat")
    assert refused["parameters"] == {"migrate_to_chat_id": new.id}
    updates = await bot.call("getUpdates")
    assert updates[-2]["message"]["migrate_to_chat_id"] == new.id
    await bot.call("createForumTopic", chat_id=new.id, name="Aiko")


async def test_a_bot_that_left_or_lost_its_rights_is_refused(
    sandbox: Sandbox, staff: Group, grace: ChattingPerson, bot: RawBot
) -> None:
    people.set_bot_status(sandbox.world, grace.id, staff.id, "administrator", {})
    no_right = await bot.refused("createForumTopic", chat_id=staff.id, name="x")
    people.set_bot_status(sandbox.world, grace.id, staff.id, "kicked")
    kicked = await bot.refused("sendMessage", chat_id=staff.id, text="x")

    assert no_right == "Bad Request: not enough rights to create a topic"
    assert kicked == "Forbidden: bot was kicked from the supergroup chat"


async def test_a_plain_member_bot_does_not_hear_the_group(
    sandbox: Sandbox, staff: Group, grace: ChattingPerson, bot: RawBot
) -> None:
    people.set_bot_status(sandbox.world, grace.id, staff.id, "member")
    await grace.say("among ourselves", chat_id=staff.id)

    updates = await bot.call("getUpdates")

    assert [list(update)[1] for update in updates] == ["my_chat_member"]
