"""The personal list of papers: what the interview's answers show to be needed."""

from __future__ import annotations

from actions.desk import Desk
from actions.turn import Button, Reply, payload

TOPIC = "documents"
FAMILY_GROUP = "dependant"


def has_personal_list(desk: Desk, scheme: str | None) -> bool:
    """Whether enough was told about a scheme to leave out papers that don't apply."""
    if scheme is None or not desk.rules.documents(scheme, desk.language):
        return False
    return any(fact in desk.memory.answers for fact in desk.rules.interview(scheme))


def personal_list(desk: Desk, scheme: str) -> Reply:
    """The papers for this person's case, one message a group; a family's on request."""
    reply = Reply(action="documents", topic=TOPIC, scheme=scheme)
    wanted = desk.turn.entity("value")
    groups = desk.rules.documents(scheme, desk.language, desk.memory.answers)
    for group in groups:
        if (group.id == FAMILY_GROUP) != (wanted == FAMILY_GROUP) and len(groups) > 1:
            continue
        head = desk.say("your_documents", scheme=desk.scheme_name(scheme), group=group.title)
        lines = "\n".join(f"• {item.line}" for item in group.items)
        reply.say(f"{head}\n\n{lines}\n\n{group.footer}")
    last = reply.messages.pop()
    reply.say(last.text, _more(desk, scheme, [group.id for group in groups], str(wanted)))
    return reply


def _more(desk: Desk, scheme: str, groups: list[str], wanted: str) -> list[Button]:
    buttons = []
    if FAMILY_GROUP in groups and wanted != FAMILY_GROUP:
        family = payload(TOPIC, scheme=scheme, value=FAMILY_GROUP)
        buttons.append(Button(desk.say("button_family_documents"), family))
    buttons.append(desk.button("button_procedure", "procedure", scheme=scheme))
    return [*buttons, desk.person_button()]
