"""Words the outcome of an interview: criterion by criterion, with reasons and next steps."""

from __future__ import annotations

from actions.desk import Desk
from actions.turn import Button, Reply, payload
from schemes import Assessment, CriterionResult, Verdict

MARKS = {Verdict.MET: "✅", Verdict.NOT_MET: "❌", Verdict.UNKNOWN: "❔"}
INDENT = "    "


def tell(desk: Desk, scheme: str) -> Reply:
    """The outcome for a scheme with the answers so far: verdicts and their basis, what next."""
    assessment = desk.rules.assess(scheme, desk.memory.answers, desk.today)
    reply = Reply(action="outcome", scheme=scheme)
    head = desk.say(f"outcome_{assessment.outcome}", scheme=desk.scheme(scheme).name[desk.language])
    basis = desk.rules.basis(assessment, desk.language)
    parts = [head, _tally(desk, assessment), _lines(desk, assessment), basis]
    reply.say("\n\n".join(filter(None, parts)))
    steps = [*_advice(desk, assessment), *_alternatives(desk, scheme)]
    closing = desk.say("outcome_closing")
    reply.say("\n\n".join([*steps, closing]), _buttons(desk, scheme, assessment))
    if assessment.refer:
        reply.handoff = "refer"
    return reply


def _tally(desk: Desk, assessment: Assessment) -> str:
    if not assessment.tally:
        return ""
    met, needed, total = assessment.tally
    if assessment.outcome == "meets" and met < needed:  # met by another way: the count is no matter
        return ""
    missing = max(needed - met, 0)
    key = "outcome_tally_short" if missing else "outcome_tally"
    return desk.say(key, met=met, needed=needed, total=total, missing=missing)


def _lines(desk: Desk, assessment: Assessment) -> str:
    """One line a criterion: mark, title, and why where it is not met.

    What lies under a criterion that is met is left out, save the items that are counted.
    """
    children: dict[str | None, list[CriterionResult]] = {}
    for result in assessment.criteria:
        children.setdefault(result.parent, []).append(result)
    lines: list[str] = []

    def add(result: CriterionResult, indent: int, counted: bool) -> None:
        lines.append(f"{INDENT * indent}{MARKS[result.verdict]} {result.title[desk.language]}")
        below = [] if counted else _below(result, children.get(result.id, []))
        if result.verdict is not Verdict.MET and not below:
            why = _asked_at_all(result, children)
            lines.append(f"{INDENT * (indent + 1)}{why.reason(desk.language)}")
        for child in below:
            add(child, indent + 1, counted=bool(result.tally))

    for root in children.get(None, []):
        for result in children.get(root.id, []):
            add(result, 0, counted=False)
    return "\n".join(lines)


def _asked_at_all(
    result: CriterionResult, children: dict[str | None, list[CriterionResult]]
) -> CriterionResult:
    """The criterion whose reason to give: a part's, where nothing of the whole was asked yet."""
    parts = children.get(result.id, [])
    open_still = all(part.verdict is Verdict.UNKNOWN for part in [result, *parts])
    return _asked_at_all(parts[0], children) if parts and open_still else result


def _below(result: CriterionResult, children: list[CriterionResult]) -> list[CriterionResult]:
    """The children worth a line: all of what is not met, the met way of what is."""
    if result.verdict is not Verdict.MET or result.tally:
        return children
    ways = [child for child in children if child.verdict is Verdict.MET]
    return ways if any(child.tally for child in ways) else []


def _advice(desk: Desk, assessment: Assessment) -> list[str]:
    """What would settle what is open, and what stands against."""
    advice = [
        line
        for result in assessment.criteria
        if result.verdict != "met" and (line := result.advice(desk.language))
    ]
    parts = []
    if advice:
        parts.append(desk.say("outcome_check") + "\n" + "\n".join(f"• {line}" for line in advice))
    if assessment.refer:
        parts.append(desk.say("outcome_refer"))
    return parts


def _alternatives(desk: Desk, scheme: str) -> list[str]:
    """Other schemes that the same answers fit."""
    fitting = [
        desk.say(f"alternative_{result}", scheme=desk.scheme(other).name[desk.language])
        for other, result in desk.rules.alternatives(scheme, desk.memory.answers, desk.today)
        if result in ("meets", "may_meet")
    ]
    if not fitting:
        return []
    return [desk.say("alternatives") + "\n" + "\n".join(f"• {line}" for line in fitting)]


def _buttons(desk: Desk, scheme: str, assessment: Assessment) -> list[Button]:
    buttons = [
        desk.button("button_documents", "documents", scheme=scheme),
        desk.button("button_procedure", "procedure", scheme=scheme),
        desk.button("button_change", "change_answer"),
    ]
    if assessment.outcome in ("does_not_meet", "may_meet"):
        others = [s for s in desk.interview_schemes() if s not in (scheme, "dependant")][:2]
        for other in others:
            title = desk.say("button_check", scheme=desk.scheme_name(other))
            buttons.append(Button(title, payload("start_interview", scheme=other)))
    return [*buttons, desk.person_button()]
