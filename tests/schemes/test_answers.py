from datetime import date

import pytest

from schemes import RulesError

NOW = date(2026, 9, 15)


def test_placeholders_are_filled_with_the_values_of_the_day(rules):
    assert rules.answer("general", "fees", "en").text == (
        "An application costs HK$600 since 26 February 2025; until 25 February 2025 it was HK$230."
    )


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("zh-Hant", "首次逗留為36個月，其後3 + 2年。"),
        ("zh-Hans", "首次逗留为36个月，其后3 + 2年。"),
        ("ja", "初回の滞在は36か月、その後は3 + 2年です。"),
    ],
)
def test_an_answer_is_given_in_every_language(rules, language, expected):
    assert rules.answer("demo", "length_of_stay", language).text == expected


def test_the_day_decides_which_answer_and_which_values(rules):
    assert rules.answer("demo", "quota", "en", date(2024, 10, 31)).text == "Places are limited."
    assert rules.answer("demo", "quota", "en", date(2024, 11, 1)).text == "There is no quota."
    assert "24 months" in rules.answer("demo", "length_of_stay", "en", date(2022, 12, 27)).text


def test_what_is_not_established_on_a_day_is_said_to_be_so(rules):
    early = rules.answer("demo", "length_of_stay", "en", date(2001, 1, 1))

    assert "not established" in early.text


def test_the_as_of_is_the_oldest_evidence_of_what_is_stated_as_current(rules):
    fees = rules.answer("general", "fees", "en")

    assert fees.as_of == date(2026, 8, 1)
    assert fees.footer == "Source: Office page; Office notice (May 2024) · as of August 2026"


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "en",
            "Source: Office page; A newspaper · as of June 2026\n"
            "Reported, not confirmed by an official text.",
        ),
        (
            "zh-Hant",
            "資料來源：官方網頁；報章 · 截至2026年6月\n據報道或業界資料，未經官方文件證實。",
        ),
        (
            "zh-Hans",
            "资料来源：官方网页；报章 · 截至2026年6月\n据报道或业界资料，未经官方文件证实。",
        ),
        (
            "ja",
            "出典：公式ページ／新聞 · 2026年6月時点\n"
            "報道などによる情報で、公式文書では確認できていません。",
        ),
    ],
)
def test_the_footer_names_the_most_official_first_and_says_what_is_only_reported(
    rules, language, expected
):
    answer = rules.answer("demo", "length_of_stay", language)

    assert answer.footer == expected
    assert answer.confidence == "secondary"
    assert str(answer) == f"{answer.text}\n\n{expected}"


def test_old_evidence_is_hedged(rules):
    old = rules.answer("demo", "job_offer", "en")
    fresh = rules.answer("general", "fees", "en")

    assert (old.stale, fresh.stale) == (True, False)
    assert old.footer.endswith("This may have changed since.")


def test_at_most_three_titles_are_named(rules):
    footer = rules.answer("demo", "documents", "en").footer

    assert footer.count(";") == 2
    assert footer.startswith("Source: Office page; Office notice (May 2024); A newspaper · ")


def test_lists_names_addresses_and_the_firm_are_filled_in(rules):
    assert rules.answer("demo", "documents", "en").text == (
        "You need:\n• Application form (X 12)\n• Degree certificate (if you have a degree)\n"
        "Items:\n1. English\n2. Degree\n3. Income\n4. Work\n"
        "Steps:\n1. File and pay HK$600\n2. The office decides\n"
        "Demo, Demonstration Scheme, https://office.example/page, +852 0000 0000"
    )


def test_a_list_follows_the_day(rules):
    text = rules.answer("demo", "documents", "en", date(2024, 10, 31)).text

    assert "• Points sheet" in text
    assert "HK$230" in text


def test_an_answer_tells_what_is_asked_next_and_whether_it_is_established(rules):
    stay = rules.answer("demo", "length_of_stay", "en")
    offer = rules.answer("sibling", "job_offer", "en")

    assert (stay.see, stay.established) == (("job_offer", "fees"), True)
    assert (offer.established, offer.footer, str(offer)) == (
        False, "", "This is not established.",
    )  # fmt: skip


def test_nothing_is_borrowed_from_another_folder(rules):
    assert rules.answer("demo", "fees", "en") is None
    assert rules.answer("nowhere", "fees", "en") is None


def test_an_unknown_language_is_refused(rules):
    with pytest.raises(RulesError, match="zh-Hant"):
        rules.answer("general", "fees", "fr")


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "en",
            "Demo and Sibling side by side\n\nJob offer\n• Both: not needed\n\n"
            "First stay\n• Demo: 36 months\n• Sibling: 12 months\n\nFee: HK$600",
        ),
        (
            "zh-Hant",
            "示範及姊妹比較\n\n聘約\n• 兩者：無須\n\n"
            "首次逗留\n• 示範：36個月\n• 姊妹：12個月\n\n收費：600港元",
        ),
        (
            "zh-Hans",
            "示范和姊妹比较\n\n录用\n• 两者：不用\n\n"
            "首次逗留\n• 示范：36个月\n• 姊妹：12个月\n\n收费：600港元",
        ),
        (
            "ja",
            "実演と姉妹の比較\n\n内定\n・どちらも：不要\n\n"
            "初回滞在\n・実演：36か月\n・姉妹：12か月\n\n手数料：600香港ドル",
        ),
    ],
)
def test_a_comparison_goes_row_by_row_and_says_once_what_is_alike(rules, language, expected):
    assert rules.comparison(["demo", "sibling"], language).text == expected


def test_a_comparison_follows_the_order_asked_for_and_the_day(rules):
    comparison = rules.comparison(["sibling", "demo", "sibling"], "en", date(2022, 12, 27))

    assert comparison.text.startswith("Sibling and Demo side by side\n\n")
    assert "• Sibling: 12 months\n• Demo: 24 months" in comparison.text
    assert comparison.text.endswith("Fee: HK$230")


def test_a_comparison_rests_on_its_cells_and_their_values(rules):
    comparison = rules.comparison(["demo", "sibling"], "en")

    assert comparison.footer == (
        "Source: Office page; Office notice (May 2024); A newspaper · as of May 2026\n"
        "Reported, not confirmed by an official text."
    )
    assert (comparison.as_of, comparison.confidence) == (date(2026, 5, 1), "secondary")
    assert comparison.topic == "compare_schemes"


def test_three_schemes_that_say_the_same_are_not_called_both(rules_of, edit):
    edit("compare.yml", "schemes:\n", "schemes:\n  general:\n    source: office\n"
         "    as_of: 2026-06-01\n    cells:\n"
         '      offer: {en: "not needed", zh-Hant: "無須", zh-Hans: "不用", ja: "不要"}\n'
         '      stay: {en: "none", zh-Hant: "不設", zh-Hans: "不设", ja: "なし"}\n')  # fmt: skip

    text = rules_of().comparison(["demo", "sibling", "general"], "en").text

    assert text.startswith("Demo, Sibling and In general side by side")
    assert "Job offer\n• All: not needed\n" in text


def test_fewer_than_two_schemes_with_cells_give_no_comparison(rules):
    assert rules.comparison(["demo"], "en") is None
    assert rules.comparison(["demo", "demo"], "en") is None
    assert rules.comparison(["demo", "general"], "en") is None


def test_a_form_or_the_day_a_rule_began_neither_ages_an_answer_nor_makes_it_reported(
    rules_of, edit
):
    edit("general/parameters.yml", 'source: office, as_of: 2026-08-01}',
         "source: paper, as_of: 2020-01-01}")  # fmt: skip
    edit("demo/answers.yml", "Look later.", "Use {general.form}; stays of today since "
         "{first_stay:from}.")  # fmt: skip
    edit("demo/answers.yml", "as_of: 2023-01-01", "as_of: 2026-06-01")

    answer = rules_of().answer("demo", "job_offer", "en")

    assert answer.text.endswith("Use X 12; stays of today since 28 December 2022.")
    assert (answer.as_of, answer.confidence, answer.stale) == (
        date(2026, 6, 1), "official", False,
    )  # fmt: skip
    assert [source.id for source in answer.sources] == ["office", "paper"]


def test_sources_of_what_is_said_aside_are_named_last_even_if_more_official(rules_of, edit):
    edit("demo/answers.yml", "source: office\n  as_of: 2023-01-01",
         "source: paper\n  as_of: 2026-06-01")  # fmt: skip
    edit("demo/answers.yml", "Look later.", "Use {general.form}.")

    answer = rules_of().answer("demo", "job_offer", "en")

    assert [source.id for source in answer.sources] == ["paper", "office"]


def test_an_answer_of_nothing_but_contacts_shows_their_age(rules_of, edit):
    edit("general/parameters.yml", 'source: office, as_of: 2026-08-01}',
         "source: paper, as_of: 2020-01-01}")  # fmt: skip
    edit("general/answers.yml", "An application costs {fee} since {fee:from}; until {fee:until} it "
         "was {fee:was}.", "Form {form}.")  # fmt: skip

    answer = rules_of().answer("general", "fees", "en")

    assert answer.footer.startswith("Source: A newspaper · as of January 2020\nReported")
    assert answer.stale


def test_an_address_may_differ_by_language_and_a_day_be_known_by_its_month(rules_of, edit):
    edit("general/parameters.yml", 'value: "X 12"',
         "value: {en: Form Street, zh-Hant: 表格街, zh-Hans: 表格街, ja: 様式通り}")  # fmt: skip
    rules = rules_of()

    assert "(Form Street)" in rules.answer("demo", "documents", "en").text
    (group,) = rules.documents("demo", "ja")
    assert group.items[0].form == "様式通り"


def test_a_group_that_ended_is_told_as_it_last_stood_and_ages_nothing(rules_of, edit):
    edit("demo/answers.yml", "{list:steps}", "{list:steps:old}")
    edit("demo/procedure.yml", '{en: "Post it"', '{en: "Post it with {general.fee}"')

    answer = rules_of().answer("demo", "documents", "en")

    assert "Steps:\n1. Post it with HK$230\n" in answer.text
    assert answer.as_of == date(2026, 6, 1)
