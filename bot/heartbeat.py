"""A file that says when the relay last heard from Telegram, for whoever watches over it."""

import json
import os
import time
from collections.abc import Callable
from pathlib import Path

FILE_NAME = "relay.heartbeat"

STALE_AFTER = 90.0
"""Seconds without a beat after which the relay is not receiving: three long polls."""


class Heartbeat:
    """Writes the file; ``beat`` at each sign of life."""

    def __init__(self, folder: Path, clock: Callable[[], float] = time.time) -> None:
        self.path = folder / FILE_NAME
        self.clock = clock

    def beat(self, mode: str) -> None:
        """Telegram answered just now (polling), or the webhook is open."""
        draft = self.path.with_suffix(".new")
        draft.write_text(json.dumps({"at": self.clock(), "pid": os.getpid(), "mode": mode}))
        draft.replace(self.path)

    def alive(self) -> bool:
        """Whether the last beat is recent."""
        try:
            at = float(json.loads(self.path.read_text())["at"])
        except (OSError, ValueError, KeyError, TypeError):
            return False
        return self.clock() - at < STALE_AFTER
