"""What can go wrong in the relay, as a caller sees it.

BotError
├── RasaUnavailable     Rasa gave no usable answer; the person is apologised to
├── CannotErase         a store could not be erased; the person must not be told that it was
└── TokenRefused        Telegram does not know the token; the relay stops
"""


class BotError(Exception):
    """Any failure of the relay that somebody is expected to handle.

    try:
        reply = await rasa.converse(...)
    except BotError as error:
        ...
    """


class RasaUnavailable(BotError):
    """Rasa timed out, refused, answered with an error or said nothing."""

    def __init__(self, reason: str, attempts: int) -> None:
        super().__init__(f"Rasa gave no answer after {attempts} attempt(s): {reason}.")
        self.reason = reason
        self.attempts = attempts


class CannotErase(BotError):
    """Something held about a person could not be erased."""


class TokenRefused(BotError):
    """Telegram refused the bot's token."""

    def __init__(self) -> None:
        super().__init__(
            "TELEGRAM_BOT_TOKEN=********** was refused by Telegram: it is wrong or was revoked. "
            "Copy it again from @BotFather."
        )
