"""Slow and greedy clients, with real sockets: each is let go of, and meanwhile everybody else is served."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial

import pytest
from aiohttp import web

from bot.channels.doorway import Doorway
from bot.channels.slack.http import Events
from bot.channels.web.bodies import read_json
from bot.channels.web.bounded_runner import BoundedRunner
from bot.channels.web.bounds import Bounds, bounds_here
from bot.channels.web.connections import Connection
from bot.channels.web.errors import answered
from bot.channels.web.trust import add_headers
from tests.web.waiting import PATIENCE, until

LONG = 3_600.0
NEVER = Bounds(header_seconds=LONG, body_seconds=LONG, idle_seconds=LONG, unread_seconds=LONG)
SOON = 0.05
A_LITTLE_LATER = 0.25
"""Where something must come before the deadline."""
MUCH = b"x" * 8_000_000
"""More than the system's own buffers take."""
PIECE = 1_000_000
BODY = b'{"a": "' + b"x" * 91 + b'"}'
ASK = b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n"


@dataclass(slots=True)
class Wire:
    """A client's end of a connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    def send(self, data: bytes) -> None:
        self.writer.write(data)

    async def rest(self) -> bytes:
        """Gives what comes until the server closes."""
        async with asyncio.timeout(PATIENCE):
            return await self.reader.read()

    async def reply(self) -> tuple[int, Mapping[str, str], bytes]:
        async with asyncio.timeout(PATIENCE):
            head = (await self.reader.readuntil(b"\r\n\r\n")).decode()
            first, *lines = head.strip().split("\r\n")
            headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
            body = await self.reader.readexactly(int(headers["content-length"]))
            return int(first.split()[1]), headers, body


@dataclass(slots=True)
class Served:
    """An application within bounds."""

    runner: BoundedRunner
    wires: list[Wire] = field(default_factory=list)

    async def wire(self) -> Wire:
        host, port = self.runner.addresses[0][:2]
        wire = Wire(*await asyncio.open_connection(host, port, limit=1_000))
        self.wires.append(wire)
        return wire

    @property
    def connections(self) -> list[Connection]:
        assert self.runner.server
        return [one for one in self.runner.server.connections if isinstance(one, Connection)]


async def echo(request: web.Request) -> web.StreamResponse:
    return web.json_response(dict(await read_json(request)))


async def much(_: web.Request) -> web.StreamResponse:
    return web.Response(body=MUCH)


async def endless(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    while True:
        await response.write(MUCH)


@web.middleware
async def errors(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    return await answered(request, handler(request))


@asynccontextmanager
async def served(bounds: Bounds) -> AsyncIterator[Served]:
    app = web.Application(middlewares=[errors])
    app.on_response_prepare.append(add_headers)
    slack = Events(None, Doorway(), signing_secret="s")  # type: ignore[arg-type]  # noqa: S106 - nothing is signed here
    slack.is_connected = True
    app.add_routes(
        [
            web.post("/echo", echo),
            web.get("/much", much),
            web.get("/endless", endless),
            web.post("/slack/events", slack.handle),
        ]
    )
    runner = BoundedRunner(app, bounds, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    place = Served(runner)
    try:
        yield place
    finally:
        for wire in place.wires:
            wire.writer.close()
        await runner.cleanup()


def has_looked_again(connection: Connection, look: asyncio.TimerHandle | None) -> bool:
    """Whether the connection has seen since `look` that its client reads, or waits for nothing any more."""
    return connection._timers.get(connection._no_reader) is not look or not connection.writing_paused


@pytest.mark.parametrize("dribble", [b"", b"GET", b"POST /echo HTTP/1.1\r\nHost: a\r\nX-One:"])
async def test_who_sends_no_whole_headers_is_let_go_of(dribble: bytes) -> None:
    async with served(replace(NEVER, header_seconds=SOON)) as place:
        wire = await place.wire()
        wire.send(dribble)
        assert await wire.rest() == b""
        await until(lambda: not place.connections)


async def test_who_never_stops_sending_headers_is_let_go_of_all_the_same() -> None:
    async with served(replace(NEVER, header_seconds=SOON)) as place, asyncio.timeout(PATIENCE):
        wire = await place.wire()
        wire.send(b"GET /much HTTP/1.1\r\nX: ")
        await until(lambda: bool(place.connections))
        while place.connections:
            wire.send(b"1")
            with suppress(TimeoutError):
                async with asyncio.timeout(SOON / 10):
                    await until(lambda: not place.connections)


async def test_the_next_request_on_a_connection_has_the_same_deadline() -> None:
    async with served(replace(NEVER, header_seconds=A_LITTLE_LATER)) as place:
        wire = await place.wire()
        wire.send(ASK.replace(b"100", b"2") + b"{}")
        assert (await wire.reply())[0] == 200
        wire.send(b"GET /mu")
        assert await wire.rest() == b""


async def test_a_connection_that_nothing_is_asked_on_any_more_is_closed() -> None:
    async with served(replace(NEVER, idle_seconds=A_LITTLE_LATER)) as place:
        wire = await place.wire()
        wire.send(ASK.replace(b"100", b"2") + b"{}")
        assert (await wire.reply())[0] == 200
        assert await wire.rest() == b""


@pytest.mark.parametrize("path", ["/echo", "/slack/events"])
@pytest.mark.parametrize("length", [b"Content-Length: 100", b"Transfer-Encoding: chunked"])
async def test_a_body_that_does_not_come_is_told_and_the_connection_closed(path: str, length: bytes) -> None:
    async with served(replace(NEVER, body_seconds=SOON)) as place:
        wire = await place.wire()
        wire.send(ASK.replace(b"/echo", path.encode()).replace(b"Content-Length: 100", length) + b"4\r\n{")
        status, _, body = await wire.reply()
        assert (status, json.loads(body)) == (408, {"error": "The body came too slowly: send it again."})
        assert await wire.rest() == b""


async def test_a_body_behind_an_upgrade_that_is_declined_has_its_deadline_too() -> None:
    async with served(replace(NEVER, body_seconds=SOON)) as place:
        wire = await place.wire()
        wire.send(b"GET /nothing HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n" + ASK + b"{")
        assert (await wire.reply())[0] == 404
        assert (await wire.reply())[0] == 408
        assert await wire.rest() == b""


async def test_a_body_in_pieces_within_the_deadline_is_taken_and_so_is_the_next() -> None:
    async with served(NEVER) as place:
        wire = await place.wire()
        for _ in range(2):
            wire.send(ASK)
            for byte in BODY[:-1]:
                wire.send(bytes([byte]))
                await wire.writer.drain()
            wire.send(b"}")
            status, _, body = await wire.reply()
            assert (status, json.loads(body)) == (200, json.loads(BODY))


@pytest.mark.parametrize("path", ["/much", "/endless"])
async def test_who_does_not_read_holds_neither_the_connection_nor_its_memory(path: str) -> None:
    async with served(replace(NEVER, unread_seconds=SOON)) as place:
        wire = await place.wire()
        wire.send(f"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
        await until(lambda: bool(place.connections))
        await until(lambda: not place.connections)


async def test_who_reads_slowly_but_on_gets_everything() -> None:
    async with served(replace(NEVER, unread_seconds=A_LITTLE_LATER)) as place:
        wire = await place.wire()
        wire.send(b"GET /much HTTP/1.1\r\nHost: a\r\n\r\n")
        await wire.reader.readuntil(b"\r\n\r\n")
        await until(lambda: bool(place.connections))
        (connection,) = place.connections
        looks = 0
        for _ in range(len(MUCH) // PIECE):
            look = connection._timers.get(connection._no_reader)
            await wire.reader.readexactly(PIECE)
            await until(partial(has_looked_again, connection, look))
            looks += connection.writing_paused
        assert looks > 1


@pytest.mark.parametrize(
    "request_",
    [
        b"GET /" + b"a" * 8_200 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nX-Long: " + b"a" * 8_200 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X-One: 1\r\n" * 120 + b"\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 secret\r\n\r\n",
    ],
)
async def test_headers_that_are_too_large_or_none_are_refused_in_a_line(
    request_: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    async with served(NEVER) as place:
        wire = await place.wire()
        wire.send(request_)
        status, headers, body = await wire.reply()
        assert status == 400
        assert json.loads(body) == {"error": "The request cannot be read, or its headers are too large."}
        assert headers["server"] == "field-coach"
        assert headers["x-content-type-options"] == "nosniff"
        assert await wire.rest() == b""
    assert not caplog.records


async def test_headers_as_large_as_proxies_make_them_are_taken() -> None:
    async with served(NEVER) as place:
        wire = await place.wire()
        more = b"X-Long: " + b"a" * 8_000 + b"\r\n" + b"X-One: 1\r\n" * 60
        wire.send(ASK.replace(b"100", b"2").replace(b"Host: a\r\n", b"Host: a\r\n" + more) + b"{}")
        assert (await wire.reply())[0] == 200


async def test_of_too_many_connections_an_idle_one_gives_way() -> None:
    async with served(replace(NEVER, connections=2)) as place:
        idle, other = await place.wire(), await place.wire()
        await until(lambda: sum(one.is_idle for one in place.connections) == 2)
        new = await place.wire()
        new.send(ASK.replace(b"100", b"2") + b"{}")
        assert (await new.reply())[0] == 200
        assert await idle.rest() == b""
        other.send(ASK.replace(b"100", b"2") + b"{}")
        assert (await other.reply())[0] == 200


async def test_where_all_are_busy_one_too_many_is_told_to_come_back() -> None:
    async with served(replace(NEVER, connections=2)) as place:
        busy = [await place.wire() for _ in range(2)]
        for wire in busy:
            wire.send(ASK + b"{")
        await until(lambda: len(place.connections) == 2 and not any(one.is_idle for one in place.connections))
        await until(lambda: all(one._arriving for one in place.connections))
        status, headers, body = await (await place.wire()).reply()
        assert (status, headers["retry-after"]) == (503, "2")
        assert json.loads(body) == {"error": "The coach is full just now."}
        for wire in busy:
            wire.send(BODY[1:])
            assert (await wire.reply())[0] == 200


def test_a_process_takes_fewer_connections_than_it_may_have_files_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("resource.getrlimit", lambda _: (1_024, 4_096))
    assert bounds_here().connections == 824
    monkeypatch.setattr("resource.getrlimit", lambda _: (1_000_000, 1_000_000))
    assert bounds_here() == Bounds()
