"""How fast the whole desk is: start-up, first answer, a turn over REST, memory of each process.

    make bench-serving

Everything is started as `make run` starts it, on free ports with a data folder of its own; only
loopback is used. Prints a table; figures depend on the machine and on what else it does.
"""

from __future__ import annotations

import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from settings import LOOPBACK, ROOT
from tests.conversation.server import Server, free_port

QUESTIONS = Path(__file__).with_name("questions.txt")


def questions() -> list[str]:
    """The questions asked, one a line."""
    lines = QUESTIONS.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def start(folder: str) -> tuple[subprocess.Popen[str], int]:
    """The launcher on free ports; returns it and Rasa's port."""
    ports = {name: str(free_port()) for name in ("RASA", "ACTIONS", "SANDBOX", "REVIEW")}
    environment = {**os.environ, "DATA_DIR": folder, "ENV_FILE": f"{folder}/none"}
    environment.update({f"{name}_PORT": port for name, port in ports.items()})
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    launcher = subprocess.Popen(
        [sys.executable, "launch.py"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return launcher, int(ports["RASA"])


def wait_until_ready(launcher: subprocess.Popen[str]) -> None:
    """Reads the launcher's lines until it is ready."""
    assert launcher.stdout is not None, "its output is a pipe"
    for line in launcher.stdout:
        if line.startswith("Ready"):
            return
    raise SystemExit(f"The launcher ended with status {launcher.wait()}; see logs/.")


def memory(launcher: subprocess.Popen[str]) -> dict[str, float]:
    """Resident memory in MB by process."""
    found = {"launcher": psutil.Process(launcher.pid).memory_info().rss / 1e6}
    for child in psutil.Process(launcher.pid).children(recursive=True):
        words = child.cmdline()
        name = words[words.index("-m") + 1] if "-m" in words else words[0]
        found[name] = found.get(name, 0.0) + child.memory_info().rss / 1e6
    return found


def main() -> None:
    """Starts, asks, prints, stops."""
    with tempfile.TemporaryDirectory() as folder:
        began = time.monotonic()
        launcher, port = start(folder)
        try:
            wait_until_ready(launcher)
            server = Server(Path(folder), rasa_port=port)
            server.say("first", questions()[0])
            first = time.monotonic() - began
            times, empty = [], 0
            for number, question in enumerate(questions()):
                asked = time.perf_counter()
                said = server.say(f"asker-{number // 5}", question)
                times.append((time.perf_counter() - asked) * 1000)
                empty += not said.texts
            used = memory(launcher)
        finally:
            launcher.send_signal(signal.SIGINT)
            launcher.wait(timeout=30)
    times.sort()
    print(f"start to first answer   {first:.1f} s (environment, rules and model ready)")
    print(
        f"a turn over REST        median {statistics.median(times):.1f} ms, "
        f"p95 {times[int(len(times) * 0.95)]:.1f} ms ({len(times)} questions, {empty} unanswered)"
    )
    for name, megabytes in sorted(used.items(), key=lambda item: -item[1]):
        print(f"memory  {name:<12} {megabytes:6.0f} MB")
    print(f"memory  {'together':<12} {sum(used.values()):6.0f} MB ({LOOPBACK} only)")


if __name__ == "__main__":
    main()
