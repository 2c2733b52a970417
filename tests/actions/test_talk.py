from __future__ import annotations

from typing import Any

import pytest

from actions.languages import LANGUAGES, NATIVE_NAMES
from tests.actions.person import Person
from tests.typed import typed_message

DIALOGUE = [
    "greet", "goodbye", "thanks", "smalltalk", "capabilities", "bot_identity", "affirm", "deny",
    "human_request", "not_it", "complaint", "change_language", "privacy", "delete_data", "overstay",
    "deadline", "out_of_scope", "show_result", "resume", "stop", "go_back", "change_answer", "why",
    "not_sure", "repeat", "start_interview", "answer", "nlu_fallback", "set_scheme",
]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("intent", DIALOGUE)
def test_every_dialogue_intent_is_answered_in_every_language(intent: str, language: str) -> None:
    heard = Person(language).types("…", intent)

    assert heard.text.strip()
    assert heard.turn["language"] == language


@pytest.mark.parametrize(
    ("intent", "reason"),
    [("human_request", "asked"), ("complaint", "complaint"), ("overstay", "overstay"),
     ("deadline", "deadline")],
)  # fmt: skip
def test_what_needs_a_person_says_why(person: Person, intent: str, reason: str) -> None:
    assert person.types("…", intent).turn["handoff"] == reason


def test_a_person_can_be_reached_by_phone_and_mail(person: Person) -> None:
    heard = person.types("let me talk to somebody", "human_request")

    assert "Phone:" in heard.text
    assert "@" in heard.text


def test_the_second_wrong_answer_goes_to_a_person(person: Person) -> None:
    first = person.types("that's not what I asked", "not_it")
    second = person.types("no!", "not_it")

    assert first.turn["handoff"] is None
    assert second.turn["handoff"] == "not_it"


def test_refusals_are_answered_and_go_to_a_person(person: Person) -> None:
    heard = person.types("my QMAS application was refused", "refusal")

    assert heard.turn["handoff"] == "refusal"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_that_is_chosen_stays(language: str) -> None:
    person = Person("en")

    chosen = person.presses(f'/change_language{{"language": "{language}"}}')
    later = person.types("thank you so much", "thanks")

    assert NATIVE_NAMES[language] in chosen.text
    assert later.turn["language"] == language


def test_a_wish_for_another_language_offers_the_four(person: Person) -> None:
    heard = person.types("other language please", "change_language")

    assert heard.titles == list(NATIVE_NAMES.values())


def test_chinese_alone_leaves_the_script_to_the_person(person: Person) -> None:
    heard = person.types("Can we talk in Chinese?", "change_language")

    assert heard.titles == list(NATIVE_NAMES.values())
    assert Person("zh-Hans").types("说中文", "change_language").turn["language"] == "zh-Hans"


@pytest.mark.parametrize(
    ("text", "language"),
    [("Please speak English", "en"), ("日本語でお願いします", "ja"), ("請用繁體中文", "zh-Hant"),
     ("请说简体中文", "zh-Hans"), ("can you speak Japanese", "ja"), ("用英文", "en"),
     ("in Traditional Chinese please", "zh-Hant"), ("simplified chinese pls", "zh-Hans"),
     ("英語で", "en"), ("広東語でもいい？", "zh-Hant"), ("Mandarin please", "zh-Hans")],
)  # fmt: skip
def test_a_language_named_is_taken(person: Person, text: str, language: str) -> None:
    heard = person.types(text, "change_language")

    assert heard.turn["language"] == language
    assert NATIVE_NAMES[language] in heard.text


def test_a_message_in_a_foreign_language_gets_the_choice_of_four(person: Person) -> None:
    foreign: dict[str, Any] = {"code": None, "confidence": 0.0, "scores": {}, "other": "ko"}

    message = typed_message("안녕하세요", "en", "greet")
    heard = person.sends({**message, "language": foreign})

    assert heard.turn["action"] == "foreign_language"
    assert len(heard.buttons) == len(LANGUAGES)


def test_my_data_is_forgotten_after_one_question(person: Person) -> None:
    person.presses('/start_interview{"scheme": "asmtp"}')
    person.presses('/answer{"fact": "mainland_resident", "value": "yes"}')

    asked = person.types("delete my data", "delete_data")
    person.presses('/delete_data{"value": "yes"}')

    assert '/delete_data{"value": "yes"}' in asked.payloads
    assert person.answers == {}
    assert person.slots["interview"] is None


def test_the_same_update_twice_gets_the_same_reply_and_changes_nothing(person: Person) -> None:
    metadata = {"metadata": {"update_id": 7}}
    person.presses('/start_interview{"scheme": "asmtp"}')
    payload = '/answer{"fact": "mainland_resident", "value": "yes"}'

    first = person.presses(payload, **metadata)
    slots = dict(person.slots)
    second = person.presses(payload, **metadata)

    assert (second.texts, second.buttons, second.turn) == (first.texts, first.buttons, first.turn)
    assert second.changed == {}
    assert person.slots == slots


def test_ok_and_numbers_never_switch_the_language() -> None:
    person = Person("ja")
    person.types("こんにちは", "greet")

    for text in ("ok", "32", "QMAS"):
        silent = dict.fromkeys(LANGUAGES, 0.0)
        reading = {"code": "en", "confidence": 0.0, "scores": silent, "other": None}
        heard = person.sends({**typed_message(text, "en", "thanks"), "language": reading})
        assert heard.turn["language"] == "ja"
