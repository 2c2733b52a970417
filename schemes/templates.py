"""Placeholders in texts: what may stand between braces, and what it means."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_BRACES = re.compile(r"\{([^{}]*)\}")
_NAME = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)?$")
_ID = re.compile(r"[A-Za-z0-9_.\-]+$")

FORMS = ("", "from", "was", "until", "number", "was_number")
LISTS = ("criteria", "documents", "steps")
FIRM_FIELDS = ("name", "phone", "email", "web", "address", "office_hours", "services")

HISTORY = frozenset({"was", "until", "was_number"})
"""Forms that tell what was: they say nothing about what holds now."""


@dataclass(frozen=True, slots=True)
class Placeholder:
    """`kind` is parameter, list, name, fullname, url or firm.

    `name` is the parameter, kind of list, scheme, source or field; `form` is one of FORMS, or the
    id that a list is of.
    """

    kind: str
    name: str
    form: str = ""


class TemplateError(ValueError):
    """A text with braces that mean nothing."""


def parse(text: str) -> list[str | Placeholder]:
    """A text as plain pieces and placeholders.

    >>> parse("up to {stay:number} months")
    ['up to ', Placeholder(kind='parameter', name='stay', form='number'), ' months']

    :raises TemplateError: saying which placeholder is unknown and what is allowed.
    """
    pieces: list[str | Placeholder] = []
    end = 0
    for found in _BRACES.finditer(text):
        _plain(text[end : found.start()], pieces)
        pieces.append(_placeholder(found.group(1)))
        end = found.end()
    _plain(text[end:], pieces)
    return pieces


def digits(text: str) -> str:
    """The digits that stand outside placeholders, full-width and circled ones included.

    >>> digits("{fee} or １２ of ③")
    '１２③'
    """
    plain = _BRACES.sub("", text)
    return "".join(
        character for character in plain if unicodedata.category(character) in ("Nd", "No")
    )


def _plain(text: str, pieces: list[str | Placeholder]) -> None:
    if "{" in text or "}" in text:
        raise TemplateError("has a single brace: placeholders are written {name}")
    if text:
        pieces.append(text)


def _placeholder(body: str) -> Placeholder:
    kind, _, rest = body.partition(":")
    if kind == "list":
        return _list(body, rest)
    if kind in ("name", "fullname", "url", "firm") and rest:
        if kind == "firm" and rest not in FIRM_FIELDS:
            raise TemplateError(f"{{{body}}} is unknown: firm has {', '.join(FIRM_FIELDS)}")
        if not _ID.match(rest):
            raise TemplateError(f"{{{body}}} names nothing")
        return Placeholder(kind, rest)
    if not _NAME.match(kind):
        raise TemplateError(f"{{{body}}} is no parameter: write {{name}} or {{scheme.name}}")
    if rest not in FORMS:
        raise TemplateError(
            f"{{{body}}} has an unknown form: use {', '.join(':' + form for form in FORMS if form)}"
        )
    return Placeholder("parameter", kind, rest)


def _list(body: str, rest: str) -> Placeholder:
    kind, _, name = rest.partition(":")
    if kind not in LISTS:
        raise TemplateError(f"{{{body}}} is unknown: lists are {', '.join(LISTS)}")
    if kind != "steps" and not name:
        raise TemplateError(f"{{{body}}} misses the id: {{list:{kind}:ID}}")
    return Placeholder("list", kind, name)
