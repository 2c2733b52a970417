"""All that is neither a question about the rules nor the interview: greetings, language, people."""

from __future__ import annotations

from dataclasses import replace

from actions.desk import HANDOFF_REASONS, Desk
from actions.languages import LANGUAGES, NATIVE_NAMES, named_language
from actions.turn import Button, Reply, payload

PLAIN = ("goodbye", "thanks", "smalltalk", "bot_identity", "out_of_scope")


def talk(desk: Desk) -> Reply:
    """Answers a dialogue intent in a line or two, always with a way on."""
    special = {
        "greet": greet,
        "capabilities": capabilities,
        "change_language": change_language,
        "human_request": person,
        "complaint": person,
        "overstay": urgent,
        "deadline": urgent,
        "privacy": privacy,
        "delete_data": delete_data,
        "not_it": not_it,
    }
    if desk.turn.intent in special:
        return special[desk.turn.intent](desk)
    reply = Reply(action=desk.turn.intent)
    key = desk.turn.intent if desk.turn.intent in PLAIN else "nothing_pending"
    reply.say(desk.say(key), _ways_on(desk))
    return reply


def _ways_on(desk: Desk) -> list[Button]:
    """The first things to do; an unfinished interview before all else."""
    buttons = []
    interview = desk.memory.interview
    if interview and not interview.finished and interview.asked:
        title = desk.say("button_resume", scheme=desk.scheme_name(interview.scheme))
        buttons.append(Button(title, payload("resume")))
    return [
        *buttons,
        desk.button("button_start", "start_interview"),
        desk.button("button_overview", "scheme_overview"),
        desk.person_button(),
    ]


def greet(desk: Desk) -> Reply:
    """Says who is talking and what can be done here."""
    named = desk.known_schemes(desk.turn.schemes)
    desk.memory.scheme = named[0] if named else desk.memory.scheme
    reply = Reply(action="greet")
    reply.say(desk.say("greeting"), _ways_on(desk))
    return reply


def capabilities(desk: Desk) -> Reply:
    """What can be asked, with examples to tap."""
    reply = Reply(action="capabilities")
    examples = [
        ("fees", {}),
        ("documents", {"scheme": "asmtp"}),
        ("eligibility", {"scheme": "qmas"}),
    ]
    buttons = [
        Button(_example_title(desk, topic, entities), payload(topic, **entities))
        for topic, entities in examples
    ]
    reply.say(desk.say("capabilities"), [*buttons, *_ways_on(desk)[:2]])
    return reply


def _example_title(desk: Desk, topic: str, entities: dict[str, str]) -> str:
    title = desk.topic_title(topic)
    return f"{desk.scheme_name(entities['scheme'])}: {title}" if entities else title


def foreign(desk: Desk) -> Reply:
    """A message in none of our languages: a kind line in English and the choice of four."""
    reply = Reply(action="foreign_language", fallback=True)
    reply.say(desk.say("foreign_language"), _language_buttons())
    return reply


def _language_buttons() -> list[Button]:
    return [Button(NATIVE_NAMES[c], payload("change_language", language=c)) for c in LANGUAGES]


def change_language(desk: Desk) -> Reply:
    """Settles the language where it is said which; offers the four where it is not."""
    reply = Reply(action="change_language")
    wanted = desk.turn.entity("language") or named_language(desk.turn.text, desk.language)
    if wanted not in LANGUAGES:
        reply.say(desk.say("choose_language"), _language_buttons())
        return reply
    desk.memory.language = wanted
    desk.memory.language_settled = True
    desk.turn = replace(desk.turn, language=wanted)  # from here on, this very reply included
    reply.say(desk.say("language_set", language=NATIVE_NAMES[wanted]), _ways_on(desk))
    return reply


def person(desk: Desk) -> Reply:
    """Records the wish for a person and says how to reach one."""
    reason = HANDOFF_REASONS.get(desk.turn.intent, "asked")
    reply = Reply(action="handoff", handoff=reason)
    firm = desk.rules.firm()
    key = "complaint" if reason == "complaint" else "person"
    reply.say(desk.say(key, name=firm.name[desk.language], phone=firm.phone, email=firm.email))
    return reply


def urgent(desk: Desk) -> Reply:
    """Overstays and deadlines: what to do at once, and a person."""
    reply = Reply(action="handoff", handoff=HANDOFF_REASONS[desk.turn.intent])
    found = desk.rules.answer("general", desk.turn.intent, desk.language, desk.today)
    if found is not None:
        reply.say(str(found), [desk.person_button()])
    else:
        reply.say(desk.say("urgent"), [desk.person_button()])
    return reply


def not_it(desk: Desk) -> Reply:
    """The last answer missed: a person after the second time."""
    reply = Reply(action="not_it", fallback=True)
    desk.memory.rejections += 1
    if desk.memory.rejections > 1:
        reply.handoff = "not_it"
    key = "not_it_again" if desk.memory.rejections > 1 else "not_it"
    reply.say(
        desk.say(key),
        [desk.button("button_overview", "scheme_overview"), desk.person_button()],
    )
    return reply


def privacy(desk: Desk) -> Reply:
    """What is kept, why, and how to have it erased."""
    reply = Reply(action="privacy")
    reply.say(desk.say("privacy"), [desk.button("button_delete", "delete_data")])
    return reply


def delete_data(desk: Desk) -> Reply:
    """Asks once, then forgets; the relay erases what it holds on `erase`."""
    reply = Reply(action="delete_data")
    if desk.turn.update_id is not None:  # from the relay: it asks, and erases what it holds too
        reply.say(desk.say("delete_what"))
        return reply
    if desk.turn.entity("value") != "yes":
        confirm = Button(desk.say("button_delete_yes"), payload("delete_data", value="yes"))
        keep = Button(desk.say("button_keep"), payload("deny"))
        reply.say(desk.say("delete_confirm"), [confirm, keep])
        return reply
    desk.memory.forget()
    reply.erase = True
    reply.say(desk.say("deleted"))
    return reply
