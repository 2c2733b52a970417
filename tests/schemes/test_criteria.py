from datetime import date
from itertools import product

import pytest

from schemes import UNSURE, Verdict
from schemes.criteria import Limit, Test, add_months, all_of, any_of, at_least, judge, negate

MET, NOT_MET, UNKNOWN = Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN
TODAY = date(2026, 9, 15)
VERDICTS = list(Verdict)


@pytest.mark.parametrize(("first", "second"), list(product(VERDICTS, repeat=2)))
def test_all_any_and_not_obey_de_morgan(first, second):
    pair = [first, second]

    assert negate(all_of(pair)) == any_of([negate(first), negate(second)])
    assert negate(any_of(pair)) == all_of([negate(first), negate(second)])


@pytest.mark.parametrize("verdicts", list(product(VERDICTS, repeat=3)), ids=str)
def test_at_least_one_is_any_and_at_least_every_one_is_all(verdicts):
    assert at_least(1, verdicts) == any_of(verdicts)
    assert at_least(3, verdicts) == all_of(verdicts)


def test_nothing_to_meet_is_met_and_nothing_to_choose_is_not():
    assert all_of([]) == MET
    assert any_of([]) == NOT_MET


def test_at_least_without_a_number_is_unknown():
    assert at_least(None, [MET, MET]) == UNKNOWN


@pytest.mark.parametrize(
    ("operator", "operand", "value", "expected"),
    [
        ("minimum", 18, 17, NOT_MET),
        ("minimum", 18, 18, MET),
        ("above", 18, 18, NOT_MET),
        ("above", 18, 19, MET),
        ("maximum", 50, 50, MET),
        ("maximum", 50, 51, NOT_MET),
        ("below", 18, 17, MET),
        ("below", 18, 18, NOT_MET),
        ("is", True, True, MET),
        ("is", True, False, NOT_MET),
        ("is", "none", "minor", NOT_MET),
        ("in", ("master", "doctorate"), "doctorate", MET),
        ("in", ("master", "doctorate"), "bachelor", NOT_MET),
        ("not_in", ("cuba",), "chinese", MET),
        ("not_in", ("cuba",), "cuba", NOT_MET),
        ("within_months", 6, date(2026, 3, 15), MET),
        ("within_months", 6, date(2026, 3, 14), NOT_MET),
        ("within_months", 6, date(2026, 9, 15), MET),
        ("within_months", 6, date(2026, 9, 16), UNKNOWN),
    ],
    ids=str,
)
def test_a_test_at_its_limit(operator, operand, value, expected):
    assert judge(value, [Test(operator, operand)], [], {}, TODAY) == expected


@pytest.mark.parametrize("value", [None, UNSURE, "minor"])
def test_missing_unsure_and_doubtful_answers_are_unknown(value):
    assert judge(value, [Test("is", "none")], ["minor"], {}, TODAY) == UNKNOWN


def test_a_limit_that_is_not_established_leaves_the_verdict_unknown():
    tests = [Test("minimum", Limit("demo.min_age"))]

    assert judge(30, tests, [], {"demo.min_age": None}, TODAY) == UNKNOWN
    assert judge(30, tests, [], {"demo.min_age": 18}, TODAY) == MET


def test_several_tests_of_one_fact_must_all_hold():
    tests = [Test("minimum", 18), Test("maximum", 40)]

    assert [judge(age, tests, [], {}, TODAY) for age in (17, 18, 40, 41)] == [
        NOT_MET, MET, MET, NOT_MET,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 12, 31), 1, date(2027, 1, 31)),
        (date(2026, 10, 31), 1, date(2026, 11, 30)),
        (date(2026, 1, 1), 24, date(2028, 1, 1)),
    ],
    ids=str,
)
def test_months_later_is_the_same_day_or_the_months_last(day, months, expected):
    assert add_months(day, months) == expected
