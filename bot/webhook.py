"""Receives updates by webhook: each is stored before Telegram gets its 200."""

import json
import logging
import secrets
from collections.abc import Callable, Sequence
from typing import Any

from aiohttp import web

logger = logging.getLogger(__name__)

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"

LARGEST_UPDATE = 1024 * 1024

CONNECTIONS = 1
"""Telegram calls one at a time, which keeps a chat's messages in their order. An update takes a
few milliseconds to store, so this is no bottleneck."""


def webhook_app(accept: Callable[[Sequence[dict[str, Any]]], None], secret: str) -> web.Application:
    """The server that Telegram calls, at whatever path the public address leads to.

    :param accept: stores updates; an exception of it answers 500, and Telegram calls again
    :param secret: what Telegram sends in its header; a call without it is turned away
    """

    async def receive(request: web.Request) -> web.Response:
        given = request.headers.get(SECRET_HEADER, "")
        if not secrets.compare_digest(given.encode(), secret.encode()):
            logger.warning("A webhook call without the right secret was turned away.")
            return web.Response(status=403)
        try:
            update = json.loads(await request.read())
            if not isinstance(update["update_id"], int):
                raise TypeError
        except (ValueError, KeyError, TypeError):
            return web.Response(status=400)
        accept([update])
        return web.Response()

    app = web.Application(client_max_size=LARGEST_UPDATE)
    app.router.add_post("/{path:.*}", receive)
    return app
