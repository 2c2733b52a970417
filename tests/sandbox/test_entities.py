import re

import pytest

from sandbox import entities
from sandbox.errors import BotApiError


@pytest.mark.parametrize(
    ("text", "units"),
    [("", 0), ("永久居民", 4), ("🏠", 2), ("👨‍💻", 5), ("a\nb", 3)],
    ids=["nothing", "Han", "an emoji", "a joined emoji", "a line break"],
)
def test_lengths_are_utf16_units(text: str, units: int) -> None:
    assert entities.utf16_length(text) == units


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("/start", [("bot_command", "/start")]),
        ("🏠 /help now", [("bot_command", "/help")]),
        ("/start@some_bot hi", [("bot_command", "/start@some_bot")]),
        ("/start你好", []),
        ("a/b", []),
        ("see https://www.immd.gov.hk/a?b=1.", [("url", "https://www.immd.gov.hk/a?b=1")]),
        ("詳情：https://www.immd.gov.hk/。", [("url", "https://www.immd.gov.hk/")]),
        ("write to a.b@example.hk", [("email", "a.b@example.hk")]),
        ("ask @someone", [("mention", "@someone")]),
    ],
)
def test_telegram_finds_entities_by_itself(text: str, found: list[tuple[str, str]]) -> None:
    shown = [
        (entity["type"], entities.utf16_slice(text, entity["offset"], entity["length"]))
        for entity in entities.found_entities(text)
    ]

    assert shown == found


def test_html_becomes_text_and_entities() -> None:
    text, found = entities.parse('🏠<b>a &lt; <i>b</i></b> <a href="https://x.hk">c</a>', "HTML")

    assert text == "🏠a < b c"
    assert found == [
        {"type": "bold", "offset": 2, "length": 5},
        {"type": "italic", "offset": 6, "length": 1},
        {"type": "text_link", "offset": 8, "length": 1, "url": "https://x.hk"},
    ]


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        (
            "🏟 🏟&lt;<i>a</em   >",
            'Unmatched end tag at byte offset 17, expected "</i>", found "</em>"',
        ),
        ("🏟 🏟&lt;<abac>", 'Unsupported start tag "abac" at byte offset 13'),
        ("a < b>", 'Unsupported start tag "" at byte offset 2'),
        ("x <b", "Unclosed start tag at byte offset 2"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_broken_html_is_refused_in_telegrams_words(markup: str, reason: str) -> None:
    whole = f"^Bad Request: can't parse entities: {re.escape(reason)}$"
    with pytest.raises(BotApiError, match=whole):
        entities.parse(markup, "HTML")


def test_markdown_v2_becomes_text_and_entities() -> None:
    marked = r"*bold* _it\.alic_ __under__ `a*b` [c](https://x.hk)"
    text, found = entities.parse(marked, "MarkdownV2")

    assert text == "bold it.alic under a*b c"
    assert [entity["type"] for entity in found] == [
        "bold",
        "italic",
        "underline",
        "code",
        "text_link",
    ]


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        ("Version 1.0", "Character '.' is reserved and must be escaped with the preceding '\\'"),
        ("🏟 🏟_abacaba", "Can't find end of Italic entity at byte offset 9"),
        ("🏟 🏟_abac * asd ", "Can't find end of Bold entity at byte offset 15"),
        ("🏟 🏟`", "Can't find end of Code entity at byte offset 9"),
        ("🏟 🏟```", "Can't find end of Pre entity at byte offset 9"),
        ("🏟 🏟__🏟 🏟_", "Can't find end of Italic entity at byte offset 20"),
    ],
)
def test_broken_markdown_v2_is_refused_in_telegrams_words(markup: str, reason: str) -> None:
    with pytest.raises(BotApiError, match=re.escape(reason)):
        entities.parse(markup, "MarkdownV2")


def test_an_unknown_parse_mode_is_refused() -> None:
    with pytest.raises(BotApiError, match="unsupported parse_mode"):
        entities.parse("x", "XML")


def test_trimming_moves_the_entities() -> None:
    text, found = entities.complete("  bold ", [{"type": "bold", "offset": 1, "length": 6}])

    assert (text, found) == ("bold", [{"type": "bold", "offset": 0, "length": 4}])
