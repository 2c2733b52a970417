"""The review pages: each asks its queries and fills its template."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import yaml
from datasette.app import Datasette
from datasette.utils.asgi import NotFound, Request, Response

from review.charts import bars, columns
from review.queries import LOG, QUERIES, RULES
from settings import ROOT

LANGUAGE_NAMES = {
    "en": "English",
    "zh-Hant": "繁體中文",
    "zh-Hans": "简体中文",
    "ja": "日本語",
}
PAGE_SIZE = 50
PERIODS = {"7": "a week", "30": "30 days", "90": "90 days", "365": "a year"}
FLAGS = {
    "failed": "no answer",
    "disputed": "“not it”",
    "fallback": "not understood",
    "handoff": "to a person",
    "low": "unsure",
    "rephrased": "asked again",
}
"""What a message can be in the inbox for, worst first, in a reviewer's words."""

Rows = list[dict[str, Any]]


# ---------------------------------------------------------------- what all need


async def allow(datasette: Datasette, request: Request) -> None:
    """Refuse whoever may not see the pages.

    :raises datasette.Forbidden: not logged in as a reviewer
    """
    await datasette.ensure_permissions(request.actor, ["view-instance"])


async def ask(
    datasette: Datasette, name: str, given: Mapping[str, str], page: int | None = None
) -> Rows:
    """The rows of a query, or of one page of it and one more."""
    query = QUERIES[name]
    parameters: dict[str, Any] = {key: given.get(key, "") for key in query.parameters}
    sql = query.sql
    if page is not None:
        sql = f"SELECT * FROM ({sql}) LIMIT {PAGE_SIZE + 1} OFFSET :offset"
        parameters["offset"] = page * PAGE_SIZE
    found = await datasette.get_database(query.database).execute(sql, parameters)
    return [dict(row) for row in found.rows]


async def values(datasette: Datasette, column: str) -> list[tuple[str, str]]:
    """What a filter of conversations can be set to, with its name."""
    found = await datasette.get_database(LOG).execute(
        f"SELECT DISTINCT {column} FROM conversations WHERE {column} IS NOT NULL ORDER BY 1"
    )
    return [(row[0], row[0].replace("_", " ")) for row in found.rows]


def filters(request: Request, name: str) -> dict[str, str]:
    """The query's parameters as the address has them.

    ``%`` and ``_`` would be jokers in a search; nobody means them.
    """
    given = {key: (request.args.get(key) or "").strip() for key in QUERIES[name].parameters}
    if "q" in given:
        given["q"] = given["q"].replace("%", "").replace("_", " ")
    return given


def page_number(request: Request) -> int:
    value = request.args.get("page") or "0"
    return int(value) if value.isdigit() else 0


def downloads(name: str, given: Mapping[str, str]) -> dict[str, str]:
    """The addresses of the same rows as files."""
    address = f"/{QUERIES[name].database}/{name}"
    return {form: f"{address}.{form}?{urlencode(given)}" for form in ("csv", "json")} | {
        "json": f"{address}.json?{urlencode({**given, '_shape': 'array'})}"
    }


async def render(datasette: Datasette, request: Request, template: str, **context: Any) -> Response:
    shared = {"languages": LANGUAGE_NAMES, "flags": FLAGS}
    html = await datasette.render_template(template, {**shared, **context}, request=request)
    return Response.html(html)


def paged(rows: Rows, request: Request, page: int) -> dict[str, Any]:
    """The rows of a page, with the addresses of its neighbours."""
    given = {key: request.args.get(key) for key in request.args if key != "page"}

    def address(number: int) -> str:
        return f"{request.path}?{urlencode({**given, 'page': number})}"

    return {
        "rows": rows[:PAGE_SIZE],
        "first": page * PAGE_SIZE + 1,
        "last": page * PAGE_SIZE + min(len(rows), PAGE_SIZE),
        "back": address(page - 1) if page else None,
        "on": address(page + 1) if len(rows) > PAGE_SIZE else None,
    }


# ---------------------------------------------------------------- pages


async def home(datasette: Datasette, request: Request) -> Response:
    await allow(datasette, request)
    return Response.redirect(datasette.urls.path("/inbox"))


async def inbox(datasette: Datasette, request: Request) -> Response:
    await allow(datasette, request)
    given, page = filters(request, "inbox"), page_number(request)
    rows = await ask(datasette, "inbox", given, page)
    found = await datasette.get_database(LOG).execute(
        f"SELECT language, count(*) FROM ({QUERIES['inbox'].sql}) GROUP BY 1", {"language": ""}
    )
    return await render(
        datasette,
        request,
        "inbox.html",
        counts={row[0]: row[1] for row in found.rows},
        given=given,
        downloads=downloads("inbox", given),
        **paged(rows, request, page),
    )


async def conversations(datasette: Datasette, request: Request) -> Response:
    await allow(datasette, request)
    given, page = filters(request, "conversations"), page_number(request)
    rows = await ask(datasette, "conversations", given, page)
    choices = {name: await values(datasette, name) for name in ("scheme", "outcome", "handoff")}
    return await render(
        datasette,
        request,
        "conversations.html",
        given=given,
        choices=choices,
        downloads=downloads("conversations", given),
        **paged(rows, request, page),
    )


async def transcript(datasette: Datasette, request: Request) -> Response:
    await allow(datasette, request)
    given = {"conversation": request.url_vars["conversation"]}
    messages = await ask(datasette, "transcript", given)
    found = await datasette.get_database(LOG).execute(
        "SELECT * FROM conversations WHERE id = :conversation", given
    )
    about = found.first()
    if about is None:
        raise NotFound("This conversation is not in the log (any more).")
    await add_remarks(datasette, messages)
    return await render(
        datasette,
        request,
        "transcript.html",
        about=dict(about),
        messages=messages,
        intents=await intents(datasette),
        downloads=downloads("transcript", given),
    )


async def add_remarks(datasette: Datasette, messages: Rows) -> None:
    """Give each message its notes and tags, and its buttons as a list."""
    ids = json.dumps([message["message"] for message in messages])
    reviews = datasette.get_database("reviews")
    named = "SELECT * FROM {} WHERE message IN (SELECT value FROM json_each(?)) ORDER BY at"
    for table in ("notes", "tags"):
        found = [dict(row) for row in (await reviews.execute(named.format(table), [ids])).rows]
        for message in messages:
            message[table] = [row for row in found if row["message"] == message["message"]]
    for message in messages:
        message["buttons"] = json.loads(message["buttons"] or "[]")


async def intents(datasette: Datasette) -> list[tuple[str, str]]:
    """Every intent with what it is about, in the domain's order."""
    titles: dict[str, str] = {}
    if RULES in datasette.databases:
        found = await datasette.get_database(RULES).execute("SELECT id, title_en FROM topics")
        titles = {row[0]: row[1] for row in found.rows}
    return [(name, titles.get(name, "")) for name in intent_names()]


def intent_names(domain: Path = ROOT / "domain.yml") -> list[str]:
    """The intents of the domain."""
    listed = yaml.safe_load(domain.read_text(encoding="utf-8"))["intents"]
    return [next(iter(entry)) if isinstance(entry, dict) else entry for entry in listed]


DASHBOARDS = ("days", "languages", "topics", "rates", "waiting", "unanswered", "accuracy")


async def dashboards(datasette: Datasette, request: Request) -> Response:
    await allow(datasette, request)
    days = request.args.get("days") or "30"
    given = {"days": days if days in PERIODS else "30"}
    found = {name: await ask(datasette, name, given) for name in DASHBOARDS}
    charts = {
        "messages": columns(found["days"], "day", "messages"),
        "people": columns(found["days"], "day", "people"),
        "languages": bars(named(found["languages"]), "language", "messages"),
        "topics": bars(spaced(found["topics"]), "topic", "messages"),
    }
    return await render(
        datasette,
        request,
        "dashboards.html",
        given=given,
        periods=PERIODS,
        charts=charts,
        found=found,
        totals=totals(found["days"], found["rates"]),
        titles={name: QUERIES[name].title for name in DASHBOARDS},
        files={name: downloads(name, given) for name in DASHBOARDS},
    )


def named(rows: Rows) -> Rows:
    """The rows with languages by their own names."""
    return [
        row | {"language": LANGUAGE_NAMES.get(row["language"], row["language"])} for row in rows
    ]


def spaced(rows: Rows) -> Rows:
    """The rows with topics as words."""
    return [{**row, "topic": row["topic"].replace("_", " ")} for row in rows]


def totals(days: Rows, rates: Rows) -> dict[str, str]:
    """The few figures at the top."""
    messages = sum(row["messages"] for row in rates)

    def share(column: str) -> str:
        return f"{sum(row['messages'] * (row[column] or 0) for row in rates) / messages:.1f} %"

    if not messages:
        return {"messages": "0"}
    return {
        "messages": f"{messages:,}",
        "messages a day": f"{messages / len(days):,.0f}",
        "not understood": share("fallback_percent"),
        "“not it”": share("not_it_percent"),
        "to a person": share("handoff_percent"),
    }


async def placeholder_values(datasette: Datasette) -> dict[str, str]:
    """What the placeholders of answers stand for, roughly: values with their units, names."""
    everything = {"q": "", "scheme": "", "kind": "value"}
    values = {
        row["name"]: with_unit(row["says"], row["unit"])
        for row in await ask(datasette, "rules", everything)
    }
    database = datasette.get_database(RULES)
    names = await database.execute("SELECT id, short_en FROM schemes")
    firm = (await database.execute("SELECT name_en, phone, email FROM firm")).first()
    return {
        **values,
        **{f"name:{row[0]}": row[1] for row in names.rows},
        **({f"firm:{part}": firm[f] for part, f in FIRM_PARTS.items()} if firm else {}),
    }


FIRM_PARTS = {"name": "name_en", "phone": "phone", "email": "email"}
PLACEHOLDER = re.compile(r"\{([a-z_]+\.)?([a-z_0-9]+(?::[a-z_0-9-]+)?)\}")


def with_unit(value: Any, unit: str) -> str:
    """A value for a reader of the rules' page; people get it worded by the rules themselves."""
    return f"{value} {unit}" if unit not in ("code", "text", "date", "count") else str(value)


def filled(text: Any, scheme: str, values: Mapping[str, str]) -> Any:
    """An answer with the placeholders that can be told filled in; the rest stay as they are."""

    def value(found: re.Match[str]) -> str:
        owner, name = found[1] or f"{scheme}.", found[2]
        return values.get(name) or values.get(owner + name) or found[0]

    return PLACEHOLDER.sub(value, text) if isinstance(text, str) else text


async def rules(datasette: Datasette, request: Request) -> Response:
    await allow(datasette, request)
    given, page = filters(request, "rules"), page_number(request)
    if RULES not in datasette.databases:
        return await render(datasette, request, "no_rules.html")
    rows = await ask(datasette, "rules", given, page)
    found = await datasette.get_database(RULES).execute("SELECT id, short_en FROM schemes")
    given_values = await placeholder_values(datasette)
    for row in rows:
        row["says"] = filled(row["says"], row["scheme"], given_values)
    return await render(
        datasette,
        request,
        "rules.html",
        given=given,
        schemes={row[0]: row[1] for row in found.rows},
        downloads=downloads("rules", given),
        **paged(rows, request, page),
    )
