"""Failures on demand, and Telegram's rate limits.

A fault says which calls it meets (a method, perhaps a chat, the next so many) and what happens.
"""

import math
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from sandbox import limits
from sandbox.errors import BotApiError, too_many_requests

_DESCRIPTIONS = {
    400: "Bad Request: the sandbox was told to refuse this",
    401: "Unauthorized",
    403: "Forbidden: bot was blocked by the user",
    404: "Not Found",
    409: "Conflict: terminated by other getUpdates request",
    500: "Internal Server Error",
    502: "Bad Gateway",
    504: "Gateway Timeout",
}


@dataclass
class Fault:
    """What happens to the next `times` calls of `method` ("*" is any), after `skip` good ones.

    `status` None with `drop` "reply": the call is carried out, and the connection closes without
    an answer. With `drop` "request" it is not carried out. `delay` (seconds) comes first and may
    stand alone: a slow but good answer.
    """

    method: str = "*"
    chat_id: int | None = None
    times: int = 1
    skip: int = 0
    status: int | None = None
    description: str | None = None
    retry_after: int | None = None
    migrate_to_chat_id: int | None = None
    drop: Literal["reply", "request"] | None = None
    delay: float = 0.0

    def meets(self, method: str, chat_id: int | None) -> bool:
        """Whether this fault is about such a call."""
        same_method = self.method == "*" or self.method.lower() == method.lower()
        return same_method and (self.chat_id is None or self.chat_id == chat_id)

    def error(self) -> BotApiError | None:
        """The refusal to answer with, or None when the call goes through."""
        if self.status is None:
            return None
        if self.status == 429:
            error = too_many_requests(self.retry_after or 1)
            if self.description:
                error.description = self.description
            return error
        parameters: dict[str, Any] = {}
        if self.migrate_to_chat_id is not None:
            parameters["migrate_to_chat_id"] = self.migrate_to_chat_id
        description = self.description or _DESCRIPTIONS.get(self.status, "Error")
        return BotApiError(self.status, description, **parameters)


@dataclass
class FaultPlan:
    """The faults still to come, oldest first."""

    faults: list[Fault] = field(default_factory=list)

    def add(self, fault: Fault) -> None:
        """Have it meet calls from now on."""
        self.faults.append(fault)

    def take(self, method: str, chat_id: int | None) -> Fault | None:
        """The fault for this call, used up by one; None when the call goes through."""
        for fault in self.faults:
            if not fault.meets(method, chat_id):
                continue
            if fault.skip > 0:
                fault.skip -= 1
                continue
            fault.times -= 1
            if fault.times <= 0:
                self.faults.remove(fault)
            return fault
        return None

    def to_json(self) -> list[dict[str, Any]]:
        """For the control API."""
        return [asdict(fault) for fault in self.faults]


@dataclass
class RateLimits:
    """30 messages a second overall, one a second a chat with a small burst, 20 a minute a group."""

    now: Callable[[], float]
    enforced: bool = False
    _overall: deque[float] = field(default_factory=deque)
    _tokens: dict[int, tuple[float, float]] = field(default_factory=dict)
    _groups: dict[int, deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def check(self, chat_id: int, messages: int = 1) -> None:
        """Count messages to a chat; raise a 429 BotApiError when it is too many."""
        if not self.enforced:
            return
        now = self.now()
        waits = [self._window(self._overall, limits.MESSAGES_PER_SECOND, 1.0, now)]
        tokens = self._refill(chat_id, now)
        waits.append(0.0 if tokens >= 1 else 1 - tokens)
        if chat_id < 0:
            group = self._groups[chat_id]
            waits.append(self._window(group, limits.GROUP_MESSAGES_PER_MINUTE, 60.0, now))
        wait = max(waits)
        if wait > 0:
            raise too_many_requests(math.ceil(wait))
        self._overall.extend([now] * messages)
        self._tokens[chat_id] = (tokens - messages, now)
        if chat_id < 0:
            self._groups[chat_id].extend([now] * messages)

    def _refill(self, chat_id: int, now: float) -> float:
        tokens, since = self._tokens.get(chat_id, (float(limits.CHAT_BURST), now))
        return min(float(limits.CHAT_BURST), tokens + now - since)

    @staticmethod
    def _window(times: deque[float], most: int, seconds: float, now: float) -> float:
        """Seconds until the window has room again, 0 when it has."""
        while times and times[0] <= now - seconds:
            times.popleft()
        return times[0] + seconds - now if len(times) >= most else 0.0
