"""Brings activities to the app: signed, again where they were not taken, and waited for where a person waits."""

import asyncio
import itertools
import json
import time
from collections.abc import Coroutine, Mapping, Sequence
from typing import Any, NamedTuple

import aiohttp

from tests.teams.loopback.keys import token
from tests.teams.loopback.state import Ack, State
from tests.teams.loopback.workspace import Json

_OK = range(200, 300)
_REFUSED = range(400, 500)


class Delivered(NamedTuple):
    """The app's answer to one attempt: its status, or 0 with the `reason` why there was none."""

    status: int
    body: object = None
    reason: str = ""

    @property
    def taken(self) -> bool:
        return self.status in _OK


class Deliveries:
    """Knows where the app is, or where its replicas are."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._urls: itertools.cycle[str] | None = None
        self._session: aiohttp.ClientSession | None = None
        self._tasks: set[asyncio.Task[Delivered]] = set()
        self.delivered: dict[str, Json] = {}

    @property
    def pending(self) -> int:
        """Deliveries whose end is open."""
        return len(self._tasks)

    def http_to(self, urls: Sequence[str]) -> None:
        self._urls = itertools.cycle(urls)
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0), cookie_jar=aiohttp.DummyCookieJar()
            )

    async def close(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    def event(self, activity: Json) -> asyncio.Task[Delivered] | None:
        """Delivers without waiting for it; an app that nobody has connected yet gets none."""
        self.delivered[str(activity["id"])] = activity
        return None if self._urls is None else self._start(self._with_resends(activity))

    async def once(self, activity: Json, seconds: float) -> Delivered:
        """Delivers what a person waits for: one attempt, however it ends."""
        self.delivered[str(activity["id"])] = activity
        return await self._attempt(activity, seconds)

    async def send(self, body: str | bytes, headers: Mapping[str, str], seconds: float) -> Delivered:
        """Posts a body as it is."""
        if self._urls is None or self._session is None:
            raise RuntimeError("the app has no messaging endpoint; call http_to first")
        headers = {"User-Agent": "Microsoft-SkypeBotApi (Microsoft-BotFramework/3.0)", **headers}
        try:
            async with (
                asyncio.timeout(seconds),
                self._session.post(next(self._urls), data=body, headers=headers) as response,
            ):
                text = await response.text()
                is_json = response.content_type == "application/json"
        except TimeoutError:
            return Delivered(0, reason="timeout")
        except aiohttp.ClientError as error:
            return Delivered(0, reason=f"connection failed: {error!r}")
        return Delivered(response.status, json.loads(text) if is_json and text else text)

    async def _with_resends(self, activity: Json) -> Delivered:
        settings = self._state.settings
        for left in range(settings.resends, -1, -1):
            began = time.monotonic()
            delivered = await self._attempt(activity, settings.resend_after)
            if delivered.taken or delivered.status in _REFUSED or not left:
                break
            await asyncio.sleep(max(0.0, settings.resend_after - (time.monotonic() - began)))
        return delivered

    async def _attempt(self, activity: Json, seconds: float) -> Delivered:
        headers = {"Content-Type": "application/json; charset=utf-8"}
        if self._state.signed:
            headers["Authorization"] = f"Bearer {token(self._state.service_url)}"
        began = time.monotonic()
        delivered = await self.send(json.dumps(activity), headers, seconds)
        kind = str(activity.get("name") or activity["type"])
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
