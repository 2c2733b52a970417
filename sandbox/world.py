"""The sandbox's state: people, chats, messages, topics, files, and what the bot was told.

Messages are kept as the Bot API shows them to the bot. Every change is also an event in a numbered
feed, which the page and the tests follow.
"""

import asyncio
import contextlib
import secrets
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from sandbox import limits
from sandbox.delivery import UpdateQueue
from sandbox.errors import PeopleError
from sandbox.faults import FaultPlan, RateLimits
from sandbox.files import FileStore

DEFAULT_TOKEN = "7000000001:" + "sandbox".ljust(35, "0")  # a token's shape; it opens nothing
BOT_USERNAME = "hk_talent_desk_sandbox_bot"
STAFF_GROUP_ID = -1001000000001
FIRST_PERSON_ID = 5_000_001
# Telegram's own account behind which anonymous administrators write.
ANONYMOUS_ADMIN = {
    "id": 1087968824,
    "is_bot": True,
    "first_name": "Group",
    "username": "GroupAnonymousBot",
}
EVENTS = 20_000
CALLS = 50_000

Message = dict[str, Any]
Event = dict[str, Any]


@dataclass
class Person:
    """Somebody with a Telegram account."""

    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    language_code: str = "en"

    def user(self) -> dict[str, Any]:
        """The User object."""
        user: dict[str, Any] = {"id": self.id, "is_bot": False, "first_name": self.first_name}
        for name in ("last_name", "username", "language_code"):
            if getattr(self, name):
                user[name] = getattr(self, name)
        return user


@dataclass
class Topic:
    """A topic of a forum group; `thread_id` is the id of the message that created it."""

    thread_id: int
    name: str
    icon_color: int
    closed: bool = False
    deleted: bool = False


@dataclass
class Member:
    """Somebody's standing in a group."""

    user_id: int
    status: str = "member"  # creator, administrator, member, left, kicked
    is_anonymous: bool = False
    rights: dict[str, bool] = field(default_factory=dict)

    @property
    def present(self) -> bool:
        """Whether they are in the group now."""
        return self.status in ("creator", "administrator", "member", "restricted")

    @property
    def administers(self) -> bool:
        """Whether they are creator or administrator."""
        return self.status in ("creator", "administrator")


@dataclass
class Chat:
    """A private chat (id = the person's id) or a group."""

    id: int
    type: str
    title: str = ""
    is_forum: bool = False
    members: dict[int, Member] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    next_message_id: int = 1
    migrated_to: int | None = None
    pinned: list[int] = field(default_factory=list)
    started: bool = False  # private chats: the person wrote first
    blocked: bool = False  # private chats: the person blocked the bot
    keyboard: dict[str, Any] | None = None  # the reply keyboard under the input field
    topic_error: str | None = None  # wording for deleted topics, when a test wants another


@dataclass
class CallbackQuery:
    """A pressed button, waiting for answerCallbackQuery."""

    id: str
    person_id: int
    chat_id: int
    message_id: int
    data: str
    pressed_at: float
    answer: dict[str, Any] | None = None


@dataclass
class Call:
    """One request of the bot, for assertions."""

    number: int
    method: str
    parameters: dict[str, Any]
    time: float
    status: int = 0
    description: str = ""
    result: Any = None

    def to_json(self) -> dict[str, Any]:
        """For the control API."""
        return dict(vars(self))


@dataclass
class BotProfile:
    """The bot's account and what it registered about itself."""

    token: str = DEFAULT_TOKEN
    first_name: str = "HK Talent Desk"
    username: str = BOT_USERNAME
    # Both keyed by (scope, language code): a scope is "default", "chat:5", …
    commands: dict[tuple[str, str], list[dict[str, str]]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    short_descriptions: dict[str, str] = field(default_factory=dict)
    menu_buttons: dict[int, dict[str, Any]] = field(default_factory=dict)

    @property
    def id(self) -> int:
        """The bot's user id: the number before the colon of its token."""
        return int(self.token.partition(":")[0])

    def user(self) -> dict[str, Any]:
        """The User object that other people's updates carry."""
        return {
            "id": self.id,
            "is_bot": True,
            "first_name": self.names.get("", self.first_name),
            "username": self.username,
        }


class World:
    """Everything there is. `now` is wall-clock time in seconds and may be a test's own clock."""

    def __init__(self, token: str = DEFAULT_TOKEN, now: Callable[[], float] = time.time) -> None:
        self.now = now
        self.bot = BotProfile(token)
        self.faults = FaultPlan()
        self.rate_limits = RateLimits(now)
        self.calls: deque[Call] = deque(maxlen=CALLS)
        self.call_count = 0
        self.event_count = 0
        self.events: deque[Event] = deque(maxlen=EVENTS)
        self._news = asyncio.Event()
        self.clear()

    def clear(self) -> None:
        """Forget people, chats, files and pending updates; keep the bot's registrations."""
        previous = getattr(self, "updates", None)
        self.persons: dict[int, Person] = {}
        self.chats: dict[int, Chat] = {}
        self.files = FileStore()
        self.callbacks: dict[str, CallbackQuery] = {}
        self.staff_group_id: int | None = None
        self.updates: UpdateQueue = previous or UpdateQueue()
        self.updates.drop_pending()
        self.event("reset", None)

    # The feed

    def event(self, kind: str, chat_id: int | None, **details: Any) -> Event:
        """Add to the feed and wake those who follow it."""
        self.event_count += 1
        event = {"seq": self.event_count, "type": kind, "chat_id": chat_id, **details}
        self.events.append(event)
        self._news.set()
        self._news = asyncio.Event()
        return event

    def events_after(self, seq: int) -> list[Event]:
        """What happened after event `seq`, oldest first."""
        missing = min(self.event_count - seq, len(self.events))
        if missing <= 0:
            return []
        return [self.events[index] for index in range(len(self.events) - missing, len(self.events))]

    async def news(self, seconds: float) -> None:
        """Wait for the next event, at most `seconds`."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._news.wait()

    # People and chats

    def add_person(
        self,
        name: str,
        language_code: str = "en",
        *,
        last_name: str = "",
        username: str = "",
        person_id: int | None = None,
    ) -> Person:
        """Create an account; an id that exists already is replaced."""
        if person_id is None:
            person_id = max([FIRST_PERSON_ID - 1, *self.persons]) + 1
        person = Person(person_id, name, last_name, username, language_code)
        self.persons[person_id] = person
        self.event("person", None, person=person.user())
        return person

    def person(self, person_id: int) -> Person:
        """The person, or PeopleError."""
        if person_id not in self.persons:
            raise PeopleError(f"No person {person_id}: create one with POST /sandbox/persons.")
        return self.persons[person_id]

    def add_group(
        self,
        title: str,
        *,
        forum: bool = False,
        kind: str = "supergroup",
        group_id: int | None = None,
        staff: bool = False,
    ) -> Chat:
        """Create a group with the bot as administrator; `staff` shows it on the page."""
        if group_id is None:
            first = STAFF_GROUP_ID if kind == "supergroup" else -1001
            group_id = min([first + 1, *(key for key in self.chats if key <= first)]) - 1
        chat = Chat(group_id, kind, title, is_forum=forum)
        chat.members[self.bot.id] = Member(
            self.bot.id, "administrator", rights={"can_manage_topics": True}
        )
        # A supergroup's first message is the one that says it was created: id 1 is never free.
        chat.next_message_id = 2
        self.chats[group_id] = chat
        if staff:
            self.staff_group_id = group_id
        self.event("group", group_id, title=title)
        return chat

    def private_chat(self, person_id: int) -> Chat:
        """The person's chat with the bot, created empty at first."""
        self.person(person_id)
        if person_id not in self.chats:
            self.chats[person_id] = Chat(person_id, "private")
        return self.chats[person_id]

    def chat_json(self, chat: Chat) -> dict[str, Any]:
        """The Chat object."""
        if chat.type != "private":
            shown: dict[str, Any] = {"id": chat.id, "type": chat.type, "title": chat.title}
            if chat.is_forum:
                shown["is_forum"] = True
            return shown
        user = self.person(chat.id).user()
        names = ("first_name", "last_name", "username")
        return {"id": chat.id, "type": "private"} | {k: user[k] for k in names if k in user}

    # Messages

    def post(
        self,
        chat: Chat,
        sender: dict[str, Any],
        content: dict[str, Any],
        *,
        thread_id: int | None = None,
        reply_to: Message | None = None,
        anonymous: bool = False,
    ) -> Message:
        """Put a message into a chat and return it in the Bot API's form."""
        message: Message = {"message_id": chat.next_message_id}
        chat.next_message_id += 1
        message["from"] = dict(ANONYMOUS_ADMIN) if anonymous else sender
        if anonymous:
            message["sender_chat"] = self.chat_json(chat)
        message["chat"] = self.chat_json(chat)
        message["date"] = int(self.now())
        if thread_id and thread_id != limits.GENERAL_TOPIC:
            message["message_thread_id"] = thread_id
            message["is_topic_message"] = True
            if reply_to is None:
                # Telegram shows every topic message as a reply to the one that opened the topic.
                reply_to = chat.messages.get(thread_id)
        if reply_to is not None:
            message["reply_to_message"] = {
                key: value for key, value in reply_to.items() if key != "reply_to_message"
            }
        message.update(content)
        chat.messages[message["message_id"]] = message
        self.event("message", chat.id, message=message)
        return message

    def changed(self, chat: Chat, message: Message) -> None:
        """Tell the feed that a message was edited."""
        self.event("edited", chat.id, message=message)

    def remove(self, chat: Chat, message_ids: Iterable[int]) -> None:
        """Delete messages; unknown ids are ignored."""
        for message_id in message_ids:
            if chat.messages.pop(message_id, None) is not None:
                self.event("deleted", chat.id, message_id=message_id)

    def messages(self, chat_id: int, thread_id: int | None = None) -> list[Message]:
        """A chat's messages, oldest first; of one topic when `thread_id` is given (1 = General)."""
        chat = self.chats.get(chat_id)
        if chat is None:
            return []
        shown = list(chat.messages.values())
        if thread_id is None:
            return shown
        return [m for m in shown if m.get("message_thread_id", limits.GENERAL_TOPIC) == thread_id]

    def new_callback(
        self, person: Person, chat: Chat, message: Message, data: str
    ) -> CallbackQuery:
        """Remember a pressed button."""
        query = CallbackQuery(
            id=str(secrets.randbits(62)),
            person_id=person.id,
            chat_id=chat.id,
            message_id=message["message_id"],
            data=data,
            pressed_at=self.now(),
        )
        self.callbacks[query.id] = query
        return query

    def new_call(self, method: str, parameters: dict[str, Any]) -> Call:
        """Log a request of the bot."""
        self.call_count += 1
        call = Call(self.call_count, method, parameters, self.now())
        self.calls.append(call)
        return call

    # What the bot registered

    def commands_for(self, chat_id: int, language_code: str) -> list[dict[str, str]]:
        """The commands a person sees: the narrowest scope first, then language, then none."""
        private = chat_id > 0
        scopes = [f"chat:{chat_id}", "all_private_chats" if private else "all_group_chats"]
        short = language_code.lower().partition("-")[0]
        for scope in [*scopes, "default"]:
            for language in (short, ""):
                commands = self.bot.commands.get((scope, language))
                if commands:
                    return commands
        return []
