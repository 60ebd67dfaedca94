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

from bot.channels.teams.calls import TeamsRefusedError, failure
from bot.channels.teams.cloud import Cloud
from bot.channels.teams.tokens import TokenError, Tokens

CALL_SECONDS = 10.0
"""How long one call may take."""
MAX_CLIENTS = 100
"""Services that a client is kept for; Teams has one a region and tenant."""

_UNAUTHORIZED, _FORBIDDEN = 401, 403


class _Answer(AioHttpClientResponse):
    """An answer whose body may be empty; the SDK's own takes that for one that was not read."""

    def body(self) -> bytes:
        return self._body or b""


class Driver(AsyncHTTPSender[Any, Any]):
    """Sends what the SDK asks to, in place of its own sender, which blocks a thread for as long as a call takes."""

    def __init__(self, tokens: Tokens, cloud: Cloud, *, trusts_proxies: bool) -> None:
        self._tokens = tokens
        self._cloud = cloud
        self._trusts_proxies = trusts_proxies
        self._session: aiohttp.ClientSession | None = None

    def open(self) -> None:
        """Makes the connections; nothing is sent yet."""
        self._session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar(), trust_env=self._trusts_proxies)

    async def close(self) -> None:
        """Lets go of the connections."""
        if self._session is not None:
            await self._session.close()

    async def send(self, request: Request[Any], **config: Any) -> Response[Any, Any]:  # noqa: ANN401, ARG002 - the SDK's
        """Sends a request with our token, or with another where Teams does not take it, and gives the whole answer.

        Nothing goes to an address that is not the cloud's: what is kept may be older than the settings.

        Raises:
            TimeoutError: it took too long.
            aiohttp.ClientError: Teams cannot be reached.
            TokenError: there is no token to send it with.
            TeamsRefusedError, TeamsAwayError: it was not done.
        """
        if not self._cloud.is_service(_service_of(request.http_request.url)):
            raise TeamsRefusedError(_FORBIDDEN, "ForeignServiceUrl")
        async with asyncio.timeout(CALL_SECONDS):
            token = await self._tokens.token()
            try:
                return await self._sent(request, token)
            except TeamsRefusedError as error:
                if error.status != _UNAUTHORIZED or not token:
                    raise
            self._tokens.refused(token)
            try:
                return await self._sent(request, await self._tokens.token())
            except TeamsRefusedError as error:
                if error.status != _UNAUTHORIZED:
                    raise
                raise TokenError("Teams takes none", passes=True) from None

    async def _sent(self, request: Request[Any], token: str) -> Response[Any, Any]:
        if self._session is None:
            raise RuntimeError("the driver is not open")
        asked = request.http_request
        headers = {**asked.headers, **({"Authorization": f"Bearer {token}"} if token else {})}
        async with self._session.request(
            asked.method, asked.url, data=asked.data, headers=headers, allow_redirects=False
        ) as answer:
            body = await answer.read()
            if failed := failure(answer.status, answer.headers, body):
                raise failed
            response = _Answer(asked, answer)
            await response.load_body()
        return Response(request, response)

    async def __aexit__(self, *exc_details: object) -> None:
        """Lets go of nothing: a client ends with its turn, the connections go on."""


class Connectors(ConnectorFactory):
    """Makes the SDK's clients of a service; all send through one driver."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver
        self._clients: dict[str, ConnectorClient] = {}

    async def create(self, service_url: str, audience: str) -> ConnectorClient:  # noqa: ARG002 - the SDK's signature
        """Gives the client of the service at `service_url`, which keeps nothing of a turn: making one takes long."""
        if service_url not in self._clients:
            if len(self._clients) >= MAX_CLIENTS:
                self._clients.clear()
            # Credentials that do nothing: the SDK's own fetch a token anew for every turn.
            self._clients[service_url] = ConnectorClient(
                SansIOHTTPPolicy(), base_url=service_url, pipeline_type=AsyncBfPipeline, sender=self._driver
            )
        return self._clients[service_url]


def _service_of(url: str) -> str:
    """The address of the service that a call of the SDK's is below."""
    return url.partition("/v3/")[0]
