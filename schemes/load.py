"""From the YAML files to a Book: each file on its own; what spans files is checked in check.py."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

from .criteria import LIMITS, OPERATORS, Criterion, Limit, Test
from .errors import FactError, Problem
from .facts import FACT_TYPES, Fact
from .files import LocatedMap
from .languages import LANGUAGES, Text
from .model import (
    GENERAL,
    SOURCE_KINDS,
    Block,
    Book,
    Document,
    Firm,
    Group,
    Scheme,
    Service,
    Source,
    Step,
    Topic,
    qualified,
)
from .parameters import CONFIDENCES, UNITS, Parameter, Value
from .reading import Entry, Notebook, nearest, open_file

SHARED = "(shared)"
"""Stands for the scheme in files that belong to none."""

PARTIES = (
    "applicant",
    "employer",
    "sponsor",
    "firm",
    "immd",
    "panel",
    "hkte",
    "itc",
    "lwb",
    "mainland",
    "other",
)
"""Who provides a paper or does a step."""

_NUMBERS = ("years", "months", "weeks", "days", "hours", "age", "count", "points", "percent")


@dataclass(slots=True)
class Loaded:
    """A Book with what was noticed while it was read."""

    book: Book
    notebook: Notebook
    references: list[Reference] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Reference:
    """A name used in a file, to be looked up once everything is read."""

    kind: str
    name: str
    entry: Entry
    key: str


class Loader:
    """Reads a data folder. `today` is the day against which dates are judged."""

    def __init__(self, folder: Path, today: date) -> None:
        self.folder = folder
        self.today = today
        self.notebook = Notebook()
        self.book = Book()
        self.references: list[Reference] = []

    def load(self) -> Loaded:
        """Everything that could be read, and everything that is wrong."""
        self._shared("sources.yml", self._sources)
        self._shared("topics.yml", self._topics)
        self._shared("facts.yml", self._facts)
        for folder in sorted(path for path in self.folder.iterdir() if path.is_dir()):
            self._folder(folder)
        self._order_schemes()
        self._shared("firm.yml", self._firm)
        self._answering_schemes()
        return Loaded(self.book, self.notebook, self.references)

    def _shared(self, name: str, read: Callable[[Entry], None]) -> None:
        entry = open_file(self.notebook, self.folder / name, name, SHARED)
        if entry is not None:
            read(entry)
        elif not (self.folder / name).exists():
            self.notebook.problems.append(Problem(name, "(file)", "is missing", "write it"))

    # ── shared files ─────────────────────────────────────────────────────────────────────────

    def _sources(self, file: Entry) -> None:
        for key, entry in file.children():
            entry.only("title", "publisher", "url", "kind", "date", "note")
            title = entry.text("title", plain=True)
            kind = entry.choice("kind", SOURCE_KINDS, required=True)
            publisher = entry.string("publisher", required=True)
            url = entry.string("url")
            if url is not None and not url.startswith(("https://", "http://")):
                entry.problem("url", f"{url!r} is no web address", "start it with https://")
            if title and kind and publisher:
                self.book.sources[key] = Source(
                    key, title, publisher, url, kind, entry.day("date"), entry.string("note")
                )

    def _topics(self, file: Entry) -> None:
        for key, entry in file.children():
            entry.only("title", "scope", "needs_scheme", "keywords")
            title = entry.text("title", button=True)
            scope = entry.choice("scope", ("scheme", "general", "family", "firm")) or "scheme"
            needs = entry.truth("needs_scheme", default=scope == "scheme")
            if title:
                self.book.topics[key] = Topic(key, title, (), scope, needs)

    def _facts(self, file: Entry) -> None:
        for key, entry in file.children():
            entry.only(
                "type", "minimum", "maximum", "unit", "options", "question", "help", "label",
                "extract", "words",
            )  # fmt: skip
            kind = entry.choice("type", FACT_TYPES, required=True)
            options = self._options(entry, kind)
            question, help_, label = (
                entry.text("question"),
                entry.text("help"),
                entry.text("label"),
            )
            low, high = entry.number("minimum"), entry.number("maximum")
            if low is not None and high is not None and low > high:
                entry.problem("minimum", f"{low} is above the maximum {high}", "swap them")
            if kind and question and help_ and label:
                self.book.facts[key] = Fact(
                    key, kind, question, help_, label, options, low, high,
                    entry.string("unit"), entry.string("extract"), self._words(entry, options),
                )  # fmt: skip

    def _options(self, entry: Entry, kind: str | None) -> dict[str, Text]:
        options = entry.child("options", required=kind == "choice")
        if options is None:
            return {}
        if kind != "choice":
            entry.problem("options", f"belong to a choice, not to {kind}", "drop them")
        texts = {str(name): options.text(name, button=True) for name in options.data}
        return {name: text for name, text in texts.items() if text is not None}

    @staticmethod
    def _words(entry: Entry, options: dict[str, Text]) -> dict[str, tuple[str, ...]]:
        """What people write for each option: a list, or a list a language."""
        words = entry.child("words")
        if words is None:
            return {}
        words.only(*options)
        found = {}
        for option in words.data:
            by_language = words.data[option]
            if isinstance(by_language, LocatedMap):
                child = words.child(option)
                assert child is not None, "a mapping was seen above"
                child.only(*LANGUAGES)
                listed = [word for name in LANGUAGES for word in child.words(name)]
            else:
                listed = list(words.words(option))
            found[option] = tuple(dict.fromkeys(listed))
        return found

    def _firm(self, file: Entry) -> None:
        file.only(
            "name", "phone", "email", "web", "address", "office_hours", "services", "source",
            "as_of", "note",
        )  # fmt: skip
        name = self._either(file, "name", required=True)
        services = []
        for entry in file.items("services"):
            entry.only("id", "text", "source", "as_of")
            key, text = entry.string("id", required=True), entry.text("text")
            sources = self._source_ids(entry, required=False)
            if key and text:
                services.append(Service(key, text, sources))
        if name is None:
            return
        self.book.firm = Firm(
            name,
            file.string("phone"),
            file.string("email"),
            file.string("web"),
            self._either(file, "address"),
            self._either(file, "office_hours"),
            tuple(services),
            self._source_ids(file, required=False),
            self._as_of(file, None, required=False),
        )

    @staticmethod
    def _either(entry: Entry, name: str, *, required: bool = False) -> Text | None:
        """A text in four languages, or one that is the same in all (a name, an address)."""
        value = entry.raw(name)
        if isinstance(value, str):
            return dict.fromkeys(LANGUAGES, value)
        return entry.text(name, required=required, plain=True)

    # ── a scheme's folder ────────────────────────────────────────────────────────────────────

    def _folder(self, folder: Path) -> None:
        scheme = folder.name
        readers: dict[str, Callable[[Entry, str], None]] = {
            "scheme.yml": self._scheme,
            "parameters.yml": self._parameters,
            "answers.yml": self._answers,
            "documents.yml": self._documents,
            "criteria.yml": self._criteria,
            "procedure.yml": self._procedure,
        }
        for path in sorted(folder.iterdir()):
            if path.name not in readers and not path.name.startswith("."):
                self.notebook.problems.append(
                    Problem(
                        f"{scheme}/{path.name}", "(file)", "is not a file that a scheme has",
                        nearest(path.name, readers),
                    )
                )  # fmt: skip
        for name, read in readers.items():
            entry = open_file(self.notebook, folder / name, f"{scheme}/{name}", scheme)
            if entry is not None:
                read(entry, scheme)
            elif name == "scheme.yml" and not (folder / name).exists():
                self.notebook.problems.append(
                    Problem(f"{scheme}/{name}", "(file)", "is missing", "write id, name, short")
                )

    def _scheme(self, file: Entry, scheme: str) -> None:
        file.only(
            "id", "order", "name", "short", "aliases", "interview", "suggest", "official_url",
            "launched", "note",
        )  # fmt: skip
        if (written := file.string("id")) not in (None, scheme):
            file.problem("id", f"is {written!r}, but the folder is {scheme!r}", "make them one")
        name, short = file.text("name"), file.text("short", button=True)
        launched = file.string("launched")
        if launched:
            self._refer("parameter", qualified(launched, scheme), file, "launched")
        interview = (self.folder / scheme / "criteria.yml").exists()
        if file.has("interview") and file.truth("interview") != interview:
            file.problem(
                "interview",
                f"is {file.truth('interview')}, but criteria.yml {'is' if interview else 'is not'} "
                "there",
                "make them agree",
                warning=True,
            )
        if name and short:
            self.book.schemes[scheme] = Scheme(
                scheme,
                name,
                short,
                self._aliases(file),
                interview,
                file.truth("suggest", default=scheme != GENERAL),
                file.string("official_url"),
                launched and qualified(launched, scheme),
                file.number("order") or 1000,
            )

    @staticmethod
    def _aliases(file: Entry) -> tuple[str, ...]:
        """Names for a scheme, of all languages together: a person may use any."""
        if not isinstance(file.raw("aliases"), LocatedMap):
            return file.words("aliases")
        entry = file.child("aliases")
        assert entry is not None, "a mapping was seen above"
        entry.only(*LANGUAGES)
        return tuple(dict.fromkeys(alias for name in LANGUAGES for alias in entry.words(name)))

    def _order_schemes(self) -> None:
        ordered = sorted(self.book.schemes.values(), key=lambda scheme: (scheme.order, scheme.id))
        self.book.schemes = {scheme.id: scheme for scheme in ordered}

    def _parameters(self, file: Entry, scheme: str) -> None:
        for name, entry in file.children():
            entry.only("meaning", "unit", "values", "note")
            meaning = entry.string("meaning", required=True)
            unit = entry.choice("unit", UNITS, required=True)
            values = [
                value
                for item in entry.items("values", required=True)
                if (value := self._value(item, unit)) is not None
            ]
            self._in_order(entry, values)
            if meaning and unit and values:
                parameter = Parameter(scheme, name, unit, meaning, tuple(values))
                self.book.parameters[parameter.id] = parameter

    def _value(self, entry: Entry, unit: str | None) -> Value | None:
        entry.only("from", "value", "source", "as_of", "confidence", "note")
        if "from" not in entry.data:
            entry.problem("from", "is missing", "write the day, or null if it is unknown")
        if "value" not in entry.data:
            entry.problem("value", "is missing", "write it, or null if it no longer exists")
        start = entry.day("from")
        value = self._unit_value(entry, unit)
        sources = self._source_ids(entry, required=True)
        as_of = self._as_of(entry, start, required=True)
        confidence = self._confidence(entry, sources)
        if as_of is None or not sources:
            return None
        return Value(start, value, sources, as_of, confidence)

    def _unit_value(self, entry: Entry, unit: str | None) -> Any:
        value = entry.raw("value")
        if value is None or unit is None:
            return None
        wrong: str | None = None
        if unit == "text":
            return entry.text("value", plain=True)
        if unit == "code":
            wrong = None if isinstance(value, str) else "a word in quotes"
        elif unit == "date":
            wrong = None if isinstance(value, date) else "a day such as 2026-09-03"
        elif unit.startswith("pattern_"):
            good = isinstance(value, list) and value and all(_is_number(item) for item in value)
            wrong = None if good else "a list of numbers such as [3, 2]"
            value = tuple(value) if good else None
        else:
            wrong = None if _is_number(value) and value >= 0 else "a number, not below zero"
        if wrong:
            entry.problem("value", f"{value!r} does not fit the unit {unit}", f"write {wrong}")
            return None
        return value

    @staticmethod
    def _in_order(entry: Entry, values: list[Value]) -> None:
        for before, after in pairwise(values):
            if after.start is None:
                entry.problem("values", "only the first may start at null", "write its day")
            elif before.start is not None and after.start <= before.start:
                entry.problem(
                    "values",
                    f"{after.start} does not come after {before.start}: they overlap or are "
                    "unsorted",
                    "put the oldest first, each day once",
                )

    # ── answers ──────────────────────────────────────────────────────────────────────────────

    def _answers(self, file: Entry, scheme: str) -> None:
        for topic in file.data:
            if isinstance(file.raw(topic), list):
                blocks = [self._block(entry, scheme, topic) for entry in file.items(topic)]
            else:
                entry = file.child(topic, required=True)
                blocks = [self._block(entry, scheme, topic)] if entry is not None else []
            self._refer("topic", str(topic), file, str(topic))
            good = [block for block in blocks if block is not None]
            self._apart(file, str(topic), good)
            if good:
                self.book.blocks[scheme, topic] = tuple(good)

    def _block(self, entry: Entry, scheme: str, topic: str) -> Block | None:
        entry.only(
            "source", "as_of", "confidence", "established", "from", "until", "text", "see",
            "keywords", "note",
        )  # fmt: skip
        text = entry.text("text")
        see = entry.words("see")
        if len(see) > 3:
            entry.problem("see", f"names {len(see)} topics", "offer at most 3")
        for name in see:
            self._refer("topic", name, entry, "see")
        sources = self._source_ids(entry, required=False)
        as_of = self._as_of(entry, entry.day("from"), required=False)
        graded = sources or entry.has("confidence")
        confidence = self._confidence(entry, sources) if graded else None
        if text is None:
            return None
        block = Block(
            scheme, topic, text, sources, as_of, confidence,
            entry.truth("established", default=True),
            *self._span(entry), see, self._keywords(entry),
        )  # fmt: skip
        self._refer("grounds", topic, entry, "")
        return block

    @staticmethod
    def _keywords(entry: Entry) -> dict[str, str]:
        keywords = entry.child("keywords")
        if keywords is None:
            return {}
        keywords.only(*LANGUAGES)
        found = {}
        for language in LANGUAGES:
            value = keywords.raw(language)
            if isinstance(value, list):
                value = ", ".join(str(item) for item in value)
            if value is not None:
                found[language] = str(value)
        return found

    @staticmethod
    def _apart(file: Entry, topic: str, blocks: list[Block]) -> None:
        ordered = sorted(blocks, key=lambda block: block.start or date.min)
        for before, after in pairwise(ordered):
            if before.until is None or (after.start or date.min) <= before.until:
                file.problem(
                    topic,
                    "has blocks whose days overlap",
                    "let each 'until' come before the next 'from'",
                )

    # ── criteria ─────────────────────────────────────────────────────────────────────────────

    def _criteria(self, file: Entry, scheme: str) -> None:
        file.only("root", "interview", "criteria")
        root = file.string("root", required=True)
        interview = file.words("interview", required=True)
        for fact in interview:
            self._refer("fact", fact, file, "interview")
        criteria: dict[str, Criterion] = {}
        self.book.criteria[scheme] = criteria
        entries = file.child("criteria", required=True)
        if entries is not None:
            for name, entry in entries.children():
                self._criterion(entry, name, criteria, named=True)
        self.book.interviews[scheme] = interview
        if root:
            self.book.roots[scheme] = root
            self._refer("criterion", root, file, "root")

    def _criterion(
        self, entry: Entry, name: str, criteria: dict[str, Criterion], *, named: bool
    ) -> None:
        entry.only(
            "title", "all", "any", "at_least", "of", "not", "fact", *OPERATORS, "unsure_if", "why",
            "if_unknown", "if_not_met", "source", "as_of", "confidence", "from", "until", "tally",
            "refer", "prove", "note",
        )  # fmt: skip
        kinds = [kind for kind in ("all", "any", "at_least", "not", "fact") if kind in entry.data]
        if len(kinds) != 1:
            entry.problem(
                "",
                f"must be one of all, any, at_least, not, fact; it is {kinds or 'none'}",
                "give it exactly one",
            )
            return
        kind = kinds[0]
        for document in entry.words("prove"):
            self._refer("document", document, entry, "prove")
        sources = self._source_ids(entry, required=False)
        start, until = self._span(entry)
        criteria[name] = Criterion(
            id=name,
            kind=kind,
            children=self._children(entry, kind, name, criteria),
            needed=self._needed(entry) if kind == "at_least" else None,
            fact=self._leaf_fact(entry) if kind == "fact" else None,
            tests=self._tests(entry) if kind == "fact" else (),
            unsure_if=self._unsure(entry) if kind == "fact" else (),
            title=entry.text("title", required=named),
            why=entry.text("why", required=False),
            if_unknown=entry.text("if_unknown", required=False),
            if_not_met=entry.text("if_not_met", required=False),
            sources=sources,
            as_of=self._as_of(entry, start, required=False),
            confidence=self._confidence(entry, sources) if sources else None,
            start=start,
            until=until,
            tally=entry.truth("tally"),
            refer=entry.truth("refer"),
            prove=entry.words("prove"),
        )

    def _children(
        self, entry: Entry, kind: str, name: str, criteria: dict[str, Criterion]
    ) -> tuple[str, ...]:
        if kind == "fact":
            return ()
        key = "of" if kind == "at_least" else kind
        value = entry.raw(key)
        items = [value] if kind == "not" and not isinstance(value, list) else value
        if not isinstance(items, list) or not items:
            entry.problem(key, "must list criteria", "write [id, id] or '- {fact: …}' lines")
            return ()
        children: list[str] = []
        for place, item in enumerate(items, 1):
            child = f"{name}/{place}"
            if isinstance(item, str):
                self._refer("criterion", item, entry, key)
                child = item
            elif isinstance(item, LocatedMap):
                inline = Entry(entry.notebook, entry.file, f"{entry.key}.{key}[{place}]", item,
                               entry.scheme)  # fmt: skip
                self._criterion(inline, child, criteria, named=False)
            else:
                entry.problem(key, f"item {place} is {item!r}", "name a criterion or write a test")
                continue
            children.append(child)
        return tuple(children)

    def _needed(self, entry: Entry) -> int | Limit | None:
        value = entry.raw("at_least")
        if isinstance(value, str):
            return self._limit(entry, "at_least", value)
        if isinstance(value, int) and not isinstance(value, bool) and value > 0:
            return value
        entry.problem("at_least", f"{value!r} is no count", "write a number or a parameter")
        return None

    def _limit(self, entry: Entry, key: str, name: str) -> Limit:
        full = qualified(name, entry.scheme)
        self._refer("parameter", full, entry, key)
        return Limit(full)

    def _leaf_fact(self, entry: Entry) -> str | None:
        name = entry.string("fact", required=True)
        if name:
            self._refer("fact", name, entry, "fact")
        return name

    def _tests(self, entry: Entry) -> tuple[Test, ...]:
        fact = self.book.facts.get(str(entry.raw("fact")))
        tests = []
        for operator in OPERATORS:
            if operator not in entry.data:
                continue
            operand = self._operand(entry, operator, fact)
            if operand is not None:
                tests.append(Test(operator, operand))
        if not any(operator in entry.data for operator in OPERATORS):
            entry.problem("fact", "has no test", f"add one of {', '.join(OPERATORS)}")
        return tuple(tests)

    def _operand(self, entry: Entry, operator: str, fact: Fact | None) -> Any:
        value = entry.raw(operator)
        if operator in LIMITS:
            self._fits(entry, operator, fact)
            if isinstance(value, str):
                return self._limit(entry, operator, value)
            if _is_number(value):
                return value
            entry.problem(operator, f"{value!r} is no limit", "write a number or a parameter")
            return None
        if operator == "is":
            return self._option(entry, operator, value, fact)
        if not isinstance(value, list) or not value:
            entry.problem(operator, f"{value!r} is no list", "write [option, option]")
            return None
        options = [self._option(entry, operator, item, fact) for item in value]
        return tuple(option for option in options if option is not None)

    @staticmethod
    def _fits(entry: Entry, operator: str, fact: Fact | None) -> None:
        if fact is None:
            return
        dated = operator == "within_months"
        if dated != (fact.type == "date") or fact.type in ("yes_no", "choice"):
            entry.problem(
                operator, f"does not fit {fact.id!r}, a fact of type {fact.type}",
                "use is/in/not_in for options, limits for numbers, within_months for dates",
            )  # fmt: skip

    @staticmethod
    def _option(entry: Entry, operator: str, value: Any, fact: Fact | None) -> Any:
        if fact is None:
            return value
        try:
            return fact.check(value)
        except FactError:
            allowed = fact.options or ("true", "false")
            entry.problem(
                operator, f"{value!r} is no answer to {fact.id!r}", nearest(value, allowed)
            )
            return None

    def _unsure(self, entry: Entry) -> tuple[Any, ...]:
        value = entry.raw("unsure_if")
        if value is None:
            return ()
        fact = self.book.facts.get(str(entry.raw("fact")))
        items = value if isinstance(value, list) else [value]
        options = [self._option(entry, "unsure_if", item, fact) for item in items]
        return tuple(option for option in options if option is not None)

    # ── documents and procedure ──────────────────────────────────────────────────────────────

    def _documents(self, file: Entry, scheme: str) -> None:
        groups: dict[str, Group] = {}
        for name, entry in file.children():
            entry.only("title", "items", "from", "until", "note")
            title = entry.text("title")
            items = [
                document
                for item in entry.items("items", required=True)
                if (document := self._document(item, scheme, name)) is not None
            ]
            self._unique(entry, items)
            if title:
                groups[name] = Group(scheme, name, title, tuple(items), *self._span(entry))
        self.book.documents[scheme] = groups

    def _document(self, entry: Entry, scheme: str, group: str) -> Document | None:
        entry.only(
            "id", "text", "condition", "when", "form", "by", "original", "source", "as_of",
            "confidence", "from", "until", "note",
        )  # fmt: skip
        key, text = entry.string("id", required=True), entry.text("text")
        sources = self._source_ids(entry, required=True)
        form = entry.string("form")
        if form:
            self._refer("parameter", qualified(form, scheme), entry, "form")
        as_of = self._as_of(entry, entry.day("from"), required=True)
        when = self._when(entry)
        condition = entry.text("condition", required=False)
        if when is not None and condition is None:
            entry.problem(
                "condition",
                "is missing beside 'when'",
                "say it in words, for people whose answer is not known",
            )
        if not key or text is None:
            return None
        return Document(
            scheme, group, key, text, condition, when,
            form and qualified(form, scheme),
            entry.choice("by", PARTIES),
            None if entry.raw("original") is None else entry.truth("original"),
            sources, as_of, self._confidence(entry, sources), *self._span(entry),
        )  # fmt: skip

    def _when(self, entry: Entry) -> Criterion | None:
        when = entry.child("when")
        if when is None:
            return None
        when.only("fact", *OPERATORS, "unsure_if")
        fact = self._leaf_fact(when)
        return Criterion(
            f"when:{entry.string('id')}", "fact", fact=fact, tests=self._tests(when),
            unsure_if=self._unsure(when),
        )  # fmt: skip

    @staticmethod
    def _unique(entry: Entry, items: list[Any]) -> None:
        seen: set[str] = set()
        for item in items:
            if item.id in seen:
                entry.problem("", f"holds the id {item.id!r} twice", "give each its own")
            seen.add(item.id)

    def _procedure(self, file: Entry, scheme: str) -> None:
        file.only("groups", "total", "note")
        total = file.string("total")
        if total:
            self._refer("parameter", qualified(total, scheme), file, "total")
            self.book.totals[scheme] = qualified(total, scheme)
        groups: dict[str, Group] = {}
        entries = file.child("groups", required=True)
        for name, entry in entries.children() if entries else ():
            entry.only("title", "steps", "from", "until", "note")
            title = entry.text("title")
            steps = [
                step
                for item in entry.items("steps", required=True)
                if (step := self._step(item, scheme, name)) is not None
            ]
            self._unique(entry, steps)
            if title:
                groups[name] = Group(scheme, name, title, tuple(steps), *self._span(entry))
        self.book.procedures[scheme] = groups

    def _step(self, entry: Entry, scheme: str, group: str) -> Step | None:
        entry.only(
            "id", "text", "who", "takes", "source", "as_of", "confidence", "from", "until", "note"
        )
        key, text = entry.string("id", required=True), entry.text("text")
        who = entry.words("who", required=True)
        for party in who:
            if party not in PARTIES:
                entry.problem("who", f"{party!r} does not exist", nearest(party, PARTIES))
        parameter, takes = None, None
        if isinstance(entry.raw("takes"), str):
            parameter = qualified(entry.raw("takes"), scheme)
            self._refer("parameter", parameter, entry, "takes")
        else:
            takes = entry.text("takes", required=False)
        sources = self._source_ids(entry, required=True)
        as_of = self._as_of(entry, entry.day("from"), required=True)
        if not key or text is None:
            return None
        return Step(
            scheme, group, key, text, who, takes, parameter, sources, as_of,
            self._confidence(entry, sources), *self._span(entry),
        )  # fmt: skip

    # ── grounds ──────────────────────────────────────────────────────────────────────────────

    @staticmethod
    def _span(entry: Entry) -> tuple[date | None, date | None]:
        """The first and the last day on which something holds."""
        start, until = entry.day("from"), entry.day("until")
        if start is not None and until is not None and until < start:
            entry.problem("until", f"{until} lies before 'from', {start}", "swap or correct them")
        return start, until

    def _source_ids(self, entry: Entry, *, required: bool) -> tuple[str, ...]:
        sources = entry.words("source", required=required)
        for source in sources:
            self._refer("source", source, entry, "source")
        return sources

    def _as_of(self, entry: Entry, start: date | None, *, required: bool) -> date | None:
        as_of = entry.day("as_of", required=required)
        if as_of is None:
            return None
        if as_of > self.today:
            entry.problem("as_of", f"{as_of} lies in the future", "write the day of the evidence")
        if start is not None and as_of < start <= self.today:
            entry.problem(
                "as_of", f"{as_of} lies before {start}, when it began to hold",
                "write the newest day on which the evidence still shows it",
            )  # fmt: skip
        return as_of

    def _confidence(self, entry: Entry, sources: tuple[str, ...]) -> str:
        written = entry.choice("confidence", CONFIDENCES)
        if written:
            return written
        known = [self.book.sources[name].confidence for name in sources
                 if name in self.book.sources]  # fmt: skip
        return min(known, key=CONFIDENCES.index, default="secondary")

    def _refer(self, kind: str, name: str, entry: Entry, key: str) -> None:
        self.references.append(Reference(kind, name, entry, key))

    def _answering_schemes(self) -> None:
        for name, topic in self.book.topics.items():
            schemes = tuple(
                scheme for scheme in self._folders() if (scheme, name) in self.book.blocks
            )
            self.book.topics[name] = Topic(
                name, topic.title, schemes, topic.scope, topic.needs_scheme
            )

    def _folders(self) -> Iterator[str]:
        yield from self.book.schemes


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
