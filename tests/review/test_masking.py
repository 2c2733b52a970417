"""What identifies a person is masked, in four languages; every other number survives."""

import pytest

from review.masking import Masker

mask = Masker(kept=["+852 3956 5078", "info@firm.example"])


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("My HKID is A123456(3).", "My HKID is [HKID]."),
        ("hkid z683365(5) ok", "hkid [HKID] ok"),
        ("WX123456(A)", "[HKID]"),
        ("A1234563", "[HKID]"),
        ("身份證號碼A123456（3）係我嘅", "身份證號碼[HKID]係我嘅"),
        ("身份證Ａ１２３４５６（３）", "身份證[HKID]"),
        ("我的香港身份证是 A123456", "我的香港身份证是 [HKID]"),
        ("香港IDはA123456(3)です", "香港IDは[HKID]です"),
        ("身份证 11010519491231002X", "身份证 [PRC ID]"),
        ("我的身份证号是440524188001010014，请问", "我的身份证号是[PRC ID]，请问"),
        ("110105 19491231 0021 is my id", "[PRC ID] is my id"),
        ("passport E12345678", "passport [passport]"),
        ("EJ1234567", "[passport]"),
        ("護照號碼 K01234567 已過期", "護照號碼 [passport] 已過期"),
        ("护照号码是123456789", "护照号码是[passport]"),
        ("my passport number is 512345678", "my passport number is [passport]"),
        ("パスポート番号はTR1234567です", "パスポート番号は[passport]です"),
        ("旅券番号：TK7654321", "旅券番号：[passport]"),
        ("call me at 9123 4567", "call me at [phone]"),
        ("91234567", "[phone]"),
        ("我電話６１２３４５６７", "我電話[phone]"),
        ("打9123-4567揾我", "打[phone]揾我"),
        ("+852 6123 4567", "[phone]"),
        ("+852-61234567 thanks", "[phone] thanks"),
        ("(852) 6123 4567", "[phone]"),
        ("手机13812345678", "手机[phone]"),
        ("微信同号138-1234-5678", "微信同号[phone]"),
        ("+86 138 1234 5678", "[phone]"),
        ("電話は090-1234-5678です", "電話は[phone]です"),
        ("０９０１２３４５６７８", "[phone]"),
        ("03-1234-5678まで", "[phone]まで"),
        ("+81 90 1234 5678", "[phone]"),
        ("+44 20 7946 0958", "[phone]"),
        ("(415) 555-1234", "[phone]"),
        ("电话九一二三四五六七", "电话[phone]"),
        ("mei.chan+visa@gmail.com please", "[e-mail] please"),
        ("メールはaiko@example.co.jpです", "メールは[e-mail]です"),
        ("电邮：mei＠qq．com", "电邮：[e-mail]"),
        ("card 4111 1111 1111 1111", "card [number]"),
        ("A123456(3) or a@b.hk or 9123 4567", "[HKID] or [e-mail] or [phone]"),
    ],
)
def test_what_identifies_is_masked(said: str, kept: str) -> None:
    assert mask(said) == kept


@pytest.mark.parametrize(
    "said",
    [
        "I graduated in 2019 and worked 2015-2020",
        "from 2019 2023",
        "form ID 990A or ID990A or ID(E)990A, and ID 1003A",
        "HK$1,300 or HK$2,500,000 a year",
        "HK$30000000 in assets",
        "HK30000000",
        "hk1500000",
        "30000000 to invest",
        "25000000港元資產",
        "年收入25000000元",
        "年薪250萬港元",
        "2500000",
        "RMB 88123456",
        "25123456 HKD",
        "年収1,200万円です",
        "年収12345678円",
        "20260101",
        "2026-01-01 and 28 December 2022",
        "2026年1月1日",
        "二零二六年一月一日",
        "enquiry@immd.gov.hk",
        "write to info@firm.example",
        "(852) 2824 6111",
        "+852 2824 6111",
        "2824-6111に電話",
        "入境處熱線2824 6111",
        "call 3956 5078",
        "TTPS A, B or C; top 100; 12 criteria; 80 points",
        "A類, B類 3年",
        "I am 32, my son is 7, salary 98,765.50",
        "3 + 3 years, 36 months, 180 days",
        "Cap. 115, section 2(4)(a)",
        "12個月內180日",
        "1868",
    ],
)
def test_other_numbers_survive(said: str) -> None:
    assert mask(said) == said


def test_values_that_were_understood_are_masked_too() -> None:
    understood = {"number": [91234567, 32], "money": [{"amount": 2_500_000.0}], "yes_no": ["yes"]}

    assert mask.value(understood) == {
        "number": ["[phone]", 32],
        "money": [{"amount": 2_500_000.0}],
        "yes_no": ["yes"],
    }


def test_masking_twice_changes_nothing_more() -> None:
    once = mask("A123456(3), 9123 4567, mei@example.com, E12345678")

    assert mask(once) == once
