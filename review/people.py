"""What people are called in the log: a hash that only this desk's secret can make."""

import hashlib
import hmac
from pathlib import Path

from settings import kept_secret

SALT_FILE = "log_salt"


def salt_in(folder: Path) -> str:
    """The secret of a data folder, made at first use."""
    return kept_secret(folder / SALT_FILE)


def person_name(salt: str, chat_id: int) -> str:
    """The same for the same chat, and nothing by which to find the chat without the secret.

    >>> person_name("salt", 7)
    'p449975cd3205add'
    """
    digest = hmac.new(salt.encode(), str(chat_id).encode(), hashlib.sha256).hexdigest()
    return f"p{digest[:15]}"
