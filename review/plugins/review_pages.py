"""Gives Datasette the review pages; what they do is in ``review.pages`` and ``review.labels``."""

from datasette import hookimpl
from datasette.utils.asgi import Response

from review import labels, pages


@hookimpl
def register_routes():  # type: ignore[no-untyped-def]
    """Our pages; ``/`` is the inbox."""
    return [
        (r"^/$", pages.home),
        (r"^/inbox$", pages.inbox),
        (r"^/conversations$", pages.conversations),
        (r"^/conversation/(?P<conversation>\d+)$", pages.transcript),
        (r"^/dashboards$", pages.dashboards),
        (r"^/rules$", pages.rules),
        (r"^/review/(?P<message>\d+)$", labels.review),
    ]


@hookimpl
def prepare_connection(conn, database, datasette):  # type: ignore[no-untyped-def]
    """Let the log's connections see the reviews; keep nothing of what is deleted."""
    if database == "log":
        reviews = datasette.get_database("reviews").path
        conn.execute("ATTACH DATABASE ? AS reviews", [f"file:{reviews}?mode=ro"])
    elif database == "reviews":
        conn.execute("PRAGMA secure_delete=ON")


@hookimpl
def forbidden(datasette, request, message):  # type: ignore[no-untyped-def]
    """Whoever is not logged in is asked to log in."""
    if not request.actor:
        return Response.redirect(datasette.urls.path("/-/login"))
    return None


@hookimpl
def extra_template_vars(request):  # type: ignore[no-untyped-def]
    """Where we are, for the navigation."""
    return {"here": request.path if request else ""}
