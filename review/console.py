"""Puts the review pages together: Datasette with our databases, queries, templates and plugin."""

import os
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

# Only what the pages need: every further plugin would be code that can read the log.
os.environ.setdefault("DATASETTE_LOAD_PLUGINS", "datasette-auth-passwords")

from datasette.app import Datasette  # reads the line above when imported

from review.accounts import Accounts
from review.database import LOG_FILE, REVIEWS_FILE, open_log, open_reviews
from review.queries import LOG, QUERIES, REVIEWS, RULES
from settings import LOOPBACK, ROOT, Settings, kept_secret

HERE = Path(__file__).resolve().parent
RULES_FILE = ROOT / "build" / "schemes.db"
SECRET_FILE = "review_secret"
"""Signs the cookies, so that a restart logs nobody out."""

SETTINGS = {
    "allow_download": False,
    "allow_facet": False,
    "default_cache_ttl": 0,
    "max_returned_rows": 100_000,
    "num_sql_threads": 2,
    "sql_time_limit_ms": 10_000,
    "suggest_facets": False,
}


def console(folder: Path, accounts: Mapping[str, str], rules: Path = RULES_FILE) -> Datasette:
    """The review pages over a data folder; nothing is shown to who has not logged in.

    :param accounts: name → hash of the password
    :param rules: the rules' database; without it there is no page of rules
    """
    for opener, name in ((open_log, LOG_FILE), (open_reviews, REVIEWS_FILE)):
        folder.mkdir(parents=True, exist_ok=True)
        with closing(opener(folder / name)):
            pass
    files = [folder / LOG_FILE, folder / REVIEWS_FILE]
    pages = Datasette(
        [str(path) for path in files],
        metadata=metadata(accounts),
        template_dir=str(HERE / "templates"),
        plugins_dir=str(HERE / "plugins"),
        static_mounts=[("assets", str(HERE / "assets"))],
        settings=SETTINGS,
        secret=kept_secret(folder / SECRET_FILE),
    )
    if rules.exists():
        add_rules(pages, rules)
    return pages


def add_rules(pages: Datasette, rules: Path) -> None:
    """The rules' database under a name of its own."""
    from datasette.database import Database

    pages.add_database(Database(pages, path=str(rules), is_mutable=True), name=RULES)


def metadata(accounts: Mapping[str, str]) -> dict[str, Any]:
    """Titles, canned queries, and who may see them: reviewers, and nobody else."""
    databases: dict[str, Any] = {name: {"queries": {}} for name in (LOG, REVIEWS, RULES)}
    for name, query in QUERIES.items():
        databases[query.database]["queries"][name] = {
            "title": query.title,
            "sql": query.sql,
            "params": list(query.parameters),
            "hide_sql": True,
        }
    return {
        "title": "HK Talent Desk: review",
        "allow": {"id": sorted(accounts)},
        "allow_sql": {"id": sorted(accounts)},
        "databases": databases,
        "plugins": {
            "datasette-auth-passwords": {
                f"{name}_password_hash": value for name, value in accounts.items()
            }
        },
    }


async def serve(settings: Settings) -> None:
    """Serve the pages on loopback until a signal."""
    import uvicorn

    accounts = Accounts(settings.data_dir).hashes(settings.review_password.reveal())
    pages = console(settings.data_dir, accounts)
    await pages.invoke_startup()
    config = uvicorn.Config(
        pages.app(),
        host=LOOPBACK,
        port=settings.review_port,
        log_level="warning",
        access_log=False,
        ws="none",  # none is spoken, and Rasa's websockets is too old for uvicorn
        lifespan="on",
    )
    await uvicorn.Server(config).serve()
