"""Updates on their way to the bot: the queue, long polling and the webhook.

An update stays in the queue until the bot confirms it (a higher offset, or a 2xx to the webhook).
"""

import asyncio
import contextlib
import json
import re
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from sandbox import limits
from sandbox.errors import BotApiError, bad_request

Update = dict[str, Any]

FIRST_UPDATE_ID = 100_000_001
HISTORY = 10_000  # updates kept for /sandbox/updates and for redelivery
RETRY_SECONDS = (0.1, 0.5, 1.0, 2.0, 5.0)  # shorter than Telegram's, so that tests see them
WEBHOOK_SECONDS = 30.0
# Left out unless the bot asks for them by name.
NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_OTHER_POLLER = (
    "Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running"
)
_WEBHOOK_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)
_SET_WEBHOOK = "Conflict: terminated by setWebhook request"


@dataclass
class Webhook:
    """Where updates are posted, and how the last tries went."""

    url: str
    secret_token: str = ""
    max_connections: int = 40
    last_error_date: int | None = None
    last_error_message: str | None = None


@dataclass
class UpdateQueue:
    """The bot's updates in order of update_id."""

    pending: deque[Update] = field(default_factory=deque)
    repeats: deque[Update] = field(default_factory=deque)
    history: deque[Update] = field(default_factory=lambda: deque(maxlen=HISTORY))
    next_id: int = FIRST_UPDATE_ID
    allowed: list[str] = field(default_factory=list)
    frozen: bool = False
    stopped: bool = False  # the server shuts down: pollers get what there is, at once
    webhook: Webhook | None = None
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _poller: int = 0
    _ended_by: str = _OTHER_POLLER

    def wants(self, kind: str) -> bool:
        """Whether the bot asked for updates of this kind."""
        return kind in self.allowed if self.allowed else kind not in NOT_BY_DEFAULT

    def push(self, kind: str, payload: dict[str, Any]) -> Update | None:
        """Queue an update, or return None when the bot did not ask for this kind."""
        if not self.wants(kind):
            return None
        update: Update = {"update_id": self.next_id, kind: payload}
        self.next_id += 1
        self.pending.append(update)
        self.history.append(update)
        self.wake()
        return update

    def redeliver(self, update_id: int) -> bool:
        """Deliver an old update once more with its old id, whatever the offset says."""
        for update in self.history:
            if update["update_id"] == update_id:
                self.repeats.append(update)
                self.wake()
                return True
        return False

    def freeze(self, frozen: bool) -> None:
        """Hold updates back (they queue up) or let them go."""
        self.frozen = frozen
        self.wake()

    def stop(self) -> None:
        """Let every poller go, since the server is about to close."""
        self.stopped = True
        self.wake()

    def wake(self) -> None:
        """Tell whoever waits that something changed."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def changed(self, seconds: float) -> None:
        """Wait for `wake`, at most `seconds`."""
        # Not wait_for: before Python 3.12 it may swallow a cancellation that meets the event.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._changed.wait()

    def confirm(self, offset: int) -> None:
        """Forget what the offset confirms; a negative one keeps only the last `-offset`."""
        if offset > 0:
            while self.pending and self.pending[0]["update_id"] < offset:
                self.pending.popleft()
        elif offset < 0:
            while len(self.pending) > -offset:
                self.pending.popleft()

    def ready(self, limit: int) -> list[Update]:
        """Up to `limit` updates to hand over now; nothing while frozen."""
        if self.frozen:
            return []
        batch: list[Update] = []
        while self.repeats and len(batch) < limit:
            batch.append(self.repeats.popleft())
        return batch + list(self.pending)[: limit - len(batch)]

    async def poll(self, offset: int, limit: int, seconds: float) -> list[Update]:
        """GetUpdates. A newer poller, or setWebhook, ends this one with a 409."""
        if self.webhook is not None:
            raise BotApiError(409, _WEBHOOK_ACTIVE)
        self._poller += 1
        me = self._poller
        self._ended_by = _OTHER_POLLER
        self.wake()
        self.confirm(offset)
        deadline = time.monotonic() + seconds
        while True:
            if self._poller != me:
                raise BotApiError(409, self._ended_by)
            batch = self.ready(limit)
            remaining = deadline - time.monotonic()
            if batch or remaining <= 0 or self.stopped:
                return batch
            await self.changed(remaining)

    def set_webhook(self, url: str, secret_token: str, max_connections: int) -> None:
        """Post updates to `url` from now on, or stop when it is empty."""
        if not url:
            self.webhook = None
        else:
            _check_webhook(url, secret_token)
            self.webhook = Webhook(url, secret_token, max_connections)
            self._poller += 1
            self._ended_by = _SET_WEBHOOK
        self.wake()

    def drop_pending(self) -> None:
        """Forget what was not delivered."""
        self.pending.clear()
        self.repeats.clear()


def _check_webhook(url: str, secret_token: str) -> None:
    parts = urlsplit(url)
    loopback = parts.hostname in ("127.0.0.1", "localhost", "::1")
    # Telegram insists on HTTPS; a local Bot API server, like this one, allows HTTP on loopback.
    if parts.scheme != "https" and not (parts.scheme == "http" and loopback):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if not loopback:
        raise bad_request("bad webhook: the sandbox delivers to loopback addresses only")
    if len(secret_token) > limits.SECRET_TOKEN_CHARACTERS:
        raise bad_request("secret token is too long")
    if secret_token and not _SECRET.fullmatch(secret_token):
        raise bad_request("secret token contains unallowed characters")


async def deliver_to_webhook(queue: UpdateQueue, now: Callable[[], float]) -> None:
    """Post updates to the webhook one by one until cancelled; try again on anything but a 2xx."""
    timeout = aiohttp.ClientTimeout(total=WEBHOOK_SECONDS)
    failures = 0
    async with aiohttp.ClientSession(timeout=timeout) as session:
        while True:
            webhook = queue.webhook
            batch = queue.ready(1) if webhook else []
            if webhook is None or not batch:
                await queue.changed(60)
                continue
            problem = await _post(session, webhook, batch[0])
            if problem is None:
                failures = 0
                if queue.pending and queue.pending[0] is batch[0]:
                    queue.pending.popleft()
                continue
            webhook.last_error_date, webhook.last_error_message = int(now()), problem
            delay = RETRY_SECONDS[min(failures, len(RETRY_SECONDS) - 1)]
            failures += 1
            await asyncio.sleep(delay)


async def _post(session: aiohttp.ClientSession, webhook: Webhook, update: Update) -> str | None:
    """None when the webhook took the update, otherwise what went wrong."""
    headers = {"Content-Type": "application/json"}
    if webhook.secret_token:
        headers["X-Telegram-Bot-Api-Secret-Token"] = webhook.secret_token
    body = json.dumps(update, ensure_ascii=False).encode()
    try:
        async with session.post(webhook.url, data=body, headers=headers, ssl=False) as reply:
            if 200 <= reply.status < 300:
                return None
            return f"Wrong response from the webhook: {reply.status} {reply.reason}"
    except TimeoutError:
        return "Read timeout expired"
    except aiohttp.ClientError:
        return "Connection refused"
