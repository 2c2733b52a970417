"""The rules engine on a tiny scheme of its own, so that tests do not hang on the real content."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from schemes import Rules
from schemes.build import build, fill
from schemes.check import check
from schemes.errors import Problem

HERE = Path(__file__).parent
TINY = HERE / "data"
TINY_CASES = HERE / "cases"
TODAY = date(2026, 9, 15)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A copy of the tiny data that a test may spoil."""
    return Path(shutil.copytree(TINY, tmp_path / "data"))


@pytest.fixture
def today() -> date:
    """The day on which these tests take place."""
    return TODAY


@pytest.fixture
def tiny_cases() -> Path:
    """The folder of the tiny scheme's cases."""
    return TINY_CASES


@pytest.fixture
def edit(data: Path) -> Callable[[str, str, str], None]:
    """Replaces a text in one file of the copy."""

    def replace(name: str, old: str, new: str) -> None:
        file = data / name
        content = file.read_text(encoding="utf-8")
        assert old in content, f"{name} does not hold {old!r}"
        file.write_text(content.replace(old, new, 1), encoding="utf-8")

    return replace


@pytest.fixture
def faults(data: Path) -> Callable[..., list[str]]:
    """What the validation says about the copy, as lines; warnings only if asked for."""

    def lines(*schemes: str, warnings: bool = False, cases: Path | None = None) -> list[str]:
        _, problems = check(data, cases, TODAY, schemes)
        return [str(problem) for problem in problems if problem.warning == warnings]

    return lines


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny data, built."""
    path = tmp_path_factory.mktemp("rules") / "schemes.db"
    build(TINY, TINY_CASES, path, TODAY)
    return path


@pytest.fixture(scope="session")
def rules(database: Path) -> Iterator[Rules]:
    """The rules of the tiny data, read from a database."""
    with Rules.open(database, lambda: TODAY) as opened:
        yield opened


@pytest.fixture
def rules_of(data: Path) -> Iterator[Callable[[], Rules]]:
    """The rules of the copy as it stands now."""
    opened: list[Rules] = []

    def load() -> Rules:
        loaded, problems = check(data, None, TODAY)
        assert _faults(problems) == []
        connection = sqlite3.connect(":memory:")
        fill(connection, loaded.book, TODAY)
        opened.append(Rules(loaded.book, connection, lambda: TODAY))
        return opened[-1]

    yield load
    for one in opened:
        one.close()


def _faults(problems: list[Problem]) -> list[str]:
    return [str(problem) for problem in problems if not problem.warning]
