from __future__ import annotations

from typing import Any

import pytest

from actions.languages import LANGUAGES
from schemes import Rules
from tests.actions.person import Heard, Person


def asked(person: Person) -> str | None:
    """The fact that the person was asked last."""
    return (person.slots.get("interview") or {}).get("pending")


def begin(person: Person, scheme: str = "qmas") -> Heard:
    return person.presses(f'/start_interview{{"scheme": "{scheme}"}}')


def reach(person: Person, fact: str, scheme: str = "qmas") -> None:
    """Answers with "unsure" or harmless values until `fact` pends."""
    harmless = {
        "nationality": "other", "age": "40", "criminal_record": "none", "adverse_immigration": "no",
        "can_support": "yes", "english": "yes", "chinese": "no", "education_level": "master",
        "exceptional_award": "no", "peer_recognition": "no", "mainland_resident": "yes",
        "job_offer": "confirmed", "hk_graduate": "no", "offer_matches": "yes",
        "background": "degree_in_field", "genuine_vacancy": "yes", "pay_at_market": "yes",
        "recruitment_proof": "no", "on_talent_list": "no", "eligible_degree": "yes",
        "stem_degree": "no", "other_language": "no", "graduate_work_years": "6",
        "reputable_years": "0", "field_years": "0", "international_years": "0",
    }  # fmt: skip
    begin(person, scheme)
    for _ in range(40):
        pending = asked(person)
        if pending == fact:
            return
        value = harmless.get(str(pending), "unsure")
        person.presses(f'/answer{{"fact": "{pending}", "value": "{value}"}}')
    raise AssertionError(f"{scheme} never asked for {fact}")


def test_the_first_question_comes_with_the_beginning(person: Person) -> None:
    heard = begin(person)

    assert heard.turn["interview"]["fact"] == "nationality"
    assert "What is your nationality?" in heard.text


def test_without_a_scheme_the_person_is_asked_which(person: Person) -> None:
    heard = person.types("check whether I qualify", "start_interview")

    assert heard.turn["action"] == "ask_scheme"
    assert '/start_interview{"scheme": "qmas"}' in heard.payloads


def test_an_answer_is_kept_and_said_back(person: Person) -> None:
    reach(person, "age")

    heard = person.types("I'm thirty-two", "answer")

    assert person.answers["age"] == 32
    assert "✓ Age: 32" in heard.text
    assert asked(person) == "criminal_record"


@pytest.mark.parametrize("text", ["32", "三十二", "３２", "32歳です", "thirty two"])
def test_a_bare_number_is_the_answer_whatever_the_classifier_says(
    person: Person, text: str
) -> None:
    reach(person, "age")

    person.types(text, "fees", 0.9)

    assert person.answers["age"] == 32


@pytest.mark.parametrize("text", ["はい", "係", "是的", "yes", "うん", "有"])
def test_a_bare_yes_is_the_answer_whatever_the_classifier_says(person: Person, text: str) -> None:
    reach(person, "can_support")

    person.types(text, "greet", 0.8)

    assert person.answers["can_support"] is True


def test_an_amount_in_another_currency_is_told_and_can_be_corrected(person: Person) -> None:
    reach(person, "annual_income")

    heard = person.types("500k rmb", "answer")

    assert person.answers["annual_income"] == 545_000
    assert "CNY 500,000" in heard.text
    assert "HK$545,000" in heard.text

    person.types("change my income: HK$600,000", "change_answer")

    assert person.answers["annual_income"] == 600_000


def test_a_currency_without_a_rate_is_asked_about(person: Person) -> None:
    reach(person, "annual_income")

    heard = person.types("2 million baht", "answer")

    assert "annual_income" not in person.answers
    assert "THB" in heard.text
    assert asked(person) == "annual_income"


@pytest.mark.parametrize("text", ["80k a month", "月入四萬五", "月給50万円", "月薪3万"])
def test_a_monthly_pay_is_asked_for_the_year(person: Person, text: str) -> None:
    reach(person, "annual_income")

    heard = person.types(text, "answer")

    assert "annual_income" not in person.answers
    assert "whole year" in heard.text


@pytest.mark.parametrize("text", ["800k to 1m", "80-100万", "八九十萬"])
def test_a_range_is_asked_about(person: Person, text: str) -> None:
    reach(person, "annual_income")

    heard = person.types(text, "answer")

    assert "annual_income" not in person.answers
    assert "more than one answer" in heard.text


@pytest.mark.parametrize("text", ["none", "沒有", "ありません", "0", "ゼロ"])
def test_none_is_nought_where_a_quantity_is_asked(person: Person, text: str) -> None:
    reach(person, "annual_income")

    person.types(text, "deny")

    assert person.answers["annual_income"] == 0


@pytest.mark.parametrize(("text", "words"), [("-3", "at least 0"), ("999", "at most 120")])
def test_an_age_beyond_belief_is_asked_again_with_the_bounds(
    person: Person, text: str, words: str
) -> None:
    reach(person, "age")

    heard = person.types(text, "answer")

    assert "age" not in person.answers
    assert words in heard.text
    assert asked(person) == "age"


@pytest.mark.parametrize(
    ("text", "option"),
    [("still negotiating", "negotiating"), ("傾緊", "negotiating"), ("signed", "confirmed"),
     ("No", "none"), ("交渉中です", "negotiating"), ("I don't have an offer", "none")],
)  # fmt: skip
def test_an_option_is_chosen_by_its_words(person: Person, text: str, option: str) -> None:
    reach(person, "job_offer", "asmtp")

    person.types(text, "answer")

    assert person.answers["job_offer"] == option


def test_what_is_told_beside_the_answer_is_kept_too(person: Person) -> None:
    begin(person)
    person.presses('/answer{"fact": "nationality", "value": "other"}')

    heard = person.types("I'm 32 with a master's", "answer")

    assert (person.answers["age"], person.answers["education_level"]) == (32, "master")
    assert "Highest qualification" in heard.text


def test_a_volunteered_value_never_overwrites_an_answer(person: Person) -> None:
    reach(person, "criminal_record")
    before = person.answers["age"]

    person.types("none, since I was 20 years old", "answer")

    assert person.answers["age"] == before


def test_a_question_is_answered_and_the_pending_one_comes_again(person: Person) -> None:
    reach(person, "age")

    heard = person.types("how much is the fee?", "fees")

    assert "HK$" in heard.text
    assert "How old are you?" in heard.texts[-1]
    assert asked(person) == "age"
    assert "age" not in person.answers


def test_a_number_inside_a_question_is_no_answer(person: Person) -> None:
    reach(person, "age")

    person.types("is it a problem to be over 50 years old?", "age", 0.9)

    assert "age" not in person.answers


def test_two_questions_during_the_interview_are_both_answered(person: Person) -> None:
    reach(person, "age")
    questions = [
        {"text": "how much is it?", "intent": "fees", "confidence": 0.9, "schemes": []},
        {"text": "how long does it take?", "intent": "processing_time", "confidence": 0.9,
         "schemes": []},
    ]  # fmt: skip

    heard = person.types("how much is it? how long does it take?", "fees", questions=questions)

    assert len(heard.texts) == 3
    assert "How old are you?" in heard.texts[-1]


def test_back_asks_the_last_answer_again(person: Person) -> None:
    reach(person, "criminal_record")

    heard = person.presses("/go_back")

    assert asked(person) == "age"
    assert "age" not in person.answers
    assert "Let me ask that again." in heard.text


def test_back_at_the_beginning_says_so_and_asks_on(person: Person) -> None:
    begin(person)

    heard = person.types("back", "go_back")

    assert "There is no earlier answer yet." in heard.text
    assert asked(person) == "nationality"


def test_change_with_a_new_value_takes_it_at_once(person: Person) -> None:
    reach(person, "can_support")

    person.types("sorry, I'm 34, not what I said", "change_answer")

    assert person.answers["age"] == 34


def test_change_without_a_value_offers_the_answers_given(person: Person) -> None:
    reach(person, "can_support")

    heard = person.types("I made a mistake", "change_answer")

    assert '/change_answer{"fact": "age"}' in heard.payloads
    assert "Age: 40" in " ".join(heard.titles)

    person.presses('/change_answer{"fact": "age"}')
    person.types("41", "answer")

    assert person.answers["age"] == 41
    assert asked(person) == "can_support"


def test_changing_by_name_asks_that_question_again(person: Person) -> None:
    reach(person, "can_support")

    person.types("change my age", "change_answer")

    assert asked(person) == "age"


def test_why_names_the_criterion_and_its_source(person: Person) -> None:
    reach(person, "age")

    heard = person.types("why do you ask?", "why")

    assert "18" in heard.text
    assert "How old are you?" in heard.texts[-1]


def test_not_sure_leaves_the_fact_unknown_and_goes_on(person: Person) -> None:
    reach(person, "can_support")

    person.types("no idea tbh", "not_sure")

    assert person.answers["can_support"] == "unsure"
    assert asked(person) != "can_support"


def test_stop_keeps_everything_and_resume_goes_on(person: Person) -> None:
    reach(person, "can_support")
    before = person.answers

    stopped = person.types("that's enough for now", "stop")
    free = person.types("hello again", "greet")
    resumed = person.types("go on", "resume")

    assert stopped.turn["interview"]["open"] is False
    assert "/resume" in free.payloads
    assert person.answers == before
    assert resumed.turn["interview"]["fact"] == "can_support"


def test_where_do_i_stand_shows_the_tally_and_asks_on(person: Person) -> None:
    reach(person, "other_language")

    heard = person.types("where do I stand?", "show_result")

    assert "Items met:" in heard.text
    assert heard.turn["interview"]["fact"] == "other_language"


def test_a_button_of_an_older_question_changes_that_answer(person: Person) -> None:
    reach(person, "can_support")

    person.presses('/answer{"fact": "criminal_record", "value": "minor"}')

    assert person.answers["criminal_record"] == "minor"
    assert asked(person) == "can_support"


@pytest.mark.parametrize(
    "payload",
    ['/answer{"fact": "nonsense", "value": "yes"}', '/answer{"fact": "age", "value": "old"}',
     '/answer{"fact": "can_support", "value": "purple"}', "/answer", '/not_sure{"fact": "zodiac"}',
     '/change_answer{"fact": "zodiac"}', '/answer{"fact": "child_age", "value": "3"}'],
)  # fmt: skip
def test_a_button_that_makes_no_sense_asks_the_pending_question_again(
    person: Person, payload: str
) -> None:
    reach(person, "can_support")
    before = person.answers

    heard = person.presses(payload)

    assert heard.texts
    assert person.answers == before or person.answers["can_support"] == "unsure"


def test_answers_serve_the_next_scheme_too(person: Person) -> None:
    reach(person, "can_support")
    before = person.answers

    heard = begin(person, "ttps")

    assert "I've kept what you told me before" in heard.text
    assert before.items() <= person.answers.items()


def test_starting_fresh_forgets_the_answers_of_that_scheme(person: Person) -> None:
    reach(person, "can_support")

    person.presses('/start_interview{"scheme": "qmas", "value": "fresh"}')

    assert person.answers == {}


def test_two_misses_offer_a_person(person: Person) -> None:
    reach(person, "age")

    first = person.types("banana", confidence=0.1)
    second = person.types("more banana", confidence=0.1)

    assert "/human_request" not in first.payloads
    assert "/human_request" in second.payloads


EVERY_OUTCOME = {
    "meets": {
        "mainland_resident": "yes", "job_offer": "confirmed", "hk_graduate": "no",
        "offer_matches": "yes", "background": "degree_in_field", "genuine_vacancy": "yes",
        "pay_at_market": "yes", "recruitment_proof": "yes", "criminal_record": "none",
        "security_issue": "no",
    },
    "does_not_meet": {"mainland_resident": "no"},
    "may_meet": {
        "mainland_resident": "both", "job_offer": "negotiating", "hk_graduate": "no",
        "offer_matches": "partly", "background": "degree_other", "genuine_vacancy": "yes",
        "pay_at_market": "yes", "recruitment_proof": "yes", "criminal_record": "minor",
        "security_issue": "no",
    },
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("outcome", EVERY_OUTCOME)
def test_the_outcome_told_is_that_of_the_rules(rules: Rules, language: str, outcome: str) -> None:
    person = Person(language)
    heard = begin(person, "asmtp")
    given: dict[str, Any] = EVERY_OUTCOME[outcome]
    while asked(person):
        fact = asked(person)
        heard = person.presses(f'/answer{{"fact": "{fact}", "value": "{given[str(fact)]}"}}')

    assert heard.turn["interview"]["outcome"] == outcome
    assert rules.assess("asmtp", heard.turn["interview"]["answers"]).outcome == outcome
    assert (heard.turn["handoff"] == "refer") == (outcome == "may_meet")


def test_a_doubtful_record_goes_to_a_person(person: Person) -> None:
    reach(person, "criminal_record")

    person.presses('/answer{"fact": "criminal_record", "value": "serious"}')
    heard = person.presses("/show_result")

    assert heard.turn["handoff"] == "refer"


@pytest.mark.parametrize(
    ("text", "fact", "value"),
    [
        ("change my age to 41", "age", 41), ("改返年齡，係三十五先啱", "age", 35),
        ("年龄改成34", "age", 34), ("年齢は36に直してください", "age", 36),
        ("I want to correct my degree: it's a PhD", "education_level", "doctorate"),
        ("学历改成硕士", "education_level", "master"),
        ("修士ではなく学士です", "education_level", "bachelor"),
        ("年薪係120萬，唔係80萬", "annual_income", None),
        ("my salary is 1.2m, sorry", "annual_income", 1_200_000),
        ("國籍應該係越南", "nationality", "vietnam"), ("typo, I'm 43 not 34", "age", 43),
    ],
)  # fmt: skip
def test_the_answer_to_change_is_made_out_from_its_name_or_its_kind(
    person: Person, text: str, fact: str, value: object
) -> None:
    reach(person, "annual_income")
    person.types("HK$900k", "answer")

    heard = person.types(text, "change_answer")

    if value is None:  # two values are given: which one is meant is asked
        assert asked(person) == fact
        assert heard.texts
    else:
        assert person.answers[fact] == value
