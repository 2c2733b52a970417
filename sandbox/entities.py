"""Message entities: offsets in UTF-16 units, three parse modes, and what Telegram finds itself.

Pure functions. Errors carry Telegram's wording, with offsets in UTF-8 bytes as it counts them.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sandbox.errors import bad_request

Entity = dict[str, Any]

_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_RESERVED = "_*[]()~`>#+-=|{}.!"
_CHARACTER_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]{1,6})|#(\d{1,7})|(lt|gt|amp|quot));?")
_ATTRIBUTE = re.compile(r"\s+([a-zA-Z-]+)(?:\s*=\s*(\"[^\"]*\"|'[^']*'|[a-zA-Z0-9.-]+))?")
# Telegram's own rule for commands: "/" at a word's start, Latin letters, digits and underscores,
# and no letter of any script directly behind it.
_FOUND = (
    (
        "bot_command",
        re.compile(r"(?<![\w/<>])/[a-zA-Z0-9_]{1,64}(?:@[a-zA-Z0-9_]{3,32})?(?![\w/<>])"),
    ),
    ("url", re.compile(r"(?<![\w@])(?:https?://|www\.)[^\s<>\"'，。、；：！？（）「」『』【】]+")),
    ("email", re.compile(r"(?<![\w.])[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[a-zA-Z]{2,}")),
    ("mention", re.compile(r"(?<![\w@./])@[a-zA-Z0-9_]{4,32}(?!\w)")),
    ("hashtag", re.compile(r"(?<![\w#])#\w*[^\W\d]\w*")),
)


def utf16_length(text: str) -> int:
    """Length as Telegram counts it: an emoji outside the basic plane is two.

    >>> utf16_length("永久 🏠")
    5
    """
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def utf16_slice(text: str, offset: int, length: int) -> str:
    """The piece of `text` that an entity's offset and length name."""
    units = text.encode("utf-16-le", "surrogatepass")
    return units[offset * 2 : (offset + length) * 2].decode("utf-16-le", "replace")


def found_entities(text: str) -> list[Entity]:
    """Commands, links, e-mails, mentions and hashtags, without overlaps, in order."""
    taken: list[tuple[int, int]] = []
    found: list[tuple[int, int, str]] = []
    for kind, pattern in _FOUND:
        for match in pattern.finditer(text):
            start, end = match.start(), match.end()
            if kind == "url":
                end = start + len(match.group().rstrip(".,;:!?)]}"))
            if any(start < other_end and other < end for other, other_end in taken):
                continue
            taken.append((start, end))
            found.append((start, end, kind))
    return [
        {
            "type": kind,
            "offset": utf16_length(text[:start]),
            "length": utf16_length(text[start:end]),
        }
        for start, end, kind in sorted(found)
    ]


def parse(text: str, mode: str) -> tuple[str, list[Entity]]:
    """Plain text and its entities; `mode` is the bot's parse_mode, possibly empty.

    Raises BotApiError with "can't parse entities" when the markup is wrong.
    """
    parsers: dict[str, Callable[[str], tuple[str, list[Entity]]]] = {
        "html": _parse_html,
        "markdownv2": _parse_markdown_v2,
        "markdown": _parse_markdown,
        "": lambda plain: (plain, []),
    }
    parser = parsers.get(mode.lower())
    if parser is None:
        raise bad_request("unsupported parse_mode")
    return parser(text)


def complete(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Trim the text as Telegram does and add the entities it finds by itself."""
    left = len(text) - len(text.lstrip())
    shift = utf16_length(text[:left])
    text = text.strip()
    length = utf16_length(text)
    kept = []
    for entity in entities:
        start = max(0, entity["offset"] - shift)
        end = min(length, entity["offset"] - shift + entity["length"])
        if start < end:
            kept.append({**entity, "offset": start, "length": end - start})
    spans = [(entity["offset"], entity["offset"] + entity["length"]) for entity in kept]
    for entity in found_entities(text):
        start, end = entity["offset"], entity["offset"] + entity["length"]
        if not any(start < other_end and other < end for other, other_end in spans):
            kept.append(entity)
    return text, sorted(kept, key=lambda entity: (entity["offset"], -entity["length"]))


def _cannot_parse(reason: str) -> Exception:
    return bad_request(f"can't parse entities: {reason}")


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


@dataclass
class _Output:
    """Text built so far, its length in UTF-16 units, and the entities closed so far."""

    pieces: list[str] = field(default_factory=list)
    units: int = 0
    entities: list[Entity] = field(default_factory=list)

    def write(self, piece: str) -> None:
        self.pieces.append(piece)
        self.units += utf16_length(piece)

    def close(self, kind: str, start: int, **more: Any) -> None:
        if self.units > start:
            self.entities.append(
                {"type": kind, "offset": start, "length": self.units - start, **more}
            )

    def result(self) -> tuple[str, list[Entity]]:
        order = sorted(self.entities, key=lambda entity: (entity["offset"], -entity["length"]))
        return "".join(self.pieces), order


@dataclass
class _OpenTag:
    name: str
    start: int
    attributes: dict[str, str]


def _parse_html(text: str) -> tuple[str, list[Entity]]:
    output = _Output()
    stack: list[_OpenTag] = []
    position = 0
    while position < len(text):
        if text[position] == "&":
            position = _character_reference(text, position, output)
        elif text[position] != "<":
            output.write(text[position])
            position += 1
        elif text.startswith("</", position):
            position = _end_tag(text, position, stack, output)
        else:
            position = _start_tag(text, position, stack, output)
    if stack:
        raise _cannot_parse(f'Can\'t find end tag corresponding to start tag "{stack[-1].name}"')
    return output.result()


def _character_reference(text: str, position: int, output: _Output) -> int:
    match = _CHARACTER_REFERENCE.match(text, position)
    if match is None:
        output.write("&")
        return position + 1
    hexadecimal, decimal, name = match.groups()
    code = int(hexadecimal, 16) if hexadecimal else int(decimal) if decimal else 0
    if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF or (not name and code == 0):
        output.write("&")
        return position + 1
    output.write(_NAMED[name] if name else chr(code))
    return match.end()


def _start_tag(text: str, position: int, stack: list[_OpenTag], output: _Output) -> int:
    at = _bytes(text[:position])
    match = re.compile(r"<([^\s>]*)").match(text, position)
    assert match is not None, "the caller saw '<'"
    end = text.find(">", match.end())
    if end < 0:
        raise _cannot_parse(f"Unclosed start tag at byte offset {at}")
    name = match.group(1).lower()
    if name not in _TAGS:
        raise _cannot_parse(f'Unsupported start tag "{name}" at byte offset {at}')
    attributes = {}
    for attribute in _ATTRIBUTE.finditer(text, match.end(), _tag_end(text, match.end())):
        value = attribute.group(2) or ""
        attributes[attribute.group(1).lower()] = value.strip("\"'")
    if name == "span" and attributes.get("class") != "tg-spoiler":
        raise _cannot_parse(f'Tag "span" must have class "tg-spoiler" at byte offset {at}')
    stack.append(_OpenTag(name, output.units, attributes))
    return _tag_end(text, match.end()) + 1


def _tag_end(text: str, position: int) -> int:
    """Where the tag's ">" stands; one inside a quoted attribute does not count."""
    quote = ""
    for index in range(position, len(text)):
        character = text[index]
        if quote:
            quote = "" if character == quote else quote
        elif character in "\"'":
            quote = character
        elif character == ">":
            return index
    raise _cannot_parse(f"Unclosed start tag at byte offset {_bytes(text[:position])}")


def _end_tag(text: str, position: int, stack: list[_OpenTag], output: _Output) -> int:
    at = _bytes(text[:position])
    if not stack:
        raise _cannot_parse(f"Unexpected end tag at byte offset {at}")
    end = text.find(">", position)
    if end < 0:
        raise _cannot_parse(f"Unclosed end tag at byte offset {at}")
    name = text[position + 2 : end].strip().lower()
    opened = stack[-1]
    if name and name != opened.name:
        raise _cannot_parse(
            f'Unmatched end tag at byte offset {at}, expected "</{opened.name}>", found "</{name}>"'
        )
    stack.pop()
    _close_tag(opened, output)
    return end + 1


def _close_tag(opened: _OpenTag, output: _Output) -> None:
    kind = _TAGS[opened.name]
    attributes = opened.attributes
    if kind == "text_link":
        url = attributes.get("href", "")
        if url:
            output.close("text_link", opened.start, url=url)
    elif kind == "custom_emoji":
        output.close(kind, opened.start, custom_emoji_id=attributes.get("emoji-id", ""))
    elif kind == "blockquote" and "expandable" in attributes:
        output.close("expandable_blockquote", opened.start)
    elif kind == "code" and attributes.get("class", "").startswith("language-"):
        output.close("pre", opened.start, language=attributes["class"].removeprefix("language-"))
    else:
        output.close(kind, opened.start)


_MARKS = (
    ("__", "underline", "Underline"),
    ("||", "spoiler", "Spoiler"),
    ("*", "bold", "Bold"),
    ("_", "italic", "Italic"),
    ("~", "strikethrough", "Strikethrough"),
)


@dataclass
class _OpenMark:
    mark: str
    kind: str
    title: str
    start: int
    at: int  # UTF-8 byte offset, for the error


def _parse_markdown_v2(text: str) -> tuple[str, list[Entity]]:
    output = _Output()
    stack: list[_OpenMark] = []
    position = 0
    quote_start: int | None = None
    line_start = True
    while position < len(text):
        character = text[position]
        if line_start and quote_start is not None and character != ">":
            _close_quote(output, quote_start)
            quote_start = None
        if line_start and character == ">":
            quote_start = output.units if quote_start is None else quote_start
            position += 1
            line_start = False
            continue
        line_start = character == "\n"
        position = _markdown_step(text, position, stack, output)
    if stack:
        last = stack[-1]
        raise _cannot_parse(f"Can't find end of {last.title} entity at byte offset {last.at}")
    if quote_start is not None:
        output.close("blockquote", quote_start)
    return output.result()


def _close_quote(output: _Output, start: int) -> None:
    # The line break that ends the quotation does not belong to it.
    output.units -= 1
    output.close("blockquote", start)
    output.units += 1


def _markdown_step(text: str, position: int, stack: list[_OpenMark], output: _Output) -> int:
    """Consume one character, mark or block and return the next position."""
    character = text[position]
    if character == "\\" and position + 1 < len(text) and 0 < ord(text[position + 1]) < 127:
        output.write(text[position + 1])
        return position + 2
    if character == "`":
        return _markdown_code(text, position, output)
    if stack and stack[-1].mark == "](" and character == "]":
        return _markdown_link_end(text, position, stack, output)
    if character == "[":
        stack.append(_OpenMark("](", "text_link", "TextUrl", output.units, _bytes(text[:position])))
        return position + 1
    for mark, kind, title in _MARKS:
        if not text.startswith(mark, position):
            continue
        if stack and stack[-1].mark == mark:
            output.close(kind, stack.pop().start)
        elif not (mark == "__" and stack and stack[-1].mark == "_"):
            at = _bytes(text[:position])
            stack.append(_OpenMark(mark, kind, title, output.units, at))
        else:
            continue
        return position + len(mark)
    if character in _RESERVED:
        raise _cannot_parse(
            f"Character '{character}' is reserved and must be escaped with the preceding '\\'"
        )
    output.write(character)
    return position + 1


def _markdown_code(text: str, position: int, output: _Output) -> int:
    block = text.startswith("```", position)
    mark = "```" if block else "`"
    at = _bytes(text[:position])
    body, end = [], position + len(mark)
    while end < len(text) and not text.startswith(mark, end):
        if text[end] == "\\" and end + 1 < len(text):
            end += 1
        body.append(text[end])
        end += 1
    if end >= len(text):
        raise _cannot_parse(
            f"Can't find end of {'Pre' if block else 'Code'} entity at byte offset {at}"
        )
    start, content = output.units, "".join(body)
    language = re.match(r"([^\s`]+)\n", content) if block else None
    if language:
        content = content[language.end() :]
    output.write(content.removeprefix("\n") if block else content)
    more = {"language": language.group(1)} if language else {}
    output.close("pre" if block else "code", start, **more)
    return end + len(mark)


def _markdown_link_end(text: str, position: int, stack: list[_OpenMark], output: _Output) -> int:
    opened = stack.pop()
    if not text.startswith("](", position):
        return position + 1
    end, url = position + 2, []
    while end < len(text) and text[end] != ")":
        if text[end] == "\\" and end + 1 < len(text):
            end += 1
        url.append(text[end])
        end += 1
    if end >= len(text):
        raise _cannot_parse(f"Can't find end of a URL at byte offset {_bytes(text[:position])}")
    output.close("text_link", opened.start, url="".join(url))
    return end + 1


def _parse_markdown(text: str) -> tuple[str, list[Entity]]:
    """The legacy mode: no nesting, four marks, a backslash before one of them escapes it."""
    output = _Output()
    position = 0
    while position < len(text):
        character = text[position]
        if character == "\\" and text[position + 1 : position + 2] in tuple("_*`["):
            output.write(text[position + 1])
            position += 2
        elif character in "_*`[":
            position = _legacy_entity(text, position, output)
        else:
            output.write(character)
            position += 1
    return output.result()


def _legacy_entity(text: str, position: int, output: _Output) -> int:
    mark = "```" if text.startswith("```", position) else text[position]
    closing = "]" if mark == "[" else mark
    end = text.find(closing, position + len(mark))
    if end < 0:
        raise _cannot_parse(
            "Can't find end of the entity starting at byte offset " + str(_bytes(text[:position]))
        )
    start = output.units
    output.write(text[position + len(mark) : end])
    if mark != "[":
        kind = {"_": "italic", "*": "bold", "`": "code", "```": "pre"}[mark]
        output.close(kind, start)
        return end + len(mark)
    link = re.compile(r"\(([^)]*)\)").match(text, end + 1)
    if link is None:
        return end + 1
    output.close("text_link", start, url=link.group(1))
    return link.end()
