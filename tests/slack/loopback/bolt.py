"""A small app on the real Bolt, for the loopback's own tests: it keeps what it was sent."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from tests.claude.loopback import started
from tests.slack.loopback.server import Slack
from tests.slack.loopback.workspace import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET


def client(slack: Slack, token: str = BOT_TOKEN) -> AsyncWebClient:
    """The real SDK's client, for this Slack."""
    return AsyncWebClient(token=token, base_url=slack.api_url, timeout=5)


class SmallApp:
    """Bolt, with every delivery written down before it is acknowledged. `listeners` are added to `bolt`."""

    def __init__(self, slack: Slack) -> None:
        self.slack = slack
        self.bodies: list[dict[str, Any]] = []
        self.headers: list[dict[str, Any]] = []
        self.bolt = AsyncApp(
            signing_secret=SIGNING_SECRET,
            client=client(slack),
            process_before_response=True,
        )
        self.bolt.use(self._write_down)

    async def _write_down(self, req: AsyncBoltRequest, next: Any) -> BoltResponse | None:  # noqa: ANN401 - Bolt's name
        self.bodies.append(dict(req.body))
        self.headers.append(dict(req.headers))
        result: BoltResponse | None = await next()
        return result

    @property
    def events(self) -> list[dict[str, Any]]:
        return [each["event"] for each in self.bodies if "event" in each]

    def _take_the_rest(self) -> None:
        """What nothing listens to is acknowledged: Slack would send it again."""

        @self.bolt.event(re.compile(".*"))
        async def take() -> None:
            pass

    @asynccontextmanager
    async def by_http(self) -> AsyncIterator[str]:
        """Serves /slack/events and tells Slack of it."""
        self._take_the_rest()
        app = web.Application()
        app.router.add_post("/slack/events", self._handle)
        runner, port = await started(app)
        url = f"http://127.0.0.1:{port}/slack/events"
        await self.slack.http_to(url)
        try:
            yield url
        finally:
            await runner.cleanup()

    @asynccontextmanager
    async def by_socket(self, connections: int = 1) -> AsyncIterator[None]:
        """Connects by Socket Mode, so many times."""
        self._take_the_rest()
        handlers = [
            AsyncSocketModeHandler(self.bolt, APP_TOKEN, web_client=client(self.slack, APP_TOKEN), ping_interval=1)
            for _ in range(connections)
        ]
        try:
            for each in handlers:
                await each.connect_async()  # type: ignore[no-untyped-call]
            await self.slack.until(lambda: self.slack.sockets == connections)
            yield
        finally:
            for each in handlers:
                await each.close_async()  # type: ignore[no-untyped-call]

    async def _handle(self, request: web.Request) -> web.Response:
        asked = AsyncBoltRequest(body=await request.text(), headers=dict(request.headers))
        answer = await self.bolt.async_dispatch(asked)
        headers = {name: values[0] for name, values in answer.headers.items() if name.lower() != "content-type"}
        kind = answer.first_headers_without_set_cookie().get("content-type", "text/plain").partition(";")[0]
        return web.Response(status=answer.status, text=answer.body, headers=headers, content_type=kind)
