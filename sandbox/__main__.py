"""`python -m sandbox`: a Telegram of our own on 127.0.0.1, with a page to chat in the browser."""

import argparse
import asyncio
import contextlib
import logging
import signal
from pathlib import Path

from sandbox import people, server, storage
from sandbox.world import World
from settings import SANDBOX_STAFF_GROUP_ID, load_or_exit

STATE_FILE = "sandbox.db"
STAFF = (("Grace", "creator", "en"), ("Kelvin", "administrator", "zh-hk"), ("Mei", "member", "en"))


def arguments() -> argparse.Namespace:
    """The command line; what is not given comes from the settings."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--port", type=int, help="instead of SANDBOX_PORT")
    parser.add_argument("--state", type=Path, help="file that keeps the chats over a restart")
    parser.add_argument("--forget", action="store_true", help="keep nothing over a restart")
    parser.add_argument("--no-staff-group", action="store_true", help="start without a staff group")
    parser.add_argument("--rate-limits", action="store_true", help="enforce Telegram's rate limits")
    return parser.parse_args()


def furnish(world: World, group_id: int) -> None:
    """A staff group with three people in it, one of each standing."""
    group = world.add_group("Talent Desk staff", forum=True, group_id=group_id, staff=True)
    for number, (name, status, language) in enumerate(STAFF):
        person = world.add_person(name, language, person_id=4_000_001 + number)
        people.join(world, person.id, group.id, status)
    # The bot was not there yet when they came in.
    world.updates.drop_pending()


async def run(options: argparse.Namespace) -> None:
    """Serve until Ctrl-C or SIGTERM."""
    settings = load_or_exit()
    world = World(settings.telegram_bot_token.reveal())
    world.rate_limits.enforced = options.rate_limits
    state = None if options.forget else options.state or settings.data_dir / STATE_FILE
    kept = state is not None and storage.restore(world, state)
    if not kept and not options.no_staff_group:
        furnish(world, settings.staff_group_id or SANDBOX_STAFF_GROUP_ID)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    runner, port = await server.serve(world, options.port or settings.sandbox_port)
    print(f"The sandbox is ready: http://{server.HOST}:{port}/", flush=True)
    saving = asyncio.create_task(storage.keep_saving(world, state)) if state else None
    await stop.wait()
    await runner.cleanup()
    if saving is not None and state is not None:
        saving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await saving
        storage.save(world, state)


def main() -> None:
    """Entry point."""
    options = arguments()
    logging.basicConfig(level=logging.WARNING)
    asyncio.run(run(options))


if __name__ == "__main__":
    main()
