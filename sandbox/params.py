"""The parameters of one Bot API request, whichever way they came: query, form, multipart, JSON."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from aiohttp.web_request import FileField

from sandbox import limits
from sandbox.errors import BotApiError, bad_request

_TRUE = ("true", "1", "yes", "on")


@dataclass(frozen=True)
class Upload:
    """A file part of a multipart request."""

    name: str
    mime_type: str
    content: bytes


class Params:
    """Typed access; everything may arrive as text, as Telegram allows."""

    def __init__(
        self, values: Mapping[str, Any], uploads: Mapping[str, Upload] | None = None
    ) -> None:
        self.values = dict(values)
        self.uploads = dict(uploads or {})

    def __contains__(self, name: str) -> bool:
        return name in self.values or name in self.uploads

    def text(self, name: str, default: str = "") -> str:
        """A text; missing or null gives the default."""
        value = self.values.get(name)
        if value is None:
            return default
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

    def integer(self, name: str, default: int = 0) -> int:
        """A whole number; anything else counts as missing, as at Telegram."""
        try:
            return int(self.text(name))
        except ValueError:
            return default

    def flag(self, name: str) -> bool:
        """True for true, 1, yes and on."""
        return self.text(name).lower() in _TRUE

    def structure(self, name: str, what: str) -> Any:
        """A JSON value, possibly written as text; `what` names it in the error. None if missing."""
        value = self.values.get(name)
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except json.JSONDecodeError:
            raise bad_request(f"can't parse {what} JSON object") from None

    def chat_id(self, name: str = "chat_id") -> int:
        """The id of a chat; the sandbox knows no public @usernames."""
        if not self.text(name):
            raise bad_request(f"{name} is empty")
        try:
            return int(self.text(name))
        except ValueError:
            raise bad_request("chat not found") from None

    def user_id(self) -> int:
        """The `user_id`; refused when it is no positive number."""
        user_id = self.integer("user_id")
        if user_id <= 0:
            raise bad_request("invalid user_id specified")
        return user_id

    def to_json(self) -> dict[str, Any]:
        """For the log of calls: JSON texts opened, uploads by name and size."""
        shown = {name: _opened(value) for name, value in self.values.items()}
        for name, upload in self.uploads.items():
            shown[name] = {"filename": upload.name, "size": len(upload.content)}
        return shown


def _opened(value: Any) -> Any:
    if isinstance(value, str) and value[:1] in "[{":
        try:
            return json.loads(value)
        except json.JSONDecodeError:
            return value
    if isinstance(value, str) and value.lstrip("-").isdigit() and len(value) < 17:
        return int(value) if str(int(value)) == value else value
    return value


async def read_params(request: web.Request) -> Params:
    """Take the parameters out of a request; a broken body is refused as Telegram does."""
    values: dict[str, Any] = dict(request.query)
    if request.method != "POST" or not request.can_read_body:
        return Params(values)
    if request.content_type == "application/json":
        return Params(values | await _json_body(request))
    uploads: dict[str, Upload] = {}
    for name, part in (await request.post()).items():
        if isinstance(part, FileField):
            with part.file:
                uploads[name] = Upload(part.filename, part.content_type, part.file.read())
        else:
            values[name] = part if isinstance(part, str) else bytes(part).decode("utf-8")
    if any(len(upload.content) > limits.UPLOAD_BYTES for upload in uploads.values()):
        raise BotApiError(413, "Request Entity Too Large")
    return Params(values, uploads)


async def _json_body(request: web.Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.text())
    except json.JSONDecodeError:
        body = None
    if not isinstance(body, dict):
        raise bad_request("object expected as request body")
    return body
