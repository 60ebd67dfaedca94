"""Serves an application within bounds: connections with deadlines, and not too many of them."""

import asyncio
from typing import Any

from aiohttp import web
from aiohttp.web_protocol import RequestHandler

from bot.channels.web.bounds import Bounds
from bot.channels.web.connections import Connection


class BoundedRunner(web.AppRunner):
    """Serves an application within bounds."""

    __slots__ = ("_bounds",)

    def __init__(self, app: web.Application, bounds: Bounds, *, shutdown_timeout: float) -> None:
        super().__init__(
            app,
            access_log=None,
            shutdown_timeout=shutdown_timeout,
            keepalive_timeout=bounds.idle_seconds,
            lingering_time=bounds.lingering_seconds,
            max_line_size=bounds.line,
            max_field_size=bounds.field,
            max_headers=bounds.fields,
        )
        self._bounds = bounds

    async def _make_server(self) -> web.Server:
        made = await super()._make_server()
        return _Server(
            made.request_handler,
            request_factory=made.request_factory,
            loop=asyncio.get_running_loop(),
            bounds=self._bounds,
            **made._kwargs,
        )


class _Server(web.Server):
    def __init__(self, handler: Any, *, bounds: Bounds, **options: Any) -> None:  # noqa: ANN401 - as aiohttp has them
        super().__init__(handler, **options)
        self._bounds = bounds

    def __call__(self) -> RequestHandler:
        return Connection(self, self.has_room, loop=self._loop, bounds=self._bounds, **self._kwargs)

    def has_room(self) -> bool:
        """Whether one more connection can be taken; where it must, one on which nothing is asked gives way."""
        connections = self.connections
        if len(connections) < self._bounds.connections:
            return True
        idle = next((one for one in connections if isinstance(one, Connection) and one.is_idle), None)
        if idle is not None:
            idle.force_close()
        return idle is not None
