"""The whole desk, started as `make run` starts it, and headless Chromium to look at it."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from settings import LOOPBACK, ROOT
from tests.conversation.server import free_port

CHROMIUM = "/usr/bin/chromium"
# Without the background flags Chromium looks for its maker's hosts at every start.
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass
class Desk:
    """What the launcher started: the page's address and the data folder."""

    page: str
    folder: Path
    launcher: subprocess.Popen[str]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Everything, on free ports."""
    folder = tmp_path_factory.mktemp("desk")
    names = ("RASA", "ACTIONS", "SANDBOX", "REVIEW")
    ports = {f"{name}_PORT": str(free_port()) for name in names}
    environment = {**os.environ, **ports, "DATA_DIR": str(folder), "PYTHONPATH": str(ROOT)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    launcher = subprocess.Popen(
        [sys.executable, "launch.py"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert launcher.stdout is not None
        lines = []
        for line in launcher.stdout:
            lines.append(line)
            if line.startswith("Ready"):
                break
        else:
            pytest.fail("The desk did not start:\n" + "".join(lines))
        yield Desk(f"http://{LOOPBACK}:{ports['SANDBOX_PORT']}/", folder, launcher)
    finally:
        launcher.send_signal(signal.SIGINT)
        launcher.communicate(timeout=60)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; `make test` installs it."""
    if not Path(CHROMIUM).exists():
        pytest.fail("Chromium is missing. Install it: apt-get install chromium fonts-noto-cjk")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()
