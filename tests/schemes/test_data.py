"""The content that is really shipped: in order, covered by cases, and fit for a phone."""

import sqlite3
from datetime import date, timedelta
from itertools import combinations, permutations
from pathlib import Path

import pytest

from schemes import Rules
from schemes.build import fill
from schemes.cases import all_cases, run_case
from schemes.check import check
from schemes.languages import LANGUAGES
from schemes.text import format_month

PACKAGE = Path(__file__).parents[2] / "schemes"
DAY = date(2026, 11, 22)
LONGEST = 1500
"""Characters: a reply longer than this is no reply for a phone."""

LONGEST_LIST = 3000
"""Whole lists of papers and steps are looked through, not read."""

LISTS = {"documents", "employer_documents", "dependants_documents", "procedure"}


@pytest.fixture(scope="module")
def loaded():
    return check(PACKAGE / "data", PACKAGE / "cases", DAY)


@pytest.fixture(scope="module")
def real(loaded):
    connection = sqlite3.connect(":memory:")
    fill(connection, loaded[0].book, DAY)
    with Rules(loaded[0].book, connection, lambda: DAY) as rules:
        yield rules


def test_the_data_has_no_faults(loaded):
    assert [str(problem) for problem in loaded[1] if not problem.warning] == []


def test_every_case_holds(real):
    cases = list(all_cases(PACKAGE / "cases", real._book))

    assert [str(failure) for case in cases for failure in run_case(real, case)] == []
    assert {case.scheme for case in cases} >= {s.id for s in real.schemes() if s.has_interview}


def test_every_answer_can_be_given_in_every_language_on_every_day_that_matters(real):
    days = {DAY}
    for parameter in real._book.parameters.values():
        for value in parameter.values:
            if value.start is not None:
                days |= {value.start, value.start - timedelta(days=1)}
    for scheme, topic in real._book.blocks:
        for day in sorted(days) if scheme in ("qmas", "general") else [DAY]:
            for language in LANGUAGES:
                answer = real.answer(scheme, topic, language, day)
                assert answer is None or answer.text, (scheme, topic, language, day)


def test_an_answer_says_where_it_comes_from_and_how_current_it_is(real):
    for scheme, topic in real._book.blocks:
        for language in LANGUAGES:
            answer = real.answer(scheme, topic, language)
            if answer is None or not answer.established:
                continue
            assert answer.as_of is not None, (scheme, topic)
            assert format_month(answer.as_of, language) in answer.footer, (scheme, topic)


def test_every_two_or_three_schemes_compare_on_a_phone(real):
    compared = list(real._book.comparison.columns)
    choices = [*permutations(compared, 2), *combinations(compared, 3)]
    long = {
        (*schemes, language): len(str(real.comparison(schemes, language)))
        for schemes in choices
        for language in LANGUAGES
        if len(str(real.comparison(schemes, language))) > LONGEST
    }

    assert long == {}
    assert len(compared) >= 9


@pytest.mark.parametrize(
    ("scheme", "topic", "oldest"),
    [
        ("general", "policy_changes", date(2025, 3, 1)),
        ("qmas", "policy_changes", date(2025, 3, 1)),
        ("asmtp", "policy_changes", date(2025, 3, 1)),
        ("techtas", "nationality", date(2026, 4, 16)),
    ],
)
def test_no_contact_or_day_makes_an_answer_look_older_than_its_rules(real, scheme, topic, oldest):
    assert real.answer(scheme, topic, "en").as_of >= oldest


def test_the_course_published_before_is_history_and_not_a_way_to_apply_today(real):
    def groups(day):
        return [group.id for group in real.procedure("qmas", "en", day).groups]

    assert groups(DAY) == ["current"]
    assert groups(date(2022, 12, 31)) == ["seed"]


def test_what_an_interview_asks_is_filled_in_every_language(real):
    asked = real.facts()["recent_work_years"].question

    assert asked["en"] == "Of the last 5 years, how many did you work full time?"
    assert asked["ja"].startswith("直近5年間のうち")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_outcome_says_what_it_rests_on(real, language):
    for scheme in real._book.roots:
        assert format_month(DAY, language) not in real.basis(real.assess(scheme, {}), language)
        assert real.basis(real.assess(scheme, {}), language), scheme


def test_answers_fit_a_phone(real):
    long = {
        f"{scheme}/{topic} {language}": len(str(answer))
        for scheme, topic in real._book.blocks
        for language in LANGUAGES
        if (answer := real.answer(scheme, topic, language))
        and len(str(answer)) > (LONGEST_LIST if topic in LISTS else LONGEST)
    }

    assert long == {}


@pytest.mark.parametrize(
    ("text", "language", "scheme", "topic"),
    [
        ("photo size", "en", "general", "photo"),
        ("how much is the fee", "en", "general", "fees"),
        ("extend QMAS", "en", "qmas", "extension"),
        ("TTPS categories", "en", "ttps", "ttps_categories"),
        ("費用", "zh-Hant", "general", "fees"),
        ("费用", "zh-Hant", "general", "fees"),
        ("受養人工作", "zh-Hant", "dependant", "dependants_work"),
        ("永居", "zh-Hant", "general", "permanent_residence"),
        ("要办多久", "zh-Hans", "general", "processing_time"),
        ("學歷核證", "zh-Hans", "ttps", "degree_proof"),
        ("料金", "ja", "general", "fees"),
        ("ビザの更新", "ja", "general", "extension"),
    ],
)
def test_people_find_what_they_look_for(real, text, language, scheme, topic):
    found = [(hit.scheme, hit.topic) for hit in real.search(text, language)]

    assert (scheme, topic) in found
