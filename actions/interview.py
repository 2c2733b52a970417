"""The guided eligibility interview.

    (none) --start--> asking --answer--> asking … --nothing left to ask--> outcome
    asking --stop--> paused --resume--> asking        outcome --change--> asking
    asking --question--> answered, then asking the same again

While it is open every message comes here, and is taken as the first of these that fits: a control
word (back, why, stop …), an answer to the pending question, a question about the schemes, neither.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from babel.numbers import format_decimal

from actions import answering, outcome, talk
from actions.corrections import named_fact
from actions.desk import Desk
from actions.memory import UNSURE, Interview
from actions.reading import Answer, Doubt, read_answer
from actions.turn import Button, Reply, Turn, payload
from nlu.questions import asks
from schemes import Fact

# A control word or a question has to be this likely to be taken for one while a question pends.
CONTROL_FROM = 0.35
QUESTION_FROM = 0.30
# A message most of which is a value is an answer, whatever else it looks like.
MOSTLY_VALUE = 0.5
LOCALES = {"en": "en", "zh-Hant": "zh_Hant_HK", "zh-Hans": "zh_Hans_CN", "ja": "ja"}
# A number among such signs is part of some code, not somebody's answer.
_CODE = re.compile(r"[{}<>=\\]")
# Facts that a message can be read for even if another one was asked ("I'm 32 with a master's").
VOLUNTEERED = {"age": "age", "education_level": "degree"}


def converse(desk: Desk) -> Reply:
    """One turn while the interview is open."""
    interview = desk.memory.interview
    if interview is None:
        return start(desk)
    desk.memory.interview_open = True
    if desk.turn.pressed:
        return _pressed(desk, interview)
    return _typed(desk, interview)


def start(desk: Desk) -> Reply:
    """Begins the interview of the scheme named or talked about; asks which where none is."""
    scheme = _wanted_scheme(desk)
    if scheme is None:
        return _ask_scheme(desk)
    memory = desk.memory
    reply = Reply(action="interview", scheme=scheme)
    kept = [fact for fact in desk.rules.interview(scheme) if fact in memory.answers]
    if desk.turn.entity("value") == "fresh":
        for fact in kept:
            del memory.answers[fact]
        kept = []
    memory.interview = Interview(scheme, asked=kept)
    memory.interview_open, memory.scheme, memory.misses = True, scheme, 0
    key = "interview_kept" if kept else "interview_intro"
    fresh = desk.button("button_fresh", "start_interview", scheme=scheme, value="fresh")
    text = desk.say(key, scheme=desk.scheme_name(scheme), count=len(kept))
    reply.say(text, [fresh] if kept else [])
    reply.add(ask(desk))
    return reply


# Stands for a topic while the person is asked for which scheme to be checked.
START = "start_interview"


def scheme_named(desk: Desk) -> Reply:
    """A scheme named alone: the one to be checked for, else the context of the last question."""
    if desk.memory.topic == START and _wanted_scheme(desk) in desk.turn.schemes:
        return start(desk)
    return answering.set_scheme(desk)


# What an answer ends in offering: "Shall I bring in a consultant?", "Shall we go through it?"
OFFERS_A_PERSON = frozenset({"refusal", "deadline", "overstay", "criminal_record"})
OFFERS_THE_INTERVIEW = frozenset({"which_scheme", "eligibility", "scheme_overview"})


def affirm(desk: Desk) -> Reply:
    """A yes without a pending question takes up what was offered last."""
    offered, desk.memory.topic = desk.memory.topic, None
    if offered in OFFERS_A_PERSON:
        return talk.person(desk)
    if offered in OFFERS_THE_INTERVIEW:
        return start(desk)
    return talk.talk(desk)


def _wanted_scheme(desk: Desk) -> str | None:
    offered = desk.interview_schemes()
    named = [scheme for scheme in desk.turn.schemes if scheme in offered]
    if named:
        return named[0]
    return desk.memory.scheme if desk.memory.scheme in offered else None


def _ask_scheme(desk: Desk) -> Reply:
    reply = Reply(action="ask_scheme")
    desk.memory.topic = START
    buttons = [
        Button(desk.scheme_name(scheme), payload("start_interview", scheme=scheme))
        for scheme in desk.interview_schemes()
    ]
    reply.say(desk.say("interview_which"), [*buttons, desk.button("button_which", "which_scheme")])
    return reply


# ── What a message is ───────────────────────────────────────────────────────────────────────────


def _pressed(desk: Desk, interview: Interview) -> Reply:
    """A button says exactly what is meant."""
    if desk.turn.intent in ("answer", "not_sure") and desk.turn.entity("fact"):
        return _pressed_answer(desk, interview, str(desk.turn.entity("fact")))
    if desk.turn.intent in CONTROLS:
        return CONTROLS[desk.turn.intent](desk)
    if desk.turn.intent in ("affirm", "deny", "answer") and interview.pending:
        return _answer_or_ask(desk, interview)
    return _question(desk)


def _pressed_answer(desk: Desk, interview: Interview, fact: str) -> Reply:
    """A button of the pending question, or an older one: then that answer is changed."""
    if fact not in desk.rules.interview(interview.scheme):
        return ask(desk)
    interview.pending = fact
    return _answer_or_ask(desk, interview)


def _typed(desk: Desk, interview: Interview) -> Reply:
    turn = desk.turn
    read = _read_pending(desk, interview)
    if read and turn.coverage >= MOSTLY_VALUE and turn.intent != "change_answer":
        return _take(desk, interview, read)
    if turn.intent in CONTROLS and turn.confidence >= CONTROL_FROM:
        return CONTROLS[turn.intent](desk)
    if read and _is_stated(desk, interview):
        return _take(desk, interview, read)
    if _is_question(desk):
        return _question(desk)
    if read and not _CODE.search(turn.text):
        return _take(desk, interview, read)
    if turn.intent == "human_request" and turn.confidence >= CONTROL_FROM:
        return _question(desk)
    return _not_an_answer(desk)


def _take(desk: Desk, interview: Interview, read: Answer | Doubt) -> Reply:
    """Keeps an answer, or asks about what was said."""
    if isinstance(read, Answer):
        return _store(desk, interview, read)
    return _doubt(desk, interview, read)


def _read_pending(desk: Desk, interview: Interview) -> Answer | Doubt | None:
    if interview.pending is None:
        return None
    return read_answer(desk.rules.facts()[interview.pending], desk.turn)


def _is_stated(desk: Desk, interview: Interview) -> bool:
    """Whether the message states what was asked for, whatever topic its words also suggest.

    "10 years in banking" is about work experience, yet an answer where years are asked for; a bare
    number in a longer message is not.
    """
    fact = desk.rules.facts()[str(interview.pending)]
    if asks(desk.turn.text):
        return False
    if fact.type == "yes_no":
        return desk.turn.opens_with_answer
    return fact.type == "choice" or desk.turn.entity(str(fact.extract)) is not None


def _is_question(desk: Desk) -> bool:
    turn = desk.turn
    if turn.intent in desk.rules.topics() or turn.intent == "set_scheme":
        asked = turn.text.rstrip().endswith(("?", "？"))
        return turn.confidence >= (QUESTION_FROM / 2 if asked else QUESTION_FROM)
    if turn.intent == "change_language" and _asks_about_a_language(desk):
        return False
    if turn.intent in ALARMING:
        return is_sure_alarm(turn)
    return turn.intent in ASIDES and turn.confidence >= QUESTION_FROM


def _asks_about_a_language(desk: Desk) -> bool:
    """Whether a language is what was asked about: "English at work" is then an answer."""
    interview = desk.memory.interview
    return interview is not None and interview.pending in LANGUAGE_FACTS


LANGUAGE_FACTS = frozenset({"english", "chinese", "other_language"})
# What alarms people and calls staff has to be surer than the rest.
ALARMING = frozenset({"overstay", "deadline", "complaint"})
ALARM_FROM = 0.6


def is_sure_alarm(turn: Turn) -> bool:
    """Whether an overstay, a deadline or a complaint is sure enough to be acted on."""
    return turn.pressed or turn.confidence >= ALARM_FROM


# Dialogue that is answered in passing, then the pending question comes again.
ASIDES = frozenset(
    {"capabilities", "bot_identity", "privacy", "delete_data", "change_language", "human_request",
     "complaint", "overstay", "deadline", "greet", "thanks", "smalltalk", "not_it", "goodbye"}
)  # fmt: skip


# ── Answers ─────────────────────────────────────────────────────────────────────────────────────


def _answer_or_ask(desk: Desk, interview: Interview) -> Reply:
    read = _read_pending(desk, interview)
    return _take(desk, interview, read) if read else ask(desk)


def _store(desk: Desk, interview: Interview, answer: Answer) -> Reply:
    """Keeps the answer, says how it was understood, and goes on."""
    assert interview.pending is not None, "an answer is only read for a pending question"
    fact = interview.pending
    _keep(desk, interview, fact, answer.value)
    noted = [_noted(desk, fact, answer)]
    for other, entity in VOLUNTEERED.items():
        value = desk.turn.entity(entity)
        if (
            not desk.turn.pressed
            and other != fact
            and _can_volunteer(desk, interview, other, value)
        ):
            _keep(desk, interview, other, value)
            noted.append(_noted(desk, other, Answer(value)))
    reply = Reply(action="interview", scheme=interview.scheme)
    reply.add(_go_on(desk, "\n".join(noted)))
    return reply


def _keep(desk: Desk, interview: Interview, fact: str, value: Any) -> None:
    desk.memory.answers[fact] = value
    desk.memory.misses = 0
    interview.asked = [*(f for f in interview.asked if f != fact), fact]
    interview.pending = None
    interview.finished = False


def _can_volunteer(desk: Desk, interview: Interview, fact: str, value: Any) -> bool:
    if value is None or fact in desk.memory.answers:
        return False
    if fact not in desk.rules.interview(interview.scheme):
        return False
    return isinstance(read_answer(desk.rules.facts()[fact], desk.turn), Answer)


def _noted(desk: Desk, fact: str, answer: Answer) -> str:
    """What was understood ("✓ Age: 32"), so that a misreading is seen at once."""
    facts = desk.rules.facts()
    shown = shown_value(desk, facts[fact], answer.value)
    line = desk.say("noted", label=facts[fact].label[desk.language], value=shown)
    if answer.foreign_amount is None:
        return line
    amount = format_decimal(answer.foreign_amount, locale=LOCALES[desk.language])
    return (
        line
        + "\n"
        + desk.say("converted", amount=amount, currency=answer.foreign_currency, value=shown)
    )


def shown_value(desk: Desk, fact: Fact, value: Any) -> str:
    """An answer as its person reads it."""
    if value == UNSURE:
        return desk.say("unsure_value")
    return desk.rules.show(fact.id, value, desk.language)


def _doubt(desk: Desk, interview: Interview, doubt: Doubt) -> Reply:
    """Says what could not be taken, and asks again."""
    assert interview.pending is not None, "a doubt is about the pending question"
    fact = desk.rules.facts()[interview.pending]
    key = f"doubt_{doubt.reason}"
    bounds = {"minimum": _bound(fact.minimum), "maximum": _bound(fact.maximum)}
    return ask(desk, before=desk.say(key, shown=doubt.shown, **bounds))


def _bound(value: float | None) -> str:
    return "" if value is None else f"{value:,.0f}"


# ── Asking ──────────────────────────────────────────────────────────────────────────────────────


def _go_on(desk: Desk, noted: str) -> Reply:
    """The next question under what was just noted, or the outcome."""
    interview = desk.memory.interview
    assert interview is not None, "only called while there is an interview"
    assessment = desk.rules.assess(interview.scheme, desk.memory.answers, desk.today)
    if assessment.next_fact is not None:
        return ask(desk, before=noted)
    reply = Reply(action="outcome", scheme=interview.scheme)
    if noted:
        reply.say(noted)
    reply.add(finish(desk))
    return reply


def ask(desk: Desk, before: str = "") -> Reply:
    """The pending question, or the next one that can still change the outcome."""
    interview = desk.memory.interview
    assert interview is not None, "only called while there is an interview"
    assessment = desk.rules.assess(interview.scheme, desk.memory.answers, desk.today)
    fact_id = interview.pending or assessment.next_fact
    if fact_id is None:
        return finish(desk)
    interview.pending = fact_id
    fact = desk.rules.facts()[fact_id]
    count = len([f for f in interview.asked if f != fact_id]) + 1
    progress = desk.say("question_number", number=count)
    if assessment.tally and assessment.tally[0]:
        met, needed, _ = assessment.tally
        progress += " · " + desk.say("tally", met=met, needed=needed)
    language = desk.language
    lines = [before, "", progress, fact.question[language], fact.help[language]]
    reply = Reply(action="interview", scheme=interview.scheme)
    reply.say("\n".join(lines).strip(), _answer_buttons(desk, fact))
    return reply


def _answer_buttons(desk: Desk, fact: Fact) -> list[Button]:
    """The possible answers, then the ways out."""
    buttons: list[Button] = []
    if fact.type == "yes_no":
        buttons = [
            desk.button("button_yes", "answer", fact=fact.id, value="yes"),
            desk.button("button_no", "answer", fact=fact.id, value="no"),
        ]
    elif fact.type == "choice":
        buttons = [
            Button(titles[desk.language], payload("answer", fact=fact.id, value=option))
            for option, titles in fact.options.items()
        ]
    return [
        *buttons,
        desk.button("button_not_sure", "not_sure", fact=fact.id),
        desk.button("button_why", "why"),
        desk.button("button_back", "go_back"),
        desk.button("button_stop", "stop"),
    ]


def _not_an_answer(desk: Desk) -> Reply:
    """Neither answer nor question: says so and asks again."""
    desk.memory.misses += 1
    key = "not_an_answer_again" if desk.memory.misses > 1 else "not_an_answer"
    reply = Reply(action="interview", fallback=True)
    reply.say(desk.say(key), [desk.person_button()] if desk.memory.misses > 1 else [])
    reply.add(ask(desk))
    return reply


def _question(desk: Desk) -> Reply:
    """Answers in passing, then asks the pending question again."""
    turn = desk.turn
    interview = desk.memory.interview
    assert interview is not None, "only called while there is an interview"
    if turn.intent in desk.rules.topics():
        reply = answering.answer_each(desk) or answering.answer(desk)
    elif turn.intent == "set_scheme":
        reply = answering.set_scheme(desk)
    else:
        reply = talk.talk(desk)
    if reply.erase or desk.memory.interview is None:
        return reply
    if reply.handoff:
        return reply
    pending = ask(desk)
    if pending.messages:
        first = pending.messages[0]
        pending.messages[0] = type(first)(desk.say("back_to") + "\n" + first.text, first.buttons)
    reply.messages += pending.messages
    return reply


# ── Control words ───────────────────────────────────────────────────────────────────────────────


def back(desk: Desk) -> Reply:
    """Forgets the last answer and asks it again."""
    interview = desk.memory.interview
    if interview is None:
        return talk.talk(desk)
    if not interview.asked:
        return ask(desk, before=desk.say("nothing_before"))
    return _reopen(desk, interview, interview.asked[-1])


def change(desk: Desk) -> Reply:
    """Changes one answer: the one named, or the one chosen from a list."""
    interview = desk.memory.interview
    if interview is None:
        return talk.talk(desk)
    facts, language = desk.rules.facts(), desk.language
    answered = [facts[fact] for fact in reversed(interview.asked)]
    wanted = desk.turn.entity("fact") or named_fact(desk.turn, answered)
    if wanted in interview.asked:
        return _change_to(desk, interview, str(wanted))
    if not interview.asked:
        return ask(desk, before=desk.say("nothing_before"))
    reply = Reply(action="interview", scheme=interview.scheme)
    buttons = [
        Button(
            f"{facts[f].label[language]}: {shown_value(desk, facts[f], desk.memory.answers[f])}",
            payload("change_answer", fact=f),
        )
        for f in reversed(interview.asked)
    ]
    reply.say(desk.say("change_which"), buttons)
    return reply


def _change_to(desk: Desk, interview: Interview, fact: str) -> Reply:
    """Takes the new value where the message gives it, else asks."""
    if not desk.turn.pressed:
        interview.pending = fact
        read = _read_pending(desk, interview)
        if isinstance(read, Answer) and read.value != UNSURE:
            return _store(desk, interview, read)
    return _reopen(desk, interview, fact)


def _reopen(desk: Desk, interview: Interview, fact: str) -> Reply:
    desk.memory.answers.pop(fact, None)
    interview.asked = [f for f in interview.asked if f != fact]
    interview.pending, interview.finished = fact, False
    desk.memory.interview_open = True
    return ask(desk, before=desk.say("asking_again"))


def why(desk: Desk) -> Reply:
    """What the pending question decides, with its source; then the question again."""
    interview = desk.memory.interview
    if interview is None or interview.pending is None:
        return talk.talk(desk)
    reply = Reply(action="why", scheme=interview.scheme)
    reply.say(desk.rules.why(interview.scheme, interview.pending, desk.language, desk.today))
    reply.messages += ask(desk).messages
    return reply


def not_sure(desk: Desk) -> Reply:
    """Leaves the fact unknown and goes on."""
    interview = desk.memory.interview
    if interview is None or interview.pending is None:
        return talk.talk(desk)
    return _store(desk, interview, Answer(UNSURE))


def stop(desk: Desk) -> Reply:
    """Pauses; nothing is lost."""
    interview = desk.memory.interview
    reply = Reply(action="stop")
    if interview is None or not desk.memory.interview_open:
        return talk.talk(desk)
    desk.memory.interview_open = False
    title = desk.say("button_resume", scheme=desk.scheme_name(interview.scheme))
    reply.say(
        desk.say("stopped", count=len(interview.asked)),
        [Button(title, payload("resume")), desk.button("button_result", "show_result")],
    )
    return reply


def resume(desk: Desk) -> Reply:
    """Carries on where it was left."""
    interview = desk.memory.interview
    if interview is None:
        return start(desk)
    desk.memory.interview_open = True
    if interview.finished:
        return finish(desk)
    return ask(desk, before=desk.say("resumed", scheme=desk.scheme_name(interview.scheme)))


def show_result(desk: Desk) -> Reply:
    """Where things stand with the answers so far."""
    interview = desk.memory.interview
    if interview is None or not interview.asked:
        return start(desk)
    reply = outcome.tell(desk, interview.scheme)
    if desk.memory.interview_open and interview.pending:
        reply.messages += ask(desk).messages
    return reply


def finish(desk: Desk) -> Reply:
    """Tells the outcome and closes; the answers stay for changes and other schemes."""
    interview = desk.memory.interview
    assert interview is not None, "only called while there is an interview"
    interview.pending, interview.finished = None, True
    desk.memory.interview_open = False
    return outcome.tell(desk, interview.scheme)


def repeat(desk: Desk) -> Reply:
    """The pending question once more."""
    interview = desk.memory.interview
    if interview and desk.memory.interview_open:
        return ask(desk)
    if desk.memory.topic:
        return answering.answer(desk, desk.memory.topic)
    return talk.talk(desk)


CONTROLS: dict[str, Callable[[Desk], Reply]] = {
    "start_interview": start,
    "go_back": back,
    "change_answer": change,
    "why": why,
    "not_sure": not_sure,
    "stop": stop,
    "resume": resume,
    "show_result": show_result,
    "repeat": repeat,
}
