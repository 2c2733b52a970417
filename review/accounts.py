"""Who may open the review pages: names with hashed passwords in DATA_DIR."""

import base64
import hashlib
import json
import secrets
from pathlib import Path

FILE_NAME = "reviewers.json"
REVIEWER = "reviewer"
"""The account that is always there."""

ITERATIONS = 480_000


class Accounts:
    """The reviewers of a data folder.

    A password is known to nobody but its owner: the file holds PBKDF2 hashes in the form that
    datasette-auth-passwords reads, and only this user may read the file.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE_NAME

    def read(self) -> dict[str, str]:
        """Name → hash."""
        if not self.path.exists():
            return {}
        found: dict[str, str] = json.loads(self.path.read_text(encoding="utf-8"))
        return found

    def add(self, name: str) -> str:
        """Give a name a new password, which is returned and kept nowhere."""
        password = secrets.token_urlsafe(12)
        self._write(self.read() | {name: hashed(password)})
        return password

    def remove(self, name: str) -> bool:
        """Take a name's way in; whether there was one."""
        accounts = self.read()
        there = accounts.pop(name, None) is not None
        self._write(accounts)
        return there

    def first_password(self, chosen: str) -> str | None:
        """A new password for the reviewer, at the first start and if none was chosen."""
        if chosen or REVIEWER in self.read():
            return None
        return self.add(REVIEWER)

    def hashes(self, chosen: str) -> dict[str, str]:
        """Name → hash for the pages; a password chosen in the settings counts for the reviewer."""
        return self.read() | ({REVIEWER: hashed(chosen)} if chosen else {})

    def _write(self, accounts: dict[str, str]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        draft = self.path.with_suffix(".new")
        draft.unlink(missing_ok=True)
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(accounts, indent=1), encoding="utf-8")
        draft.replace(self.path)


def hashed(password: str) -> str:
    """The password's hash with its salt and iterations, as Django writes it."""
    salt = secrets.token_hex(16)
    digest = hashlib.pbkdf2_hmac("sha256", password.encode(), salt.encode(), ITERATIONS)
    return f"pbkdf2_sha256${ITERATIONS}${salt}${base64.b64encode(digest).decode()}"
