"""``python -m review``: the review pages, and the log's upkeep."""

import argparse
import asyncio
import sqlite3
import sys
from collections.abc import Sequence

from settings import LOOPBACK, Settings, load_or_exit


def serve(settings: Settings, _: argparse.Namespace) -> int:
    """Serve the review pages on this machine."""
    from review.accounts import REVIEWER, Accounts
    from review.console import serve as run

    password = Accounts(settings.data_dir).first_password(settings.review_password.reveal())
    print(f"Review: http://{LOOPBACK}:{settings.review_port}/", flush=True)
    if password:
        print(f"Log in as {REVIEWER} with {password} (shown only this once)", flush=True)
    asyncio.run(run(settings))
    return 0


def reviewer(settings: Settings, given: argparse.Namespace) -> int:
    """Give somebody a new password for the review pages, or take their way in."""
    from review.accounts import Accounts

    accounts = Accounts(settings.data_dir)
    if given.remove:
        there = accounts.remove(given.name)
        print(f"{given.name} {'is removed' if there else 'had no account'}.")
    else:
        print(f"{given.name}'s password is {accounts.add(given.name)} (shown only this once)")
    print("Start the review again for this to count.")
    return 0


def purge(settings: Settings, given: argparse.Namespace) -> int:
    """Erase conversations that ended longer ago than the retention allows."""
    import time

    from review.erase import purge as erase_old

    days = settings.retention_days if given.older_than is None else given.older_than
    count = erase_old(settings.data_dir, days, time.time())
    print(f"{count} conversations older than {days} days were erased.")
    return 0


def erase(settings: Settings, given: argparse.Namespace) -> int:
    """Erase everything kept about a person, here and in the relay's and Rasa's memory."""
    from review.forget import forget

    for line in forget(settings.data_dir, given.person):
        print(line)
    return 0


def export(settings: Settings, given: argparse.Namespace) -> int:
    """Write the (masked) messages to standard output, one a line."""
    from review.export import write

    write(settings.data_dir, sys.stdout, given.format)
    return 0


def stats(settings: Settings, given: argparse.Namespace) -> int:
    """Print the figures of the dashboards."""
    from review.stats import lines

    for line in lines(settings.data_dir, given.days):
        print(line)
    return 0


def examples(settings: Settings, given: argparse.Namespace) -> int:
    """Turn corrected messages into training examples, train, and say what it changed."""
    from review.examples import run

    return run(settings.data_dir, accept_all=given.accept_all, train=not given.no_training)


def parser() -> argparse.ArgumentParser:
    """The command line."""
    root = argparse.ArgumentParser(prog="python -m review", description=__doc__)
    commands = root.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(function: object, name: str) -> argparse.ArgumentParser:
        said = (function.__doc__ or "").strip()
        added = commands.add_parser(name, help=said, description=said)
        added.set_defaults(function=function)
        return added

    command(serve, "serve")
    added = command(reviewer, "reviewer")
    added.add_argument("name")
    added.add_argument("--remove", action="store_true", help="take the way in")
    added = command(purge, "purge")
    added.add_argument("--older-than", type=days, metavar="DAYS", help="default: RETENTION_DAYS")
    added = command(erase, "erase")
    added.add_argument("person", help="the chat's number, or the p… name the log has for it")
    added = command(export, "export")
    added.add_argument("--format", choices=("jsonl", "csv"), default="jsonl")
    added = command(stats, "stats")
    added.add_argument("--days", type=days, default=30, help="how far back (default: 30)")
    added = command(examples, "examples")
    added.add_argument("--accept-all", action="store_true", help="do not ask about each")
    added.add_argument("--no-training", action="store_true", help="write them, train later")
    return root


def days(text: str) -> int:
    """A number of days.

    :raises argparse.ArgumentTypeError: it is none
    """
    if not text.isdigit():
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of days, such as 180")
    return int(text)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; gives back the exit status."""
    given = parser().parse_args(arguments)
    settings = load_or_exit()
    try:
        status: int = given.function(settings, given)
    except (sqlite3.Error, OSError, ValueError) as error:
        print(f"Not done: {error}", file=sys.stderr)
        return 1
    return status


if __name__ == "__main__":
    sys.exit(main())
