"""Socket Mode: the app's connections, and the envelopes that go through them."""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Literal

from aiohttp import WSMsgType, web

from tests.slack.loopback.delivered import Delivered, Envelope, Retry
from tests.slack.loopback.state import State
from tests.slack.loopback.workspace import APP, Json

_GRACE_SECONDS = 0.5
"""How long a connection that was told to refresh may stay."""


@dataclass(eq=False, slots=True)
class Connection:
    """A socket of the app's; one that is `leaving` gets nothing more."""

    socket: web.WebSocketResponse
    request: web.Request
    leaving: bool = False
    waiting: dict[str, asyncio.Future[Delivered]] = field(default_factory=dict)


class SocketRoute:
    """Shares envelopes among the connections, each to one of them."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._tickets: set[str] = set()
        self._turn = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self.connections: list[Connection] = []
        self.opened = 0

    def add_to(self, app: web.Application) -> None:
        app.router.add_get("/link", self._link)

    def ticket(self) -> str:
        """An address for one connection."""
        ticket = self._state.workspace.new_id("")
        self._tickets.add(ticket)
        return f"ws{self._state.url.removeprefix('http')}/link?ticket={ticket}&app_id={APP}"

    async def disconnect(
        self, reason: Literal["warning", "refresh_requested", "link_disabled"] = "refresh_requested"
    ) -> None:
        """Tells every connection to go; after a warning it may stay, otherwise it is closed a little later."""
        for each in list(self.connections):
            await each.socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "loopback"}})
            if reason != "warning":
                each.leaving = True
                task = asyncio.create_task(self._close_later(each))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    async def break_off(self) -> None:
        """Breaks every connection without a word."""
        for each in list(self.connections):
            if each.request.transport is not None:
                each.request.transport.abort()

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        for each in list(self.connections):
            await each.socket.close(code=1001)

    async def attempt(self, envelope: Envelope, payload: Json, retry: Retry | None) -> Delivered:
        try:
            async with asyncio.timeout(self._state.settings.ack_seconds):
                connection = await self._free()
                id_ = self._state.workspace.new_id("E")
                answer: asyncio.Future[Delivered] = asyncio.get_running_loop().create_future()
                connection.waiting[id_] = answer
                await connection.socket.send_json(_enveloped(id_, envelope, payload, retry))
                return await answer
        except TimeoutError:
            return Delivered(0, reason="timeout")
        except ConnectionError:
            return Delivered(0, reason="socket_closed")

    async def _free(self) -> Connection:
        """The next connection in turn; waits for one while there is none."""
        await self._state.until(lambda: any(not each.leaving for each in self.connections), seconds=600)
        free = [each for each in self.connections if not each.leaving]
        self._turn += 1
        return free[self._turn % len(free)]

    async def _close_later(self, connection: Connection) -> None:
        await asyncio.sleep(_GRACE_SECONDS)
        await connection.socket.close(code=1000)

    async def _link(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=403, text="no such ticket")
        self._tickets.remove(ticket)
        connection = Connection(web.WebSocketResponse(), request)
        await connection.socket.prepare(request)
        await connection.socket.send_json(_hello(len(self.connections) + 1))
        self.connections.append(connection)
        self.opened += 1
        self._state.change()
        try:
            async for message in connection.socket:
                if message.type is WSMsgType.TEXT:
                    self._acknowledge(json.loads(message.data))
        finally:
            self.connections.remove(connection)
            for each in connection.waiting.values():
                if not each.done():
                    each.set_exception(ConnectionResetError())
            self._state.change()
        return connection.socket

    def _acknowledge(self, answer: Json) -> None:
        """Takes an acknowledgement on whichever connection: the SDK sends it on the newest."""
        for connection in self.connections:
            waiting = connection.waiting.pop(str(answer.get("envelope_id")), None)
            if waiting is not None and not waiting.done():
                waiting.set_result(Delivered(200, answer.get("payload") or ""))


def _hello(number: int) -> Json:
    return {
        "type": "hello",
        "num_connections": number,
        "debug_info": {"host": "loopback", "build_number": 1, "approximate_connection_time": 18060},
        "connection_info": {"app_id": APP},
    }


def _enveloped(id_: str, envelope: Envelope, payload: Json, retry: Retry | None) -> Json:
    message: Json = {
        "envelope_id": id_,
        "type": envelope,
        "accepts_response_payload": envelope != "events_api",
        "payload": payload,
    }
    if envelope == "events_api":
        message |= {
            "retry_attempt": retry.number if retry else 0,
            "retry_reason": retry.reason if retry else "",
        }
    return message
