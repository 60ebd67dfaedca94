"""Records exchanges with the true API: a proxy on loopback that forwards them and writes each to a file."""

import codecs
import json
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import httpx2
from aiohttp import web

from tests.claude.asked import Asked
from tests.claude.exchanges import Exchange, save
from tests.claude.failing import close
from tests.claude.loopback import started

API = "https://api.anthropic.com"
CREDENTIALS = ("authorization", "x-api-key")
FORWARDED = (*CREDENTIALS, "anthropic-version", "anthropic-beta", "content-type")
KEPT = ("content-type", "request-id", "retry-after")
"""Response headers that are recorded. Those that name the organisation are not."""
TIMEOUT = httpx2.Timeout(600, connect=10)


@dataclass(frozen=True, slots=True)
class Recorder:
    """A running proxy: its address, where it forwards to and where it writes."""

    url: str
    upstream: str
    folder: Path


@asynccontextmanager
async def recorded(upstream: str, folder: Path, port: int = 0) -> AsyncIterator[Recorder]:
    """Records every exchange with `upstream` as a file of `folder` while the context lasts.

    The client's own credential is forwarded and never written. An exchange is written once it is complete.
    """
    folder.mkdir(parents=True, exist_ok=True)
    app = web.Application(client_max_size=0)
    async with httpx2.AsyncClient(base_url=upstream, timeout=TIMEOUT) as http:
        forwarding = Forwarding(http, folder, count(len(list(folder.glob("*.json"))) + 1))
        app.router.add_post("/v1/messages", forwarding.forward)
        app.router.add_post("/v1/messages/count_tokens", forwarding.forward)
        runner, got = await started(app, port)
        try:
            yield Recorder(f"http://127.0.0.1:{got}", upstream, folder)
        finally:
            await runner.cleanup()


@dataclass(frozen=True, slots=True)
class Forwarding:
    """Forwards requests to the upstream of `http` and numbers the files."""

    http: httpx2.AsyncClient
    folder: Path
    numbers: Iterator[int]

    async def forward(self, request: web.Request) -> web.StreamResponse:
        """Passes one exchange on, piece by piece, and writes it."""
        number, start = next(self.numbers), time.monotonic()
        body = await request.read()
        headers = {name: request.headers[name] for name in FORWARDED if name in request.headers}
        if "authorization" in headers:
            headers.pop("x-api-key", None)  # the same key once more, for gateways
        # Without compression what comes is the text itself, at the time it came.
        sent = self.http.build_request(
            "POST", request.path, content=body, headers={**headers, "accept-encoding": "identity"}
        )
        try:
            answer = await self.http.send(sent, stream=True)
        except httpx2.HTTPError as error:
            return web.Response(status=502, text=f"{self.http.base_url} cannot be reached: {error}")
        kept = {name: answer.headers[name] for name in KEPT if name in answer.headers}
        response = web.StreamResponse(status=answer.status_code, headers=kept)
        await response.prepare(request)
        chunks: list[tuple[float, str]] = []
        decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")  # a character may come in two pieces
        try:
            async for piece in answer.aiter_bytes():
                chunks.append((round(time.monotonic() - start, 4), decoder.decode(piece)))
                await response.write(piece)
        except httpx2.HTTPError:
            close(request)  # the client sees what came: a body that is not finished
            return response
        finally:
            await answer.aclose()
        asked = Asked(f"{number:03}", request.path, headers, json.loads(body), start)
        exchange = Exchange(request.path, asked.body, answer.status_code, kept, tuple(chunks))
        save(exchange, self.folder / f"{asked.id}-{asked.kind.replace(' ', '-')}.json", hidden=secrets_in(headers))
        return response


def secrets_in(headers: Mapping[str, str]) -> list[str]:
    """The credentials of a request."""
    return [headers[name].removeprefix("Bearer ") for name in CREDENTIALS if name in headers]
