"""What is started, what is said, and that nothing is left running."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

import launch
from launch import LaunchError, Runner, Service
from settings import CONFIG_ERROR_EXIT, read

TOKEN = "123456789:" + "A" * 35


@pytest.fixture(autouse=True)
def own_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Logs go to a folder of the test's own, and are closed after it."""
    monkeypatch.setattr(launch, "ROOT", tmp_path)
    yield
    for name in ("one", "relay"):
        log = launch.logging.getLogger(f"launch.{name}")
        for handler in log.handlers[:]:
            handler.close()
            log.removeHandler(handler)


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def python(code: str, name: str = "one", health: str | None = None) -> Service:
    command = (sys.executable, "-c", textwrap.dedent(code))
    return Service(name, command, dict(os.environ), health)


def project_with(folder: Path, *packages: str) -> Path:
    for package in packages:
        (folder / package).mkdir()
        (folder / package / "__init__.py").touch()
    return folder


def is_running(pid: int) -> bool:
    """Whether a process does anything; a zombie waits only to be counted."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


# ---------------------------------------------------------------- what to start


def test_without_a_token_the_sandbox_is_started(tmp_path: Path) -> None:
    root = project_with(tmp_path, "actions", "bot", "sandbox", "review")

    names = list(launch.wanted(read({}), root))

    assert names == ["rasa", "actions", "sandbox", "relay", "review"]


@pytest.mark.parametrize(
    "variables", [{"TELEGRAM_BOT_TOKEN": TOKEN}, {"TELEGRAM_API_URL": "http://127.0.0.1:9"}]
)
def test_with_a_token_or_a_server_there_is_no_sandbox(
    tmp_path: Path, variables: dict[str, str]
) -> None:
    root = project_with(tmp_path, "actions", "bot", "sandbox")

    assert "sandbox" not in list(launch.wanted(read(variables), root))


def test_a_rasa_elsewhere_is_not_started_here(tmp_path: Path) -> None:
    root = project_with(tmp_path, "actions", "bot", "sandbox")

    names = list(launch.wanted(read({"RASA_URL": "http://rasa:5005"}), root))

    assert names == ["sandbox", "relay"]


def test_a_missing_package_is_left_out_and_said_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = project_with(tmp_path, "actions", "bot", "sandbox")

    assert "review" not in list(launch.wanted(read({}), root))
    assert "review is left out: there is no review/" in capsys.readouterr().out


def test_every_process_of_the_procfile_listens_on_loopback_only() -> None:
    settings = read({"RASA_TOKEN": "t"})

    rasa, actions = launch.services(settings, ["rasa", "actions"], Path("models/x.tar.gz"))

    assert rasa.command[4:6] == ("--interface", "127.0.0.1")
    assert actions.environment["SANIC_HOST"] == "127.0.0.1"
    assert "$" not in " ".join(rasa.command + actions.command)


def test_only_those_who_talk_to_telegram_get_its_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", TOKEN)
    settings = read({"TELEGRAM_BOT_TOKEN": TOKEN, "RASA_TOKEN": "t"})

    started = launch.services(settings, ["rasa", "actions", "relay", "review"], Path())

    holders = [s.name for s in started if TOKEN in s.environment.values()]
    assert holders == ["relay"]


def test_a_taken_port_is_refused_with_the_setting_that_moves_it() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(LaunchError, match=f"Port {port}.*set ACTIONS_PORT to another"):
            launch.check_ports(read({"ACTIONS_PORT": str(port)}), ["actions"])


def test_without_the_rules_database_it_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(LaunchError, match="run `make setup`"):
        launch.check_rules(project_with(tmp_path, "schemes"))


# ---------------------------------------------------------------- one process


async def test_a_server_is_ready_when_it_answers(free_port: int) -> None:
    code = f"""
        import http.server
        class Ok(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200 if self.path == "/health" else 500)
                self.end_headers()
        http.server.HTTPServer(("127.0.0.1", {free_port}), Ok).serve_forever()
    """
    runner = Runner(python(code, health=f"http://127.0.0.1:{free_port}/health"))

    task = asyncio.create_task(runner.keep())
    async with asyncio.timeout(20):
        await runner.ready.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert launch.is_free(free_port)


async def test_a_crash_is_said_and_started_again_a_bounded_number_of_times(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(launch, "RESTARTS", 2)
    monkeypatch.setattr(launch, "LONGEST_PAUSE", 0.0)
    runner = Runner(python("import time; time.sleep(0.2); raise SystemExit(3)", "relay"))

    with pytest.raises(LaunchError, match="relay ended with status 3.*2 times: giving up"):
        await runner.keep()

    said = capsys.readouterr().out
    assert "logs/relay.log. Starting it again (1 of 2)" in said
    assert "(2 of 2)" in said


async def test_a_server_that_never_got_ready_is_not_started_again(free_port: int) -> None:
    address = f"http://127.0.0.1:{free_port}/"

    with pytest.raises(LaunchError, match="never ready"):
        await Runner(python("raise SystemExit(1)", health=address)).keep()


async def test_refused_settings_are_not_tried_again() -> None:
    with pytest.raises(LaunchError, match=f"status {CONFIG_ERROR_EXIT}"):
        await Runner(python(f"raise SystemExit({CONFIG_ERROR_EXIT})")).keep()


async def test_a_death_is_noticed_while_a_grandchild_holds_the_output(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    code = f"""
        import pathlib, subprocess
        child = subprocess.Popen(["sleep", "60"])
        pathlib.Path({str(pid_file)!r}).write_text(str(child.pid))
        raise SystemExit(4)
    """

    async with asyncio.timeout(20):
        assert await Runner(python(code)).run_once() == 4
        # Killed it is at once; how soon a busy machine takes it off the list is not ours.
        while is_running(int(pid_file.read_text())):  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def test_output_goes_to_the_log_and_warnings_to_the_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    service = python("print('quiet 語'); print('12:00 WARNING loud')")

    await Runner(service).run_once()

    assert service.log.read_text("utf-8") == "quiet 語\n12:00 WARNING loud\n"
    assert capsys.readouterr().out == "   [one] 12:00 WARNING loud\n"


async def test_a_command_that_is_not_there_is_said_plainly() -> None:
    with pytest.raises(LaunchError, match="one could not be started"):
        await Runner(Service("one", ("/no/such/command",), {})).run_once()


# ---------------------------------------------------------------- all of them

DESK = """
    import asyncio, sys
    from pathlib import Path
    import launch
    from launch import Service
    from settings import read
    launch.ROOT = Path(sys.argv[1])
    stubborn = "import subprocess, time; print(subprocess.Popen(['sleep', '60']).pid, flush=True);"
    services = [
        Service("one", (sys.executable, "-c", stubborn + "time.sleep(60)"), {}),
        Service("relay", (sys.executable, "-c", stubborn + sys.argv[2]), {}),
    ]
    raise SystemExit(asyncio.run(launch.run(read({}), services)))
"""


def start_desk(tmp_path: Path, relay: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(DESK), str(tmp_path), relay],
        cwd=Path(__file__).resolve().parents[1],
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_everything_in_order(tmp_path: Path, number: signal.Signals) -> None:
    with start_desk(tmp_path, "time.sleep(60)") as desk:
        assert desk.stdout is not None
        for line in desk.stdout:
            if "Ctrl-C stops everything" in line:
                break
        children = grandchildren(tmp_path)

        desk.send_signal(number)
        said = desk.stdout.read()

    assert desk.returncode == 0
    assert "Everything has stopped." in said
    assert not any(is_running(pid) for pid in children)


def test_one_that_cannot_be_kept_running_ends_the_rest_with_an_error(tmp_path: Path) -> None:
    with start_desk(tmp_path, "raise SystemExit(78)") as desk:
        assert desk.stdout is not None
        said = desk.stdout.read()

    assert desk.returncode == 1
    assert "Stopping everything: relay ended with status 78; its log is logs/relay.log" in said
    assert not any(is_running(pid) for pid in grandchildren(tmp_path, wait=False))


def grandchildren(tmp_path: Path, wait: bool = True) -> list[int]:
    """The processes that the services started, by what they wrote."""
    logs = [tmp_path / "logs" / f"{name}.log" for name in ("one", "relay")]
    while wait and not all(log.exists() and log.read_text().strip() for log in logs):
        os.sched_yield()
    return [int(log.read_text().split()[0]) for log in logs if log.exists() and log.read_text()]


def test_the_first_start_says_the_reviews_password_and_no_later_one_does(tmp_path: Path) -> None:
    settings = read({"DATA_DIR": str(tmp_path)})

    first = launch.first_review_login(settings, ["relay", "review"])

    assert first is not None and "log in as reviewer with " in first
    assert first in "\n".join(launch.addresses(settings, {"review"}, first))
    assert launch.first_review_login(settings, ["relay", "review"]) is None
    assert launch.first_review_login(settings, ["relay"]) is None
