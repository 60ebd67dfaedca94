"""Servers that give back whatever they were sent, in every place where an answer has words."""

import asyncio
import json
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager

from aiohttp import web

from tests.claude.loopback import started


@asynccontextmanager
async def echoing_http(status: int, words: Sequence[str]) -> AsyncGenerator[str]:
    """Answers every request with this status, and with what it holds and `words` in headers and body."""

    async def echo(request: web.Request) -> web.StreamResponse:
        sent = [*words, *request.headers.values(), (await request.read()).decode(errors="replace"), str(request.url)]
        all_ = " ".join(sent)
        error = request.headers.get("Authorization", "").removeprefix("Bearer ") or words[0]
        body = {
            "ok": status == 200,
            "error": error,
            "error_description": all_,
            "type": words[0],
            "id": all_,
            "team_id": all_,
            "url": all_,
        }
        one_line = "".join(each for each in all_ if each.isprintable())
        headers = {"x-oauth-scopes": f"{error},{words[0]}", "request-id": one_line, "Date": one_line}
        return web.Response(status=status, text=json.dumps(body), content_type="application/json", headers=headers)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", echo)
    runner, port = await started(app)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def saying(answer: bytes) -> AsyncGenerator[int]:
    """Says this to whatever comes over a connection; gives the port."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.read(65_536):
            writer.write(answer)
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
