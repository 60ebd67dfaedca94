"""Carries the requests of the SDK to Teams: with a deadline, our token, no thread, and no redirect."""

import asyncio
from typing import Any

import aiohttp
from botframework.connector import AsyncBfPipeline
from botframework.connector.aio import ConnectorClient
from botframework.connector.auth import ConnectorFactory
from msrest.pipeline import Request, Response, SansIOHTTPPolicy
from msrest.pipeline.async_abc import AsyncHTTPSender
from msrest.universal_http.aiohttp import AioHttpClientResponse

from bot.channels.teams.calls import failure
from bot.channels.teams.tokens import Tokens

CALL_SECONDS = 10.0
"""How long one call may take."""


class Driver(AsyncHTTPSender[Any, Any]):
    """Sends what the SDK asks to, in place of its own sender, which blocks a thread for as long as a call takes."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens
        self._session: aiohttp.ClientSession | None = None

    def open(self) -> None:
        """Makes the connections; nothing is sent yet."""
        self._session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar(), trust_env=True)

    async def close(self) -> None:
        """Lets go of the connections."""
        if self._session is not None:
            await self._session.close()

    async def send(self, request: Request[Any], **config: Any) -> Response[Any, Any]:  # noqa: ANN401, ARG002 - the SDK's
        """Sends a request with our token and gives the answer with its body.

        Raises:
            TimeoutError: it took too long.
            aiohttp.ClientError: Teams cannot be reached.
            TokenError: there is no token to send it with.
            TeamsRefusedError, TeamsAwayError: it was not done.
        """
        if self._session is None:
            raise RuntimeError("the driver is not open")
        asked = request.http_request
        headers = dict(asked.headers)
        async with asyncio.timeout(CALL_SECONDS):
            if token := await self._tokens.token():
                headers["Authorization"] = f"Bearer {token}"
            async with self._session.request(
                asked.method, asked.url, data=asked.data, headers=headers, allow_redirects=False
            ) as answer:
                body = await answer.read()
                if failed := failure(answer.status, answer.headers, body):
                    raise failed
                response = AioHttpClientResponse(asked, answer)
                await response.load_body()
        return Response(request, response)

    async def __aexit__(self, *exc_details: object) -> None:
        """Lets go of nothing: a client ends with its turn, the connections go on."""


class Connectors(ConnectorFactory):
    """Makes the SDK's clients of a service; all send through one driver."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver

    async def create(self, service_url: str, audience: str) -> ConnectorClient:  # noqa: ARG002 - the SDK's signature
        """Gives a client of the service at `service_url`."""
        # Credentials that do nothing: the SDK's own fetch a token anew for every turn.
        return ConnectorClient(
            SansIOHTTPPolicy(), base_url=service_url, pipeline_type=AsyncBfPipeline, sender=self._driver
        )
