"""Starts a web application on a port of this machine."""

from aiohttp import web

BACKLOG = 1_024
PATIENCE = 1.0
"""Seconds that closing waits for a client which does not read, before it cuts it off."""


async def started(app: web.Application, port: int = 0) -> tuple[web.AppRunner, int]:
    """Serves `app` until the runner is cleaned up; gives the port that it got.

    A handler whose client goes away is cancelled, so that none works for nobody.
    """
    runner = web.AppRunner(app, handler_cancellation=True, access_log=None, shutdown_timeout=PATIENCE)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port, backlog=BACKLOG).start()
    return runner, runner.addresses[0][1]
