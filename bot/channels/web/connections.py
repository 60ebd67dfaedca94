"""One connection: what its client sends and reads has deadlines, and what is no HTTP gets a line."""

import asyncio
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from aiohttp import web
from aiohttp.streams import StreamReader
from aiohttp.web_protocol import RequestHandler

from bot.channels.web.bounds import Bounds, TooSlowError
from bot.channels.web.trust import HEADERS

PROGRESS = 64 * 1024
"""Bytes that a client reads at least within `Bounds.unread_seconds` while more wait for it."""
_FULL = (
    b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 2\r\nConnection: close\r\n"
    b"Content-Type: application/json\r\nContent-Length: 41\r\n\r\n"
    b'{"error": "The coach is full just now."}\n'
)


class Connection(RequestHandler):
    """One connection; aiohttp's own has no deadline for a request's headers, its body, or what a client does not read.

    A timer runs for each of these while it is waited for. `has_room` is asked whether one more can be taken.
    """

    __slots__ = ("_arriving", "_bounds", "_has_room", "_timers", "_unread", "_wire")

    def __init__(
        self,
        server: web.Server,
        has_room: Callable[[], bool],
        *,
        loop: asyncio.AbstractEventLoop,
        bounds: Bounds,
        **options: Any,  # noqa: ANN401 - as aiohttp has them
    ) -> None:
        super().__init__(server, loop=loop, **options)
        self._has_room = has_room
        self._bounds = bounds
        self._timers: dict[Callable[[], None], asyncio.TimerHandle] = {}
        self._wire: asyncio.Transport | None = None
        self._arriving: StreamReader | None = None
        self._unread = 0

    @property
    def is_idle(self) -> bool:
        """Whether no request on it is whole or under way."""
        return self._waiter is not None and not self._waiter.done()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Takes the connection, or says that there are too many."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - what servers get
        self._wire = transport
        if not self._has_room():
            transport.write(_FULL)
            self.force_close()
            transport.close()
            return
        super().connection_made(transport)
        self._within(self._bounds.header_seconds, self._no_request)

    def data_received(self, data: bytes) -> None:
        """Reads on, and sees whether a request's headers or its body are whole now."""
        before = self._request_count
        super().data_received(data)
        if self._request_count == before and data and self._arriving is None and self._no_request not in self._timers:
            self._within(self._bounds.header_seconds, self._no_request)
        self._follow(before)

    async def finish_response(
        self, request: web.BaseRequest, resp: web.StreamResponse, start_time: float | None
    ) -> tuple[web.StreamResponse, bool]:
        """Sends a response; behind one that declines an upgrade, the next request may have been read already."""
        before = self._request_count
        finished = await super().finish_response(request, resp, start_time)
        self._follow(before)
        return finished

    def pause_writing(self) -> None:
        """Begins to look whether the client reads."""
        super().pause_writing()
        self._look_again()

    def resume_writing(self) -> None:
        """The client has read nearly everything."""
        self._no_longer(self._no_reader)
        super().resume_writing()

    async def start(self) -> None:
        """Answers requests; what is left to be sent in the end has its deadline too."""
        await super().start()
        self._look_again()

    def force_close(self) -> None:
        """Closes the connection as soon as the client has read what it was sent."""
        super().force_close()
        self._look_again()

    def connection_lost(self, exc: BaseException | None) -> None:
        """Lets go of everything."""
        super().connection_lost(exc)
        self._wire = self._arriving = None
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,  # noqa: ARG002 - shows what was sent
    ) -> web.StreamResponse:
        """Answers what is no HTTP, or has headers that are too large, in a line that shows nothing of it."""
        if request.writer.output_size > 0:
            raise ConnectionError("a part of the response is sent already")
        if status < HTTPStatus.INTERNAL_SERVER_ERROR:
            line = "The request cannot be read, or its headers are too large."
        else:
            self.log_exception("%s %s failed", request.method, request.path, exc_info=exc)
            line = "The coach failed on this; its log says why."
        response = web.json_response({"error": line}, status=status, headers={**HEADERS, "Cache-Control": "no-store"})
        response.force_close()
        return response

    def _follow(self, before: int) -> None:
        """Waits for the body of the last request, where there are more requests than before."""
        if self._request_count > before and self._messages:
            self._no_longer(self._no_request)
            self._arriving = self._messages[-1][1]
            self._within(self._bounds.body_seconds, self._no_body)
        if self._arriving is not None and self._arriving.is_eof():
            self._arriving = None
            self._no_longer(self._no_body)

    def _within(self, seconds: float, otherwise: Callable[[], None]) -> None:
        self._no_longer(otherwise)
        self._timers[otherwise] = self._loop.call_later(seconds, otherwise)

    def _no_longer(self, otherwise: Callable[[], None]) -> None:
        if timer := self._timers.pop(otherwise, None):
            timer.cancel()

    def _no_request(self) -> None:
        """The headers of the next request have not come; what was asked before them is still answered."""
        self._no_longer(self._no_request)
        if self.is_idle:
            self.force_close()
        else:
            self.close()

    def _no_body(self) -> None:
        """Whoever reads the body hears of it; the connection ends after the reply."""
        self._no_longer(self._no_body)
        if self._arriving is not None:
            self._arriving.set_exception(TooSlowError("the body came too slowly"))
            self._arriving.feed_eof()
            self._arriving = None
        self.close()

    def _look_again(self) -> None:
        if self._wire is not None:
            self._unread = self._wire.get_write_buffer_size()
            self._within(self._bounds.unread_seconds, self._no_reader)

    def _no_reader(self) -> None:
        """Drops a connection whose client reads nothing, or next to nothing, with all that waits for it."""
        assert self._wire is not None  # noqa: S101 - the timer ends with it
        if self._unread - self._wire.get_write_buffer_size() < PROGRESS:
            self._wire.abort()
        else:
            self._look_again()
