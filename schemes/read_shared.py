"""Reading the files that belong to no scheme: sources, topics, facts and the firm."""

from __future__ import annotations

from .entries import Entry
from .facts import FACT_TYPES, Fact
from .files import LocatedMap
from .languages import LANGUAGES, Text
from .model import SOURCE_KINDS, Firm, Service, Source, Topic
from .reader import Reader


class SharedReader(Reader):
    """Each method reads one file of the data folder itself."""

    def sources(self, file: Entry) -> None:
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

    def topics(self, file: Entry) -> None:
        for key, entry in file.children():
            entry.only("title", "scope", "needs_scheme", "keywords")
            title = entry.text("title", button=True)
            scope = entry.choice("scope", ("scheme", "general", "family", "firm")) or "scheme"
            needs = entry.truth("needs_scheme", default=scope == "scheme")
            if title:
                self.book.topics[key] = Topic(key, title, (), scope, needs)

    def facts(self, file: Entry) -> None:
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

    def firm(self, file: Entry) -> None:
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
