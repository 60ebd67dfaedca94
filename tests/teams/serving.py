"""A small coach that is served in Teams, in this process."""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from aiohttp import ClientSession, web

from bot.app import App
from bot.channels.teams.channel import PATH, TeamsChannel
from bot.channels.teams.cloud import LOCAL, Cloud
from bot.channels.teams.origin import announced_in
from bot.channels.teams.settings import TeamsSettings
from bot.channels.teams.tokens import Tokens
from bot.commands.serving import Platforms, work_of
from bot.core.worker import FIRST_PAUSE
from bot.prompts.announcing import Announcer
from tests.teams.loopback.server import Teams
from tests.teams.loopback.workspace import APP_ID, APP_PASSWORD, TENANT

MODES = ("app", "local")
"""With an app id, everything signed; and as beside the Agents Playground."""


@dataclass(frozen=True, slots=True)
class Served:
    """A coach that Teams reaches."""

    app: App
    teams: Teams
    channel: TeamsChannel
    platforms: Platforms
    url: str


def cloud_of(teams: Teams) -> Cloud:
    """The loopback Teams as a cloud of its own."""
    return Cloud(
        name="loopback",
        issuer="https://api.botframework.com",
        metadata_url=teams.metadata_url,
        login_url=teams.login_url,
        scope="https://api.botframework.com/.default",
        service_hosts=frozenset({"127.0.0.1"}),
        service_url=teams.service_url,
    )


class LoginTokens:
    """Tokens of the loopback's login service; MSAL takes none that has no certificate."""

    def __init__(self, teams: Teams) -> None:
        self._teams = teams
        self._token = ""
        self._until = 0.0

    async def token(self) -> str:
        if time.monotonic() >= self._until:
            form = {
                "grant_type": "client_credentials",
                "client_id": APP_ID,
                "client_secret": APP_PASSWORD,
                "scope": "https://api.botframework.com/.default",
            }
            url = f"{self._teams.login_url}/{TENANT}/oauth2/v2.0/token"
            async with ClientSession() as http, http.post(url, data=form) as answer:
                answer.raise_for_status()
                grant = await answer.json()
            self._token = grant["access_token"]
            self._until = time.monotonic() + grant["expires_in"] / 2
        return self._token

    def refused(self, token: str) -> None:
        if token == self._token:
            self._until = 0.0

    def close(self) -> None:
        """Lets go of nothing."""


def settings_for(teams: Teams, mode: str) -> TeamsSettings:
    """The settings that reach the loopback Teams."""
    if mode == "local":
        return TeamsSettings(cloud=LOCAL)
    return TeamsSettings(cloud=cloud_of(teams), app_id=APP_ID, password=APP_PASSWORD, tenant=TENANT)


@asynccontextmanager
async def served(
    teams: Teams,
    app: App,
    mode: str = "app",
    *,
    at_once: int = 8,
    first_pause: float = FIRST_PAUSE,
    announce_in: str | None = None,
    tokens: Tokens | None = None,
) -> AsyncGenerator[Served]:
    """Serves `app` in `teams` until the end of the block; moves of versions are announced in `announce_in`."""
    stop = asyncio.Event()
    await app.open()
    tokens = tokens or (LoginTokens(teams) if mode == "app" else None)
    channel = TeamsChannel(app, settings_for(teams, mode), tokens=tokens)
    announcer = None
    if announce_in is not None:
        origin = announced_in(announce_in)
        announcer = Announcer(app.history, app.store.inbox, app.store.records, channel="teams", origin=origin)
    platforms = Platforms([channel], announcer)
    try:
        await channel.open()
        page = web.Application()
        page.add_routes([web.post(path, handler) for path, handler in platforms.routes.items()])
        runner = web.AppRunner(page)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        url = f"http://127.0.0.1:{runner.addresses[0][1]}{PATH}"
        await teams.http_to(url)
        working = work_of(app, platforms, {}, at_once=at_once, after=lambda: None, first_pause=first_pause)
        work = asyncio.create_task(working(stop))
        try:
            yield Served(app, teams, channel, platforms, url)
        finally:
            stop.set()
            with suppress(asyncio.CancelledError):
                await work
            await runner.cleanup()
    finally:
        await channel.close()
        await app.close()
