"""What the sandbox refuses, in Telegram's own words.

SandboxError
├── BotApiError      the bot asked for something Telegram refuses
└── PeopleError      a person tried what Telegram's app would not offer

    try:
        send_message(world, params)
    except BotApiError as error:
        reply = error.body()
"""

from typing import Any


class SandboxError(Exception):
    """Base of everything the sandbox refuses."""


class BotApiError(SandboxError):
    """A refusal as the Bot API states it: HTTP status, description and optional parameters."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def body(self) -> dict[str, Any]:
        """The JSON that Telegram would answer with."""
        body: dict[str, Any] = {
            "ok": False,
            "error_code": self.code,
            "description": self.description,
        }
        if self.parameters:
            body["parameters"] = self.parameters
        return body


class PeopleError(SandboxError):
    """The people's side was asked for something impossible; the text says what to do instead."""


def bad_request(reason: str, **parameters: Any) -> BotApiError:
    """A 400 with Telegram's prefix."""
    return BotApiError(400, f"Bad Request: {reason}", **parameters)


def forbidden(reason: str) -> BotApiError:
    """A 403 with Telegram's prefix."""
    return BotApiError(403, f"Forbidden: {reason}")


def too_many_requests(seconds: int) -> BotApiError:
    """A 429 that asks for `seconds` of silence."""
    return BotApiError(
        429, f"Too Many Requests: retry after {seconds}", retry_after=max(1, seconds)
    )
