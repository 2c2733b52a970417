"""Check the data of the schemes, build the database, and ask the rules from a terminal."""

from __future__ import annotations

import argparse
import json
import sqlite3
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from . import files
from .build import build, fill, fingerprint
from .cases import all_cases, run_case
from .check import check
from .errors import DataError, RulesError, SchemesError, counted
from .languages import LANGUAGES
from .model import GENERAL, Book
from .reader import Loaded
from .rules import Rules

HERE = Path(__file__).parent


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 if all is well, 1 if something is wrong with data or question."""
    options = _parser().parse_args(arguments)
    try:
        with ExitStack() as options.closing:
            return int(options.run(options))
    except DataError as error:
        for problem in error.problems:
            print(problem)
        print(f"{counted(len(error.problems), 'fault')} to mend, then try again")
    except SchemesError as error:
        print(error, file=sys.stderr)
    return 1


def _check(options: argparse.Namespace) -> int:
    _, problems = check(options.data, options.cases, options.today, options.scheme)
    for problem in problems:
        print(problem)
    warnings = sum(problem.warning for problem in problems)
    faults = len(problems) - warnings
    print(f"{counted(faults, 'fault')}, {counted(warnings, 'warning')}")
    return 1 if faults or (options.strict and warnings) else 0


def _build(options: argparse.Namespace) -> int:
    book = build(options.data, options.cases, options.database, options.today)
    answers = len(list(book.all_blocks()))
    print(
        f"{options.database}: {len(book.schemes)} schemes, {answers} answers, "
        f"{len(book.parameters)} parameters, {len(book.sources)} sources"
    )
    return 0


def _facts(options: argparse.Namespace) -> int:
    rules = _rules(options)
    for fact in rules.facts().values():
        takes = ", ".join(fact.options) or _bounds(fact.minimum, fact.maximum)
        users = [s.id for s in rules.schemes() if fact.id in rules.interview(s.id)]
        print(f"{fact.id}: {fact.type} {takes}".rstrip())
        print(f"    {fact.question[options.lang]}  ({', '.join(users) or 'used by no scheme'})")
    return 0


def _bounds(minimum: float | None, maximum: float | None) -> str:
    if minimum is None and maximum is None:
        return ""
    return " to ".join("" if limit is None else f"{limit:g}" for limit in (minimum, maximum))


def _ask(options: argparse.Namespace) -> int:
    rules = _rules(options, [options.scheme])
    answer = rules.answer(options.scheme, options.topic, options.lang, options.as_of)
    if answer is None:
        topics = [t.id for t in rules.topics().values() if options.scheme in t.schemes]
        raise RulesError(
            f"{options.scheme!r} has no answer to {options.topic!r}. It answers: "
            f"{', '.join(topics) or 'nothing'}."
        )
    print(answer)
    return 0


def _assess(options: argparse.Namespace) -> int:
    rules = _rules(options, [options.scheme])
    answers = _read_answers(options.answers)
    result = rules.assess(options.scheme, answers, options.as_of).to_json(options.lang)
    result["alternatives"] = [
        {"scheme": scheme, "outcome": str(outcome)}
        for scheme, outcome in rules.alternatives(options.scheme, answers, options.as_of)
    ]
    result["next_question"] = None
    if result["next_fact"] is not None:
        result["next_question"] = rules.facts()[result["next_fact"]].question[options.lang]
    print(json.dumps(result, ensure_ascii=False, indent=2))
    return 0


def _read_answers(name: str) -> Mapping[str, Any]:
    """Answers from a JSON or YAML file, or from standard input for "-"."""
    if name != "-" and not Path(name).is_file():
        raise RulesError(f"There is no file {name} with answers. Write one, or pipe it to '-'.")
    data, problems = (
        files.parse(sys.stdin.read(), "standard input")
        if name == "-"
        else files.read(Path(name), name)
    )
    if problems:
        raise DataError(problems)
    if not isinstance(data, Mapping):
        raise RulesError(f"{name} must be a mapping of facts to answers, as in {{age: 32}}.")
    return data


def _search(options: argparse.Namespace) -> int:
    rules = _rules(options, search=True)
    hits = rules.search(options.text, options.lang, options.limit)
    for hit in hits:
        print(f"{hit.score:7.2f}  {hit.scheme}/{hit.topic}: {hit.title}")
    return 0 if hits else 1


def _stale(options: argparse.Namespace) -> int:
    """What rests on evidence older than so many days: for staff to look up again."""
    loaded = _loaded(options, [])
    oldest = options.today - timedelta(days=options.older_than)
    found = sorted(_evidence(loaded.book, options.today))
    old = [line for line in found if line[0] < oldest]
    for as_of, what, sources in old:
        print(f"{as_of}  {(options.today - as_of).days:5} days  {what}  ({', '.join(sources)})")
    print(f"{len(old)} of {len(found)} are older than {options.older_than} days")
    return 0


def _evidence(book: Book, today: date) -> Iterator[tuple[date, str, tuple[str, ...]]]:
    """Everything stated as current, with the day of its evidence."""
    for parameter in book.parameters.values():
        value = parameter.at(today)
        if value is not None and value.value is not None:
            yield value.as_of, f"parameter {parameter.id}", value.sources
    for block in book.all_blocks():
        if block.as_of is not None and block.holds(today):
            yield block.as_of, f"answer {block.scheme}/{block.topic}", block.sources
    for scheme, criteria in book.criteria.items():
        for criterion in criteria.values():
            if criterion.as_of is not None and (criterion.until or today) >= today:
                yield criterion.as_of, f"criterion {scheme}.{criterion.id}", criterion.sources


def _cases(options: argparse.Namespace) -> int:
    loaded, problems = check(options.data, None, options.today)
    cases = [
        case for path in options.files or [options.cases] for case in all_cases(path, loaded.book)
    ]
    used = {case.scheme for case in cases}
    faults = [
        problem
        for problem in problems
        if not problem.warning and problem.file.partition("/")[0] in used
    ]
    if faults:
        raise DataError(faults)
    rules = _kept(options, Rules(loaded.book, sqlite3.connect(":memory:"), lambda: options.today))
    failed = 0
    for case in cases:
        failures = run_case(rules, case)
        failed += bool(failures)
        for failure in failures:
            print(failure)
    print(f"{len(cases)} cases, {failed} failed")
    return 1 if failed or not cases else 0


def _loaded(options: argparse.Namespace, schemes: Sequence[str]) -> Loaded:
    loaded, problems = check(options.data, None, options.today, schemes)
    faults = [problem for problem in problems if not problem.warning]
    if faults:
        raise DataError(faults)
    return loaded


def _rules(
    options: argparse.Namespace, schemes: Sequence[str] = (), *, search: bool = False
) -> Rules:
    """The built database where it fits the data, else the data as they are on disk."""

    def today() -> date:
        day: date = options.today
        return day

    if _is_current(options):
        return _kept(options, Rules.open(options.database, today))
    loaded = _loaded(options, [] if search else [*schemes, *([GENERAL] if schemes else [])])
    connection = sqlite3.connect(":memory:")
    if search:
        fill(connection, loaded.book, options.today)
    return _kept(options, Rules(loaded.book, connection, today))


def _kept(options: argparse.Namespace, rules: Rules) -> Rules:
    """The rules, closed when the command ends."""
    kept: Rules = options.closing.enter_context(rules)
    return kept


def _is_current(options: argparse.Namespace) -> bool:
    if not options.database.is_file():
        return False
    connection = sqlite3.connect(f"{options.database.resolve().as_uri()}?mode=ro", uri=True)
    try:
        query = "select value from meta where key = 'fingerprint'"
        found = connection.execute(query).fetchone()
    except sqlite3.DatabaseError:
        return False
    finally:
        connection.close()
    return found is not None and found[0] == fingerprint(options.data)


def _parser() -> argparse.ArgumentParser:
    day = date.fromisoformat
    parser = argparse.ArgumentParser(prog="python -m schemes", description=__doc__)
    parser.add_argument("--data", type=Path, default=HERE / "data", help="folder of the data")
    parser.add_argument("--cases", type=Path, default=HERE / "cases", help="folder of the cases")
    parser.add_argument(
        "--database", type=Path, default=Path("build/schemes.db"), help="where the database is"
    )
    parser.add_argument("--today", type=day, default=date.today(), help="judge as if on this day")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Any, help_: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=help_, description=help_)
        added.set_defaults(run=run)
        return added

    def language(added: argparse.ArgumentParser) -> None:
        added.add_argument("--lang", choices=LANGUAGES, default="en", help="language (en)")

    def as_of(added: argparse.ArgumentParser) -> None:
        added.add_argument("--as-of", type=day, help="the rules of this day (today)")

    added = command("check", _check, "find every fault in the data")
    added.add_argument("--scheme", action="append", default=[], help="only this folder's faults")
    added.add_argument("--strict", action="store_true", help="warnings fail too")
    command("build", _build, "check, then write the database")
    language(command("facts", _facts, "list what interviews can ask"))
    added = command("ask", _ask, "show the answer to a topic")
    added.add_argument("scheme")
    added.add_argument("topic")
    language(added)
    as_of(added)
    added = command("assess", _assess, "judge answers; prints JSON")
    added.add_argument("scheme")
    added.add_argument("--answers", required=True, metavar="FILE", help="JSON or YAML; - for stdin")
    language(added)
    as_of(added)
    added = command("cases", _cases, "run the cases")
    added.add_argument("files", nargs="*", type=Path, help="files or folders (all)")
    added = command("search", _search, "search the answers")
    added.add_argument("text")
    added.add_argument("--limit", type=int, default=5)
    language(added)
    added = command("stale", _stale, "list what rests on old evidence")
    added.add_argument("--older-than", type=int, default=365, metavar="DAYS")
    return parser


if __name__ == "__main__":
    sys.exit(main())
