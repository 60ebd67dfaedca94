"""Serves the web application until the process is told to end."""

import asyncio
import os
import signal
from collections.abc import Callable

from aiohttp import web

from bot.channels.web.readiness import Readiness

SHUTDOWN_SECONDS = 5.0
"""How long requests under way may take to finish once the server is told to end."""


class CannotServe(Exception):  # noqa: N818 - reads as what happened
    """The server cannot start; the message is one line that says why."""


async def serve(
    app: web.Application, *, host: str, port: int, readiness: Readiness, announce: Callable[[str], None]
) -> None:
    """Listens, warms the models, calls `announce` with the page's address, then serves until SIGINT or SIGTERM.

    Args:
        app: what to serve.
        host: name or address to listen on.
        port: port to listen on; 0 takes a free one.
        readiness: its first check warms the models.
        announce: told the address once the coach can answer.

    Raises:
        CannotServe: the address is taken or unusable, or the coach cannot answer.
    """
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ended.set)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)
    await runner.setup()
    try:
        # Listening comes first: a taken port is said at once, and /healthz answers while the models load.
        await _listen(runner, host, port)
        if fault := await readiness.fault():
            raise CannotServe(f"the coach cannot answer: {fault}")
        if not ended.is_set():
            announce(_address(runner))
        await ended.wait()
    finally:
        await runner.cleanup()


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


def _address(runner: web.AppRunner) -> str:
    """The page's address as this machine's browser can open it."""
    host, port = runner.addresses[0][:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
