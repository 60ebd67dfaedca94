"""A messaging endpoint of a test's own: keeps what it gets and answers what it is told to."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import web

from tests.claude.loopback import started
from tests.teams.loopback.workspace import Json

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Inbox:
    """An app that answers everything with one status and body; while `hangs` it answers nothing."""

    def __init__(self, status: int = 200, body: object = None, *, hangs: bool = False) -> None:
        self.status, self.body, self.hangs = status, body, hangs
        self.got: list[Json] = []
        self.headers: list[dict[str, str]] = []

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.got.append(await request.json())
        self.headers.append(dict(request.headers))
        if self.hangs:
            await asyncio.Event().wait()
        return web.Response(status=self.status) if self.body is None else web.json_response(self.body)


@asynccontextmanager
async def serving(handler: Handler) -> AsyncIterator[str]:
    """Gives the address at which `handler` is served, until the end of the block."""
    page = web.Application()
    page.router.add_post("/api/messages", handler)
    runner, port = await started(page)
    try:
        yield f"http://127.0.0.1:{port}/api/messages"
    finally:
        await runner.cleanup()
