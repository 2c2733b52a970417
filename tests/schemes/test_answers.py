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


def test_a_comparison_puts_first_sentences_side_by_side(rules):
    comparison = rules.comparison(["demo", "sibling"], "en")

    assert comparison.text == (
        "Job offer\n• Demo: No job offer is needed.\n• Sibling: This is not established.\n\n"
        "Length of stay\n• Demo: The first stay is 36 months, then 3 + 2 years.\n"
        "• Sibling: 12 months."
    )
    assert comparison.as_of == date(2023, 1, 1)
    assert "A newspaper" in comparison.footer


def test_fewer_than_two_schemes_or_no_shared_topic_give_no_comparison(rules):
    assert rules.comparison(["demo"], "en") is None
    assert rules.comparison(["demo", "general"], "en") is None
