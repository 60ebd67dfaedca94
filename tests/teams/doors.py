"""A door into a coach that only notes what it hears, through the SDK's real adapter over real HTTP."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp
from aiohttp import web
from botbuilder.core import ActivityHandler, InvokeResponse, TurnContext
from botbuilder.integration.aiohttp import CloudAdapter
from botframework.connector.aio import ConnectorClient
from botframework.connector.auth import ConnectorFactory, MicrosoftAppCredentials

from bot.channels.doorway import Doorway
from bot.channels.teams.authentication import Authentication, LocalAuthentication, TeamsAuthentication
from bot.channels.teams.cloud import Cloud
from bot.channels.teams.http import BODY_SECONDS, Endpoint
from bot.channels.teams.keys import SigningKeys
from tests.teams.key_server import APP_ID, ISSUER, TENANT, KeyServer, activity, token

PATH = "/api/messages"


def cloud_of(server: KeyServer) -> Cloud:
    """A cloud whose keys are the server's; replies may go to the server, and to Teams by name."""
    return Cloud(
        name="loopback",
        issuer=ISSUER,
        metadata_url=server.metadata_url,
        login_url="https://login.example",
        scope="https://scope.example/.default",
        service_hosts=frozenset({"smba.trafficmanager.net", "127.0.0.1"}),
        service_url=f"{server.url}/teams",
    )


class Unused(ConnectorFactory):
    """Makes the SDK's own clients, which a turn that only listens never uses."""

    async def create(self, service_url: str, audience: str) -> ConnectorClient:  # noqa: ARG002
        return ConnectorClient(MicrosoftAppCredentials.empty(), base_url=service_url)


class Hearing(ActivityHandler):
    """Notes messages, and answers invokes with what it is told to; `failure` is raised in place of either."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[str] = []
        self.answer: InvokeResponse | None = None
        self.failure: Exception | None = None

    async def on_turn(self, turn_context: TurnContext) -> None:
        self.heard.append(turn_context.activity.type)
        if self.failure:
            raise self.failure
        await super().on_turn(turn_context)

    async def on_invoke_activity(self, turn_context: TurnContext) -> InvokeResponse | None:  # noqa: ARG002
        return self.answer


@dataclass
class Door:
    """An endpoint that is served at `url`, and what became of what was sent to it."""

    url: str
    endpoint: Endpoint
    handler: Hearing
    doorway: Doorway
    session: aiohttp.ClientSession = field(repr=False)

    async def post(
        self,
        body: object = None,
        *,
        authorization: str | None = None,
        headers: Mapping[str, str] | None = None,
        data: bytes | None = None,
    ) -> tuple[int, bytes]:
        """Sends an activity, a right one with a right token unless told otherwise, and gives the answer."""
        authorization = f"Bearer {token()}" if authorization is None else authorization
        signed = {"Authorization": authorization} if authorization else {}
        sent: dict[str, object] = {"json": activity() if body is None else body} if data is None else {"data": data}
        async with self.session.post(self.url, headers={**signed, **(headers or {})}, **sent) as answer:  # type: ignore[arg-type]
            return answer.status, await answer.read()

    async def status(self, body: object = None, *, authorization: str | None = None) -> int:
        return (await self.post(body, authorization=authorization))[0]


@asynccontextmanager
async def door(
    server: KeyServer,
    *,
    tenant: str | None = TENANT,
    keys: SigningKeys | None = None,
    is_local: bool = False,
    body_seconds: float = BODY_SECONDS,
) -> AsyncIterator[Door]:
    """Serves the endpoint, connected."""
    async with aiohttp.ClientSession() as session:
        connectors = Unused()
        who: Authentication = (
            LocalAuthentication(connectors)
            if is_local
            else TeamsAuthentication(APP_ID, cloud_of(server), connectors, tenant=tenant, keys=keys)
        )
        handler, doorway = Hearing(), Doorway()
        endpoint = Endpoint(CloudAdapter(who), handler, doorway, who, is_local=is_local, body_seconds=body_seconds)
        endpoint.is_connected = True
        app = web.Application()
        app.router.add_route("*", PATH, endpoint.handle)
        app.router.add_get("/alive", _alive)
        runner = web.AppRunner(app, lingering_time=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        port = runner.addresses[0][1]
        yield Door(f"http://127.0.0.1:{port}{PATH}", endpoint, handler, doorway, session)
        await runner.cleanup()


async def _alive(_: web.Request) -> web.Response:
    return web.Response(text="yes")
