"""Serves the web application, with the worker beside it, until the process is told to end."""

import asyncio
import logging
import os
import signal
from collections.abc import Callable, Coroutine
from typing import Any

from aiohttp import web

from bot.channels.web.bounded_runner import BoundedRunner
from bot.channels.web.bounds import Bounds, bounds_here
from bot.channels.web.readiness import Readiness

GRACE_SECONDS = 6.0
"""How long messages in hand may take to finish once the server is told to end; containers are killed after ten."""
SHUTDOWN_SECONDS = 2.0
"""How long requests under way may take after that to be sent their replies."""

_log = logging.getLogger(__name__)

Work = Callable[[asyncio.Event], Coroutine[Any, Any, None]]
"""What goes on beside the server: runs until the event is set, then finishes what is in hand and returns."""


class CannotServe(Exception):  # noqa: N818 - reads as what happened
    """The server cannot start or go on; the message is one line that says why."""


async def serve(
    app: web.Application,
    *,
    host: str,
    port: int,
    readiness: Readiness,
    work: Work,
    announce: Callable[[str], None],
    bounds: Bounds | None = None,
) -> None:
    """Listens, warms the models, calls `announce` with the page's address, then serves until SIGINT or SIGTERM.

    In the end it stops listening, then `work` finishes, then the requests that waited for it get their replies.

    Args:
        app: what to serve.
        host: name or address to listen on.
        port: port to listen on; 0 takes a free one.
        readiness: its first check warms the models.
        work: answers messages; begins once the coach can answer.
        announce: told the address once the coach can answer.
        bounds: what one client may take; None for what fits this process.

    Raises:
        CannotServe: the address is taken or unusable, the coach cannot answer, or `work` failed.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    runner = BoundedRunner(app, bounds or bounds_here(), shutdown_timeout=SHUTDOWN_SECONDS)
    await runner.setup()
    try:
        # Listening comes first: a taken port is said at once, and /healthz answers while the models load.
        await _listen(runner, host, port)
        if fault := (await readiness.first()).detail:
            raise CannotServe(f"the coach cannot answer: {fault}")
        if not stop.is_set():
            announce(_address(runner))
        working = asyncio.create_task(work(stop))
        # Whatever ends the work ends the server: it would take messages that nobody answers.
        working.add_done_callback(lambda _: stop.set())
        await stop.wait()
        for site in list(runner.sites):
            await site.stop()
        await asyncio.wait([working])
    finally:
        await runner.cleanup()
    if error := working.exception():
        _log.debug("the worker failed", exc_info=error)
        raise CannotServe(f"the coach's worker failed, so the server ends: {_line(error)}")


async def _listen(runner: web.AppRunner, host: str, port: int) -> None:
    try:
        await web.TCPSite(runner, host, port).start()
    except (OSError, UnicodeError) as error:
        raise CannotServe(
            f"cannot listen on {host}:{port}: {_reason(error)}; choose another with --host and --port"
        ) from error


def _reason(error: OSError | UnicodeError) -> str:
    """The system's own words, without asyncio's around them. A name that is not found has a number below 0."""
    if isinstance(error, UnicodeError) or error.errno is None:
        return str(error)
    return os.strerror(error.errno) if error.errno > 0 else str(error.strerror)


def _line(error: BaseException) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())


def _address(runner: web.AppRunner) -> str:
    """The page's address as this machine's browser can open it."""
    host, port = runner.addresses[0][:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
