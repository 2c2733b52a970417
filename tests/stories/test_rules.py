"""Intents, topics, actions and rules fit together."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import yaml

from actions import actions
from actions.memory import Memory
from nlu.components.entities import DomainExtractor
from tests.examples import HELD_OUT, LEARNT, examples

# Topics that are talked about with a person, not asked about: intents of the dialogue.
URGENT = {"overstay", "deadline"}
FALLBACK = "nlu_fallback"
# Replace actions of Rasa's own, which no rule names.
RASAS_OWN = {"action_restart", "action_back", "action_session_start"}


def load(path: str) -> Any:
    return yaml.safe_load(Path(path).read_text(encoding="utf-8"))


def intents_of_rules() -> list[str]:
    return [
        condition["intent"]
        for rule in load("stories/rules.yml")["rules"]
        for condition in rule["steps"][0].get("or", [rule["steps"][0]])
        if "intent" in condition
    ]


def intents() -> set[str]:
    return set(load("domain.yml")["intents"])


def test_every_intent_has_exactly_one_rule() -> None:
    assert Counter(intents_of_rules()) == Counter([*intents(), FALLBACK])


def test_every_topic_is_an_intent_that_is_answered() -> None:
    answered = next(
        {condition["intent"] for condition in rule["steps"][0]["or"]}
        for rule in load("stories/rules.yml")["rules"]
        if rule["steps"][1] == {"action": "action_answer"}
    )

    assert set(load("schemes/data/topics.yml")) - URGENT == answered


def test_every_action_of_the_domain_exists_and_is_used() -> None:
    made = {action().name() for action in actions.TurnAction.__subclasses__()}
    used = {rule["steps"][1]["action"] for rule in load("stories/rules.yml")["rules"]}

    assert set(load("domain.yml")["actions"]) == made
    assert used | RASAS_OWN == made


def test_every_slot_is_an_attribute_of_the_memory_and_decides_no_rule() -> None:
    slots = load("domain.yml")["slots"]

    assert set(slots) == set(Memory.__dataclass_fields__)
    assert not any(slot["influence_conversation"] for slot in slots.values())


def test_every_intent_has_examples_in_every_language() -> None:
    found = {(example.intent, example.language) for example in examples(LEARNT)}
    wanted = {(i, lang) for i in intents() for lang in ("en", "zh-Hant", "zh-Hans", "ja")}

    assert wanted - found == set()


def test_no_example_has_an_intent_that_does_not_exist() -> None:
    named = {example.intent for folder in (LEARNT, HELD_OUT) for example in examples(folder)}

    assert named <= intents()


def test_the_pipeline_finds_the_schemes_where_they_are() -> None:
    configured = {c["name"]: c for c in load("config.yml")["pipeline"]}
    extractor = configured[f"{DomainExtractor.__module__}.{DomainExtractor.__name__}"]

    assert Path(extractor["schemes"]).is_dir()
