"""Answers questions from the rules: with context, asking back, comparing, admitting ignorance."""

from __future__ import annotations

from collections.abc import Sequence

from actions import papers, talk
from actions.desk import HANDOFF_REASONS, MOST_BUTTONS, Desk
from actions.turn import Button, Reply, payload

GENERAL = "general"
FAMILY = "dependant"
# A question that names the family beside a scheme ("conditions for an ASMTP holder's dependants")
# is the family's question about that scheme.
FAMILY_TOPICS = {
    "eligibility": "dependants_conditions",
    "length_of_stay": "dependants_stay",
    "extension": "dependants_stay",
    "documents": "dependants_documents",
    "forms": "dependants_documents",
}
# A message that names more schemes than this gets the comparison's first few only.
MOST_SCHEMES = 3
# A search hit below this score shares a word with the question by chance.
SEARCH_FLOOR = 0.0
MOST_SUGGESTIONS = 3


def answer(desk: Desk, topic: str | None = None) -> Reply:
    """Answers the turn's topic for the schemes named, or for the one talked about so far."""
    topic = topic or desk.turn.intent
    other = desk.turn.entity("other")  # of a button "compare with …"
    named = desk.known_schemes([*desk.turn.schemes, *([str(other)] if other else [])])
    if FAMILY in named and len(named) > 1 and topic not in COMPARING:
        named = [scheme for scheme in named if scheme != FAMILY]
        topic = FAMILY_TOPICS.get(topic, topic)
    if len(named) > 1 and topic in COMPARING:
        return compare(desk, named)
    if topic == "compare_schemes":
        return compare(desk, _with_context(desk, named))
    asked: list[str | None] = [*named[:MOST_SCHEMES]] or [_context(desk, topic)]
    reply = answer_one(desk, asked[0], topic)
    for scheme in asked[1:]:
        reply.add(answer_one(desk, scheme, topic))
    _remember(desk, reply.scheme, topic)
    if topic in AT_ONCE and not desk.turn.pressed:
        reply.handoff = HANDOFF_REASONS[topic]
    return reply


# Topics that a person looks at as soon as somebody brings them up in their own words.
AT_ONCE = frozenset({"refusal"})


def answer_each(desk: Desk) -> Reply | None:
    """Two questions in one message get two answers; None where the message asks one thing."""
    topics = desk.rules.topics()
    asked = {
        question["intent"]: question
        for question in desk.turn.questions
        if question["intent"] in topics and question["confidence"] >= SEVERAL_FROM
    }
    if len(asked) < 2:
        return None
    reply = Reply(action="answer")
    for topic, question in list(asked.items())[:MOST_QUESTIONS]:
        named = desk.known_schemes(question["schemes"]) or desk.known_schemes(desk.turn.schemes)
        scheme = named[0] if named else _context(desk, topic)
        reply.add(answer_one(desk, scheme, topic))
        _remember(desk, scheme, topic)
    return reply


# A part of a message has to be this likely to be a question of its own to get its own answer.
SEVERAL_FROM = 0.5
MOST_QUESTIONS = 2

# Topics whose question about two schemes at once is a wish to compare them.
COMPARING = frozenset(
    {"compare_schemes", "scheme_overview", "scheme_definition", "which_scheme", "switch_scheme"}
)


def answer_one(desk: Desk, scheme: str | None, topic: str) -> Reply:
    """The answer for one scheme (None: none known), from the nearest place that has one."""
    if topic == papers.TOPIC and papers.has_personal_list(desk, scheme):
        assert scheme is not None, "a personal list belongs to a scheme"
        return papers.personal_list(desk, scheme)
    reply = Reply(action="answer", topic=topic, scheme=scheme)
    having = desk.rules.topics()[topic].schemes
    place = next((place for place in _places(scheme, topic) if place in having), None)
    if place is None:
        return _no_answer(desk, scheme, topic, having)
    found = desk.rules.answer(place, topic, desk.language, desk.today)
    assert found is not None, f"topics() says that {place} answers {topic}"
    reply.say(str(found), _follow_ups(desk, scheme, topic, found.see, place))
    return reply


def _places(scheme: str | None, topic: str) -> list[str]:
    """Where an answer may stand, nearest first."""
    family = [FAMILY] if topic.startswith("dependants_") else []
    return [*([scheme] if scheme else []), *family, GENERAL]


def _context(desk: Desk, topic: str) -> str | None:
    """The scheme talked about, if the topic depends on one."""
    if desk.rules.topics()[topic].needs_scheme or desk.memory.scheme is not None:
        return desk.memory.scheme
    return None


def _with_context(desk: Desk, named: Sequence[str]) -> list[str]:
    known = desk.memory.scheme
    return [*([known] if len(named) == 1 and known and known not in named else []), *named]


# Answers without a scheme that point to one: what is asked next is asked about that one.
LEADS_TO = {"hk_graduate": "iang", "ttps_categories": "ttps", "twelve_criteria": "qmas"}


def _remember(desk: Desk, scheme: str | None, topic: str) -> None:
    desk.memory.topic = topic
    scheme = scheme or LEADS_TO.get(topic)
    if scheme and scheme != GENERAL:
        desk.memory.scheme = scheme
    desk.memory.misses = 0


def _no_answer(desk: Desk, scheme: str | None, topic: str, having: Sequence[str]) -> Reply:
    """No answer for this scheme: the only other one, a question back, or an honest no."""
    reply = Reply(action="answer", topic=topic, scheme=scheme)
    if scheme is None and len(having) == 1:
        return answer_one(desk, having[0], topic)
    buttons = scheme_buttons(desk, topic, having)
    if scheme is None and buttons:
        reply.action = "ask_scheme"
        reply.say(desk.say("which_scheme_for", topic=desk.topic_title(topic)), buttons)
        return reply
    key = "not_established_for" if scheme else "not_established"
    name = desk.scheme_name(scheme) if scheme else ""
    reply.say(
        desk.say(key, topic=desk.topic_title(topic), scheme=name),
        [*buttons[: MOST_BUTTONS - 1], desk.person_button()],
    )
    return reply


def scheme_buttons(desk: Desk, topic: str, having: Sequence[str]) -> list[Button]:
    """One button a scheme that answers the topic, in the schemes' own order."""
    return [
        Button(scheme.short[desk.language], payload(topic, scheme=scheme.id))
        for scheme in desk.rules.schemes()
        if scheme.id in having and scheme.id != GENERAL
    ][:MOST_BUTTONS]


def _follow_ups(
    desk: Desk, scheme: str | None, topic: str, see: Sequence[str], place: str
) -> list[Button]:
    """What people ask next; under a general answer, the schemes it can be told precisely for."""
    if place == GENERAL and scheme is None:
        precise = scheme_buttons(desk, topic, desk.rules.topics()[topic].schemes)
        if precise:
            return precise
    entities = {"scheme": scheme} if scheme and scheme != GENERAL else {}
    titles = desk.rules.topics()
    buttons = [
        Button(titles[next_topic].title[desk.language], payload(next_topic, **entities))
        for next_topic in see
        if next_topic in titles
    ]
    if scheme in desk.interview_schemes() and topic in ("eligibility", "scheme_definition"):
        title = desk.say("button_check", scheme=desk.scheme_name(scheme))
        buttons.insert(0, Button(title, payload("start_interview", scheme=scheme)))
    return buttons


def compare(desk: Desk, schemes: Sequence[str]) -> Reply:
    """Two or three schemes line by line; asks which where fewer are known."""
    reply = Reply(action="compare", topic="compare_schemes")
    comparison = desk.rules.comparison(list(schemes)[:MOST_SCHEMES], desk.language, desk.today)
    if len(schemes) < 2 or comparison is None:
        return _ask_what_to_compare(desk, schemes)
    reply.say(str(comparison), [definition_button(desk, scheme) for scheme in schemes[:2]])
    desk.memory.topic = "compare_schemes"
    return reply


def _ask_what_to_compare(desk: Desk, schemes: Sequence[str]) -> Reply:
    if not schemes:
        return answer_one(desk, None, "scheme_overview")
    reply = Reply(action="ask_scheme", topic="compare_schemes", scheme=schemes[0])
    others = [s.id for s in desk.rules.schemes() if s.id not in (GENERAL, FAMILY, schemes[0])]
    buttons = [
        Button(desk.scheme_name(other), payload("compare_schemes", scheme=schemes[0], other=other))
        for other in others
    ]
    text = desk.say("compare_with_which", scheme=desk.scheme_name(schemes[0]))
    reply.say(text, buttons[:MOST_BUTTONS])
    return reply


def definition_button(desk: Desk, scheme: str) -> Button:
    """Leads to what a scheme is."""
    return Button(desk.scheme_name(scheme), payload("scheme_definition", scheme=scheme))


def set_scheme(desk: Desk) -> Reply:
    """The last question again, for the scheme now named ("and for QMAS?")."""
    topic = desk.memory.topic
    if topic is None or topic == "compare_schemes":
        topic = "scheme_definition"
    if not desk.known_schemes(desk.turn.schemes):
        return answer(desk, "scheme_overview")
    return answer(desk, topic)


def unsure(desk: Desk) -> Reply:
    """Asks what was meant: the likeliest topics, then what a search finds, then a person."""
    if desk.turn.intent == "answer" and not desk.turn.pressed:
        return talk.talk(desk)  # somebody tells about themselves, and nobody asked
    reply = Reply(action="unsure", fallback=True)
    desk.memory.misses += 1
    buttons = _suggestions(desk)
    key = "did_you_mean" if buttons else "not_understood"
    if desk.memory.misses > 1:
        key = "not_understood_again"
    if not buttons:
        buttons = [
            desk.button("button_overview", "scheme_overview"),
            desk.button("button_start", "start_interview"),
        ]
    reply.say(desk.say(key), [*buttons, desk.person_button()])
    if desk.memory.misses > 1:
        reply.handoff = "not_understood"
    return reply


# A topic less likely than this is no better than a guess as a suggestion.
SUGGEST_FROM = 0.03


def _suggestions(desk: Desk) -> list[Button]:
    if desk.turn.pressed:  # a button from another time: nothing was typed that could be searched
        return []
    topics = desk.rules.topics()
    scheme = next(iter(desk.known_schemes(desk.turn.schemes)), None)
    entities = {"scheme": scheme} if scheme else {}
    chosen: dict[str, Button] = {}
    for intent, probability in desk.turn.ranking[:4]:
        if intent in topics and probability >= SUGGEST_FROM and len(chosen) < 2:
            title = topics[intent].title[desk.language]
            chosen[intent] = Button(title, payload(intent, **entities))
    for hit in desk.rules.search(desk.turn.text, desk.language, MOST_SUGGESTIONS):
        if len(chosen) < MOST_SUGGESTIONS and hit.topic not in chosen:
            where = {} if hit.scheme == GENERAL else {"scheme": hit.scheme}
            chosen[hit.topic] = Button(hit.title, payload(hit.topic, **where))
    return list(chosen.values())
