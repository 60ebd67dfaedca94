"""Plays a behaviour to the client of one request."""

import asyncio
import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from aiohttp import web

from tests.claude.asked import Asked
from tests.claude.behaviours import (
    Behaviour,
    BreaksOff,
    Fails,
    How,
    Json,
    Pace,
    Recorded,
    Refuses,
    Reply,
    Stalls,
    reply_of,
)
from tests.claude.events import Envelope, events_of, message_of, within
from tests.claude.exchanges import load
from tests.claude.failing import BYTES, close, reset
from tests.claude.headers import response_headers

Piece = tuple[str, bytes, float]
"""What is written at once: its name in the timings, its bytes, and the seconds to wait before."""
BODY_PIECE = 64
"""Bytes of a body that is not streamed."""


class ServerClosesError(Exception):
    """The server is closed while it plays."""


@dataclass(slots=True)
class Sent:
    """When (`time.monotonic()`) a request came and each of its events was written."""

    request_id: str
    received: float
    events: list[tuple[str, float]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Player:
    """One request's way back to its client."""

    request: web.Request
    asked: Asked
    envelope: Envelope
    pace: Pace
    closing: asyncio.Event
    sent: Sent
    written: Callable[[], None]

    async def play(self, behaviour: Behaviour) -> web.StreamResponse:
        """Does what the behaviour says.

        Raises:
            ServerClosesError: the server is closed meanwhile.
        """
        match behaviour:
            case Reply() | Json() | Refuses():
                return await self._replies(reply_of(behaviour))
            case BreaksOff():
                return await self._breaks_off(behaviour)
            case Fails():
                return self.fails(behaviour)
            case Recorded():
                return await self._replays(behaviour)
            case Stalls():
                return await self._stalls()

    def fails(self, failure: Fails, message: str = "") -> web.Response:
        """An error response, by default in the API's own shape."""
        headers = {**response_headers(self.asked.id), **failure.headers}
        if failure.retry_after is not None:
            headers["retry-after"] = str(failure.retry_after)
        if failure.body is not None:
            kind = "text/html" if failure.body.lstrip().startswith("<") else "text/plain"
            return web.Response(status=failure.status, text=failure.body, content_type=kind, headers=headers)
        error = {"type": failure.type, "message": message or failure.type.replace("_", " ")}
        body = {"type": "error", "error": error, "request_id": self.asked.id}
        return web.json_response(body, status=failure.status, headers=headers)

    def answers(self, body: Mapping[str, Any]) -> web.Response:
        """A whole JSON response."""
        return web.json_response(body, headers=response_headers(self.asked.id))

    async def _replies(self, reply: Reply) -> web.StreamResponse:
        response = await self._start()
        for name, wire, wait in self._pieces(reply):
            await self._write(response, name, wire, wait)
        return response

    async def _breaks_off(self, behaviour: BreaksOff) -> web.StreamResponse:
        response = await self._start()
        pieces = self._pieces(behaviour.reply)
        for name, wire, wait in islice(pieces, behaviour.after):
            await self._write(response, name, wire, wait)
        match behaviour.how:
            case How.STALLS:
                return await self._stalls()
            case How.CLOSES:
                close(self.request)
            case How.RESETS:
                reset(self.request)
            case How.HALF_EVENT:
                _, wire, _ = next(pieces)
                await response.write(wire[: len(wire) // 2])
            case how:
                await response.write(BYTES[how])
        return response

    def _pieces(self, reply: Reply) -> Iterator[Piece]:
        """The reply's events; where the client did not ask for a stream, its one body, after all of its time."""
        reply = within(reply, self.asked.body["max_tokens"])
        events = events_of(reply, self.envelope, reply.pace or self.pace)
        if self.asked.streams:
            yield from ((event.name, event.wire(), event.wait) for event in events)
            return
        body = json.dumps(message_of(reply, self.envelope), ensure_ascii=False).encode()
        yield "message", body[:BODY_PIECE], sum(event.wait for event in events)
        for at in range(BODY_PIECE, len(body), BODY_PIECE):
            yield "message", body[at : at + BODY_PIECE], 0.0

    async def _replays(self, recorded: Recorded) -> web.StreamResponse:
        exchange = load(recorded.path)
        response = web.StreamResponse(status=exchange.status, headers=exchange.headers)
        await response.prepare(self.request)
        before = 0.0
        for at, text in exchange.chunks:
            await self._write(response, "chunk", text.encode(), at - before if recorded.timed else 0.0)
            before = at
        return response

    async def _stalls(self) -> web.StreamResponse:
        await self.closing.wait()
        raise ServerClosesError

    async def _wait(self, seconds: float) -> None:
        """Waits, no longer than the server is open."""
        if seconds <= 0:
            return
        try:
            async with asyncio.timeout(seconds):
                await self.closing.wait()
        except TimeoutError:
            return
        raise ServerClosesError

    async def _start(self) -> web.StreamResponse:
        content_type = "text/event-stream; charset=utf-8" if self.asked.streams else "application/json"
        headers = {**response_headers(self.asked.id), "content-type": content_type, "cache-control": "no-cache"}
        response = web.StreamResponse(headers=headers)
        await response.prepare(self.request)
        return response

    async def _write(self, response: web.StreamResponse, name: str, wire: bytes, wait: float) -> None:
        await self._wait(wait)
        self.sent.events.append((name, time.monotonic()))
        await response.write(wire)
        self.written()
