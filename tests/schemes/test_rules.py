import sqlite3
from datetime import date

import pytest

from schemes import Rules, RulesError, Verdict


def test_schemes_come_in_their_order_with_names_and_aliases(rules):
    schemes = rules.schemes()

    assert [scheme.id for scheme in schemes] == ["general", "demo", "sibling"]
    assert schemes[1].short["ja"] == "実演"
    assert schemes[1].aliases == ("DEMO", "demo visa", "示範簽證")
    assert [scheme.has_interview for scheme in schemes] == [False, True, True]


def test_a_topic_tells_which_schemes_answer_it(rules):
    topics = rules.topics()

    assert topics["length_of_stay"].schemes == ("demo", "sibling")
    assert topics["fees"].schemes == ("general",)
    assert (topics["fees"].needs_scheme, topics["quota"].needs_scheme) == (False, True)


def test_a_parameter_has_the_value_of_its_day_or_none(rules):
    assert rules.parameter("demo.items_needed") == 2
    assert rules.parameter("demo.items_needed", date(2024, 10, 31)) is None
    assert rules.parameter("demo.old_mark") is None
    assert rules.parameter("demo.old_mark", date(2024, 10, 31)) == 80
    assert rules.parameter("demo.extension") == (3, 2)


def test_an_unknown_parameter_is_an_error_and_not_none(rules):
    with pytest.raises(RulesError, match=r"demo\.nothing"):
        rules.parameter("demo.nothing")


def test_why_names_the_criterion_its_purpose_and_its_source(rules):
    assert rules.why("demo", "age", "en") == (
        "It decides this condition: Aged 18 or above.\nOnly adults may apply.\n\n"
        "Source: Office page · as of May 2026"
    )


def test_why_of_a_test_without_a_title_names_the_criterion_above(rules):
    assert rules.why("demo", "income", "en").startswith(
        "It decides this condition: At least 2 items."
    )


def test_why_of_a_fact_that_decides_nothing_here_says_so(rules):
    assert rules.why("sibling", "income", "en") == "It helps to tell which scheme fits."
    assert rules.why("general", "income", "ja")


@pytest.mark.parametrize(
    ("fact", "value", "language", "expected"),
    [
        ("degree", "yes", "zh-Hant", "是"),
        ("record", "minor", "en", "A minor one"),
        ("income", 2_000_000, "zh-Hans", "200万港元"),
        ("work", 1, "en", "1 year"),
        ("age", 32, "en", "32"),
        ("age", 32, "ja", "32歳"),
        ("graduated", "2026-07-01", "ja", "2026年7月1日"),
        ("age", "unsure", "en", "You were not sure."),
    ],
)
def test_an_answer_is_shown_as_its_person_would_write_it(rules, fact, value, language, expected):
    assert rules.show(fact, value, language) == expected


def test_questions_are_filled_with_the_values_of_the_day(rules_of, edit):
    edit("facts.yml", '"Full years."', '"From {demo.min_age:number} on."')

    assert rules_of().facts()["age"].help["en"] == "From 18 on."


def test_alternatives_are_schemes_that_the_answers_do_not_rule_out(rules):
    assert rules.alternatives("demo", {"age": 30, "english": True}) == [("sibling", "meets")]
    assert rules.alternatives("demo", {"age": 30}) == [("sibling", "not_enough_information")]
    assert rules.alternatives("demo", {"age": 15}) == []
    assert rules.alternatives("demo", {}) == []
    assert rules.alternatives("sibling", {"age": 30, "english": True}) == [
        ("demo", "not_enough_information")
    ]


def test_documents_that_the_answers_rule_out_are_left_out(rules):
    def papers(answers):
        (group,) = rules.documents("demo", "en", answers)
        return [(item.id, item.needed, item.line) for item in group.items]

    form = ("form", Verdict.MET, "Application form (X 12)")
    assert papers({"degree": False}) == [form]
    assert papers({"degree": True}) == [form, ("certificate", Verdict.MET, "Degree certificate")]
    assert papers({}) == [
        form, ("certificate", Verdict.UNKNOWN, "Degree certificate (if you have a degree)"),
    ]  # fmt: skip


def test_documents_carry_who_files_them_and_whether_originals_are_asked_for(rules):
    (group,) = rules.documents("demo", "ja", group="applicant")

    assert (group.title, group.footer) == ("申請者", "出典：公式ページ · 2026年6月時点")
    assert (group.items[0].form, group.items[0].by) == ("X 12", "applicant")
    assert group.items[1].original is True
    assert rules.documents("demo", "ja", group="employer") == []


def test_the_procedure_of_the_day_has_steps_times_and_a_total(rules):
    procedure = rules.procedure("demo", "en")

    assert procedure.total == "4 weeks"
    assert [group.id for group in procedure.groups] == ["current"]
    assert [(step.text, step.takes) for step in procedure.groups[0].steps] == [
        ("File and pay HK$600", None),
        ("The office decides", "4 weeks"),
    ]
    old = rules.procedure("demo", "en", date(2024, 10, 31)).groups[1]
    assert (old.id, old.steps[0].takes) == ("old", "a day")


def test_the_basis_of_an_outcome_is_what_its_criteria_rest_on(rules):
    assessment = rules.assess("demo", {"age": 30})

    assert rules.basis(assessment, "en") == (
        "Source: Office page; Office notice (May 2024) · as of May 2026"
    )
    assert rules.basis(assessment, "ja").startswith("出典：公式ページ／公式のお知らせ")


def test_the_basis_follows_the_day_and_says_what_is_old_or_only_reported(rules):
    past = rules.assess("demo", {"age": 30}, date(2024, 10, 31))

    assert rules.basis(past, "en") == (
        "Source: Office page; A consultancy · as of October 2024\n"
        "Reported, not confirmed by an official text. This may have changed since."
    )


def test_an_outcome_without_sources_has_no_basis(rules):
    assert rules.basis(rules.assess("sibling", {"age": 30}), "en") == ""


def test_a_scheme_without_papers_or_steps_has_none(rules):
    assert rules.documents("sibling", "en") == []
    assert rules.procedure("sibling", "en").groups == ()


def test_the_firm_and_the_sources_are_there(rules):
    assert rules.firm().name["zh-Hans"] == "例子顾问"
    assert [service.id for service in rules.firm().services] == ["check", "file"]
    assert rules.sources()["notice"].date == date(2024, 5, 1)


def test_a_missing_database_is_refused_with_the_remedy(tmp_path):
    with pytest.raises(RulesError, match="python -m schemes build"):
        Rules.open(tmp_path / "none.db")


def test_a_file_that_is_no_database_is_refused_with_the_remedy(tmp_path):
    path = tmp_path / "text.db"
    path.write_text("not a database, only long enough to be looked at " * 20)

    with pytest.raises(RulesError, match="python -m schemes build"):
        Rules.open(path)


def test_a_database_of_another_format_is_refused_with_the_remedy(tmp_path):
    path = tmp_path / "old.db"
    with sqlite3.connect(path) as connection:
        connection.execute("create table meta (key text, value text)")
        connection.execute("insert into meta values ('format', '0')")
    connection.close()

    with pytest.raises(RulesError, match="format 0"):
        Rules.open(path)


def test_the_database_cannot_be_written_through_the_rules(rules):
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        rules._connection.execute("delete from answers")
