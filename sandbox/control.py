"""The people's side over HTTP, as JSON under /sandbox/: for the page, browser tests and scripts.

Every POST takes a JSON object. Errors are `{"error": "a sentence"}` with status 400 or 404.
"""

import base64
import binascii
import contextlib
import json
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import asdict, fields
from typing import Any

from aiohttp import web

from sandbox import people
from sandbox.errors import PeopleError
from sandbox.faults import Fault
from sandbox.params import Upload
from sandbox.world import Chat, World

Body = dict[str, Any]
Action = Callable[[World, int, Body], Any]
HEARTBEAT_SECONDS = 15.0
# The page must never run what somebody sent as a file.
_SAFE_INLINE = ("image/png", "image/jpeg", "image/gif", "image/webp", "audio/ogg", "audio/mpeg")


def add_routes(app: web.Application, world: World) -> None:
    """Put the control API on the application."""
    side = Control(world)
    app.router.add_get("/sandbox/state", side.state)
    app.router.add_get("/sandbox/events", side.events)
    app.router.add_get("/sandbox/calls", side.calls)
    app.router.add_get("/sandbox/updates", side.updates)
    app.router.add_get("/sandbox/commands", side.commands)
    app.router.add_get("/sandbox/chats/{chat_id}/messages", side.messages)
    app.router.add_get("/sandbox/files/{file_id}", side.file)
    app.router.add_get("/sandbox/faults", side.faults)
    posts: dict[str, Callable[[Body, web.Request], Any]] = {
        "/sandbox/reset": side.reset,
        "/sandbox/persons": side.add_person,
        "/sandbox/persons/{person_id}": side.change_person,
        "/sandbox/persons/{person_id}/{action}": side.act,
        "/sandbox/groups": side.add_group,
        "/sandbox/groups/{chat_id}/error": side.topic_error,
        "/sandbox/faults": side.add_fault,
        "/sandbox/faults/clear": side.clear_faults,
        "/sandbox/calls/clear": side.clear_calls,
        "/sandbox/delivery": side.delivery,
        "/sandbox/rate-limits": side.rate_limits,
        "/sandbox/updates/{update_id}/redeliver": side.redeliver,
    }
    for path, handler in posts.items():
        app.router.add_post(path, _json_handler(handler))


def _json_handler(
    handler: Callable[[Body, web.Request], Any],
) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Read a JSON object, run the handler, answer JSON; errors become a sentence."""

    async def handle(request: web.Request) -> web.Response:
        # Insisting on JSON keeps other sites' forms from posting here.
        if request.can_read_body and request.content_type != "application/json":
            return _json({"error": "Send a JSON object with Content-Type: application/json."}, 415)
        try:
            body = json.loads(await request.text() or "{}")
            result = handler(body if isinstance(body, dict) else {}, request)
        except PeopleError as error:
            return _json({"error": str(error)}, 400)
        except json.JSONDecodeError as error:
            return _json({"error": f"The body is not JSON: {error}."}, 400)
        except (KeyError, TypeError, ValueError) as error:
            return _json({"error": f"Something is missing or of the wrong type: {error!r}."}, 400)
        return _json({"ok": True} if result is None else result)

    return handle


def _json(value: Any, status: int = 200) -> web.Response:
    text = json.dumps(value, ensure_ascii=False)
    return web.Response(text=text, status=status, content_type="application/json")


class Control:
    """The handlers; they translate between JSON and the functions of `people`."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.run = secrets.token_hex(8)

    # Reading

    async def state(self, request: web.Request) -> web.Response:
        """Everything the page needs at first, and the number of the last event."""
        world = self.world
        return _json(
            {
                "seq": world.event_count,
                "run": self.run,
                "bot": world.bot.user()
                | {
                    "description": world.bot.descriptions.get("", ""),
                    "descriptions": world.bot.descriptions,
                },
                "persons": [self.person_json(person_id) for person_id in world.persons],
                "staff_group": self.group_json(world.staff_group_id),
                "groups": [self.group_json(c.id) for c in world.chats.values() if c.id < 0],
                "frozen": world.updates.frozen,
            }
        )

    def person_json(self, person_id: int) -> Body:
        """A person with what the page shows of their chat."""
        chat = self.world.chats.get(person_id) or Chat(person_id, "private")
        return self.world.person(person_id).user() | {
            "started": chat.started,
            "blocked": chat.blocked,
            "keyboard": chat.keyboard,
        }

    def group_json(self, group_id: int | None) -> Body | None:
        """A group with members and topics; None when there is none."""
        chat = self.world.chats.get(group_id or 0)
        if chat is None:
            return None
        return {
            "id": chat.id,
            "type": chat.type,
            "title": chat.title,
            "is_forum": chat.is_forum,
            "migrated_to": chat.migrated_to,
            "members": [asdict(member) for member in chat.members.values()],
            "topics": [asdict(topic) for topic in chat.topics.values() if not topic.deleted],
        }

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events after `?after=`; without it, from now on."""
        seq = _number(request.query.get("after"), self.world.event_count)
        seq = _number(request.headers.get("Last-Event-ID"), seq)
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-cache"}
        )
        await response.prepare(request)
        with contextlib.suppress(ConnectionResetError):
            # A page that finds another run here starts afresh.
            hello = json.dumps({"run": self.run})
            await response.write(f"event: hello\ndata: {hello}\n\n".encode())
            while not self.world.updates.stopped:
                batch = self.world.events_after(seq)
                seq = self.world.event_count
                lines = [f"id: {e['seq']}\ndata: {json.dumps(e)}\n\n" for e in batch]
                await response.write(("".join(lines) or ": still here\n\n").encode())
                if seq == self.world.event_count:
                    await self.world.news(HEARTBEAT_SECONDS)
        return response

    async def messages(self, request: web.Request) -> web.Response:
        """A chat's messages, of one topic with `?thread_id=`."""
        thread = request.query.get("thread_id")
        chat_id = int(request.match_info["chat_id"])
        return _json(self.world.messages(chat_id, int(thread) if thread else None))

    async def calls(self, request: web.Request) -> web.Response:
        """The bot's calls, of one method with `?method=`, after number `?after=`."""
        method, after = request.query.get("method", ""), _number(request.query.get("after"), 0)
        found = [
            call.to_json()
            for call in self.world.calls
            if call.number > after and (not method or call.method.lower() == method.lower())
        ]
        return _json(found)

    async def updates(self, request: web.Request) -> web.Response:
        """The updates made so far, and how many wait."""
        queue = self.world.updates
        return _json({"pending": len(queue.pending), "updates": list(queue.history)})

    async def commands(self, request: web.Request) -> web.Response:
        """The command menu of `?chat_id=` for `?language_code=`."""
        chat_id = _number(request.query.get("chat_id"), 1)
        language = request.query.get("language_code", "")
        return _json(self.world.commands_for(chat_id, language))

    async def faults(self, request: web.Request) -> web.Response:
        """The faults still to come."""
        return _json(self.world.faults.to_json())

    async def file(self, request: web.Request) -> web.Response:
        """A file's bytes, shown in the page only when it is a picture or sound."""
        stored = self.world.files.get(request.match_info["file_id"])
        if stored is None:
            return _json({"error": "There is no such file."}, 404)
        inline = stored.mime_type in _SAFE_INLINE
        return web.Response(
            body=stored.content,
            content_type=stored.mime_type if inline else "application/octet-stream",
            headers={
                "X-Content-Type-Options": "nosniff",
                "Content-Disposition": "inline" if inline else "attachment",
            },
        )

    # Changing

    def reset(self, body: Body, request: web.Request) -> None:
        """Forget people and chats; a staff group comes back empty, with its members."""
        reset_world(self.world)

    def add_person(self, body: Body, request: web.Request) -> Body:
        person = self.world.add_person(
            str(body.get("name") or "Guest"),
            str(body.get("language_code", "en")),
            last_name=str(body.get("last_name", "")),
            username=str(body.get("username", "")),
            person_id=body.get("id"),
        )
        return self.person_json(person.id)

    def change_person(self, body: Body, request: web.Request) -> Body:
        """Change name or Telegram language; the bot learns of it with the next message."""
        person = self.world.person(int(request.match_info["person_id"]))
        person.first_name = str(body.get("name") or person.first_name)
        person.language_code = str(body.get("language_code", person.language_code))
        self.world.event("person", None, person=person.user())
        return self.person_json(person.id)

    def act(self, body: Body, request: web.Request) -> Any:
        action = ACTIONS.get(request.match_info["action"])
        if action is None:
            raise PeopleError(f"Unknown action; there are: {', '.join(sorted(ACTIONS))}.")
        return action(self.world, int(request.match_info["person_id"]), body)

    def add_group(self, body: Body, request: web.Request) -> Body | None:
        chat = self.world.add_group(
            str(body.get("title", "Group")),
            forum=bool(body.get("forum")),
            kind=str(body.get("type", "supergroup")),
            group_id=body.get("id"),
            staff=bool(body.get("staff")),
        )
        return self.group_json(chat.id)

    def topic_error(self, body: Body, request: web.Request) -> None:
        """Choose the wording for deleted topics, for example TOPIC_DELETED."""
        self.world.chats[int(request.match_info["chat_id"])].topic_error = body.get("topic_error")

    def add_fault(self, body: Body, request: web.Request) -> list[Body]:
        known = {field.name for field in fields(Fault)}
        if unknown := set(body) - known:
            raise PeopleError(
                f"Unknown keys {', '.join(sorted(unknown))}; a fault has "
                f"{', '.join(sorted(known))}."
            )
        self.world.faults.add(Fault(**body))
        return self.world.faults.to_json()

    def clear_faults(self, body: Body, request: web.Request) -> None:
        self.world.faults.faults.clear()

    def clear_calls(self, body: Body, request: web.Request) -> None:
        self.world.calls.clear()

    def delivery(self, body: Body, request: web.Request) -> None:
        self.world.updates.freeze(bool(body["frozen"]))

    def rate_limits(self, body: Body, request: web.Request) -> None:
        self.world.rate_limits.enforced = bool(body["enforced"])

    def redeliver(self, body: Body, request: web.Request) -> None:
        update_id = int(request.match_info["update_id"])
        if not self.world.updates.redeliver(update_id):
            raise PeopleError(f"There was no update {update_id}; see GET /sandbox/updates.")


def reset_world(world: World) -> None:
    """Clear the world, but keep the staff group and its people, as a fresh start has them."""
    group = world.chats.get(world.staff_group_id or 0)
    staff = [world.persons[uid] for uid in group.members if uid in world.persons] if group else []
    world.clear()
    if group is None:
        return
    for person in staff:
        world.persons[person.id] = person
    chat = world.add_group(group.title, forum=group.is_forum, group_id=group.id, staff=True)
    chat.members = group.members


def _number(text: str | None, default: int) -> int:
    try:
        return int(text or "")
    except ValueError:
        return default


# The people's actions


def _place(body: Body, *names: str) -> Body:
    """The keyword arguments chat_id, thread_id and reply_to, as far as given."""
    return {name: body[name] for name in names or PLACE if body.get(name) is not None}


PLACE = ("chat_id", "thread_id", "reply_to")


def _upload(body: Body) -> Upload | None:
    if not body.get("data"):
        return None
    try:
        data = base64.b64decode(body["data"], validate=True)
    except binascii.Error as error:
        raise PeopleError(f"'data' must be the file in base64: {error}.") from error
    name = str(body.get("filename", "file"))
    return Upload(name, str(body.get("mime_type", "application/octet-stream")), data)


def _media_action(kind: str) -> Action:
    def send(world: World, person_id: int, body: Body) -> Any:
        caption = str(body.get("caption", ""))
        upload = _upload(body)
        return people.send_media(world, person_id, kind, upload, caption=caption, **_place(body))

    return send


def _say(world: World, person_id: int, body: Body) -> Any:
    return people.say(world, person_id, str(body["text"]), **_place(body))


def _edit(world: World, person_id: int, body: Body) -> Any:
    message_id, text = int(body["message_id"]), str(body["text"])
    return people.edit(world, person_id, message_id, text, **_place(body, "chat_id"))


def _delete(world: World, person_id: int, body: Body) -> None:
    people.delete(world, person_id, int(body["message_id"]), **_place(body, "chat_id"))


def _press(world: World, person_id: int, body: Body) -> Any:
    message_id, button = int(body["message_id"]), str(body["button"])
    query = people.press(world, person_id, message_id, button, **_place(body, "chat_id"))
    return {"query_id": query.id}


def _react(world: World, person_id: int, body: Body) -> None:
    place = _place(body, "chat_id")
    people.react(world, person_id, int(body["message_id"]), str(body.get("emoji", "")), **place)


def _location(world: World, person_id: int, body: Body) -> Any:
    where = {"latitude": float(body["latitude"]), "longitude": float(body["longitude"])}
    return people.send_content(world, person_id, {"location": where}, **_place(body))


def _contact(world: World, person_id: int, body: Body) -> Any:
    contact = {name: str(body[name]) for name in ("phone_number", "first_name")}
    return people.send_content(world, person_id, {"contact": contact}, **_place(body))


def _content(world: World, person_id: int, body: Body) -> Any:
    return people.send_content(world, person_id, dict(body["content"]), **_place(body))


def _forward(world: World, person_id: int, body: Body) -> Any:
    source, message_id = int(body["from_chat_id"]), int(body["message_id"])
    place = _place(body, "chat_id", "thread_id")
    return people.forward(world, person_id, source, message_id, **place)


def _join(world: World, person_id: int, body: Body) -> None:
    status = str(body.get("status", "member"))
    anonymous = bool(body.get("is_anonymous"))
    people.join(world, person_id, int(body["group_id"]), status, is_anonymous=anonymous)


def _leave(world: World, person_id: int, body: Body) -> None:
    people.leave(world, person_id, int(body["group_id"]))


def _block(world: World, person_id: int, body: Body) -> None:
    people.block(world, person_id)


def _unblock(world: World, person_id: int, body: Body) -> None:
    people.unblock(world, person_id)


def _bot_status(world: World, person_id: int, body: Body) -> None:
    group_id, status = int(body["group_id"]), str(body["status"])
    people.set_bot_status(world, person_id, group_id, status, body.get("rights"))


def _open_topic(world: World, person_id: int, body: Body) -> Any:
    return asdict(people.open_topic(world, person_id, int(body["group_id"]), str(body["name"])))


def _change_topic(world: World, person_id: int, body: Body) -> None:
    group_id, thread_id = int(body["group_id"]), int(body["thread_id"])
    change, name = str(body["change"]), str(body.get("name", ""))
    people.change_topic(world, person_id, group_id, thread_id, change, name=name)


def _upgrade(world: World, person_id: int, body: Body) -> Any:
    forum = bool(body.get("forum", True))
    new = people.upgrade_group(world, person_id, int(body["group_id"]), forum=forum)
    return {"group_id": new.id}


ACTIONS: dict[str, Action] = {
    "say": _say,
    "edit": _edit,
    "delete": _delete,
    "press": _press,
    "react": _react,
    "photo": _media_action("photo"),
    "document": _media_action("document"),
    "voice": _media_action("voice"),
    "audio": _media_action("audio"),
    "video": _media_action("video"),
    "sticker": _media_action("sticker"),
    "location": _location,
    "contact": _contact,
    "content": _content,
    "forward": _forward,
    "join": _join,
    "leave": _leave,
    "block": _block,
    "unblock": _unblock,
    "bot-status": _bot_status,
    "open-topic": _open_topic,
    "change-topic": _change_topic,
    "upgrade-group": _upgrade,
}
