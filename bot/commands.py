"""The bot's commands: what may be typed after a slash, and the Rasa payload it stands for."""

import json
import re
from dataclasses import dataclass

COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@\w+)?(?=$|\s|\W)(.*)", re.DOTALL)

SCHEME = re.compile(r"[a-z][a-z0-9]{1,15}")
"""The shape of a scheme's id. Which ones exist is for the actions to know."""

PAYLOADS = {
    "start": "/greet",
    "help": "/capabilities",
    "interview": "/start_interview",
    "schemes": "/scheme_overview",
    "human": "/human_request",
    "privacy": "/privacy",
    "cancel": "/stop",
}
"""Commands that Rasa answers."""

COMMANDS = (
    "start",
    "help",
    "interview",
    "schemes",
    "language",
    "human",
    "privacy",
    "delete",
    "cancel",
)
"""All commands, in the order of Telegram's menu."""


STAFF_COMMANDS = (
    "take",
    "done",
    "assign",
    "note",
    "facts",
    "transcript",
    "canned",
    "ban",
    "unban",
    "help",
)
"""What the staff can write in a person's topic, in the order of /help there."""


@dataclass(frozen=True)
class Typed:
    """A command as it was typed: its name in lower case and what followed it."""

    name: str
    argument: str = ""

    @property
    def known(self) -> bool:
        """Whether it is one of ours."""
        return self.name in COMMANDS


def parse_command(text: str) -> Typed | None:
    """The command a text begins with, in any case and with any bot's name; None for plain text.

    >>> parse_command("/Interview@TalentBot QMAS")
    Typed(name='interview', argument='QMAS')
    >>> parse_command(" /restart") is None
    True
    """
    match = COMMAND.fullmatch(text)
    return Typed(match[1].lower(), match[2].strip()) if match else None


def payload_of(command: Typed) -> str | None:
    """What Rasa gets for a command; None for those the relay answers itself.

    ``/start qmas`` (a link to the bot can carry it) greets with the scheme in mind;
    ``/start interview_qmas`` and ``/interview qmas`` open that scheme's interview. An argument
    that cannot be a scheme is ignored.
    """
    if command.name not in PAYLOADS:
        return None
    argument = command.argument.lower()
    if command.name == "start" and argument.partition("_")[0] == "interview":
        return with_scheme(PAYLOADS["interview"], argument.partition("_")[2])
    if command.name in ("start", "interview"):
        return with_scheme(PAYLOADS[command.name], argument)
    return PAYLOADS[command.name]


def with_scheme(payload: str, scheme: str) -> str:
    if not SCHEME.fullmatch(scheme):
        return payload
    return payload + json.dumps({"scheme": scheme})
