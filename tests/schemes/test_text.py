from datetime import date

import pytest

from schemes.languages import LANGUAGES, foreign_characters
from schemes.text import format_bare, format_date, format_month, format_value


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (36, "months", ["36 months", "36個月", "36个月", "36か月"]),
        (1, "months", ["1 month", "1個月", "1个月", "1か月"]),
        (4, "weeks", ["4 weeks", "4星期", "4周", "4週間"]),
        (30, "days", ["30 days", "30日", "30天", "30日"]),
        (2.5, "years", ["2.5 years", "2.5年", "2.5年", "2.5年"]),
        (18, "age", ["18", "18歲", "18岁", "18歳"]),
        (1, "hours", ["1 hour", "1小時", "1小时", "1時間"]),
        (80, "points", ["80 points", "80分", "80分", "80点"]),
        (1, "points", ["1 point", "1分", "1分", "1点"]),
        (10000, "count", ["10,000", "10,000", "10,000", "10,000"]),
        (50, "millimetres", ["50 mm", "50毫米", "50毫米", "50mm"]),
        (5, "megabytes", ["5 MB", "5MB", "5MB", "5MB"]),
        (10, "percent", ["10%", "10%", "10%", "10%"]),
        (600, "hkd", ["HK$600", "600港元", "600港元", "600香港ドル"]),
        (1300, "hkd", ["HK$1,300", "1,300港元", "1,300港元", "1,300香港ドル"]),
        (999_999, "hkd", ["HK$999,999", "999,999港元", "999,999港元", "999,999香港ドル"]),
        (1_000_000, "hkd", ["HK$1 million", "100萬港元", "100万港元", "100万香港ドル"]),
        (2_500_000, "hkd", ["HK$2.5 million", "250萬港元", "250万港元", "250万香港ドル"]),
        (30_000_000, "hkd", ["HK$30 million", "3,000萬港元", "3,000万港元", "3,000万香港ドル"]),
        (200_000_000, "hkd", ["HK$200 million", "2億港元", "2亿港元", "2億香港ドル"]),
        ((3, 2), "pattern_years", ["3 + 2 years", "3 + 2年", "3 + 2年", "3 + 2年"]),
        ((2, 1), "pattern_years", ["2 + 1 years", "2 + 1年", "2 + 1年", "2 + 1年"]),
        ("ID 990A", "code", ["ID 990A"] * 4),
    ],
    ids=str,
)
def test_a_value_is_written_as_each_language_writes_it(value, unit, expected):
    assert [format_value(value, unit, language) for language in LANGUAGES] == expected


def test_a_day_and_a_month_are_written_as_each_language_writes_them():
    day = date(2022, 12, 8)

    assert [format_date(day, language) for language in LANGUAGES] == [
        "8 December 2022",
        "2022年12月8日",
        "2022年12月8日",
        "2022年12月8日",
    ]
    assert [format_month(day, language) for language in LANGUAGES] == [
        "December 2022",
        "2022年12月",
        "2022年12月",
        "2022年12月",
    ]


def test_a_text_is_shown_in_its_language():
    assert format_value({"en": "Kowloon", "ja": "九龍"}, "text", "ja") == "九龍"


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [(36, "months", "36"), (1300, "hkd", "1,300"), ([3, 2], "pattern_years", "3 + 2")],
    ids=str,
)
def test_a_bare_value_has_no_unit(value, unit, expected):
    assert format_bare(value, unit, "zh-Hant") == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("延長逗留期限", "zh-Hant", ""),
        ("延长逗留期限", "zh-Hant", "长"),
        ("延長逗留期限", "zh-Hans", "長"),
        ("滞在期間の延長", "ja", ""),
        ("深圳", "ja", ""),
        ("签证", "ja", "签证"),
        ("the word 簽證", "en", "簽證"),
    ],
    ids=str,
)
def test_characters_of_another_script_are_noticed(text, language, expected):
    assert foreign_characters(text, language) == expected
