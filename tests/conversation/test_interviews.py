"""Whole interviews, typed and tapped, in four languages; the persons are in interviews.yml."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from schemes import Rules
from tests.conversation.server import Said

PERSONS = yaml.safe_load(Path(__file__).with_name("interviews.yml").read_text(encoding="utf-8"))
TYPED = [person for person in PERSONS if "replies" in person]
TAPPED = [person for person in PERSONS if person.get("buttons")]
MOST_TURNS = 30
GREETINGS = {"en": "hello", "zh-Hant": "你好，請問", "zh-Hans": "你好，请问", "ja": "こんにちは"}

Say = Callable[[str], Said]


@pytest.fixture(scope="module")
def rules() -> Rules:
    return Rules.open("build/schemes.db")


def name(person: dict[str, Any]) -> str:
    return str(person["name"])


def go_through(say: Say, said: Said, answer: Callable[[Said, str], str]) -> Said:
    """Answers whatever is asked until nothing is."""
    for _ in range(MOST_TURNS):
        fact = said.turn["interview"]["fact"]
        if fact is None:
            return said
        said = say(answer(said, fact))
        assert said.turn["interview"]["fact"] != fact, f"{fact} was not understood: {said.text}"
    raise AssertionError(f"still asking after {MOST_TURNS} answers")


def button_for(said: Said, fact: str, value: Any) -> str:
    """The payload of the button that gives this answer."""
    if value == "unsure":
        wanted: dict[str, str] = {"fact": fact}
    else:
        word = {True: "yes", False: "no"}[value] if isinstance(value, bool) else value
        wanted = {"fact": fact, "value": word}
    for button in said.buttons:
        intent, brace, entities = button["payload"].partition("{")
        if intent in ("/answer", "/not_sure") and json.loads(brace + entities) == wanted:
            return button["payload"]
    raise AssertionError(f"no button for {fact} = {value!r} among {said.buttons}")


def check(said: Said, person: dict[str, Any], rules: Rules) -> None:
    """What was told is what the rules say, of what was understood and of what was meant."""
    told = said.turn["interview"]
    given: dict[str, Any] = told["answers"]

    assert given == {fact: person["answers"][fact] for fact in given}
    assert told["outcome"] == person["outcome"]
    assert rules.assess(person["scheme"], given).outcome == person["outcome"]
    assert rules.assess(person["scheme"], person["answers"]).outcome == person["outcome"]
    assert said.turn["language"] == person["language"]
    assert said.turn["interview"]["open"] is False


@pytest.mark.parametrize("who", TYPED, ids=name)
def test_an_interview_in_words_of_ones_own(person: Say, rules: Rules, who: dict[str, Any]) -> None:
    said = person(who["start"])
    assert said.turn["interview"] is not None, said.text
    assert said.turn["interview"]["scheme"] == who["scheme"]

    said = go_through(person, said, lambda _, fact: str(who["replies"][fact]))

    check(said, who, rules)


@pytest.mark.parametrize("who", TAPPED, ids=name)
def test_an_interview_by_buttons_alone(person: Say, rules: Rules, who: dict[str, Any]) -> None:
    person(GREETINGS[who["language"]])
    said = person(f'/start_interview{{"scheme": "{who["scheme"]}"}}')

    said = go_through(
        person, said, lambda shown, fact: button_for(shown, fact, who["answers"][fact])
    )

    check(said, who, rules)


@pytest.mark.parametrize("scheme", ["asmtp", "qmas"])
def test_the_persons_cover_every_language_and_every_outcome(scheme: str) -> None:
    persons = [person for person in PERSONS if person["scheme"] == scheme]

    assert {p["outcome"] for p in persons} == {"meets", "may_meet", "does_not_meet"}
    for kind in (TYPED, TAPPED):
        languages = {p["language"] for p in persons if p in kind}
        assert languages == {"en", "zh-Hant", "zh-Hans", "ja"}


def test_the_outcome_is_worded_criterion_by_criterion(person: Say) -> None:
    person("hello")
    person('/start_interview{"scheme": "asmtp"}')

    said = person('/answer{"fact": "mainland_resident", "value": "no"}')

    assert "you don't meet the published conditions at present" in said.text
    assert "❌ You are a Chinese resident of the Mainland" in said.text
    assert "not a decision" in said.text
