"""The outcome of an assessment, with all that explains it.

Everything is derived from the answers; nothing is remembered between calls. A question is asked
only while an answer to it could still decide the whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from .criteria import NOT_MET, Criterion, Verdict
from .languages import LANGUAGES
from .model import Source
from .tree import DayTree, Tree


class Outcome(StrEnum):
    """What can be said to a person. Never a probability, never a promise."""

    MEETS = "meets"
    MAY_MEET = "may_meet"
    DOES_NOT_MEET = "does_not_meet"
    NOT_ENOUGH_INFORMATION = "not_enough_information"


class Wordings(Mapping[str, str]):
    """A text in four languages that is put together when it is read."""

    def __init__(self, tree: Tree, criterion: Criterion) -> None:
        self._tree = tree
        self._criterion = criterion

    def __getitem__(self, language: str) -> str:
        return self._tree.title(self._criterion, language)

    def __iter__(self) -> Iterator[str]:
        return iter(LANGUAGES)

    def __len__(self) -> int:
        return len(LANGUAGES)


@dataclass(frozen=True, slots=True)
class CriterionResult:
    """One criterion's verdict. `depth` counts from 0 at the root; `parent` is None there.

    `tally` is (met, needed, total) of an at_least node; `prove` are ids of documents.
    """

    id: str
    parent: str | None
    depth: int
    title: Mapping[str, str]
    verdict: Verdict
    source: tuple[Source, ...]
    as_of: date | None
    tally: tuple[int, int, int] | None
    refer: bool
    prove: tuple[str, ...]
    _criterion: Criterion
    _tree: Tree

    def reason(self, language: str) -> str:
        """Why the verdict is what it is, with the value that decided."""
        return self._tree.reason(self._criterion, language)

    def advice(self, language: str) -> str:
        """What to do about it, where the data says something; else ""."""
        return self._tree.advice(self._criterion, language)


@dataclass(frozen=True, slots=True)
class Assessment:
    """The outcome with all that explains it.

    `missing` are the facts whose answers can still decide the outcome, in the order of the
    interview, and `next_fact` is the first of them; `tally` belongs to the criterion that is
    marked so; `refer` are criteria that a person should look at.
    """

    scheme: str
    as_of: date
    outcome: Outcome
    criteria: tuple[CriterionResult, ...]
    next_fact: str | None
    missing: tuple[str, ...]
    tally: tuple[int, int, int] | None
    refer: tuple[str, ...]

    def to_json(self, language: str = "en") -> dict[str, Any]:
        """The assessment as plain data.

        Keys: scheme, as_of, outcome, next_fact, missing, tally (null or {met, needed, total}),
        refer, criteria: a list of {id, parent, depth, title, verdict, reason, advice, sources,
        as_of, tally, prove}. Days are ISO strings. The shape is stable: keys are only added.
        """
        return {
            "scheme": self.scheme,
            "as_of": self.as_of.isoformat(),
            "outcome": str(self.outcome),
            "next_fact": self.next_fact,
            "missing": list(self.missing),
            "tally": _tally_json(self.tally),
            "refer": list(self.refer),
            "criteria": [_result_json(result, language) for result in self.criteria],
        }


def _tally_json(tally: tuple[int, int, int] | None) -> dict[str, int] | None:
    return None if tally is None else dict(zip(("met", "needed", "total"), tally, strict=True))


def _result_json(result: CriterionResult, language: str) -> dict[str, Any]:
    return {
        "id": result.id,
        "parent": result.parent,
        "depth": result.depth,
        "title": result.title[language],
        "verdict": str(result.verdict),
        "reason": result.reason(language),
        "advice": result.advice(language),
        "sources": [source.id for source in result.source],
        "as_of": result.as_of.isoformat() if result.as_of else None,
        "tally": _tally_json(result.tally),
        "prove": list(result.prove),
    }


def assess(of_day: DayTree, answers: Mapping[str, Any]) -> Assessment:
    """Judge answers that were checked before (see Rules.assess)."""
    tree = Tree(of_day, answers)
    interview = of_day.composer.book.interviews[of_day.scheme]
    open_facts = tree.open_facts()
    missing = tuple(fact for fact in interview if fact in open_facts)
    results = tuple(_result(tree, *place) for place in of_day.places)
    return Assessment(
        scheme=of_day.scheme,
        as_of=of_day.day,
        outcome=_outcome(tree, missing),
        criteria=results,
        next_fact=missing[0] if missing else None,
        missing=missing,
        tally=next((r.tally for r in results if r._criterion.tally and r.tally), None),
        refer=tuple(result.id for result in results if _refers(tree, result)),
    )


def _outcome(tree: Tree, missing: tuple[str, ...]) -> Outcome:
    root = tree.of_day.root
    if root is None:
        return Outcome.NOT_ENOUGH_INFORMATION
    match tree.verdict(root):
        case Verdict.MET:
            return Outcome.MEETS
        case Verdict.NOT_MET:
            return Outcome.DOES_NOT_MEET
        case _:
            return Outcome.NOT_ENOUGH_INFORMATION if missing else Outcome.MAY_MEET


def _refers(tree: Tree, result: CriterionResult) -> bool:
    """A failed criterion marked so, or one left open by an answer that needs a closer look."""
    if not result.refer:
        return False
    return result.verdict is NOT_MET or tree.is_doubtful(result._criterion)


def _result(tree: Tree, criterion: Criterion, parent: str | None, depth: int) -> CriterionResult:
    return CriterionResult(
        id=criterion.id,
        parent=parent,
        depth=depth,
        title=Wordings(tree, criterion),
        verdict=tree.verdict(criterion),
        source=tree.of_day.sources[criterion.id],
        as_of=tree.of_day.grounds[criterion.id].as_of,
        tally=tree.tally(criterion),
        refer=criterion.refer,
        prove=criterion.prove,
        _criterion=criterion,
        _tree=tree,
    )
