"""Whatever somebody sends, they get a kind and useful reply, and nothing breaks."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest

from tests.conversation.server import Said, Server

_numbers = itertools.count()

GREETINGS = {
    "en": "Hello, I have a question about my visa",
    "zh-Hant": "你好，我想問下簽證嘅嘢",
    "zh-Hans": "你好，我想问一下签证的事情",
    "ja": "こんにちは、ビザについて質問があります",
}
BAD = {
    "nothing": "",
    "a space": " ",
    "twenty thousand letters": "x" * 20_000,
    "twenty thousand words": "visa " * 4_000,
    "twenty thousand spaces": " " * 20_000,
    "twenty thousand digits": "9" * 20_000,
    "one emoji": "🙃",
    "a thumb": "👍",
    "punctuation": "?!…。、；",
    "a restart": "/restart",
    "a session start": "/session_start",
    "a back": "/back",
    "a full-width payload": '／affirm{"x":1}',
    "a restart after a space": " /restart",
    "an intent that does not exist": "/no_such_intent",
    "an intent that does not exist, with entities": '/no_such_intent{"a": 1}',
    "HTML": "<b>fees</b><script>alert(1)</script>",
    "a negative age": "age: -3",
    "no amount": "income: a lot",
    "a number out of the blue": "999",
    "SQL": "'; DROP TABLE events; --",
    "JSON": '{"intent": "fees", "entities": [1, 2, {"a": null}]}',
    "broken JSON": '/fees{"scheme": ',
    "a slash": "/",
    "slashes": "////",
    "control characters": "\x00\x01\x1b[31m",
    "half a character": "�",
    "Arabic digits": "١٢٣",
    "line breaks": "a\n\n\n\nb\n\n",
    "an unknown scheme": '/fees{"scheme": "zzz"}',
    "a list of schemes": '/eligibility{"scheme": ["asmtp", "qmas"]}',
    "a scheme that is an object": '/eligibility{"scheme": {"a": 1}}',
    "a scheme that is a number": '/eligibility{"scheme": 5}',
    "an unknown fact": '/answer{"fact": "zodiac", "value": "lion"}',
    "an unknown value": '/answer{"fact": "can_support", "value": "purple"}',
    "a value that is an object": '/answer{"fact": "can_support", "value": {"x": 1}}',
    "a value beyond belief": '/answer{"fact": "age", "value": "1e999"}',
    "no number": '/answer{"fact": "age", "value": "NaN"}',
    "an unknown change": '/change_answer{"fact": "zodiac"}',
    "an unknown interview": '/start_interview{"scheme": "zzz"}',
    "a scheme without an interview": '/start_interview{"scheme": "cies"}',
    "an unknown language": '/change_language{"language": "tlh"}',
    "an unknown comparison": '/compare_schemes{"scheme": "qmas", "other": "zzz"}',
    "templates": "{scheme} {0} %s ${jndi:ldap://x}",
    "markup": "[click](http://example.com) *bold* `code`",
    "right to left": "\u202eabc\u202c",
}  # fmt: skip
FOREIGN = {
    "Korean": "비자 신청 비용이 얼마예요?",
    "French": "Bonjour, je voudrais savoir combien coûte la demande de visa pour mon mari",
    "Hindi": "वीज़ा शुल्क कितना है?",
    "Russian": "Сколько стоит виза в Гонконг?",
}


@pytest.fixture(scope="module", autouse=True)
def no_exception(server: Server) -> Iterator[None]:
    """After all of it, neither server has logged an exception."""
    yield
    for log in sorted(server.folder.glob("*.log")):
        assert "Traceback" not in log.read_text(encoding="utf-8", errors="replace"), log.name


class Talk:
    """Somebody of this language, before or in the middle of an interview."""

    def __init__(self, server: Server, language: str, *, interview: bool) -> None:
        self._server = server
        self._sender = f"odd-{next(_numbers)}"
        self.say(GREETINGS[language])
        if interview:
            self.say('/start_interview{"scheme": "qmas"}')
            self.say('/answer{"fact": "nationality", "value": "other"}')

    def say(self, message: str, **metadata: object) -> Said:
        return self._server.say(self._sender, message, **metadata)


@pytest.fixture(params=["before an interview", "in an interview"])
def interview(request: pytest.FixtureRequest) -> bool:
    return bool(request.param == "in an interview")


@pytest.mark.parametrize("what", BAD)
def test_the_reply_is_useful_and_in_the_persons_language(
    server: Server, interview: bool, what: str
) -> None:
    for language in GREETINGS:
        talk = Talk(server, language, interview=interview)

        said = talk.say(BAD[what])

        assert said.text.strip(), "there is a reply"
        assert said.turn["language"] == language
        assert said.buttons or said.turn["topic"] or said.turn["handoff"], "there is a way on"
        if interview:
            answers = said.turn["interview"]["answers"]
            assert answers.get("nationality") == "other" or what == "a back"
            assert "age" not in answers, "no answer was made up"


@pytest.mark.parametrize("what", FOREIGN)
def test_a_language_we_do_not_speak_gets_a_kind_line_and_the_choice_of_four(
    server: Server, interview: bool, what: str
) -> None:
    said = Talk(server, "en", interview=interview).say(FOREIGN[what])

    assert said.turn["action"] == "foreign_language"
    assert [button["title"] for button in said.buttons] == [
        "English",
        "繁體中文",
        "简体中文",
        "日本語",
    ]


@pytest.mark.parametrize(
    ("message", "language"),
    [("QMASの手数料は how much ですか", "ja"), ("我想apply優才，processing time要幾耐", "zh-Hant"),
     ("我想apply优才，processing time要多久", "zh-Hans")],
)  # fmt: skip
def test_mixed_languages_are_answered_in_the_one_that_carries_the_sentence(
    server: Server, message: str, language: str
) -> None:
    said = Talk(server, "en", interview=False).say(message)

    assert said.turn["language"] == language
    assert said.turn["topic"] in ("fees", "processing_time")


def test_a_book_in_chinese_is_answered_in_chinese(server: Server, interview: bool) -> None:
    said = Talk(server, "en", interview=interview).say("申請" * 10_000)

    assert said.text.strip()
    assert said.turn["language"] in ("zh-Hant", "zh-Hans")


def test_a_button_of_an_older_question_changes_only_that_answer(server: Server) -> None:
    talk = Talk(server, "en", interview=True)
    talk.say("41")

    said = talk.say('/answer{"fact": "nationality", "value": "nepal"}')

    assert said.turn["interview"]["answers"] == {"nationality": "nepal", "age": 41}
    assert said.turn["interview"]["fact"] == "criminal_record"


def test_a_button_of_an_interview_that_ended_is_answered(server: Server) -> None:
    talk = Talk(server, "en", interview=False)

    said = talk.say('/answer{"fact": "age", "value": "41"}')

    assert said.text.strip()
    assert said.buttons


def test_the_same_update_twice_gets_the_same_reply_and_changes_nothing(server: Server) -> None:
    talk = Talk(server, "en", interview=True)

    first = talk.say("41", update_id=900)
    second = talk.say("41", update_id=900)
    next_one = talk.say("no", update_id=901)

    assert (second.texts, second.buttons, second.turn) == (first.texts, first.buttons, first.turn)
    assert next_one.turn["interview"]["answers"]["criminal_record"] == "none"


def test_the_same_question_twice_is_answered_twice(server: Server) -> None:
    talk = Talk(server, "en", interview=False)

    first = talk.say("how much is the fee", update_id=1)
    second = talk.say("how much is the fee", update_id=2)

    assert second.texts == first.texts
