import json
from datetime import date

import pytest

from schemes import UNSURE, FactError, Outcome, RulesError, Verdict

NOW = date(2026, 9, 15)
GOOD = {"age": 30, "record": "none", "degree": True, "english": True}


def verdicts(assessment):
    return {result.id: result.verdict for result in assessment.criteria}


def test_nothing_answered_is_not_enough_information_and_everything_is_missing(rules):
    result = rules.assess("demo", {})

    assert result.outcome == Outcome.NOT_ENOUGH_INFORMATION
    assert result.next_fact == "age"
    assert list(result.missing) == rules.interview("demo")
    assert set(verdicts(result).values()) == {Verdict.UNKNOWN}


def test_what_decides_ends_the_questions(rules):
    failed = rules.assess("demo", {"age": 17})
    met = rules.assess("demo", GOOD)

    assert (failed.outcome, failed.next_fact) == (Outcome.DOES_NOT_MEET, None)
    assert (met.outcome, met.next_fact, met.missing) == (Outcome.MEETS, None, ())


def test_a_question_under_a_decided_criterion_is_not_asked(rules):
    result = rules.assess("demo", {"graduated": date(2026, 8, 1)})

    assert result.missing == ("age", "record")


def test_a_question_that_can_no_longer_help_is_not_asked(rules):
    # Two items are needed and three facts unsure: income alone cannot reach two, nor fail three.
    answers = {"age": 30, "record": "none", "graduated": date(2020, 1, 1),
               "degree": UNSURE, "english": UNSURE, "work": UNSURE}  # fmt: skip

    result = rules.assess("demo", answers)

    assert result.next_fact is None
    assert result.outcome == Outcome.MAY_MEET


def test_unsure_is_an_answer_that_leaves_the_outcome_open(rules):
    result = rules.assess("demo", {**GOOD, "age": UNSURE})

    assert (result.outcome, result.next_fact) == (Outcome.MAY_MEET, None)


def test_a_doubtful_answer_goes_to_a_person_like_a_failure(rules):
    doubtful = rules.assess("demo", {**GOOD, "record": "minor"})
    failed = rules.assess("demo", {**GOOD, "record": "serious"})
    unsure = rules.assess("demo", {**GOOD, "record": UNSURE})

    assert (doubtful.outcome, doubtful.refer) == (Outcome.MAY_MEET, ("clean",))
    assert (failed.outcome, failed.refer) == (Outcome.DOES_NOT_MEET, ("clean",))
    assert (unsure.outcome, unsure.refer) == (Outcome.MAY_MEET, ())


def test_the_tally_counts_what_is_met_what_is_needed_and_all(rules):
    assert rules.assess("demo", {"degree": True}).tally == (1, 2, 4)
    assert rules.assess("demo", {"degree": True, "work": 2}).tally == (1, 2, 4)
    assert rules.assess("demo", {"degree": True, "work": 2.1}).tally == (2, 2, 4)


@pytest.mark.parametrize(
    ("day", "present", "absent"),
    [
        (date(2024, 10, 31), {"old_test"}, {"items", "languages", "fresh"}),
        (date(2024, 11, 1), {"items", "languages", "fresh"}, {"old_test"}),
    ],
    ids=["the day before the change", "the day of the change"],
)
def test_a_criterion_exists_only_on_its_days(rules, day, present, absent):
    found = set(verdicts(rules.assess("demo", {}, day)))

    assert present <= found
    assert not absent & found


def test_criteria_come_parents_first_with_depth_and_tests_are_called_by_their_fact(rules):
    results = rules.assess("demo", {}).criteria

    assert [(r.id, r.parent, r.depth) for r in results] == [
        ("demo", None, 0),
        ("adult", "demo", 1),
        ("clean", "demo", 1),
        ("route", "demo", 1),
        ("items", "route", 2),
        ("languages", "items", 3),
        ("languages/1", "languages", 4),
        ("items/2", "items", 3),
        ("items/3", "items", 3),
        ("items/4", "items", 3),
        ("fresh", "route", 2),
    ]
    assert {r.id: r.title["ja"] for r in results}["items/2"] == "学位"


def reasons(rules, answers, language="en"):
    return {r.id: r.reason(language) for r in rules.assess("demo", answers).criteria}


def test_reasons_give_the_answer_and_what_is_needed(rules):
    found = reasons(
        rules,
        {"age": 17, "record": "serious", "degree": True, "english": UNSURE, "income": 900_000,
         "work": 2, "graduated": date(2026, 1, 5)},
    )  # fmt: skip

    assert found == {
        "demo": "0 of 3 met.",
        "adult": "Your answer: 17. Needed: at least 18.",
        "clean": "Your answer: A serious one. Needed: None.",
        "route": "One of 2 is enough; 0 met.",
        "items": "1 of 4 met; 2 needed.",
        "languages": "You were not sure.",
        "languages/1": "You were not sure.",
        "items/2": "Your answer: yes. Needed: yes.",
        "items/3": "Your answer: HK$900,000. Needed: at least HK$1 million.",
        "items/4": "Your answer: 2 years. Needed: more than 2 years.",
        "fresh": "Your answer: 5 January 2026. Needed: not more than 6 months ago.",
    }


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("zh-Hant", "你的答案：17歲。要求：至少18歲。"),
        ("zh-Hans", "您的回答：17岁。要求：至少18岁。"),
        ("ja", "ご回答：17歳。条件：18歳以上。"),
    ],
)
def test_reasons_are_given_in_every_language(rules, language, expected):
    assert reasons(rules, {"age": 17}, language)["adult"] == expected


def test_an_unasked_and_a_doubtful_answer_have_reasons_of_their_own(rules):
    assert reasons(rules, {})["adult"] == "Not asked yet."
    assert reasons(rules, {"record": "minor"})["clean"] == (
        "Your answer: A minor one. This needs a closer look."
    )


def advice(rules, answers):
    return {r.id: a for r in rules.assess("demo", answers).criteria if (a := r.advice("en"))}


def test_advice_is_given_for_what_failed_and_what_stayed_open_not_for_what_was_not_asked(rules):
    assert advice(rules, {}) == {}
    assert advice(rules, {"record": "serious"}) == {"clean": "Talk to an adviser."}
    assert advice(rules, {"record": "minor", "degree": UNSURE}) == {
        "clean": "Have it looked at.",
        "items": "Settle the open items.",
    }


def test_a_criterion_carries_its_sources_and_the_oldest_evidence(rules):
    adult = next(r for r in rules.assess("demo", {}).criteria if r.id == "adult")

    assert [source.id for source in adult.source] == ["office"]
    assert adult.as_of == date(2026, 5, 1)


def test_the_assessment_as_plain_data_can_be_written_as_json(rules):
    data = rules.assess("demo", {"age": 17, "graduated": "2026-08-01"}).to_json("ja")

    assert json.loads(json.dumps(data)) == data
    assert set(data) == {"scheme", "as_of", "outcome", "next_fact", "missing", "tally", "refer",
                         "criteria"}  # fmt: skip
    assert data["outcome"] == "does_not_meet"
    assert data["tally"] == {"met": 0, "needed": 2, "total": 4}
    assert data["criteria"][1] == {
        "id": "adult",
        "parent": "demo",
        "depth": 1,
        "title": "18歳以上",
        "verdict": "not_met",
        "reason": "ご回答：17歳。条件：18歳以上。",
        "advice": "",
        "sources": ["office"],
        "as_of": "2026-05-01",
        "tally": None,
        "prove": [],
    }


def test_a_wrong_answer_is_refused_and_one_to_another_scheme_ignored(rules):
    with pytest.raises(FactError):
        rules.assess("demo", {"age": "old"})

    assert rules.assess("sibling", {"record": "grave"}).missing == ("age", "english")


def test_none_is_no_answer(rules):
    assert rules.assess("demo", {"age": None}).next_fact == "age"


def test_a_scheme_without_criteria_cannot_be_assessed(rules):
    with pytest.raises(RulesError, match="demo, sibling"):
        rules.assess("general", {})


def test_a_day_before_every_rule_has_nothing_to_ask(rules_of, edit):
    edit("sibling/criteria.yml", "    all:\n", "    from: 2020-01-01\n    all:\n")

    result = rules_of().assess("sibling", {}, date(2019, 12, 31))

    assert (result.outcome, result.criteria, result.next_fact) == (
        Outcome.NOT_ENOUGH_INFORMATION, (), None,
    )  # fmt: skip


def test_a_rule_that_is_not_established_is_neither_asked_nor_guessed(rules_of, edit):
    edit("demo/parameters.yml", "value: 1000000", "value: null")

    rules = rules_of()

    assert "income" not in rules.assess("demo", {}).missing
    assert reasons(rules, {"income": 5})["items/3"] == (
        "Your answer: HK$5. The rule for this is not established."
    )
