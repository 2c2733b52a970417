from __future__ import annotations

import pytest

from actions.languages import LANGUAGES
from schemes import Rules
from tests.actions.person import Person


def test_a_question_is_answered_with_its_source(person: Person, rules: Rules) -> None:
    heard = person.types("How long does QMAS take?", "processing_time")

    assert heard.text.replace("\n \n", "\n\n") == str(rules.answer("qmas", "processing_time", "en"))
    assert (heard.turn["topic"], heard.turn["scheme"]) == ("processing_time", "qmas")


def test_a_question_that_needs_a_scheme_is_asked_back_with_a_button_each(person: Person) -> None:
    heard = person.types("what is it for?", "scheme_definition")

    assert heard.turn["action"] == "ask_scheme"
    assert '/scheme_definition{"scheme": "asmtp"}' in heard.payloads
    assert '/scheme_definition{"scheme": "qmas"}' in heard.payloads


def test_the_scheme_talked_about_is_remembered(person: Person) -> None:
    person.types("How long does QMAS take?", "processing_time")

    heard = person.types("and the conditions?", "eligibility")

    assert heard.turn["scheme"] == "qmas"


def test_the_last_question_is_answered_for_another_scheme(person: Person) -> None:
    person.types("How long can I stay with ASMTP?", "length_of_stay")

    heard = person.types("and for QMAS?", "set_scheme")

    assert (heard.turn["topic"], heard.turn["scheme"]) == ("length_of_stay", "qmas")


def test_a_scheme_alone_without_an_earlier_question_is_explained(person: Person) -> None:
    heard = person.types("IANG", "set_scheme")

    assert (heard.turn["topic"], heard.turn["scheme"]) == ("scheme_definition", "iang")


def test_two_schemes_in_a_question_get_two_answers(person: Person) -> None:
    heard = person.types("processing time of ASMTP and QMAS", "processing_time")

    assert len(heard.texts) == 2


def test_two_questions_get_two_answers(person: Person) -> None:
    questions = [
        {"text": "fee for qmas?", "intent": "fees", "confidence": 0.9, "schemes": ["qmas"]},
        {"text": "how long?", "intent": "processing_time", "confidence": 0.9, "schemes": []},
    ]

    heard = person.types("fee for qmas? how long?", "fees", questions=questions)

    assert len(heard.texts) == 2
    assert heard.turn["scheme"] == "qmas"


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_schemes_are_compared(language: str) -> None:
    heard = Person(language).types("ASMTP vs QMAS", "compare_schemes")

    assert heard.turn["action"] == "compare"
    assert "ASMTP" in heard.text or "專才" in heard.text or "专才" in heard.text


def test_one_scheme_to_compare_is_asked_for_the_other(person: Person) -> None:
    heard = person.types("compare QMAS", "compare_schemes")

    assert heard.turn["action"] == "ask_scheme"
    assert any('"other": "ttps"' in payload for payload in heard.payloads)


def test_the_button_of_the_other_scheme_compares_the_two(person: Person) -> None:
    asked = person.types("compare QMAS", "compare_schemes")
    button = next(payload for payload in asked.payloads if '"other": "ttps"' in payload)

    heard = person.presses(button)

    assert heard.turn["action"] == "compare"
    assert "TTPS" in heard.text


def test_what_is_not_understood_offers_the_likeliest_topics(person: Person) -> None:
    ranking = [
        {"name": "nlu_fallback", "confidence": 0.7}, {"name": "fees", "confidence": 0.3},
        {"name": "photo", "confidence": 0.2}, {"name": "greet", "confidence": 0.15},
    ]  # fmt: skip

    heard = person.types("that thing there", confidence=0.7, intent_ranking=ranking)

    assert heard.turn["fallback"] is True
    assert heard.payloads[:2] == ["/fees", "/photo"]
    assert heard.payloads[-1] == "/human_request"


def test_a_second_miss_hands_over_to_a_person(person: Person) -> None:
    first = person.types("blah")
    second = person.types("blah blah")

    assert first.turn["handoff"] is None
    assert second.turn["handoff"] == "not_understood"


def test_a_good_answer_forgives_the_misses(person: Person) -> None:
    person.types("blah")
    person.types("fees", "fees")

    assert person.types("blah blah").turn["handoff"] is None


def test_what_no_rule_says_is_admitted_with_a_way_to_a_person(person: Person, rules: Rules) -> None:
    topics = rules.topics()
    topic = next(t for t in topics.values() if "general" not in t.schemes and "asmtp" in t.schemes
                 and "cies" not in t.schemes and not t.id.startswith("dependants_"))  # fmt: skip

    heard = person.presses(f'/{topic.id}{{"scheme": "cies"}}')

    assert "no confirmed information" in heard.text
    assert "/human_request" in heard.payloads


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_topic_of_every_scheme_is_answered_in_every_language(
    rules: Rules, language: str
) -> None:
    for topic in rules.topics().values():
        if topic.id in ("overstay", "deadline"):
            continue  # talked about, with a person (test_talk.py)
        for scheme in [None, *(s.id for s in rules.schemes())]:
            entity = f'{{"scheme": "{scheme}"}}' if scheme else ""
            heard = Person(language, {"language": language}).presses(f"/{topic.id}{entity}")
            assert heard.text.strip(), (topic.id, scheme)
            assert heard.turn["language"] == language


def test_an_unknown_scheme_in_a_payload_is_ignored(person: Person) -> None:
    heard = person.presses('/fees{"scheme": "zzz"}')

    assert "HK$" in heard.text


def test_the_list_of_papers_becomes_personal_once_something_is_known(person: Person) -> None:
    before = person.types("papers for asmtp", "documents")
    person.presses('/start_interview{"scheme": "asmtp"}')
    person.presses('/answer{"fact": "mainland_resident", "value": "yes"}')
    person.types("stop", "stop")

    after = person.types("papers for asmtp", "documents")

    assert before.turn["action"] == "answer"
    assert after.turn["action"] == "documents"
    assert "the papers for your case" in after.text


def test_eligibility_leads_to_the_interview(person: Person) -> None:
    heard = person.types("conditions of QMAS", "eligibility")

    assert '/start_interview{"scheme": "qmas"}' in heard.payloads
