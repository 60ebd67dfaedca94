"""Brings events, commands and clicks to the app, as often as Slack does."""

import asyncio
import time
from collections.abc import Coroutine, Sequence
from typing import Any

from tests.slack.loopback.delivered import Delivered, Envelope, Retry, Route
from tests.slack.loopback.http_route import HttpRoute
from tests.slack.loopback.socket_route import SocketRoute
from tests.slack.loopback.state import Ack, State
from tests.slack.loopback.workspace import Json


class Deliveries:
    """Goes by HTTP once an address is set, through sockets otherwise."""

    def __init__(self, state: State, sockets: SocketRoute) -> None:
        self._state = state
        self._sockets = sockets
        self._http: HttpRoute | None = None
        self._tasks: set[asyncio.Task[Delivered]] = set()

    @property
    def http(self) -> HttpRoute:
        if self._http is None:
            raise RuntimeError("the app has no request URL; call http_to first")
        return self._http

    @property
    def pending(self) -> int:
        """Deliveries whose end is open."""
        return len(self._tasks)

    async def http_to(self, urls: Sequence[str]) -> None:
        if self._http is not None:
            await self._http.close()
        self._http = HttpRoute(self._state, urls)

    async def close(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._http is not None:
            await self._http.close()

    def event(self, payload: Json) -> asyncio.Task[Delivered] | None:
        """Delivers an event without waiting for it; an app that nobody has connected yet gets none."""
        if self._http is None and not self._sockets.opened:
            return None
        return self._start(self._with_retries(payload))

    async def once(self, kind: str, envelope: Envelope, payload: Json) -> Delivered:
        """Delivers what a person waits for: one attempt, however it ends."""
        if self._http is None and not self._sockets.connections:
            return Delivered(0, reason="app_offline")
        return await self._attempt(kind, envelope, payload, None)

    async def _with_retries(self, payload: Json) -> Delivered:
        kind = event_kind(payload)
        delivered = await self._attempt(kind, "events_api", payload, None)
        for number, pause in enumerate(self._state.settings.retry_pauses, 1):
            if not delivered.reason or delivered.no_retry:
                break
            await asyncio.sleep(pause)
            delivered = await self._attempt(kind, "events_api", payload, Retry(number, delivered.reason))
        return delivered

    async def _attempt(self, kind: str, envelope: Envelope, payload: Json, retry: Retry | None) -> Delivered:
        route: Route = self._http or self._sockets
        began = time.monotonic()
        delivered = await route.attempt(envelope, payload, retry)
        self._state.acks.append(Ack(kind, time.monotonic() - began, delivered.status))
        self._state.change()
        return delivered

    def _start(self, work: Coroutine[Any, Any, Delivered]) -> asyncio.Task[Delivered]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Delivered]) -> None:
        self._tasks.discard(task)
        self._state.change()


def event_kind(payload: Json) -> str:
    """What an event is subscribed to as: "message.im", "app_mention"."""
    event = payload["event"]
    kind = str(event["type"])
    return f"message.{_CHANNEL_KINDS[event['channel_type']]}" if kind == "message" else kind


_CHANNEL_KINDS = {"im": "im", "mpim": "mpim", "group": "groups", "channel": "channels"}
