from datetime import date

from schemes.cases import Case, all_cases, run_case


def case(**expect):
    return Case(
        "a person", "demo", "cases/demo.yml", 7, date(2026, 9, 1),
        {"age": 30, "record": "none", "degree": True}, expect,
    )  # fmt: skip


def failures(rules, **expect):
    return [(f.what, f.expected, f.actual) for f in run_case(rules, case(**expect))]


def test_what_holds_has_no_failures(rules):
    assert failures(
        rules, outcome="not_enough_information", next="english", missing=["english", "income",
        "work", "graduated"], tally=[1, 2, 4], refer=[], criteria={"adult": "met",
        "old_test": "absent"}, parameters={"general.fee": 600, "extension": [3, 2]},
        documents={"form": True}, alternatives={"sibling": "not_enough_information"},
    ) == []  # fmt: skip


def test_each_difference_is_a_failure_with_what_came_out(rules):
    assert failures(rules, outcome="meets", criteria={"adult": "not_met"}, tally=[2, 2, 4]) == [
        ("outcome", "meets", "not_enough_information"),
        ("criteria.adult", "not_met", "met"),
        ("tally", [2, 2, 4], [1, 2, 4]),
    ]


def test_a_failure_says_where_the_case_stands(rules):
    (failure,) = run_case(rules, case(outcome="meets"))

    assert str(failure) == (
        "cases/demo.yml:7: demo: a person\n    outcome: expected meets, got not_enough_information"
    )


def test_a_case_is_read_with_its_answers_as_the_rules_take_them(rules, tiny_cases):
    cases = list(all_cases(tiny_cases, rules._book))

    assert [one.line for one in cases] == [1, 6, 15, 19]
    assert cases[1].answers == {"age": 18, "record": "none", "degree": True, "english": True}
