"""Reading YAML with line numbers, and without YAML's surprises.

`yes`, `no` and `on` stay words (they are options of facts), 0123 is no octal number, and a key that
stands twice is a fault instead of a silent loss.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from .errors import Problem

_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):  # type: ignore[misc]
    """YAML 1.2's idea of plain words, plus dates."""


_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("null", r"^(?:~|null|)$", ["~", "n", ""]),
    ("bool", r"^(?:true|false)$", list("tf")),
    ("int", r"^[-+]?[0-9][0-9_]*$", list("-+0123456789")),
    ("float", r"^[-+]?[0-9][0-9_]*\.[0-9]+$", list("-+0123456789")),
    ("timestamp", r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", list("0123456789")),
    ("merge", r"^<<$", ["<"]),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), _first)


UNREADABLE = "(YAML)"
"""The key under which a file is reported that could not be read at all."""


class LocatedMap(dict[Any, Any]):
    """A mapping that knows the line of each of its keys."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[Any, int] = {}


class LocatedList(list[Any]):
    """A list that knows the line of each of its items."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: list[int] = []


def read(path: Path, name: str) -> tuple[Any, list[Problem]]:
    """The content of a YAML file and what is wrong with its form.

    A file that cannot be parsed gives (None, [the fault with its line]). `name` is how the
    problems call the file.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        return None, [Problem(name, UNREADABLE, f"is not UTF-8: {error}", "save it as UTF-8")]
    return parse(text, name)


def parse(text: str, name: str) -> tuple[Any, list[Problem]]:
    """The content of a YAML text, as `read` gives it."""
    try:
        root = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        return None, [_broken(name, error)]
    problems: list[Problem] = []
    return (None if root is None else _Constructor(name, problems).value(root)), problems


def _broken(name: str, error: yaml.YAMLError) -> Problem:
    mark = getattr(error, "problem_mark", None)
    context = getattr(error, "context", None)
    what = getattr(error, "problem", None) or str(error)
    return Problem(
        name,
        UNREADABLE,
        f"cannot be parsed: {what}" + (f" ({context})" if context else ""),
        "look at this line and the one before; quote texts that hold a colon, a comma inside "
        "{…}, a brace, or that start with a special character",
        None if mark is None else mark.line + 1,
    )


class _Constructor:
    def __init__(self, name: str, problems: list[Problem]) -> None:
        self._name = name
        self._problems = problems

    def value(self, node: Any) -> Any:
        if isinstance(node, yaml.MappingNode):
            return self._map(node)
        if isinstance(node, yaml.SequenceNode):
            items = LocatedList(node.start_mark.line + 1)
            for child in node.value:
                items.append(self.value(child))
                items.lines.append(child.start_mark.line + 1)
            return items
        return self._scalar(node)

    def _map(self, node: Any) -> LocatedMap:
        result = LocatedMap(node.start_mark.line + 1)
        for key_node, value_node in node.value:
            key = self.value(key_node)
            line = key_node.start_mark.line + 1
            if isinstance(key, Iterable) and not isinstance(key, str):
                self._problem(line, "(key)", "a key must be a word", "quote {…} placeholders")
                continue
            if key in result:
                self._problem(
                    line,
                    str(key),
                    f"stands twice (first in line {result.lines[key]})",
                    "keep one of them",
                )
                continue
            result[key] = self.value(value_node)
            result.lines[key] = line
        return result

    def _scalar(self, node: Any) -> Any:
        text: str = node.value
        match node.tag.rsplit(":", 1)[-1]:
            case "null":
                return None
            case "bool":
                return text == "true"
            case "int":
                return int(text)
            case "float":
                return float(text)
            case "timestamp":
                return self._date(text, node.start_mark.line + 1)
            case _:
                return text

    def _date(self, text: str, line: int) -> date | None:
        try:
            return date.fromisoformat(text)
        except ValueError as error:
            self._problem(line, text, f"is no date ({error})", "write year-month-day")
            return None

    def _problem(self, line: int, key: str, what: str, remedy: str) -> None:
        self._problems.append(Problem(self._name, key, what, remedy, line))
