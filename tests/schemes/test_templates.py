import pytest

from schemes.templates import Placeholder, TemplateError, digits, parse


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{fee}", Placeholder("parameter", "fee")),
        ("{general.fee:was_number}", Placeholder("parameter", "general.fee", "was_number")),
        ("{list:criteria:gpt}", Placeholder("list", "criteria", "gpt")),
        ("{list:documents:applicant}", Placeholder("list", "documents", "applicant")),
        ("{list:steps}", Placeholder("list", "steps", "")),
        ("{name:qmas}", Placeholder("name", "qmas")),
        ("{fullname:qmas}", Placeholder("fullname", "qmas")),
        ("{url:s-glg}", Placeholder("url", "s-glg")),
        ("{firm:phone}", Placeholder("firm", "phone")),
    ],
)
def test_a_placeholder_is_understood(text, expected):
    assert parse(text) == [expected]


@pytest.mark.parametrize(
    "text",
    ["{}", "{Fee}", "{fee:until_when}", "{list:topics:x}", "{list:criteria}", "{firm:owner}",
     "{fee", "fee}", "{a {b} c}", "{fee:}{", "{name:two words}"],
)  # fmt: skip
def test_braces_that_mean_nothing_are_refused(text):
    with pytest.raises(TemplateError):
        parse(text)


def test_plain_text_is_one_piece():
    assert parse("申請費") == ["申請費"]
    assert parse("") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{fee1} and {list:steps:2024}", ""),
        ("7 years", "7"),
        ("７年", "７"),
        ("①", "①"),
        ("³", "³"),
    ],
)
def test_digits_outside_placeholders_are_found(text, expected):
    assert digits(text) == expected
