"""A way to a server on which an answer can be lost after the server has done what it was asked."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress


class Way:
    """Passes everything on, in both directions, as long as nothing is to be lost."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._lose = 0
        self._keep = 0
        self._open: set[asyncio.Task[None]] = set()
        self.port = 0

    def lose_answers(self, number: int, *, after: int = 0) -> None:
        """Breaks the connection instead of passing on the next answers, those that come after the first `after`."""
        self._lose, self._keep = number, after

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, thither = await asyncio.open_connection("127.0.0.1", self._to)
        forth = asyncio.create_task(self._pass(reader, thither))
        back = asyncio.create_task(self._pass(there, writer, answers=True))
        self._open |= {forth, back}
        await asyncio.wait({forth, back}, return_when=asyncio.FIRST_COMPLETED)
        for end in (writer, thither):
            end.close()
            with suppress(OSError):
                await end.wait_closed()
        await asyncio.wait({forth, back})
        self._open -= {forth, back}

    async def _pass(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, *, answers: bool = False) -> None:
        with suppress(OSError):
            while part := await source.read(1 << 16):
                if answers and self._lose:
                    if not self._keep:
                        self._lose -= 1
                        return
                    self._keep -= 1
                sink.write(part)
                await sink.drain()

    async def end(self) -> None:
        if self._open:
            await asyncio.wait(self._open)


@asynccontextmanager
async def way_to(port: int) -> AsyncIterator[Way]:
    """Gives a way to the server at this port; who uses it has to have closed everything by the end."""
    way = Way(port)
    server = await asyncio.start_server(way.take, "127.0.0.1", 0)
    way.port = server.sockets[0].getsockname()[1]
    try:
        yield way
    finally:
        server.close()
        await way.end()
        await server.wait_closed()
