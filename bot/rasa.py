"""Rasa's REST channel: one message in, what the assistant says out."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from bot.clean import clean
from bot.errors import RasaUnavailable
from bot.keyboards import Button, Draft

WEBHOOK = "/webhooks/rest/webhook"

BACKOFF = (0.3, 1.0)
"""Seconds before the second and the third attempt."""

START_GRACE = 60.0
"""Seconds after our own start during which a refused connection means that Rasa is still loading:
people wait instead of reading an apology."""

GRACE_STEP = 0.5

KEEP_ALIVE = 2.0
"""Seconds an idle connection is reused. Rasa closes after 5, and a request that meets the closing
would look like a failure."""

RETRIED = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.ReadError,
    httpx.WriteError,
    httpx.RemoteProtocolError,
)
"""Refused or broken connections. The update id goes along in the metadata, so a message that
Rasa did read before the connection broke can be recognised."""


@dataclass(frozen=True)
class Reply:
    """What the assistant says, and what it understood (``custom.turn`` of the contract)."""

    drafts: tuple[Draft, ...]
    turn: dict[str, Any] = field(default_factory=dict)


class Rasa:
    """A client of one Rasa server. The caller sees to it that a sender has one request at a time.

    :param client: its base URL is Rasa's root
    :param grace: seconds from now during which refused connections are waited out
    """

    def __init__(
        self,
        client: httpx.AsyncClient,
        *,
        grace: float = START_GRACE,
        backoff: Sequence[float] = BACKOFF,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.client = client
        self.backoff = backoff
        self.clock = clock
        self.sleep = sleep
        self.grace_ends = clock() + grace

    async def converse(self, sender: int, message: str, metadata: dict[str, Any]) -> Reply:
        """Post one message and give back the reply.

        :raises RasaUnavailable: refused after all attempts, timed out, not 200, or nothing said.
            Time-outs and errors are not tried again: Rasa may have gone half the way.
        """
        body = {"sender": str(sender), "message": message, "metadata": metadata}
        attempts = 0
        while True:
            attempts += 1
            try:
                response = await self.client.post(WEBHOOK, json=body)
            except RETRIED as error:
                await self._pause(attempts, error)
            except httpx.HTTPError as error:
                raise RasaUnavailable(type(error).__name__, attempts) from error
            else:
                return read_reply(response, attempts)

    async def _pause(self, attempts: int, error: httpx.HTTPError) -> None:
        refused = isinstance(error, httpx.ConnectError | httpx.ConnectTimeout)
        if refused and self.clock() < self.grace_ends:
            await self.sleep(GRACE_STEP)
        elif attempts <= len(self.backoff):
            await self.sleep(self.backoff[attempts - 1])
        else:
            raise RasaUnavailable(type(error).__name__, attempts) from error


def read_reply(response: httpx.Response, attempts: int) -> Reply:
    if response.status_code != httpx.codes.OK:
        raise RasaUnavailable(f"status {response.status_code}", attempts)
    try:
        messages = response.json()
        drafts = tuple(draft_of(message) for message in messages if message.get("text"))
        turns = [message["custom"]["turn"] for message in messages if "custom" in message]
        turn = dict(turns[-1]) if turns else {}
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise RasaUnavailable("an answer that is not in the agreed form", attempts) from error
    if not drafts:
        raise RasaUnavailable("an empty answer", attempts)
    return Reply(drafts, turn)


def draft_of(message: dict[str, Any]) -> Draft:
    return Draft(message["text"], tuple(map(button_of, message.get("buttons") or ())))


def button_of(button: dict[str, str]) -> Button:
    """A button's payload is an intent; one without stands for its title being typed."""
    payload = button.get("payload") or ""
    return Button(
        button["title"], payload if payload.startswith("/") else clean(button["title"]).text
    )
