"""What a message may hold: texts, captions, media and keyboards, checked as Telegram does it."""

import json
from typing import Any
from urllib.parse import urlsplit

from sandbox import entities, limits
from sandbox.errors import bad_request
from sandbox.files import StoredFile, picture_size
from sandbox.params import Params, Upload
from sandbox.world import Message, World

Content = dict[str, Any]

MEDIA = ("photo", "document", "voice", "audio", "video", "sticker")
# What a copy or a forward takes along.
COPIED = (
    "text",
    "entities",
    "caption",
    "caption_entities",
    "location",
    "contact",
    "link_preview_options",
    *MEDIA,
)
_UNKNOWN_FILE = "wrong file identifier/HTTP URL specified"


def text_content(params: Params) -> Content:
    """The text and entities of sendMessage and editMessageText."""
    raw = params.text("text")
    if not raw:
        raise bad_request("message text is empty")
    text, found = _marked(params, raw, "entities")
    if not text:
        raise bad_request("text must be non-empty")
    if entities.utf16_length(text) > limits.TEXT_UNITS:
        raise bad_request("message is too long")
    content: Content = {"text": text}
    if found:
        content["entities"] = found
    options = params.structure("link_preview_options", "link preview options")
    if isinstance(options, dict):
        content["link_preview_options"] = options
    return content


def caption_content(params: Params) -> Content:
    """The caption and its entities; empty when there is none."""
    raw = params.text("caption")
    if not raw:
        return {}
    text, found = _marked(params, raw, "caption_entities")
    if entities.utf16_length(text) > limits.CAPTION_UNITS:
        raise bad_request("message caption is too long")
    content: Content = {"caption": text} if text else {}
    if found:
        content["caption_entities"] = found
    return content


def _marked(params: Params, raw: str, name: str) -> tuple[str, list[entities.Entity]]:
    mode = params.text("parse_mode")
    if mode:
        return entities.complete(*entities.parse(raw, mode))
    given = params.structure(name, "message entities") or []
    if not isinstance(given, list) or not all(_is_entity(entity) for entity in given):
        raise bad_request("can't parse entities: expected an Array of MessageEntity")
    return entities.complete(raw, given)


def _is_entity(entity: Any) -> bool:
    return (
        isinstance(entity, dict)
        and isinstance(entity.get("type"), str)
        and isinstance(entity.get("offset"), int)
        and isinstance(entity.get("length"), int)
    )


# Keyboards


def markup(params: Params) -> dict[str, Any] | None:
    """The reply_markup, checked; None when there is none."""
    keyboard = params.structure("reply_markup", "reply keyboard markup")
    if keyboard is None or keyboard == {}:
        return None
    if not isinstance(keyboard, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" in keyboard:
        return _inline_keyboard(keyboard)
    if "keyboard" in keyboard:
        return _reply_keyboard(keyboard)
    return keyboard


def _inline_keyboard(keyboard: dict[str, Any]) -> dict[str, Any]:
    rows = keyboard["inline_keyboard"]
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request(
            'can\'t parse inline keyboard: Field "inline_keyboard" must be of type Array'
        )
    if sum(len(row) for row in rows) > limits.KEYBOARD_BUTTONS:
        raise bad_request("reply markup is too long")
    checked = [[_inline_button(button) for button in row] for row in rows if row]
    return {"inline_keyboard": checked}


def _inline_button(button: Any) -> dict[str, Any]:
    problem = "can't parse inline keyboard button: "
    if not isinstance(button, dict):
        raise bad_request(problem + "InlineKeyboardButton must be an Object")
    if "text" not in button:
        raise bad_request(problem + 'Can\'t find field "text"')
    if not isinstance(button["text"], str):
        raise bad_request(problem + 'Field "text" must be of type String')
    if not button["text"].strip():
        raise bad_request("inline keyboard button text must be non-empty")
    if button.get("url"):
        _check_url(button["url"])
        return button
    if button.get("callback_data"):
        data = button["callback_data"]
        if not isinstance(data, str) or len(data.encode()) > limits.CALLBACK_DATA_BYTES:
            raise bad_request("BUTTON_DATA_INVALID")
        return button
    other = ("switch_inline_query", "switch_inline_query_current_chat", "copy_text", "web_app")
    if not any(name in button for name in (*other, "login_url", "pay", "callback_game")):
        raise bad_request(problem + "Text buttons are unallowed in the inline keyboard")
    return button


def _check_url(url: str) -> None:
    problem = f"inline keyboard button URL '{url}' is invalid: "
    parts = urlsplit(url if "://" in url else f"http://{url}")
    if parts.scheme not in ("http", "https", "tg", "ton"):
        raise bad_request(problem + "Unsupported URL protocol")
    if parts.scheme in ("http", "https") and "." not in (parts.hostname or ""):
        raise bad_request(problem + "Wrong HTTP URL")


def _reply_keyboard(keyboard: dict[str, Any]) -> dict[str, Any]:
    rows = keyboard["keyboard"]
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('can\'t parse keyboard: Field "keyboard" must be of type Array')
    for button in (button for row in rows for button in row):
        text = button if isinstance(button, str) else button.get("text")
        if not isinstance(text, str) or not text:
            raise bad_request("keyboard button text must be non-empty")
    return keyboard


# Media


def media_content(world: World, params: Params, kind: str) -> Content:
    """The media field of sendPhoto and its like, with the caption."""
    source: Any = params.uploads.get(kind) or params.text(kind)
    content = media(world, kind, resolve(params, source, kind), params.values)
    if kind != "sticker":
        content |= caption_content(params)
    if kind == "photo" and params.flag("has_spoiler"):
        content["has_media_spoiler"] = True
    return content


def resolve(params: Params, source: Any, kind: str) -> Any:
    """An Upload for `attach://name` and uploads; otherwise the file_id as given."""
    if isinstance(source, str) and source.startswith("attach://"):
        source = params.uploads.get(source.removeprefix("attach://"))
    if not source:
        raise bad_request(f"there is no {kind} in the request")
    return source


def media(world: World, kind: str, source: Upload | str, more: dict[str, Any]) -> Content:
    """The media field for an upload or a known file_id, in the Bot API's shape."""
    if isinstance(source, Upload):
        size = picture_size(source.content)
        if kind == "photo" and size is None:
            raise bad_request("IMAGE_PROCESS_FAILED")
        if kind == "photo" and len(source.content) > limits.PHOTO_BYTES:
            raise bad_request("file is too big")
        stored = world.files.add(kind, source.content, source.name, source.mime_type)
    else:
        stored = known_file(world, kind, source)
    return {kind: media_json(kind, stored, more)}


def known_file(world: World, kind: str, file_id: str) -> StoredFile:
    """The stored file, refused when unknown or of another kind."""
    if file_id.startswith(("http://", "https://")):
        raise bad_request("failed to get HTTP URL content")
    stored = world.files.get(file_id)
    if stored is None:
        raise bad_request(_UNKNOWN_FILE)
    if stored.kind != kind:
        raise bad_request(
            f"can't use file of type {stored.kind.capitalize()} as {kind.capitalize()}"
        )
    return stored


def media_json(kind: str, stored: StoredFile, more: dict[str, Any]) -> Any:
    """Photo sizes, or the object of the other kinds; `more` may give duration and the like."""
    reference = stored.reference()
    width, height = picture_size(stored.content) or (512, 512)
    if kind == "photo":
        return _photo_sizes(reference, width, height)
    if kind == "sticker":
        return reference | {
            "type": "regular",
            "width": width,
            "height": height,
            "is_animated": False,
            "is_video": False,
            "emoji": str(more.get("emoji") or "🙂"),
        }
    shown = reference | {"mime_type": stored.mime_type}
    if kind in ("voice", "audio", "video"):
        shown["duration"] = int(more.get("duration") or 1)
    if kind == "video":
        shown |= {"width": int(more.get("width") or 320), "height": int(more.get("height") or 240)}
    if kind in ("document", "audio", "video"):
        shown["file_name"] = stored.name
    return shown


def _photo_sizes(reference: dict[str, Any], width: int, height: int) -> list[dict[str, Any]]:
    """One size for a small picture, else a thumbnail too; every size names the same bytes."""
    longest = max(width, height)
    full = reference | {"width": width, "height": height}
    if longest <= 90:
        return [full]
    scale = 90 / longest
    thumbnail = reference | {
        "file_unique_id": reference["file_unique_id"] + "s",
        "width": max(1, round(width * scale)),
        "height": max(1, round(height * scale)),
    }
    return [thumbnail, full]


def location_content(params: Params) -> Content:
    """Latitude and longitude in degrees."""
    try:
        latitude, longitude = float(params.text("latitude")), float(params.text("longitude"))
    except ValueError:
        raise bad_request("can't parse latitude and longitude") from None
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise bad_request("location is invalid")
    return {"location": {"latitude": latitude, "longitude": longitude}}


def contact_content(params: Params) -> Content:
    """A phone number with a name."""
    phone, name = params.text("phone_number"), params.text("first_name")
    if not phone:
        raise bad_request("phone number must be non-empty")
    if not name:
        raise bad_request("first name must be non-empty")
    contact = {"phone_number": phone, "first_name": name}
    if params.text("last_name"):
        contact["last_name"] = params.text("last_name")
    return {"contact": contact}


def copied(message: Message) -> Content:
    """What a copy of this message holds."""
    return json.loads(json.dumps({k: message[k] for k in COPIED if k in message}))  # type: ignore[no-any-return]


def is_service(message: Message) -> bool:
    """Whether the message is only an announcement ("topic created"), which cannot be copied."""
    return not any(name in message for name in COPIED)
