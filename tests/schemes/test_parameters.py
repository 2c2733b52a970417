from datetime import date

from schemes.parameters import Parameter, Value


def value(start, held):
    return Value(start, held, ("office",), date(2026, 1, 1), "official")


STAY = Parameter(
    "demo", "stay", "months", "first stay",
    (value(date(2015, 5, 1), 24), value(date(2022, 12, 28), 36)),
)  # fmt: skip


def test_a_value_holds_from_its_day_to_the_day_before_the_next():
    assert STAY.at(date(2015, 4, 30)) is None
    assert STAY.at(date(2015, 5, 1)).value == 24
    assert STAY.at(date(2022, 12, 27)).value == 24
    assert STAY.at(date(2022, 12, 28)).value == 36


def test_what_was_before_is_the_value_that_was_replaced():
    assert STAY.before(date(2022, 12, 28)).value == 24
    assert STAY.last_day_before(date(2026, 1, 1)) == date(2022, 12, 27)


def test_before_the_first_value_there_was_none():
    assert STAY.before(date(2016, 1, 1)) is None
    assert STAY.last_day_before(date(2016, 1, 1)) is None
    assert STAY.before(date(2000, 1, 1)) is None


def test_a_value_without_a_first_day_has_always_held():
    always = Parameter("demo", "fee", "hkd", "fee", (value(None, 600),))

    assert always.at(date.min).value == 600
