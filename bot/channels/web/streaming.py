"""One request's Server-Sent Events: what the coach is doing, the answer as it grows, then the reply."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress

from aiohttp import web

from bot.channels.web.delivery import Piece
from bot.core.replies import Status

KIND = "text/event-stream"
HEADERS: Mapping[str, str] = {
    "Content-Type": f"{KIND}; charset=utf-8",
    "X-Accel-Buffering": "no",  # a proxy that gathers the response would undo the stream
}
QUIET_SECONDS = 15.0
"""After how long without an event a comment is sent, as proxies close connections on which nothing moves."""

_COMMENT = ": wait\n\n"


def wants_events(request: web.Request) -> bool:
    """Whether the `Accept` header names event streams."""
    accepted = ",".join(request.headers.getall("Accept", [])).split(",")
    return KIND in (kind.partition(";")[0].strip().lower() for kind in accepted)


class EventStream:
    """Begins, hears pieces of the reply any number of times, and ends with the reply.

    A browser that has gone is written to in vain: its message stays in the inbox, and the reply is kept.
    """

    def __init__(self, *, quiet: float) -> None:
        self._quiet = quiet
        self._response = web.StreamResponse(headers=HEADERS)
        self._loop = asyncio.get_running_loop()
        self._wrote_at = 0.0

    async def begin(self, request: web.Request) -> None:
        """Sends the headers, with a comment behind which they go out at once."""
        await self._response.prepare(request)
        await self._write(_COMMENT)

    async def hear(self, pieces: Sequence[Piece]) -> None:
        """Sends the pieces; without any, a comment when it has been quiet for long."""
        if pieces:
            await self._write("".join(map(_piece, pieces)))
        elif self._loop.time() - self._wrote_at >= self._quiet:
            await self._write(_COMMENT)

    async def end(self, reply: web.Response) -> web.StreamResponse:
        """Sends what would be the response to a request without `Accept`: its status and its JSON."""
        await self._write(_event("reply", f'{{"status": {reply.status}, "reply": {reply.text}}}'))
        return self._response

    async def _write(self, text: str) -> None:
        self._wrote_at = self._loop.time()
        with suppress(ConnectionError):
            await self._response.write(text.encode())


def _piece(piece: Piece) -> str:
    return _event("status" if isinstance(piece, Status) else "delta", json.dumps({"text": piece.text}))


def _event(name: str, data: str) -> str:
    """One event; its data is JSON as this program writes it, which has no line break."""
    return f"event: {name}\ndata: {data}\n\n"
