"""What must hold for any tree of criteria, and for the rules that are really in force."""

import sqlite3
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemes import UNSURE, Outcome, Rules, Verdict
from schemes.check import check
from schemes.criteria import Criterion, Test
from schemes.facts import Fact
from schemes.languages import LANGUAGES
from schemes.model import Book

DATA = Path(__file__).parents[2] / "schemes" / "data"
DAY = date(2026, 9, 15)
FACTS = [f"fact_{number}" for number in range(6)]
BLANK = dict.fromkeys(LANGUAGES, "-")


@pytest.fixture(scope="module")
def real():
    """The real data, as it stands."""
    loaded, problems = check(DATA, None, DAY)
    assert [str(problem) for problem in problems if not problem.warning] == []
    with Rules(loaded.book, sqlite3.connect(":memory:"), lambda: DAY) as rules:
        yield rules


@st.composite
def books(draw):
    """A tree of criteria over six yes/no facts; a fact may stand in several places."""
    criteria = {}

    def node(depth):
        name = f"node_{len(criteria)}"
        criteria[name] = None  # holds the name while its children are drawn
        kinds = ["fact"] if depth == 0 else ["fact", "all", "any", "at_least", "not"]
        kind = draw(st.sampled_from(kinds))
        if kind == "fact":
            test = Test("is", draw(st.booleans()))
            criteria[name] = Criterion(
                name, kind, fact=draw(st.sampled_from(FACTS)), tests=(test,), title=BLANK
            )
            return name
        count = 1 if kind == "not" else draw(st.integers(1, 4))
        children = tuple(node(depth - 1) for _ in range(count))
        needed = draw(st.integers(1, count)) if kind == "at_least" else None
        criteria[name] = Criterion(name, kind, children, needed, title=BLANK)
        return name

    root = node(3)
    facts = {name: Fact(name, "yes_no", BLANK, BLANK, BLANK, {}) for name in FACTS}
    return Book(
        facts=facts, criteria={"any": criteria}, roots={"any": root},
        interviews={"any": tuple(draw(st.permutations(FACTS)))},
    )  # fmt: skip


# A busy machine is no failure: only what is computed counts, not how fast.
PATIENT = settings(max_examples=60, deadline=None)

ANSWERS = st.dictionaries(st.sampled_from(FACTS), st.sampled_from([True, False, UNSURE]))


def rules_for(book):
    return Rules(book, None, lambda: DAY)


@PATIENT
@given(books(), ANSWERS, st.data())
def test_knowing_more_never_takes_a_verdict_back(book, answers, data):
    rules = rules_for(book)
    before = {r.id: r.verdict for r in rules.assess("any", answers).criteria}
    open_facts = [fact for fact in FACTS if answers.get(fact, UNSURE) == UNSURE]
    more = data.draw(st.dictionaries(st.sampled_from(FACTS), st.booleans()))
    known = {**answers, **{fact: more[fact] for fact in open_facts if fact in more}}

    after = {r.id: r.verdict for r in rules.assess("any", known).criteria}

    assert {name: after[name] for name, verdict in before.items() if verdict != "unknown"} == {
        name: verdict for name, verdict in before.items() if verdict != "unknown"
    }


@PATIENT
@given(books(), ANSWERS, st.randoms())
def test_the_order_of_answers_changes_nothing(book, answers, random):
    rules = rules_for(book)
    items = list(answers.items())
    random.shuffle(items)

    assert rules.assess("any", dict(items)).to_json() == rules.assess("any", answers).to_json()


@PATIENT
@given(books(), st.data())
def test_an_interview_ends_and_never_asks_twice(book, data):
    rules = rules_for(book)
    answers = {}

    while (fact := rules.assess("any", answers).next_fact) is not None:
        assert fact not in answers
        answers[fact] = data.draw(st.sampled_from([True, False, UNSURE]))

    assert rules.assess("any", answers).outcome != Outcome.NOT_ENOUGH_INFORMATION


@PATIENT
@given(books(), ANSWERS)
def test_what_is_not_asked_any_more_could_not_have_decided(book, answers):
    """Whatever the answers to all questions that were left out, the outcome stays."""
    rules = rules_for(book)
    result = rules.assess("any", answers)
    left_out = [f for f in FACTS if f not in answers and f not in result.missing]
    root = result.criteria[0].verdict

    for bits in range(2 ** len(left_out)):
        more = {fact: bool(bits >> place & 1) for place, fact in enumerate(left_out)}
        verdict = rules.assess("any", {**answers, **more}).criteria[0].verdict
        assert verdict == root


def values_of(fact):
    """Any answer that a real fact takes."""
    known = {
        "yes_no": st.booleans(),
        "choice": st.sampled_from(sorted(fact.options) or ["-"]),
        "whole_number": st.integers(int(fact.minimum or 0), int(fact.maximum or 200)),
        "years": st.integers(int(fact.minimum or 0), int(fact.maximum or 60)),
        "money": st.integers(0, 60).map(lambda tenths: tenths * 100_000),
        "date": st.integers(-400, 4000).map(lambda days: DAY - timedelta(days=days)),
    }
    return st.one_of(known[fact.type], st.just(UNSURE))


SLOW = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@SLOW
@given(data=st.data())
def test_a_real_interview_ends_tells_an_outcome_and_explains_it(real, data):
    scheme = data.draw(st.sampled_from([s.id for s in real.schemes() if s.has_interview]))
    language = data.draw(st.sampled_from(LANGUAGES))
    answers = {}

    while (fact := real.assess(scheme, answers, DAY).next_fact) is not None:
        assert fact not in answers
        answers[fact] = data.draw(values_of(real.facts()[fact]), label=fact)
        assert real.why(scheme, fact, language, DAY)

    result = real.assess(scheme, answers, DAY)
    assert result.outcome != Outcome.NOT_ENOUGH_INFORMATION
    assert all(r.reason(language) and r.title[language] for r in result.criteria)


@SLOW
@given(data=st.data())
def test_more_answers_never_take_a_real_verdict_back(real, data):
    scheme = data.draw(st.sampled_from([s.id for s in real.schemes() if s.has_interview]))
    facts = real.interview(scheme)
    everything = {fact: data.draw(values_of(real.facts()[fact]), label=fact) for fact in facts}
    known = data.draw(st.sets(st.sampled_from(facts)))

    before = real.assess(scheme, {fact: everything[fact] for fact in known}, DAY).criteria
    after = {r.id: r.verdict for r in real.assess(scheme, everything, DAY).criteria}

    assert [
        r.id for r in before if r.verdict is not Verdict.UNKNOWN and after[r.id] is not r.verdict
    ] == []
