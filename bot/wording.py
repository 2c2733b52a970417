"""What the relay itself says: the domain ``bot`` of the catalogues in ``locales/``."""

from functools import partial
from typing import Protocol

from bot.languages import LANGUAGES
from locales import catalogue, text

DOMAIN = "bot"


class Words(Protocol):
    """Words a message in one language."""

    def __call__(self, message: str, /, **values: object) -> str: ...


def speaker(language: str) -> Words:
    """The relay's voice in a language; locales.MissingText for an id the catalogue lacks."""
    return partial(text, DOMAIN, language)


def load() -> None:
    """Read all catalogues now rather than at the first message; OSError if one is missing."""
    for language in LANGUAGES:
        catalogue(DOMAIN, language)
