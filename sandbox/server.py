"""The HTTP server: the Bot API, file downloads, the people's control API and the page."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

from aiohttp import web

from sandbox import control, limits, methods
from sandbox.delivery import deliver_to_webhook
from sandbox.errors import BotApiError
from sandbox.faults import Fault
from sandbox.params import Params, read_params
from sandbox.world import Call, World

WORLD = web.AppKey("world", World)
PAGE = Path(__file__).parent / "page"
LOOPBACK_NAMES = ("127.0.0.1", "localhost", "[::1]")
HOST = "127.0.0.1"
# Only the page's own parts: no inline script, nothing from elsewhere.
PAGE_POLICY = "default-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'"
_log = logging.getLogger(__name__)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def create_app(world: World) -> web.Application:
    """The whole server around a world."""
    app = web.Application(
        middlewares=[only_from_loopback], client_max_size=limits.UPLOAD_BYTES + 1024 * 1024
    )
    app[WORLD] = world
    app.router.add_route("*", "/bot{token}/{method}", bot_api)
    app.router.add_get("/file/bot{token}/{path:.+}", download)
    app.router.add_get("/health", health)
    app.router.add_get("/", page)
    app.router.add_static("/page/", PAGE)
    control.add_routes(app, world)
    app.cleanup_ctx.append(_webhook_delivery)
    # aiohttp 3.9 describes its signals in an older aiosignal's terms.
    app.on_shutdown.append(_let_go)  # type: ignore[arg-type]
    return app


@web.middleware
async def only_from_loopback(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse other host names: a web page elsewhere must not drive the sandbox by DNS tricks."""
    name = request.host.rsplit(":", 1)[0] if not request.host.endswith("]") else request.host
    if name not in LOOPBACK_NAMES:
        raise web.HTTPForbidden(text="The sandbox answers on 127.0.0.1 only.")
    return await handler(request)


async def _webhook_delivery(app: web.Application) -> AsyncIterator[None]:
    world = app[WORLD]
    task = asyncio.create_task(deliver_to_webhook(world.updates, world.now))
    yield
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def _let_go(app: web.Application) -> None:
    """End the long polls and event streams, which would hold the server open."""
    app[WORLD].updates.stop()
    app[WORLD].event("stop", None)


async def health(request: web.Request) -> web.Response:
    """Answers as soon as the server does."""
    return web.json_response({"ok": True})


async def page(request: web.Request) -> web.FileResponse:
    """The chat page."""
    headers = {"Cache-Control": "no-cache", "Content-Security-Policy": PAGE_POLICY}
    return web.FileResponse(PAGE / "index.html", headers=headers)


# The Bot API


async def bot_api(request: web.Request) -> web.StreamResponse:
    """One call: token, method, faults and limits, then the method itself."""
    world = request.app[WORLD]
    name = request.match_info["method"]
    try:
        _check_token(world, request.match_info["token"])
        if name.lower() not in methods.METHODS and name.lower() != "getupdates":
            raise BotApiError(404, "Not Found: method not found")
        params = await read_params(request)
    except BotApiError as error:
        return _refusal(error)
    call = world.new_call(name, params.to_json()) if name.lower() != "getupdates" else None
    fault = world.faults.take(name, _chat_of(params))
    if fault is not None and fault.delay:
        await asyncio.sleep(fault.delay)
    if fault is not None and fault.drop == "request":
        return _hang_up(request)
    response = await _carry_out(world, name, params, call, fault)
    return _hang_up(request) if fault is not None and fault.drop == "reply" else response


def _check_token(world: World, token: str) -> None:
    number, _, secret = token.partition(":")
    if not number.isdigit() or not secret:
        raise BotApiError(401, "Unauthorized: invalid token specified")
    if token != world.bot.token:
        raise BotApiError(401, "Unauthorized")


def _chat_of(params: Params) -> int | None:
    chat_id = params.integer("chat_id")
    return chat_id or None


async def _carry_out(
    world: World, name: str, params: Params, call: Call | None, fault: Fault | None
) -> web.Response:
    """Run the method, or refuse it when the fault says so, and note how it ended."""
    try:
        if fault is not None and (error := fault.error()) is not None:
            raise error
        result = await _run(world, name.lower(), params)
    except BotApiError as error:
        if call is not None:
            call.status, call.description = error.code, error.description
            world.event("call", _chat_of(params), method=name, status=error.code)
        return _refusal(error)
    if call is not None:
        call.status, call.result = 200, result
        world.event("call", _chat_of(params), method=name, status=200)
    return web.Response(text=methods.result_json(result), content_type="application/json")


async def _run(world: World, name: str, params: Params) -> object:
    if name == "getupdates":
        return await _get_updates(world, params)
    if name in methods.SENDS:
        chat_id = _chat_of(params)
        if chat_id is not None:
            world.rate_limits.check(chat_id)
    return methods.METHODS[name](world, params)


async def _get_updates(world: World, params: Params) -> object:
    methods.remember_allowed_updates(world, params)
    limit = params.integer("limit", limits.UPDATES_PER_POLL)
    timeout = params.integer("timeout")
    return await world.updates.poll(
        params.integer("offset"),
        max(1, min(limit, limits.UPDATES_PER_POLL)),
        max(0, min(timeout, limits.POLL_SECONDS)),
    )


def _refusal(error: BotApiError) -> web.Response:
    headers = {}
    if "retry_after" in error.parameters:
        headers["Retry-After"] = str(error.parameters["retry_after"])
    return web.json_response(error.body(), status=error.code, headers=headers, dumps=_dumps)


def _dumps(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _hang_up(request: web.Request) -> web.Response:
    """Close the connection without an answer."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def download(request: web.Request) -> web.Response:
    """A file by the path that getFile gave."""
    world = request.app[WORLD]
    try:
        _check_token(world, request.match_info["token"])
    except BotApiError as error:
        return _refusal(error)
    stored = world.files.by_path.get(request.match_info["path"])
    if stored is None:
        return _refusal(BotApiError(404, "Not Found: file not found"))
    return web.Response(body=stored.content, content_type="application/octet-stream")


async def serve(world: World, port: int) -> tuple[web.AppRunner, int]:
    """Listen on 127.0.0.1; port 0 takes a free one. Returns the runner and the port."""
    # The default access log would print the token, which is part of every path.
    runner = web.AppRunner(create_app(world), access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    site = web.TCPSite(runner, HOST, port)
    await site.start()
    bound = int(runner.addresses[0][1])
    _log.info("The sandbox listens on http://%s:%d", HOST, bound)
    return runner, bound
