"""Starts everything, says when it is ready, and ends everything.

The commands are in ``Procfile``. All start at once, since most of the time goes into imports.
Each one's output is in ``logs/<name>.log``; its warnings also reach the terminal. One that
crashes is started again a few times, so a dead relay comes back by itself; one that goes on
crashing, or refuses its settings, ends the rest and the exit status is 1.

Not honcho: its manager ends everything as soon as one process dies, and keeps a second Python
beside each (docs/decisions.md).
"""

import asyncio
import ctypes
import logging
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from logging.handlers import RotatingFileHandler
from pathlib import Path
from string import Template

import yaml

import train
from settings import CONFIG_ERROR_EXIT, LOOPBACK, ROOT, Settings, load_or_exit

RESTARTS = 5
"""More crashes than this within FORGIVEN_AFTER are no accident."""
FORGIVEN_AFTER = 600.0
LONGEST_PAUSE = 10.0
READY_WITHIN = 180.0
"""Rasa takes ten seconds on two cores; a small, busy machine may take many times that."""
TERMINATE_WITHIN = 8.0
"""After this, what has not ended is killed."""
POLL_EVERY = 0.1
LOG_BYTES, OLD_LOGS = 10_000_000, 2
LONGEST_LINE = 4_000_000
ALERT = re.compile(r"\b(WARNING|ERROR|CRITICAL)\b")

PACKAGES = {"actions": "actions", "sandbox": "sandbox", "relay": "bot", "review": "review"}
"""The folder each process lives in; without the folder, it is left out and said so."""

PORTS = {
    "rasa": ("RASA_PORT", "rasa_port"),
    "actions": ("ACTIONS_PORT", "actions_port"),
    "sandbox": ("SANDBOX_PORT", "sandbox_port"),
    "review": ("REVIEW_PORT", "review_port"),
}

HEALTH = {"rasa": "/status?token=$RASA_TOKEN", "actions": "/health", "sandbox": "/health"}
"""Where each says that it is ready; for the others any answer will do."""

MEANWHILE = {"rasa": "loads the model", "actions": "opens the rules"}
ENDPOINTS = "endpoints.yml"
TRACKER_FILE = "rasa.db"
"""Rasa's memory of conversations, in DATA_DIR (bot/forget.py erases from it)."""
NEEDS_TELEGRAM = ("relay", "sandbox")
"""Only these see Telegram's token."""


class LaunchError(Exception):
    """The desk cannot start or go on; the message is for the person at the terminal."""


@dataclass(frozen=True)
class Service:
    """One process: what to run, and where it says that it is ready (None: it has no port)."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    health: str | None = None

    @property
    def log(self) -> Path:
        return ROOT / "logs" / f"{self.name}.log"


def say(line: str) -> None:
    print(line, flush=True)


# ---------------------------------------------------------------- what to start


def variables(settings: Settings, model: Path) -> dict[str, str]:
    """What the Procfile refers to, with every default filled in."""
    return {
        "DATA_DIR": str(settings.data_dir),
        "RASA_PORT": str(settings.rasa_port),
        "RASA_TOKEN": settings.rasa_token.reveal(),
        "RASA_MODEL": str(model),
        "RASA_ENDPOINTS": str(settings.data_dir / ENDPOINTS),
        "ACTIONS_PORT": str(settings.actions_port),
        "SANDBOX_PORT": str(settings.sandbox_port),
        "REVIEW_PORT": str(settings.review_port),
        "LOG_LEVEL": settings.log_level,
        "SANIC_HOST": LOOPBACK,  # rasa_sdk's only way not to listen on every interface
    }


def write_endpoints(settings: Settings, root: Path = ROOT) -> None:
    """Put a copy of endpoints.yml with today's settings beside the data, for Rasa to start with."""
    endpoints = yaml.safe_load((root / ENDPOINTS).read_text(encoding="utf-8"))
    endpoints["action_endpoint"]["url"] = f"http://{LOOPBACK}:{settings.actions_port}/webhook"
    endpoints["tracker_store"]["db"] = str(settings.data_dir / TRACKER_FILE)
    text = yaml.safe_dump(endpoints, sort_keys=False)
    (settings.data_dir / ENDPOINTS).write_text(text, encoding="utf-8")


def procfile(path: Path = ROOT / "Procfile") -> dict[str, str]:
    """The command of each process."""
    lines = path.read_text(encoding="utf-8").splitlines()
    pairs = (line.split(":", 1) for line in lines if line.strip() and not line.startswith("#"))
    return {name.strip(): command.strip() for name, command in pairs}


def wanted(settings: Settings, root: Path = ROOT) -> Iterator[str]:
    """The processes this configuration needs, in the Procfile's order."""
    for name in procfile():
        if name in ("rasa", "actions") and not settings.starts_rasa:
            continue
        if name == "sandbox" and not settings.uses_sandbox:
            continue
        folder = PACKAGES.get(name)
        if folder and not (root / folder / "__init__.py").exists():
            say(f"   {name} is left out: there is no {folder}/ in this folder.")
            continue
        yield name


def services(settings: Settings, names: list[str], model: Path) -> list[Service]:
    """These processes, ready to run."""
    filled = variables(settings, model)
    commands = procfile()
    return [
        Service(
            name,
            tuple(Template(word).substitute(filled) for word in shlex.split(commands[name])),
            surroundings(name, filled),
            health_address(name, settings, filled),
        )
        for name in names
    ]


def surroundings(name: str, filled: Mapping[str, str]) -> dict[str, str]:
    """A process's environment; Telegram's token goes to nobody who does not use it."""
    everything = {**train.environment(), **filled, "PYTHONUNBUFFERED": "1"}
    if name in NEEDS_TELEGRAM:
        return everything
    return {k: v for k, v in everything.items() if k != "TELEGRAM_BOT_TOKEN"}


def health_address(name: str, settings: Settings, filled: Mapping[str, str]) -> str | None:
    if name not in PORTS:
        return None
    port = getattr(settings, PORTS[name][1])
    return f"http://{LOOPBACK}:{port}" + Template(HEALTH.get(name, "/")).substitute(filled)


# ---------------------------------------------------------------- before starting


def check_ports(settings: Settings, names: list[str]) -> None:
    """Refuse to start beside something else, and say which setting moves us out of its way."""
    ports = [(*PORTS[name], name) for name in names if name in PORTS]
    if settings.telegram_mode == "webhook":
        ports.append(("TELEGRAM_WEBHOOK_PORT", "telegram_webhook_port", "relay"))
    for variable, field, name in ports:
        port = getattr(settings, field)
        if not is_free(port):
            raise LaunchError(
                f"Port {port}, which {name} needs, is in use, perhaps by another `make run`: "
                f"stop that, or set {variable} to another number in .env."
            )


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
        return True


def check_rules(root: Path = ROOT) -> None:
    """Without the rules' database every answer would be an apology."""
    if (root / "schemes" / "__init__.py").exists() and not (root / "build/schemes.db").exists():
        raise LaunchError("The rules' database build/schemes.db is missing: run `make setup`.")


# ---------------------------------------------------------------- one process


class Runner:
    """Keeps one service running until it is cancelled, or gives it up with LaunchError."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.ready = asyncio.Event()
        self.started = time.monotonic()
        self._log = open_log(service.log)
        self._crashes: list[float] = []

    async def keep(self) -> None:
        """Start, watch, and start again after a crash."""
        while True:
            code = await self.run_once()
            self.judge(code)
            await asyncio.sleep(min(2.0 ** (len(self._crashes) - 1), LONGEST_PAUSE))

    async def run_once(self) -> int:
        """Run the process to its end and return its exit status; nothing of it survives."""
        output, process = await self.start()
        watchers = [
            asyncio.create_task(self.copy_output(output)),
            asyncio.create_task(self.watch_health()),
        ]
        try:
            return await process.wait()
        finally:
            await end_group(process)
            await asyncio.wait(watchers, timeout=1.0)
            for watcher in watchers:
                watcher.cancel()

    async def start(self) -> tuple[int, asyncio.subprocess.Process]:
        """Start the process; its output comes from the returned descriptor.

        The pipe is ours, because asyncio's own would hide a death for as long as a child of
        the dead process holds it open.
        """
        reading, writing = os.pipe()
        try:
            process = await asyncio.create_subprocess_exec(
                *self.service.command,
                env=self.service.environment,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=writing,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=end_with_parent,
            )
        except OSError as error:
            os.close(reading)
            raise LaunchError(f"{self.service.name} could not be started: {error}.") from error
        finally:
            os.close(writing)
        return reading, process

    async def copy_output(self, descriptor: int) -> None:
        """Everything into the log, warnings to the terminal as well."""
        reader = asyncio.StreamReader(limit=LONGEST_LINE)
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(descriptor, "rb")
        )
        try:
            async for raw in reader:
                line = raw.decode("utf-8", "replace").rstrip()
                self._log.info(line)
                if ALERT.search(line):
                    say(f"   [{self.service.name}] {line}")
        finally:
            transport.close()

    async def watch_health(self) -> None:
        """Set ``ready`` at the first good answer; without a port, at once."""
        self.ready.clear()
        self.started = time.monotonic()
        if self.service.health:
            while not await asyncio.to_thread(answers, self.service.health):  # noqa: ASYNC110
                await asyncio.sleep(POLL_EVERY)  # another process has no event to wait for
        self.ready.set()

    def judge(self, code: int) -> None:
        """Say what ended and whether it starts again; LaunchError when it does not."""
        name = self.service.name
        ending = f"{name} {describe(code)}; its log is logs/{name}.log"
        if code == CONFIG_ERROR_EXIT:
            raise LaunchError(f"{ending}.")
        if not self.ready.is_set():
            raise LaunchError(f"{ending}. It was never ready, so it is not started again.")
        now = time.monotonic()
        self._crashes = [t for t in self._crashes if now - t < FORGIVEN_AFTER] + [now]
        if len(self._crashes) > RESTARTS:
            raise LaunchError(f"{ending}. It was started again {RESTARTS} times: giving up.")
        say(f"   {ending}. Starting it again ({len(self._crashes)} of {RESTARTS}) …")


def describe(code: int) -> str:
    if code < 0:
        return f"was ended by {signal.Signals(-code).name}"
    return f"ended with status {code}"


def answers(address: str) -> bool:
    """Whether a server is ready; a refusal such as 401 is an answer, 409 from Rasa is not."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(address, timeout=5):
            return True
    except urllib.error.HTTPError as refusal:
        refusal.close()
        return refusal.code in (401, 403)
    except OSError:
        return False


async def end_group(process: asyncio.subprocess.Process) -> None:
    """End a process and all its children; politely at first."""
    if process.returncode is None:
        signal_group(process.pid, signal.SIGTERM)
        with suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), TERMINATE_WITHIN)
    signal_group(process.pid, signal.SIGKILL)
    await process.wait()


def signal_group(group: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
PR_SET_PDEATHSIG = 1


def end_with_parent() -> None:
    """Runs in the child: even ``kill -9`` of the launcher leaves no orphans (Linux only)."""
    if LIBC is not None:
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def open_log(path: Path) -> logging.Logger:
    """A log that cannot fill the disk."""
    path.parent.mkdir(exist_ok=True)
    log = logging.getLogger(f"launch.{path.stem}")
    log.propagate = False
    log.setLevel(logging.INFO)
    log.handlers[:] = [
        RotatingFileHandler(path, maxBytes=LOG_BYTES, backupCount=OLD_LOGS, encoding="utf-8")
    ]
    return log


# ---------------------------------------------------------------- all of them


async def run(settings: Settings, wanted_services: list[Service], login: str | None = None) -> int:
    """Run until told to stop (0) or until one cannot be kept running (1)."""
    runners = [Runner(service) for service in wanted_services]
    status = 0
    stop_on_signals()
    try:
        async with asyncio.TaskGroup() as group:
            for runner in runners:
                group.create_task(runner.keep())
            group.create_task(announce(settings, runners, login))
    except* LaunchError as failed:
        for error in failed.exceptions:
            say(f"Stopping everything: {error}")
        status = 1
    except* asyncio.CancelledError:
        pass
    say("Everything has stopped.")
    return status


def stop_on_signals() -> None:
    """Ctrl-C, ``kill`` and a closed terminal all end the desk in order."""
    loop, main_task = asyncio.get_running_loop(), asyncio.current_task()
    assert main_task is not None, "called from a task"

    def stop() -> None:
        say("Stopping …")
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, lambda: None)
        main_task.cancel()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stop)


async def announce(settings: Settings, runners: list[Runner], login: str | None = None) -> None:
    """Say when each is ready, then where to go."""
    started = time.monotonic()
    say(f"   Starting {', '.join(r.service.name for r in runners)} …")
    try:
        async with asyncio.timeout(READY_WITHIN):
            await asyncio.gather(*(report(runner) for runner in runners))
    except TimeoutError:
        late = ", ".join(r.service.name for r in runners if not r.ready.is_set())
        raise LaunchError(f"{late} did not get ready in {READY_WITHIN:.0f} s; see logs/.") from None
    say(f"\nReady in {time.monotonic() - started:.1f} s.\n")
    names = {runner.service.name for runner in runners}
    for line in addresses(settings, names, login):
        say(f"   {line}")
    say("\nLogs are in logs/. Ctrl-C stops everything.")


async def report(runner: Runner) -> None:
    name = runner.service.name
    if name in MEANWHILE:
        say(f"   {name} {MEANWHILE[name]} …")
    await runner.ready.wait()
    if runner.service.health:
        say(f"   {name} is ready after {time.monotonic() - runner.started:.1f} s")


def first_review_login(settings: Settings, names: list[str]) -> str | None:
    """The review's password if this start makes it; None later, or if there is no review.

    It is made here, because whatever the process itself prints would be kept in its log.
    """
    if "review" not in names:
        return None
    from review.accounts import REVIEWER, Accounts

    password = Accounts(settings.data_dir).first_password(settings.review_password.reveal())
    if password is None:
        return None
    return f"log in as {REVIEWER} with {password} (shown only this once)"


def addresses(settings: Settings, names: set[str], login: str | None = None) -> Iterator[str]:
    """Where a person can go now."""
    if "sandbox" in names:
        yield f"Chat in your browser   http://{LOOPBACK}:{settings.sandbox_port}/"
    elif settings.throw_away_token:
        yield f"Telegram               {settings.telegram_api_url} (no token set: a throw-away one)"
    else:
        yield f"Telegram               {settings.telegram_api_url} ({settings.telegram_mode})"
    yield f"Rasa's REST channel    {settings.rasa_url}/webhooks/rest/webhook"
    if "review" in names:
        yield f"Review                 http://{LOOPBACK}:{settings.review_port}/"
    if login:
        yield f"                       {login}"


def main() -> int:
    """Check, then run; each refusal is a sentence and a status other than 0."""
    settings = load_or_exit()
    try:
        check_rules()
        names = list(wanted(settings))
        check_ports(settings, names)
        write_endpoints(settings)
        model = train.train() if "rasa" in names else Path()
        login = first_review_login(settings, names)
        return asyncio.run(run(settings, services(settings, names, model), login))
    except LaunchError as error:
        print(f"Cannot start: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    raise SystemExit(main())
