"""One line of work a chat: strictly in order within it, chats side by side."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

logger = logging.getLogger(__name__)


class Lanes:
    """Runs ``work(key)`` for each key that was woken, never twice at once for one key.

    :param work: works off all there is for a key, then returns
    :param stop: told of an exception that ``work`` lets through; the lane is then given up
    """

    def __init__(
        self, work: Callable[[int], Awaitable[None]], stop: Callable[[BaseException], None]
    ) -> None:
        self.work = work
        self.stop = stop
        self.tasks: dict[int, asyncio.Task[None]] = {}
        self.woken: set[int] = set()
        self.closed = False

    def wake(self, key: int) -> None:
        """There is work for this key."""
        if self.closed:
            return
        self.woken.add(key)
        if key not in self.tasks:
            self.tasks[key] = asyncio.create_task(self._run(key))

    async def _run(self, key: int) -> None:
        try:
            while key in self.woken:
                self.woken.discard(key)
                await self.work(key)
        except Exception as error:
            self.stop(error)
        finally:
            del self.tasks[key]

    async def idle(self) -> None:
        """Return when no lane has work."""
        while self.tasks:
            await asyncio.wait(list(self.tasks.values()))

    async def close(self, patience: float) -> None:
        """Start nothing new; let the running lanes end for so many seconds, then cancel them.

        Whatever is cut short is found in the database at the next start.
        """
        self.closed = True
        self.woken.clear()
        tasks = list(self.tasks.values())
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=patience)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
