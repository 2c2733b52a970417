"""How an outcome is told, on the tiny scheme of the rules' own tests."""

from datetime import date
from pathlib import Path

import pytest

from actions.desk import Desk
from actions.memory import Memory
from actions.outcome import tell
from actions.turn import Turn
from schemes import Rules
from schemes.build import build

TINY = Path(__file__).parents[1] / "schemes" / "data"
TODAY = date(2026, 9, 15)


@pytest.fixture(scope="module")
def rules(tmp_path_factory):
    path = tmp_path_factory.mktemp("rules") / "schemes.db"
    build(TINY, None, path, TODAY)
    with Rules.open(path, lambda: TODAY) as opened:
        yield opened


@pytest.mark.parametrize("language", ["en", "zh-Hant", "zh-Hans", "ja"])
def test_the_first_message_ends_with_what_the_outcome_rests_on(rules, language):
    memory = Memory(answers={"age": 15})
    desk = Desk(rules, memory, Turn("no", "deny", 1.0, language), TODAY)

    first, *_ = tell(desk, "demo").messages

    basis = rules.basis(rules.assess("demo", memory.answers, TODAY), language)
    assert basis
    assert first.text.endswith(f"\n\n{basis}")
