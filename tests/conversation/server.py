"""A real Rasa server and action server on free ports, for tests and figures.

What is tested here is what people get: the trained model, the rules, the actions, over REST.
"""

from __future__ import annotations

import contextlib
import json
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

import train
from settings import LOOPBACK, ROOT

READY_WITHIN = 120.0


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


@dataclass
class Said:
    """What one message was answered with: texts, buttons and what was understood."""

    texts: list[str]
    buttons: list[dict[str, str]]
    turn: dict[str, Any]

    @property
    def text(self) -> str:
        """All of it, as a person reads it."""
        return "\n".join(self.texts)

    def payload(self, title: str) -> str:
        """The payload of the button with this title."""
        return next(button["payload"] for button in self.buttons if button["title"] == title)


@dataclass
class Server:
    """The two processes; `start` and `stop` may be called again, the memory stays on disk."""

    folder: Path
    rasa_port: int = field(default_factory=free_port)
    actions_port: int = field(default_factory=free_port)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self) -> None:
        """Starts what is not running and waits until it answers."""
        model = train.train()
        endpoints = yaml.safe_load((ROOT / "endpoints.yml").read_text(encoding="utf-8"))
        endpoints["action_endpoint"]["url"] = f"http://{LOOPBACK}:{self.actions_port}/webhook"
        endpoints["tracker_store"]["db"] = str(self.folder / "rasa.db")
        path = self.folder / "endpoints.yml"
        path.write_text(yaml.safe_dump(endpoints), encoding="utf-8")
        rasa = ["rasa", "run", "--interface", LOOPBACK, "--port", str(self.rasa_port)]
        rasa += [
            "--endpoints",
            str(path),
            "--credentials",
            "credentials.yml",
            "--model",
            str(model),
        ]
        self._run("actions", ["rasa_sdk", "--actions", "actions", "--port", str(self.actions_port)])
        self._run("rasa", rasa)
        wait_for(f"http://{LOOPBACK}:{self.actions_port}/health")
        wait_for(f"http://{LOOPBACK}:{self.rasa_port}/webhooks/rest/")

    def _run(self, name: str, words: list[str]) -> None:
        if name in self.processes:
            return
        environment = {**train.environment(), "SANIC_HOST": LOOPBACK}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-m", *words], cwd=ROOT, env=environment, stdout=log, stderr=log
            )

    def stop(self, name: str | None = None, how: signal.Signals = signal.SIGTERM) -> None:
        """Ends one process, or both."""
        for key in [name] if name else list(self.processes):
            process = self.processes.pop(key)
            process.send_signal(how)
            process.wait(timeout=30)

    def say(self, sender: str, message: str, **metadata: Any) -> Said:
        """Sends one message over REST."""
        body = json.dumps({"sender": sender, "message": message, "metadata": metadata}).encode()
        request = urllib.request.Request(
            f"http://{LOOPBACK}:{self.rasa_port}/webhooks/rest/webhook",
            body,
            {"content-type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            messages = json.load(answer)
        custom = [m["custom"] for m in messages if "custom" in m]
        return Said(
            [m["text"] for m in messages if "text" in m],
            [button for m in messages for button in m.get("buttons", [])],
            custom[-1]["turn"] if custom else {},
        )


def wait_for(address: str) -> None:
    """Waits until something answers there; fails with the address after two minutes."""
    end = time.monotonic() + READY_WITHIN
    while time.monotonic() < end:
        with contextlib.suppress(OSError):
            try:
                urllib.request.urlopen(address, timeout=2).close()
                return
            except urllib.error.HTTPError:
                return
        time.sleep(0.1)
    raise TimeoutError(f"{address} did not answer within {READY_WITHIN:.0f} s")


@contextlib.contextmanager
def running(folder: Path) -> Iterator[Server]:
    """A server for the time of a block."""
    folder.mkdir(parents=True, exist_ok=True)
    server = Server(folder)
    try:
        server.start()
        yield server
    finally:
        server.stop()
