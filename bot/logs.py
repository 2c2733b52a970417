"""The log: what happened to which update, never what was said or by whom."""

import hashlib
import logging
import secrets

from bot.notes import Notes

SALT_NOTE = "log_salt"

NOISY = ("httpx", "httpcore", "telegram", "aiohttp.access")
"""httpx writes every address at INFO, and Telegram's addresses contain the token."""


def set_up_logging(level: str) -> None:
    """Log to stderr at this level; libraries that would write addresses only from WARNING."""
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    for name in NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)


class ChatNames:
    """Short names of chats for the log.

    The same chat has the same one, and nobody outside this installation finds the chat from it.
    """

    def __init__(self, notes: Notes) -> None:
        salt = notes.get(SALT_NOTE)
        if salt is None:
            salt = secrets.token_hex(16)
            notes.put(SALT_NOTE, salt)
        self.salt = bytes.fromhex(salt)

    def name(self, chat_id: int) -> str:
        """Eight hexadecimal digits; a dash for no chat."""
        if chat_id == 0:
            return "-"
        return hashlib.blake2b(str(chat_id).encode(), key=self.salt, digest_size=4).hexdigest()
