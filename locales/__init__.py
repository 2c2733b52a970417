"""What the product itself says, in four languages: gettext catalogues, read as text at start.

`locales/<language>/LC_MESSAGES/<domain>.po`; message ids are plain keys ("greeting"), so that the
English wording can be mended in one place like any other. Nothing is compiled: the catalogues are
small, and what is in git is what runs.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

FOLDERS = {"en": "en", "zh-Hant": "zh_Hant", "zh-Hans": "zh_Hans", "ja": "ja"}


class MissingText(KeyError):
    """A key that a catalogue lacks; says which catalogue to mend."""


@cache
def catalogue(domain: str, language: str) -> dict[str, str]:
    """All texts of a domain ("bot", "actions") in one language: key → text."""
    path = Path(__file__).parent / FOLDERS[language] / "LC_MESSAGES" / f"{domain}.po"
    with path.open("rb") as file:
        messages = read_po(file, abort_invalid=True)
    return {str(m.id): str(m.string) for m in messages if m.id and m.string}


def text(domain: str, language: str, key: str, /, **values: object) -> str:
    """One text, its {placeholders} filled in. Raises MissingText with the file to mend."""
    try:
        template = catalogue(domain, language)[key]
    except KeyError:
        raise MissingText(
            f"locales/{FOLDERS[language]}/LC_MESSAGES/{domain}.po has no text for {key!r}; add it"
        ) from None
    return template.format(**values)
