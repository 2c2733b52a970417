"""What an author can write is described, all of it."""

from pathlib import Path

import pytest

import schemes
from schemes.__main__ import _parser
from schemes.cases import EXPECTATIONS
from schemes.criteria import OPERATORS
from schemes.facts import FACT_TYPES
from schemes.model import SOURCE_KINDS
from schemes.parameters import CONFIDENCES, UNITS
from schemes.templates import FIRM_FIELDS, FORMS, LISTS

README = Path(schemes.__file__).with_name("README.md").read_text(encoding="utf-8")
COMMANDS = [
    name for action in _parser()._subparsers._group_actions for name in action.choices
]  # fmt: skip


@pytest.mark.parametrize(
    "word",
    [*UNITS, *FACT_TYPES, *SOURCE_KINDS, *CONFIDENCES, *OPERATORS, *FIRM_FIELDS, *EXPECTATIONS,
     *(f":{form}}}" for form in FORMS if form), *(f"{{list:{name}" for name in LISTS),
     *(f"python -m schemes {command}" for command in COMMANDS)],
)  # fmt: skip
def test_what_can_be_written_is_described(word):
    assert word in README, f"schemes/README.md does not mention {word}"
