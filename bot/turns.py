"""Where turns are written down for review; the relay knows only this shape of it."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol


class TurnLog(Protocol):
    """A log of conversations. What it raises is logged, and never stops a reply."""

    def record_turn(
        self,
        *,
        chat_id: int,
        update_id: int,
        text: str,
        replies: Sequence[tuple[str, Sequence[str]]],
        turn: Mapping[str, Any] | None,
        outcome: str,
        pressed: bool,
        holder: str,
        language: str | None,
    ) -> None:
        """Write what a person said and was answered; the same update again replaces it."""

    def erase(self, chat_id: int) -> None:
        """Erase all that is held about a chat; called in another thread.

        :raises Exception: something could not be erased
        """

    def purge(self, days: float) -> int:
        """Erase what is older; gives back how many conversations; called in another thread."""

    def close(self) -> None:
        """Nothing more will be written."""
