"""Everything that can be set, read once at the start from the environment and ``.env``.

A missing or wrong value is refused with one sentence that names the variable, shows the value
and says what to do. Any part of the project may import this module; it imports none of ours.

``read`` decides and touches nothing; ``load`` also reads ``.env`` and keeps generated secrets.
"""

import os
import re
import secrets
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal, NoReturn, cast
from urllib.parse import urlsplit

from dotenv import dotenv_values

ROOT = Path(__file__).resolve().parent

LOOPBACK = "127.0.0.1"
"""Every server of ours listens here only: none of them expects strangers."""

TELEGRAM_API = "https://api.telegram.org"

SANDBOX_STAFF_GROUP_ID = -1001000000001
"""The staff group in the sandbox, used when STAFF_GROUP_ID is empty there."""

THROW_AWAY_TOKEN = "1000000001:" + "throw-away-token".ljust(35, "0")
"""Has a token's shape, so that clients accept it; it opens nothing at Telegram."""

TOKEN_SECRET_LENGTH = 30
"""The part after the colon has 35 characters today; fewer than this was cut short."""

CONFIG_ERROR_EXIT = 78
"""Exit status for a refused setting (EX_CONFIG): starting again would not help."""

LANGUAGES = ("en", "zh-Hant", "zh-Hans", "ja")
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")

Mode = Literal["polling", "webhook"]


class SettingError(ValueError):
    """A setting is missing or wrong; the message is one sentence for the person who set it."""


class Secret:
    """A text that prints as asterisks, so that no log or traceback can show it."""

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The text itself, for the one place that sends it."""
        return self._value

    def __repr__(self) -> str:
        return "'**********'" if self._value else "''"

    __str__ = __repr__

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and secrets.compare_digest(
            self._value.encode(), other._value.encode()
        )

    def __hash__(self) -> int:
        return hash(self._value)


@dataclass(frozen=True)
class Settings:
    """What was set. Each field is the variable of the same name in capitals."""

    telegram_bot_token: Secret
    telegram_api_url: str
    telegram_mode: Mode
    telegram_webhook_url: str
    telegram_webhook_secret: Secret
    telegram_webhook_port: int
    staff_group_id: int | None
    staff_wait_minutes: int
    staff_silence_hours: int
    office_hours: str
    firm_contact: str
    data_dir: Path
    rasa_url: str
    rasa_port: int
    rasa_token: Secret
    rasa_timeout_seconds: float
    actions_port: int
    sandbox_port: int
    review_port: int
    review_password: Secret
    default_language: str
    log_level: str
    retention_days: int
    uses_sandbox: bool
    """No token and no Telegram server were named: the sandbox plays Telegram."""
    starts_rasa: bool
    """RASA_URL named no other server, so one is started here."""

    @property
    def telegram_base_url(self) -> str:
        """What python-telegram-bot calls ``base_url``."""
        return f"{self.telegram_api_url}/bot"

    @property
    def telegram_base_file_url(self) -> str:
        """What python-telegram-bot calls ``base_file_url``."""
        return f"{self.telegram_api_url}/file/bot"

    @property
    def throw_away_token(self) -> bool:
        """Whether the token is ours for a server that is not Telegram, and worth saying so."""
        return self.telegram_bot_token == Secret(THROW_AWAY_TOKEN)


# ---------------------------------------------------------------- one value


def refuse(name: str, value: str, problem: str, remedy: str) -> NoReturn:
    """Raise the one sentence; secrets pass asterisks as their value."""
    raise SettingError(f"{name}={value} {problem}: {remedy}.")


def text(_name: str, value: str) -> str:
    return value


def whole_number(low: int, high: int) -> Callable[[str, str], int]:
    """A parser for a whole number within bounds, both included."""

    def parse(name: str, value: str) -> int:
        if not re.fullmatch(r"-?[0-9]+", value) or not low <= int(value) <= high:
            refuse(
                name,
                value,
                f"is not a whole number from {low} to {high}",
                "change it in .env or leave it empty for the default",
            )
        return int(value)

    return parse


port = whole_number(1, 65535)


def seconds(name: str, value: str) -> float:
    if not re.fullmatch(r"[0-9]+(\.[0-9]+)?", value) or not 0 < float(value) <= 120:
        refuse(name, value, "is not a number of seconds up to 120", "write for example 10")
    return float(value)


def one_of(*allowed: str) -> Callable[[str, str], str]:
    """A parser for one of a few words; capitals and underscores are forgiven."""
    by_key = {word.casefold(): word for word in allowed}

    def parse(name: str, value: str) -> str:
        word = by_key.get(value.casefold().replace("_", "-"))
        if word is None:
            refuse(name, value, "is not known", f"write one of {', '.join(allowed)}")
        return word

    return parse


def server_root(name: str, value: str) -> str:
    """An address of a server without a path, since paths are added to it."""
    parts = split_url(name, value)
    if parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc:
        refuse(
            name,
            re.sub(r"//.*@", "//**********@", value),
            "has more than a server's root",
            f"write only {parts.scheme}://{parts.netloc.rpartition('@')[2]}",
        )
    return f"{parts.scheme}://{parts.netloc}"


def web_address(name: str, value: str) -> str:
    """An address that may have a path."""
    split_url(name, value)
    return value


def split_url(name: str, value: str) -> Any:
    try:
        parts = urlsplit(value)
        if parts.scheme in ("http", "https") and parts.hostname and parts.port != 0:
            return parts
    except ValueError:
        pass
    refuse(
        name,
        value,
        "is not an http or https address",
        f"write for example {TELEGRAM_API} or http://{LOOPBACK}:8081",
    )


def group_id(name: str, value: str) -> int:
    if not re.fullmatch(r"-[0-9]{5,}", value):
        refuse(
            name,
            value,
            "is not the id of a group, which is a negative number",
            "write it as Telegram gives it, for example -1001234567890",
        )
    return int(value)


def bot_token(name: str, value: str) -> str:
    if not re.fullmatch(r"[0-9]+:[A-Za-z0-9_-]+", value):
        refuse_token(name)
    return value


def refuse_token(name: str) -> NoReturn:
    refuse(
        name,
        "**********",
        "does not look like a bot's token",
        "copy the whole of it from @BotFather, digits, colon and letters, or leave it "
        "empty to use the sandbox",
    )


def webhook_secret(name: str, value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", value):
        refuse(
            name,
            "**********",
            "has characters that Telegram does not allow",
            "use 1 to 256 letters, digits, hyphens and underscores, or leave it empty",
        )
    return value


def folder(_name: str, value: str) -> Path:
    """A folder; a relative one is inside the project, wherever the command is started from."""
    return ROOT / Path(value).expanduser()


# ---------------------------------------------------------------- all values

FIELDS: dict[str, tuple[Callable[[str, str], Any], str]] = {
    "TELEGRAM_BOT_TOKEN": (bot_token, ""),
    "TELEGRAM_API_URL": (server_root, ""),
    "TELEGRAM_MODE": (one_of("polling", "webhook"), "polling"),
    "TELEGRAM_WEBHOOK_URL": (web_address, ""),
    "TELEGRAM_WEBHOOK_SECRET": (webhook_secret, ""),
    "TELEGRAM_WEBHOOK_PORT": (port, "8443"),
    "STAFF_GROUP_ID": (group_id, ""),
    "STAFF_WAIT_MINUTES": (whole_number(1, 1440), "10"),
    "STAFF_SILENCE_HOURS": (whole_number(1, 720), "24"),
    "OFFICE_HOURS": (text, ""),
    "FIRM_CONTACT": (text, "+852 2772 2128, cs3@asianbridgeconsulting.com"),
    "DATA_DIR": (folder, "var"),
    "RASA_URL": (server_root, ""),
    "RASA_PORT": (port, "5005"),
    "RASA_TOKEN": (text, ""),
    "RASA_TIMEOUT_SECONDS": (seconds, "10"),
    "ACTIONS_PORT": (port, "5055"),
    "SANDBOX_PORT": (port, "8081"),
    "REVIEW_PORT": (port, "8001"),
    "REVIEW_PASSWORD": (text, ""),
    "DEFAULT_LANGUAGE": (one_of(*LANGUAGES), "en"),
    "LOG_LEVEL": (one_of(*LOG_LEVELS), "INFO"),
    "RETENTION_DAYS": (whole_number(1, 3650), "180"),
}
"""Each variable with its parser and its default; .env.example lists the same."""

GENERATED = ("RASA_TOKEN", "TELEGRAM_WEBHOOK_SECRET")
"""Secrets nobody has to choose: made once and kept in DATA_DIR."""


def read(environ: Mapping[str, str]) -> Settings:
    """Decide every setting from these variables; touches no file.

    Raises SettingError at the first that is missing or wrong.
    """
    values = {name: parsed(name, environ) for name in FIELDS}
    own_server = values["TELEGRAM_API_URL"] not in (None, TELEGRAM_API)
    uses_sandbox = not (values["TELEGRAM_BOT_TOKEN"] or own_server)
    starts_rasa = values["RASA_URL"] in (None, f"http://{LOOPBACK}:{values['RASA_PORT']}")
    check_token(values["TELEGRAM_BOT_TOKEN"], own_server)
    check_webhook(values, own_server or uses_sandbox)
    check_ports(values)
    return Settings(
        telegram_bot_token=Secret(values["TELEGRAM_BOT_TOKEN"] or THROW_AWAY_TOKEN),
        telegram_api_url=telegram_root(values, uses_sandbox),
        telegram_mode=cast(Mode, values["TELEGRAM_MODE"]),
        telegram_webhook_url=values["TELEGRAM_WEBHOOK_URL"] or "",
        telegram_webhook_secret=Secret(values["TELEGRAM_WEBHOOK_SECRET"] or ""),
        telegram_webhook_port=values["TELEGRAM_WEBHOOK_PORT"],
        staff_group_id=staff_group(values, uses_sandbox),
        staff_wait_minutes=values["STAFF_WAIT_MINUTES"],
        staff_silence_hours=values["STAFF_SILENCE_HOURS"],
        office_hours=values["OFFICE_HOURS"] or "",
        firm_contact=values["FIRM_CONTACT"],
        data_dir=values["DATA_DIR"],
        rasa_url=values["RASA_URL"] or f"http://{LOOPBACK}:{values['RASA_PORT']}",
        rasa_port=values["RASA_PORT"],
        rasa_token=Secret(values["RASA_TOKEN"] or ""),
        rasa_timeout_seconds=values["RASA_TIMEOUT_SECONDS"],
        actions_port=values["ACTIONS_PORT"],
        sandbox_port=values["SANDBOX_PORT"],
        review_port=values["REVIEW_PORT"],
        review_password=Secret(values["REVIEW_PASSWORD"] or ""),
        default_language=values["DEFAULT_LANGUAGE"],
        log_level=values["LOG_LEVEL"],
        retention_days=values["RETENTION_DAYS"],
        uses_sandbox=uses_sandbox,
        starts_rasa=starts_rasa,
    )


def parsed(name: str, environ: Mapping[str, str]) -> Any:
    """One value, or None where it is empty and has no default."""
    parse, default = FIELDS[name]
    value = environ.get(name, "").strip() or default
    return parse(name, value) if value else None


def telegram_root(values: Mapping[str, Any], uses_sandbox: bool) -> str:
    if uses_sandbox:
        return f"http://{LOOPBACK}:{values['SANDBOX_PORT']}"
    return values["TELEGRAM_API_URL"] or TELEGRAM_API


def staff_group(values: Mapping[str, Any], uses_sandbox: bool) -> int | None:
    if uses_sandbox:
        return values["STAFF_GROUP_ID"] or SANDBOX_STAFF_GROUP_ID
    return cast(int | None, values["STAFF_GROUP_ID"])


def check_token(token: str | None, own_server: bool) -> None:
    """A token that was cut short is caught here; servers of our own accept short ones."""
    if token and not own_server and len(token.partition(":")[2]) < TOKEN_SECRET_LENGTH:
        refuse_token("TELEGRAM_BOT_TOKEN")


def check_webhook(values: Mapping[str, Any], test_server: bool) -> None:
    """Telegram delivers to https only; a server of our own may use http."""
    if values["TELEGRAM_MODE"] != "webhook":
        return
    address = values["TELEGRAM_WEBHOOK_URL"]
    if not address or not (test_server or address.startswith("https://")):
        refuse(
            "TELEGRAM_WEBHOOK_URL",
            address or "(empty)",
            "is no https address, and TELEGRAM_MODE=webhook needs one",
            "write the public address that leads to TELEGRAM_WEBHOOK_PORT, or set "
            "TELEGRAM_MODE=polling",
        )


def check_ports(values: Mapping[str, Any]) -> None:
    """Two servers cannot share a port."""
    seen: dict[int, str] = {}
    for name in ("RASA_PORT", "ACTIONS_PORT", "SANDBOX_PORT", "REVIEW_PORT"):
        other = seen.setdefault(values[name], name)
        if other != name:
            refuse(name, values[name], f"is the port of {other} too", "give each its own number")


# ---------------------------------------------------------------- from files


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings from the environment, then ``.env``; generated secrets are kept in DATA_DIR.

    ``ENV_FILE`` in the environment names another file than ``.env``, which keeps tests and a
    second installation apart.
    """
    given = dict(os.environ if environ is None else environ)
    env_file = Path(given.get("ENV_FILE") or ROOT / ".env")
    merged = {**from_file(env_file), **{k: v for k, v in given.items() if v.strip()}}
    settings = read(merged)
    for name in GENERATED:
        if not merged.get(name, "").strip():
            merged[name] = kept_secret(settings.data_dir / name.lower())
    return read(merged)


def from_file(path: Path) -> dict[str, str]:
    """The variables of an .env file; one that is no setting is refused, as it would do nothing."""
    if not path.is_file():
        return {}
    found = {name: value or "" for name, value in dotenv_values(path, interpolate=False).items()}
    for name in found:
        if name not in FIELDS:
            close = get_close_matches(name, FIELDS, n=1)
            remedy = f"write {close[0]}" if close else "take it out, or see .env.example"
            raise SettingError(f"{name} in {path.name} is not a setting: {remedy}.")
    return found


def kept_secret(path: Path) -> str:
    """The secret in this file, made at first use; only its owner may read it."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            return write_new(path, secrets.token_urlsafe(32))
        except FileExistsError:
            return path.read_text(encoding="ascii").strip()
    except OSError as error:
        raise SettingError(
            f"DATA_DIR={path.parent} cannot be used ({error.strerror}): name a folder that "
            "this user may write to."
        ) from error


def write_new(path: Path, content: str) -> str:
    """Write a file that must not exist yet; readers see either nothing or all of it."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.new")
    draft.touch(mode=0o600)
    try:
        draft.write_text(content, encoding="ascii")
        os.link(draft, path)
    finally:
        draft.unlink()
    return content


def load_or_exit() -> Settings:
    """For a command's first line: the settings, or the sentence and exit status 78."""
    try:
        return load()
    except SettingError as error:
        print(f"Cannot start: {error}", file=sys.stderr)
        raise SystemExit(CONFIG_ERROR_EXIT) from error
