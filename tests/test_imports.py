"""Which folder may import which: rules know nobody, the front ends talk HTTP or SQL."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
OURS = {"schemes", "nlu", "stories", "actions", "bot", "review", "sandbox", "launch", "train"}
RASA = {"rasa", "rasa_sdk"}

FORBIDDEN = {
    "schemes": OURS - {"schemes"} | RASA | {"settings", "telegram"},
    "nlu": OURS - {"nlu"} | {"rasa_sdk", "telegram"},
    "actions": OURS - {"actions", "schemes", "nlu"} | {"rasa", "telegram"},
    "bot": OURS - {"bot"} | RASA,
    "review": OURS - {"review"} | RASA,
    "sandbox": OURS - {"sandbox"} | RASA,
}
"""settings.py may be imported by any but the rules, which have nothing to set."""

PUTS_TOGETHER = {"bot/__main__.py": {"review"}}
"""The command is where the relay is given its conversation log: the relay itself knows only a
protocol (bot/turns.py), so that it can be run, tested and replaced without the review."""

SETTINGS_MAY_NOT = OURS | RASA | {"telegram"}


def imported(path: Path) -> Iterator[tuple[str, int]]:
    """The top package of every import in a file, inside functions too, with its line."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path))):
        if isinstance(node, ast.Import):
            yield from ((alias.name.partition(".")[0], node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module.partition(".")[0], node.lineno
        elif isinstance(node, ast.ImportFrom) and node.level > 1:
            yield from outside(path, node)


def outside(path: Path, node: ast.ImportFrom) -> Iterator[tuple[str, int]]:
    """A relative import that climbs out of its package reaches a neighbour."""
    parts = path.relative_to(ROOT).parts
    if node.level >= len(parts):
        yield (node.module or "").partition(".")[0], node.lineno


def offences(files: Iterator[Path], forbidden: set[str]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path in sorted(files)
        for name, line in imported(path)
        if name in forbidden - PUTS_TOGETHER.get(path.relative_to(ROOT).as_posix(), set())
    ]


@pytest.mark.parametrize("package", sorted(FORBIDDEN))
def test_a_package_imports_only_what_it_may(package: str) -> None:
    assert offences((ROOT / package).rglob("*.py"), FORBIDDEN[package]) == []


def test_the_settings_import_nothing_of_ours() -> None:
    assert offences(iter([ROOT / "settings.py"]), SETTINGS_MAY_NOT) == []


def test_an_import_inside_a_function_is_seen_too(tmp_path: Path) -> None:
    file = tmp_path / "late.py"
    file.write_text("def f():\n    from rasa.core import agent\n", encoding="utf-8")

    assert list(imported(file)) == [("rasa", 2)]
