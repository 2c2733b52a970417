"""A scheme's criteria as they stand on a day, and with one person's answers in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from .answers import Composer, Grounds
from .criteria import (
    MET,
    NOT_MET,
    UNKNOWN,
    Criterion,
    Limit,
    Test,
    Verdict,
    all_of,
    any_of,
    at_least,
    judge,
    negate,
)
from .facts import UNSURE, Fact
from .model import holds
from .text import format_date, format_money, format_value, join


class DayTree:
    """A scheme's criteria as they stand on one day, whoever is judged by them.

    `places` are the criteria that are shown, parents first, each with its parent and depth; one
    that stands under two is given once.
    """

    def __init__(self, composer: Composer, scheme: str, day: date) -> None:
        self.composer = composer
        self.scheme = scheme
        self.day = day
        self._criteria = composer.book.criteria[scheme]
        self._children: dict[str, tuple[Criterion, ...]] = {}
        self._limits: dict[str, dict[str, Any]] = {}
        root = self._criteria[composer.book.roots[scheme]]
        self.root = root if self._exists(root) else None
        self.places = tuple(self._places(set(), self.root, None, 0))
        self.grounds = {criterion.id: self._grounds(criterion) for criterion, _, _ in self.places}
        self.sources = {name: composer.ranked(grounds) for name, grounds in self.grounds.items()}

    def _exists(self, criterion: Criterion) -> bool:
        """Whether a criterion is in force, and has anything in force below it."""
        if not holds(criterion.start, criterion.until, self.day):
            return False
        return criterion.kind == "fact" or bool(self.children(criterion))

    def children(self, criterion: Criterion) -> tuple[Criterion, ...]:
        """The criteria below one that are in force."""
        if criterion.id not in self._children:
            below = [self._criteria[name] for name in criterion.children]
            self._children[criterion.id] = tuple(c for c in below if self._exists(c))
        return self._children[criterion.id]

    def limits(self, criterion: Criterion) -> dict[str, Any]:
        """The values of the parameters in a leaf's tests; None where a rule has none."""
        if criterion.id not in self._limits:
            operands = [test.operand for test in criterion.tests]
            self._limits[criterion.id] = {
                operand.parameter: self.limit(operand)
                for operand in operands
                if isinstance(operand, Limit)
            }
        return self._limits[criterion.id]

    def limit(self, limit: Limit) -> Any:
        """A parameter's value on the day; None where the rule has none."""
        value = self.composer.book.parameters[limit.parameter].at(self.day)
        return None if value is None else value.value

    def needed(self, criterion: Criterion) -> int | None:
        """How many an at_least node asks for; None where that is not established."""
        needed = criterion.needed
        return self.limit(needed) if isinstance(needed, Limit) else needed

    def _places(
        self, seen: set[str], criterion: Criterion | None, parent: str | None, depth: int
    ) -> Iterator[tuple[Criterion, str | None, int]]:
        if criterion is None or criterion.id in seen:
            return
        seen.add(criterion.id)
        # A node without a title only groups: what is below it moves up.
        shown = criterion.title is not None or criterion.kind == "fact"
        if shown:
            yield criterion, parent, depth
            parent, depth = criterion.id, depth + 1
        for child in self.children(criterion):
            yield from self._places(seen, child, parent, depth)

    def _grounds(self, criterion: Criterion) -> Grounds:
        """What a criterion rests on, its limits and what its title says included."""
        grounds = Grounds()
        grounds.add(criterion.sources, criterion.as_of, criterion.confidence)
        self.composer.title(criterion, "en", self.scheme, self.day, grounds)
        for operand in (criterion.needed, *(test.operand for test in criterion.tests)):
            if isinstance(operand, Limit):
                value = self.composer.book.parameters[operand.parameter].at(self.day)
                if value is not None:
                    grounds.add(value.sources, value.as_of, value.confidence)
        return grounds


class Tree:
    """A scheme's criteria with one person's answers on one day."""

    def __init__(self, of_day: DayTree, answers: Mapping[str, Any]) -> None:
        self.of_day = of_day
        self.composer = of_day.composer
        self.day = of_day.day
        self.children = of_day.children
        self.needed = of_day.needed
        self._answers = answers
        self._verdicts: dict[str, Verdict] = {}

    # ── verdicts ─────────────────────────────────────────────────────────────────────────────

    def verdict(self, criterion: Criterion) -> Verdict:
        known = self._verdicts.get(criterion.id)
        if known is None:
            known = self._verdicts[criterion.id] = self._judge(criterion)
        return known

    def _judge(self, criterion: Criterion) -> Verdict:
        if criterion.kind == "fact":
            value = self._answers.get(criterion.fact or "")
            limits = self.of_day.limits(criterion)
            return judge(value, criterion.tests, criterion.unsure_if, limits, self.day)
        return self._combine(criterion, [self.verdict(c) for c in self.children(criterion)])

    def _combine(self, criterion: Criterion, verdicts: list[Verdict]) -> Verdict:
        match criterion.kind:
            case "all":
                return all_of(verdicts)
            case "any":
                return any_of(verdicts)
            case "not":
                return negate(all_of(verdicts))
            case _:
                return at_least(self.needed(criterion), verdicts)

    def tally(self, criterion: Criterion) -> tuple[int, int, int] | None:
        """(met, needed, total) of an at_least node."""
        needed = self.needed(criterion) if criterion.kind == "at_least" else None
        if needed is None:
            return None
        verdicts = [self.verdict(child) for child in self.children(criterion)]
        return sum(verdict is MET for verdict in verdicts), needed, len(verdicts)

    def is_doubtful(self, criterion: Criterion) -> bool:
        """Whether the answer is one that leaves the verdict to a closer look."""
        value = self._answers.get(criterion.fact or "")
        return value is not None and value in criterion.unsure_if

    # ── what to ask ──────────────────────────────────────────────────────────────────────────

    def open_facts(self) -> set[str]:
        """The unanswered facts whose answers could still decide the root.

        A node is worth deciding for a verdict only if unanswered facts below it can bring that
        verdict about; answers of "unsure" cannot, so what hangs on them alone is not asked.
        """
        root = self.of_day.root
        found: set[str] = set()
        if root is not None and self.verdict(root) is UNKNOWN:
            reachable: dict[str, tuple[bool, bool]] = {}
            can_meet, can_fail = self._reach(root, reachable)
            self._collect(root, can_meet, can_fail, reachable, found)
        return found

    def _reach(
        self, criterion: Criterion, reachable: dict[str, tuple[bool, bool]]
    ) -> tuple[bool, bool]:
        """Whether answers still to come can make a criterion met, and not met."""
        if criterion.id not in reachable:
            reachable[criterion.id] = self._reach_anew(criterion, reachable)
        return reachable[criterion.id]

    def _reach_anew(
        self, criterion: Criterion, reachable: dict[str, tuple[bool, bool]]
    ) -> tuple[bool, bool]:
        verdict = self.verdict(criterion)
        if verdict is not UNKNOWN:
            return verdict is MET, verdict is NOT_MET
        if criterion.kind == "fact":
            asks = self._is_open(criterion)
            return asks, asks
        below = [self._reach(child, reachable) for child in self.children(criterion)]
        can_meet = sum(meet for meet, _ in below)
        can_fail = sum(fail for _, fail in below)
        total = len(below)
        match criterion.kind:
            case "all":
                return can_meet == total, can_fail > 0
            case "any":
                return can_meet > 0, can_fail == total
            case "not":
                return can_fail > 0, can_meet == total
            case _:
                needed = self.needed(criterion)
                if needed is None:
                    return False, False
                return can_meet >= needed, can_fail > total - needed

    def _is_open(self, criterion: Criterion) -> bool:
        """A leaf that nobody was asked about, and whose rule exists on the day."""
        if self._answers.get(criterion.fact or "") is not None:
            return False
        return all(value is not None for value in self.of_day.limits(criterion).values())

    def _collect(
        self,
        criterion: Criterion,
        to_meet: bool,
        to_fail: bool,
        reachable: dict[str, tuple[bool, bool]],
        found: set[str],
    ) -> None:
        """Gather open facts below a node that is worth deciding to meet, to fail, or both."""
        if not (to_meet or to_fail) or self.verdict(criterion) is not UNKNOWN:
            return
        if criterion.kind == "fact":
            if criterion.fact is not None:
                found.add(criterion.fact)
            return
        if criterion.kind == "not":
            to_meet, to_fail = to_fail, to_meet
        for child in self.children(criterion):
            can_meet, can_fail = self._reach(child, reachable)
            self._collect(child, to_meet and can_meet, to_fail and can_fail, reachable, found)

    # ── words ────────────────────────────────────────────────────────────────────────────────

    def title(self, criterion: Criterion, language: str) -> str:
        return self.composer.title(criterion, language, self.of_day.scheme, self.day)

    def advice(self, criterion: Criterion, language: str) -> str:
        verdict = self.verdict(criterion)
        text = None
        if verdict is NOT_MET:
            text = criterion.if_not_met
        elif verdict is UNKNOWN and self._left_open(criterion):
            text = criterion.if_unknown
        return "" if text is None else self._fill(text[language], language)

    def _left_open(self, criterion: Criterion) -> bool:
        """Whether something was asked and answered without deciding; not merely unasked."""
        if criterion.kind == "fact":
            return self._answers.get(criterion.fact or "") is not None
        return any(
            self.verdict(child) is UNKNOWN and self._left_open(child)
            for child in self.children(criterion)
        )

    def reason(self, criterion: Criterion, language: str) -> str:
        if criterion.kind == "fact":
            return self._leaf_reason(criterion, language)
        children = self.children(criterion)
        if criterion.kind == "not" and len(children) == 1:
            return self.reason(children[0], language)
        met = sum(self.verdict(child) is MET for child in children)
        needed = self.needed(criterion)
        kind = "all" if criterion.kind in ("all", "not") else criterion.kind
        values: dict[str, object] = {"met": met, "total": len(children)}
        if kind == "at_least":
            values["needed"] = self._not_known(language) if needed is None else needed
        return self.composer.say(f"reason_{kind}", language, **values)

    def _leaf_reason(self, criterion: Criterion, language: str) -> str:
        say = self.composer.say
        value = self._answers.get(criterion.fact or "")
        if value is None:
            return say("reason_not_asked", language)
        if value == UNSURE:
            return say("reason_unsure", language)
        fact = self.composer.book.facts[criterion.fact or ""]
        answer = self.show(fact, value, language)
        if self.is_doubtful(criterion):
            return say("reason_to_check", language, answer=answer)
        needed = [self._needed(test, fact, language) for test in criterion.tests]
        if None in needed:
            return say("reason_no_rule", language, answer=answer)
        wanted = self.composer.say("comma", language).join(filter(None, needed))
        return say("reason_answer", language, answer=answer, needed=wanted)

    def _needed(self, test: Test, fact: Fact, language: str) -> str | None:
        """What a test asks for, in words; None if the rule has no value on the day."""
        operand = (
            self.of_day.limit(test.operand) if isinstance(test.operand, Limit) else test.operand
        )
        if operand is None:
            return None
        if test.operator in ("is", "in", "not_in"):
            options = operand if isinstance(operand, tuple) else (operand,)
            words = [self.show(fact, option, language) for option in options]
            say = self.composer.say
            joined = join(words, say("comma", language), say("or", language))
            if test.operator == "not_in":
                return say("needed_not_in", language, options=joined)
            return joined
        limit = self._limit_text(test, fact, operand, language)
        return self.composer.say(f"needed_{test.operator}", language, limit=limit)

    def _limit_text(self, test: Test, fact: Fact, operand: Any, language: str) -> str:
        if test.operator == "within_months":
            return format_value(operand, "months", language)
        return self.show(fact, operand, language)

    def show(self, fact: Fact, value: Any, language: str) -> str:
        """An answer as its person would write it."""
        return show(self.composer, fact, value, language, self.day)

    def _fill(self, text: str, language: str) -> str:
        return self.composer.fill(text, language, self.of_day.scheme, self.day)

    def _not_known(self, language: str) -> str:
        return self.composer.say("not_established", language)


def show(composer: Composer, fact: Fact, value: Any, language: str, day: date) -> str:
    """A fact's value in words: an option's label, HK$, years, a day."""
    if value == UNSURE:
        return composer.say("reason_unsure", language)
    match fact.type:
        case "yes_no":
            return composer.say("yes" if value else "no", language)
        case "choice":
            label = fact.options[value][language]
            return composer.fill(label, language, "", day)
        case "money":
            return format_money(value, language)
        case "years":
            return format_value(value, "years", language)
        case "date":
            return format_date(value, language)
        case _:
            # A whole number of years is somebody's age: 35歳, not 35年.
            unit = "age" if fact.unit == "years" else (fact.unit or "count")
            return format_value(value, unit, language)
