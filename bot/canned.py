"""Answers the staff give often, ready in four languages: ``canned.yml``."""

from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.languages import LANGUAGES

FILE = Path(__file__).with_name("canned.yml")


@dataclass(frozen=True)
class Canned:
    """All canned answers: key → language → text."""

    texts: dict[str, dict[str, str]]

    @classmethod
    def load(cls, path: Path = FILE) -> "Canned":
        """Read the file. :raises ValueError: an answer lacks a language; says which"""
        texts = yaml.safe_load(path.read_text(encoding="utf-8"))
        for key, by_language in texts.items():
            if missing := set(LANGUAGES) - set(by_language):
                lacking = ", ".join(sorted(missing))
                raise ValueError(f"{path.name}: {key} has no text in {lacking}; add it.")
        return cls(texts)

    def text(self, key: str, language: str) -> str | None:
        """An answer in a person's language; None if there is none of this key."""
        return self.texts[key][language].strip() if key in self.texts else None
