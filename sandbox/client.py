"""The sandbox for tests: a server in this process and people who chat with the bot.

    async with Sandbox.start() as sandbox:
        aiko = sandbox.person("Aiko", language_code="ja")
        await aiko.say("永住権について")
        reply = await aiko.next_reply()
        await aiko.press(reply.buttons[0])

Waiting never polls: it follows the world's feed, and gives up with NoReply, which shows the chat.
"""

# A test says how long it is ready to wait: the `timeout` belongs to the interface.
# ruff: noqa: ASYNC109

import contextlib
import time
from collections.abc import AsyncIterator, Callable
from typing import Any, TypeVar

from sandbox import control, people, server
from sandbox.errors import SandboxError
from sandbox.faults import Fault
from sandbox.params import Upload
from sandbox.world import DEFAULT_TOKEN, Call, CallbackQuery, Chat, Person, Topic, World

TIMEOUT_SECONDS = 5.0
T = TypeVar("T")


class NoReply(SandboxError, AssertionError):
    """What was waited for did not come in time; the text shows what the chat holds."""


class ShownMessage:
    """A message as a person sees it; `data` is the Bot API's object."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.data = data

    def __repr__(self) -> str:
        return f"<{self.data['message_id']} {self.sender}: {self.text!r} {self.buttons}>"

    @property
    def id(self) -> int:
        """The message's id in its chat."""
        return int(self.data["message_id"])

    @property
    def text(self) -> str:
        """The text, or the caption, or nothing."""
        return str(self.data.get("text") or self.data.get("caption") or "")

    @property
    def sender(self) -> str:
        """The sender's first name."""
        return str(self.data["from"]["first_name"])

    @property
    def from_bot(self) -> bool:
        """Whether the bot wrote it (an anonymous administrator is no bot)."""
        return bool(self.data["from"]["is_bot"]) and "sender_chat" not in self.data

    @property
    def thread_id(self) -> int | None:
        """The topic it is in."""
        return self.data.get("message_thread_id")

    @property
    def buttons(self) -> list[str]:
        """The titles of the inline buttons, row by row."""
        rows = self.data.get("reply_markup", {}).get("inline_keyboard", [])
        return [button["text"] for row in rows for button in row]


class ChattingPerson:
    """Somebody chatting with the bot in private, or writing in a group they are in."""

    def __init__(self, sandbox: "Sandbox", person: Person) -> None:
        self.sandbox = sandbox
        self.person = person
        self._read_to = sandbox.world.event_count

    @property
    def id(self) -> int:
        """User id, and id of the private chat."""
        return self.person.id

    async def start(self, parameter: str = "") -> ShownMessage:
        """Press START, perhaps by a deep link's parameter."""
        return await self.say(f"/start {parameter}".strip())

    async def say(self, text: str, **place: Any) -> ShownMessage:
        """Send a text; `chat_id`, `thread_id` and `reply_to` say where."""
        return ShownMessage(people.say(self.sandbox.world, self.id, text, **place))

    async def send(
        self, kind: str, content: bytes | None = None, *, name: str = "file", **more: Any
    ) -> ShownMessage:
        """Send a photo, document, voice, audio, video or sticker; without content, a sample."""
        mime_type = more.pop("mime_type", "application/octet-stream")
        upload = Upload(name, mime_type, content) if content is not None else None
        world = self.sandbox.world
        return ShownMessage(people.send_media(world, self.id, kind, upload, **more))

    async def send_content(self, content: dict[str, Any], **place: Any) -> ShownMessage:
        """Send any content in the Bot API's shape: location, contact, poll, dice …"""
        return ShownMessage(people.send_content(self.sandbox.world, self.id, content, **place))

    async def forward(self, from_chat_id: int, message_id: int, **place: Any) -> ShownMessage:
        """Forward a message to the bot or into a group."""
        world = self.sandbox.world
        return ShownMessage(people.forward(world, self.id, from_chat_id, message_id, **place))

    async def edit(self, message: ShownMessage, text: str) -> ShownMessage:
        """Change one's own message."""
        chat_id = message.data["chat"]["id"]
        world = self.sandbox.world
        return ShownMessage(people.edit(world, self.id, message.id, text, chat_id=chat_id))

    async def press(
        self, title: str, message: ShownMessage | None = None, *, chat_id: int | None = None
    ) -> CallbackQuery:
        """Press a button by its title, on the newest message that has it unless one is given."""
        where = self.id if chat_id is None else chat_id
        if message is not None:
            where = message.data["chat"]["id"]
        chosen = message or self._newest_with(title, where)
        return people.press(self.sandbox.world, self.id, chosen.id, title, chat_id=where)

    def _newest_with(self, title: str, chat_id: int) -> ShownMessage:
        shown = self.sandbox.messages(chat_id)
        for message in reversed(shown):
            if title in message.buttons:
                return message
        raise NoReply(f"No message has a button {title!r}. The chat holds: {shown[-5:]}")

    async def answered(self, query: CallbackQuery, timeout: float = TIMEOUT_SECONDS) -> str:
        """Wait until the bot answers the press; the text of the little notice, often empty."""
        await self.sandbox.until(lambda: query.answer, timeout, "answerCallbackQuery")
        assert query.answer is not None, "until returned"
        return str(query.answer["text"])

    async def react(self, message: ShownMessage, emoji: str) -> None:
        """React to a message."""
        chat_id = message.data["chat"]["id"]
        people.react(self.sandbox.world, self.id, message.id, emoji, chat_id=chat_id)

    def block(self) -> None:
        """Block the bot."""
        people.block(self.sandbox.world, self.id)

    def unblock(self) -> None:
        """Take the bot back."""
        people.unblock(self.sandbox.world, self.id)

    def messages(self) -> list[ShownMessage]:
        """The private chat, oldest first."""
        return self.sandbox.messages(self.id)

    def replies(self) -> list[ShownMessage]:
        """What the bot said in the private chat, oldest first."""
        return [message for message in self.messages() if message.from_bot]

    async def next_reply(self, timeout: float = TIMEOUT_SECONDS) -> ShownMessage:
        """The bot's next message in the private chat that was not returned yet."""
        event = await self._next("message", timeout)
        return ShownMessage(event["message"])

    async def next_edit(self, timeout: float = TIMEOUT_SECONDS) -> ShownMessage:
        """The bot's next edit of one of its messages here, skipping new messages."""
        event = await self._next("edited", timeout)
        return ShownMessage(event["message"])

    async def _next(self, kind: str, timeout: float) -> dict[str, Any]:
        def found() -> dict[str, Any] | None:
            for event in self.sandbox.world.events_after(self._read_to):
                own = event["type"] == kind and event["chat_id"] == self.id
                if own and event["message"]["from"]["is_bot"]:
                    return event
            return None

        event = await self.sandbox.until(found, timeout, f"{kind} for {self.person.first_name}")
        self._read_to = event["seq"]
        return event


class Group:
    """A group with the bot in it."""

    def __init__(self, sandbox: "Sandbox", chat: Chat) -> None:
        self.sandbox = sandbox
        self.chat = chat
        self._read_to = sandbox.world.event_count

    @property
    def id(self) -> int:
        """The group's chat id, negative."""
        return self.chat.id

    def add(self, person: ChattingPerson, status: str = "member", **more: Any) -> None:
        """Let somebody in: creator, administrator (perhaps is_anonymous=True) or member."""
        people.join(self.sandbox.world, person.id, self.id, status, **more)

    def remove(self, person: ChattingPerson) -> None:
        """Let somebody leave."""
        people.leave(self.sandbox.world, person.id, self.id)

    def topics(self) -> list[Topic]:
        """The topics that were not deleted, oldest first."""
        return [topic for topic in self.chat.topics.values() if not topic.deleted]

    def topic(self, name_part: str) -> Topic:
        """The newest topic whose name contains this."""
        for topic in reversed(self.topics()):
            if name_part in topic.name:
                return topic
        names = [topic.name for topic in self.topics()]
        raise NoReply(f"No topic with {name_part!r} in its name; there are: {names}")

    def change_topic(self, by: ChattingPerson, topic: Topic, change: str, name: str = "") -> None:
        """Close, reopen, rename or delete a topic."""
        thread_id = topic.thread_id
        people.change_topic(self.sandbox.world, by.id, self.id, thread_id, change, name=name)

    def messages(self, topic: Topic | None = None) -> list[ShownMessage]:
        """The group's messages, or one topic's."""
        return self.sandbox.messages(self.id, topic.thread_id if topic else None)

    async def next_message(
        self, timeout: float = TIMEOUT_SECONDS, *, service: bool = False
    ) -> ShownMessage:
        """The bot's next message in the group; announcements ("topic created") only if asked."""

        def found() -> dict[str, Any] | None:
            for event in self.sandbox.world.events_after(self._read_to):
                if event["type"] != "message" or event["chat_id"] != self.id:
                    continue
                shown = ShownMessage(event["message"])
                announcement = any(key.startswith("forum_topic") for key in shown.data)
                if shown.from_bot and (service or not announcement):
                    return event
            return None

        event = await self.sandbox.until(found, timeout, f"message in {self.chat.title!r}")
        self._read_to = event["seq"]
        return ShownMessage(event["message"])


class Sandbox:
    """A running sandbox."""

    def __init__(self, world: World, port: int) -> None:
        self.world = world
        self.port = port

    @classmethod
    @contextlib.asynccontextmanager
    async def start(
        cls, *, token: str = DEFAULT_TOKEN, port: int = 0, rate_limits: bool = False, **more: Any
    ) -> AsyncIterator["Sandbox"]:
        """Serve in this process on a free port of 127.0.0.1 until the block ends.

        `rate_limits` enforces Telegram's; `now` replaces the wall clock.
        """
        world = World(token, **more)
        world.rate_limits.enforced = rate_limits
        runner, bound = await server.serve(world, port)
        try:
            yield cls(world, bound)
        finally:
            await runner.cleanup()

    @property
    def url(self) -> str:
        """The server's address, also that of the page."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def token(self) -> str:
        """The bot's token."""
        return self.world.bot.token

    @property
    def base_url(self) -> str:
        """For python-telegram-bot's `base_url`."""
        return f"{self.url}/bot"

    @property
    def base_file_url(self) -> str:
        """For python-telegram-bot's `base_file_url`."""
        return f"{self.url}/file/bot"

    # People and groups

    def person(self, name: str, language_code: str = "en", **more: Any) -> ChattingPerson:
        """Somebody new; `last_name`, `username` and `person_id` if it matters."""
        return ChattingPerson(self, self.world.add_person(name, language_code, **more))

    def staff_group(self, title: str = "Staff", **more: Any) -> Group:
        """A forum group that the bot administers, shown on the page as the staff's."""
        return Group(self, self.world.add_group(title, forum=True, staff=True, **more))

    def group(self, title: str = "Group", **more: Any) -> Group:
        """Another group; `kind="group"` makes a basic one, which can be upgraded."""
        return Group(self, self.world.add_group(title, **more))

    def upgrade(self, group: Group, by: ChattingPerson, *, forum: bool = True) -> Group:
        """Turn a basic group into a supergroup with a new id."""
        return Group(self, people.upgrade_group(self.world, by.id, group.id, forum=forum))

    def messages(self, chat_id: int, thread_id: int | None = None) -> list[ShownMessage]:
        """A chat's messages, oldest first."""
        return [ShownMessage(message) for message in self.world.messages(chat_id, thread_id)]

    # What the bot did

    def calls(self, method: str = "", *, chat_id: int | None = None) -> list[Call]:
        """The bot's calls in order, without getUpdates."""
        return [
            call
            for call in self.world.calls
            if (not method or call.method.lower() == method.lower())
            and (chat_id is None or call.parameters.get("chat_id") == chat_id)
        ]

    async def until(
        self, condition: Callable[[], T | None], timeout: float = TIMEOUT_SECONDS, what: str = ""
    ) -> T:
        """Wait until the condition gives something true, and return that; else NoReply."""
        deadline = time.monotonic() + timeout
        while True:
            found = condition()
            if found:
                return found
            remaining = deadline - time.monotonic()
            if remaining <= 0:
                last = [
                    {k: v for k, v in event.items() if k != "seq"}
                    for event in list(self.world.events)[-5:]
                ]
                raise NoReply(f"Waited {timeout} s for {what or condition}. Last events: {last}")
            await self.world.news(remaining)

    # Trouble

    def fail(self, method: str = "*", **how: Any) -> None:
        """Have the next calls of a method fail; see `sandbox.faults.Fault` for the ways."""
        self.world.faults.add(Fault(method, **how))

    def freeze(self, frozen: bool = True) -> None:
        """Hold updates back, or let them go with False."""
        self.world.updates.freeze(frozen)

    def redeliver(self, update_id: int) -> None:
        """Deliver an update again with the same id."""
        if not self.world.updates.redeliver(update_id):
            raise SandboxError(f"There was no update {update_id}.")

    def updates(self) -> list[dict[str, Any]]:
        """Every update made so far, confirmed or not."""
        return list(self.world.updates.history)

    def reset(self) -> None:
        """Forget people, chats and pending updates."""
        control.reset_world(self.world)
