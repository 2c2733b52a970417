"""The rules as the rest of the desk asks them: read-only, from a database built before."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from . import search, text
from .answers import Answer, Composer, Grounds
from .assess import Assessment, Outcome, assess
from .comparison import compare
from .criteria import MET, Criterion
from .errors import RulesError
from .facts import Fact
from .languages import LANGUAGES, Text
from .model import GENERAL, Block, Book, Firm, Scheme, Source, Topic
from .papers import DocumentGroup, PaperDesk, Procedure
from .parameters import Parameter
from .search import Hit
from .stored import read_book
from .tables import FORMAT
from .tree import DayTree, show
from .wording import load_wording

MOST_DAY_TREES = 128
"""Trees of a day kept in memory: two weeks of a dozen schemes, then they are made anew."""

_RANKS = {
    Outcome.MEETS: 0,
    Outcome.MAY_MEET: 1,
    Outcome.NOT_ENOUGH_INFORMATION: 2,
}


class Rules:
    """Questions to the rules. Everything small is in memory; searches read the database.

    `today` gives the day on which an answer's age is judged, and the day meant where `as_of` is
    left out.
    """

    text = text

    def __init__(
        self,
        book: Book,
        connection: sqlite3.Connection,
        today: Callable[[], date] = date.today,
    ) -> None:
        self._book = book
        self._connection = connection
        self._lock = threading.Lock()
        self._today = today
        self._composer = Composer(book, load_wording())
        self._day_trees: dict[tuple[str, date], DayTree] = {}
        self._facts: tuple[date, Mapping[str, Fact]] | None = None

    @classmethod
    def open(cls, path: str | Path, today: Callable[[], date] = date.today) -> Rules:
        """The rules in a database. This is a read-only operation.

        :raises RulesError: if there is no database, or an older program built it; says what to run.
        """
        file = Path(path)
        if not file.is_file():
            raise RulesError(
                f"There is no database of the rules at {file}. Build it: python -m schemes build"
            )
        try:
            # Immutable: a build replaces the file and never writes into it.
            connection = sqlite3.connect(
                f"{file.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
            )
        except sqlite3.Error as error:
            raise RulesError(f"{file} cannot be opened ({error}). May it be read?") from error
        try:
            found = connection.execute("select value from meta where key = 'format'").fetchone()
        except sqlite3.DatabaseError as error:
            connection.close()
            raise RulesError(
                f"{file} is no database of the rules ({error}). Build it: python -m schemes build"
            ) from error
        if found is None or found[0] != str(FORMAT):
            connection.close()
            raise RulesError(
                f"{file} was built in format {found and found[0]}, and this program reads "
                f"{FORMAT}. Build it again: python -m schemes build"
            )
        return cls(read_book(connection), connection, today)

    def close(self) -> None:
        self._connection.close()

    def __enter__(self) -> Rules:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # ── what there is ────────────────────────────────────────────────────────────────────────

    def schemes(self) -> list[Scheme]:
        """Every folder, `general` included, in the order in which they are shown."""
        return list(self._book.schemes.values())

    def topics(self) -> Mapping[str, Topic]:
        return self._book.topics

    def facts(self) -> Mapping[str, Fact]:
        """What can be asked, its wording filled with the values of today."""
        day = self._today()
        if self._facts is None or self._facts[0] != day:
            filled = {name: self._filled(fact, day) for name, fact in self._book.facts.items()}
            self._facts = day, filled
        return self._facts[1]

    def _filled(self, fact: Fact, day: date) -> Fact:
        def fill(text: Text) -> Text:
            return {
                language: self._composer.fill(text[language], language, GENERAL, day)
                for language in text
            }

        return replace(
            fact,
            question=fill(fact.question),
            help=fill(fact.help),
            label=fill(fact.label),
            options={option: fill(label) for option, label in fact.options.items()},
        )

    def sources(self) -> Mapping[str, Source]:
        return self._book.sources

    def firm(self) -> Firm:
        """The consultancy. The validation refuses data without one."""
        if self._book.firm is None:
            raise RulesError("The data has no firm.yml. Write it and build again.")
        return self._book.firm

    def parameter(self, name: str, as_of: date | None = None) -> Any:
        """A parameter's value on a day; None where it has none.

        :param name: `scheme.parameter`.
        :raises RulesError: if there is no such parameter.
        """
        value = self._parameter(name).at(self._day(as_of))
        return None if value is None else value.value

    def _parameter(self, name: str) -> Parameter:
        try:
            return self._book.parameters[name]
        except KeyError:
            raise RulesError(
                f"There is no parameter {name!r}. Write it as scheme.name, as in parameters.yml."
            ) from None

    def _day(self, as_of: date | None) -> date:
        return self._today() if as_of is None else as_of

    # ── answers ──────────────────────────────────────────────────────────────────────────────

    def answer(
        self, scheme: str, topic: str, language: str, as_of: date | None = None
    ) -> Answer | None:
        """What the scheme's folder says about a topic on a day; None where it says nothing.

        Nothing is borrowed from another folder: ask `general` where a scheme has no answer.
        """
        _known(language)
        day = self._day(as_of)
        block = self._block(scheme, topic, day)
        if block is None:
            return None
        return self._composer.answer(block, language, day, self._today())

    def _block(self, scheme: str, topic: str, day: date) -> Block | None:
        blocks = self._book.blocks.get((scheme, topic), ())
        return next((block for block in blocks if block.holds(day)), None)

    def comparison(
        self, schemes: Sequence[str], language: str, as_of: date | None = None
    ) -> Answer | None:
        """Schemes side by side, row by row; None where compare.yml has fewer than two of them."""
        _known(language)
        return compare(self._composer, schemes, language, self._day(as_of), self._today())

    def search(self, text: str, language: str, limit: int = 3) -> list[Hit]:
        """The answers that fit a text best; empty where nothing does."""
        _known(language)
        with self._lock:
            found = search.query(self._connection, text, language)
        return [
            Hit(scheme, topic, self._book.topics[topic].title[language], score)
            for scheme, topic, score in found[:limit]
        ]

    # ── interviews ───────────────────────────────────────────────────────────────────────────

    def interview(self, scheme: str) -> list[str]:
        """The facts that a scheme's criteria use, in the order in which they are asked."""
        return list(self._book.interviews.get(scheme, ()))

    def assess(
        self, scheme: str, answers: Mapping[str, Any], as_of: date | None = None
    ) -> Assessment:
        """What the answers given so far mean for a scheme on a day.

        Missing answers, None and "unsure" stay unknown. Facts that the scheme does not ask about
        are ignored.

        :raises RulesError: if the scheme has no criteria.
        :raises FactError: if an answer is none that its fact takes.
        """
        of_day = self._day_tree(scheme, self._day(as_of))
        return assess(of_day, self._checked(scheme, answers))

    def basis(self, assessment: Assessment, language: str) -> str:
        """The footer of an outcome: sources, most official first, as-of, and how sure; or ""."""
        _known(language)
        tree = self._day_tree(assessment.scheme, assessment.as_of)
        grounds = Grounds()
        for result in assessment.criteria:
            grounds.merge(tree.grounds[result.id])
        return self._composer.footer(grounds, language, self._today())

    def _day_tree(self, scheme: str, day: date) -> DayTree:
        if scheme not in self._book.roots:
            raise RulesError(
                f"Scheme {scheme!r} has no criteria to assess. Those that have: "
                f"{', '.join(self._book.roots)}."
            )
        tree = self._day_trees.get((scheme, day))
        if tree is None:
            if len(self._day_trees) >= MOST_DAY_TREES:
                self._day_trees.clear()
            tree = self._day_trees[scheme, day] = DayTree(self._composer, scheme, day)
        return tree

    def _checked(self, scheme: str, answers: Mapping[str, Any]) -> dict[str, Any]:
        facts = self._book.facts
        return {
            name: facts[name].check(answers[name])
            for name in self._book.interviews.get(scheme, ())
            if answers.get(name) is not None
        }

    def alternatives(
        self, scheme: str, answers: Mapping[str, Any], as_of: date | None = None
    ) -> list[tuple[str, Outcome]]:
        """Other schemes that the same answers do not rule out, the best outcome first.

        Schemes of which nothing was asked yet are left out, and so are those marked
        `suggest: false`.
        """
        found = []
        for other in self._book.schemes.values():
            if other.id == scheme or not other.suggest or other.id not in self._book.roots:
                continue
            result = self.assess(other.id, answers, as_of)
            if result.outcome in _RANKS and any(r.verdict is MET for r in result.criteria):
                found.append((other.id, result.outcome, len(result.missing)))
        found.sort(key=lambda item: (_RANKS[item[1]], item[2]))
        return [(name, outcome) for name, outcome, _ in found]

    def why(self, scheme: str, fact: str, language: str, as_of: date | None = None) -> str:
        """What a question is for: the criterion that it decides, with source and as-of."""
        _known(language)
        day = self._day(as_of)
        chain = self._deciding(scheme, fact, day)
        if not chain:
            return self._composer.say("why_unused", language)
        grounds, lines = Grounds(), []
        titled = next((c for c in chain if c.title is not None), chain[0])
        title = self._composer.title(titled, language, scheme, day, grounds)
        lines.append(self._composer.say("why_criterion", language, title=title))
        explained = next((c for c in chain if c.why is not None), None)
        if explained is not None and explained.why is not None:
            lines.append(
                self._composer.fill(explained.why[language], language, scheme, day, grounds)
            )
        for criterion in (titled, explained):
            if criterion is not None:
                grounds.add(criterion.sources, criterion.as_of, criterion.confidence)
        footer = self._composer.footer(grounds, language, self._today())
        return "\n".join(lines) + (f"\n\n{footer}" if footer else "")

    def _deciding(self, scheme: str, fact: str, day: date) -> list[Criterion]:
        """The first leaf of the day that tests a fact, and the criteria above it, nearest first."""
        if scheme not in self._book.roots:
            return []
        tree = self._day_tree(scheme, day)

        def descend(criterion: Criterion) -> list[Criterion]:
            if criterion.fact == fact:
                return [criterion]
            for child in tree.children(criterion):
                if found := descend(child):
                    return [*found, criterion]
            return []

        return [] if tree.root is None else descend(tree.root)

    def show(self, fact: str, value: Any, language: str) -> str:
        """An answer as its person would write it: "yes", "HK$1 million", an option's label."""
        _known(language)
        held = self._book.facts[fact]
        return show(self._composer, held, held.check(value), language, self._today())

    # ── papers and steps ─────────────────────────────────────────────────────────────────────

    def documents(
        self,
        scheme: str,
        language: str,
        answers: Mapping[str, Any] | None = None,
        group: str | None = None,
        as_of: date | None = None,
    ) -> list[DocumentGroup]:
        """The papers to file; those that the answers show not to be needed are left out."""
        _known(language)
        facts = self._book.facts
        checked = {
            name: facts[name].check(value)
            for name, value in (answers or {}).items()
            if value is not None and name in facts
        }
        desk = PaperDesk(self._composer, language, self._day(as_of), self._today())
        return desk.documents(scheme, checked, group)

    def procedure(self, scheme: str, language: str, as_of: date | None = None) -> Procedure:
        """The steps of the ways of applying that hold on a day, and the total time."""
        _known(language)
        desk = PaperDesk(self._composer, language, self._day(as_of), self._today())
        return desk.procedure(scheme)


def _known(language: str) -> None:
    if language not in LANGUAGES:
        raise RulesError(f"There is no language {language!r}. Use one of {', '.join(LANGUAGES)}.")
