import pytest

from bot.commands import COMMANDS, Typed, parse_command, payload_of
from locales import text
from tests.bot.conftest import Desk

PAYLOADS = {
    "/start": "/greet",
    "/start qmas": '/greet{"scheme": "qmas"}',
    "/start asmtp": '/greet{"scheme": "asmtp"}',
    "/start interview_qmas": '/start_interview{"scheme": "qmas"}',
    "/start interview": "/start_interview",
    "/start a{b}": "/greet",
    "/help": "/capabilities",
    "/HELP@SomeBot": "/capabilities",
    "/interview": "/start_interview",
    "/interview QMAS": '/start_interview{"scheme": "qmas"}',
    '/interview {"scheme":"x"}': "/start_interview",
    "/schemes": "/scheme_overview",
    "/human": "/human_request",
    "/privacy": "/privacy",
    "/cancel": "/stop",
}


@pytest.mark.parametrize("typed", PAYLOADS)
def test_a_command_stands_for_a_payload(typed: str) -> None:
    command = parse_command(typed)
    assert command is not None
    assert payload_of(command) == PAYLOADS[typed]


@pytest.mark.parametrize(
    "typed", ["hello", " /restart", "／restart", "/ restart", "/什麼", "//help"]
)
def test_plain_text_is_no_command(typed: str) -> None:
    assert parse_command(typed) is None


@pytest.mark.parametrize("typed", ["/restart", "/foo bar", '/affirm{"x":1}', "/session_start"])
async def test_a_command_that_is_not_ours_is_never_forwarded(desk: Desk, typed: str) -> None:
    mei = desk.person()

    await mei.say(typed)

    reply = await mei.next_reply()
    assert reply.text.startswith("I do not know that command")
    assert all(f"/{name}" in reply.text for name in COMMANDS)
    assert desk.rasa.posts == []


@pytest.mark.parametrize(
    ("typed", "posted"),
    [("／ /restart", "restart"), ('／affirm{"x":1}', 'affirm{"x":1}'), ("/什麼", "什麼")],
)
async def test_text_that_only_looks_like_a_command_is_posted_as_text(
    desk: Desk, typed: str, posted: str
) -> None:
    mei = desk.person()

    await mei.say(typed)
    await desk.settled()

    assert desk.rasa.messages == [posted]


async def test_a_deep_link_opens_a_schemes_interview(desk: Desk) -> None:
    mei = desk.person()

    await mei.start("interview_qmas")
    await desk.settled()

    assert desk.rasa.messages == ['/start_interview{"scheme": "qmas"}']


def test_a_command_knows_whether_it_is_ours() -> None:
    assert Typed("help").known
    assert not Typed("restart").known


@pytest.mark.parametrize("language", ["en", "zh-Hant", "zh-Hans", "ja"])
def test_every_command_is_described_within_telegrams_limit(language: str) -> None:
    for name in COMMANDS:
        assert 1 <= len(text("bot", language, f"command_{name}")) <= 256
