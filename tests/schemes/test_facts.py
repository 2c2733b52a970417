from datetime import date

import pytest

from schemes import UNSURE, FactError


@pytest.mark.parametrize(
    ("fact", "given", "expected"),
    [
        ("age", 0, 0),
        ("age", 120, 120),
        ("age", 32.0, 32),
        ("work", 2.5, 2.5),
        ("income", 1_000_000, 1_000_000),
        ("degree", True, True),
        ("degree", "yes", True),
        ("degree", "no", False),
        ("record", "minor", "minor"),
        ("graduated", date(2026, 7, 1), date(2026, 7, 1)),
        ("graduated", "2026-07-01", date(2026, 7, 1)),
        ("age", UNSURE, UNSURE),
        ("degree", UNSURE, UNSURE),
    ],
    ids=str,
)
def test_a_fact_takes(rules, fact, given, expected):
    actual = rules.facts()[fact].check(given)

    assert actual == expected
    assert type(actual) is type(expected)


@pytest.mark.parametrize(
    ("fact", "given", "reason"),
    [
        ("age", -1, "too_low"),
        ("age", 121, "too_high"),
        ("age", 32.5, "wrong_type"),
        ("age", "32", "wrong_type"),
        ("age", True, "wrong_type"),
        ("work", float("nan"), "wrong_type"),
        ("income", float("inf"), "wrong_type"),
        ("income", -0.01, "too_low"),
        ("degree", 1, "wrong_type"),
        ("degree", "maybe", "wrong_type"),
        ("record", "grave", "unknown_option"),
        ("record", True, "wrong_type"),
        ("graduated", "last year", "wrong_type"),
        ("graduated", 2026, "wrong_type"),
    ],
    ids=str,
)
def test_a_fact_refuses_and_says_why(rules, fact, given, reason):
    with pytest.raises(FactError) as refusal:
        rules.facts()[fact].check(given)

    assert refusal.value.reason == reason
    assert refusal.value.fact == fact


def test_the_words_of_an_option_are_those_of_all_languages(rules):
    assert rules.facts()["record"].words == {"minor": ("parking fine", "告票")}
