"""The coach in Teams: its parts put together, and let go."""

import asyncio
import logging
import time
from collections.abc import Mapping
from contextlib import suppress

from botbuilder.integration.aiohttp import CloudAdapter

from bot.app import App
from bot.channels.chores import Chores
from bot.channels.doorway import Doorway
from bot.channels.platform import CannotConnectError, Route
from bot.channels.platform_measures import PlatformMeasures
from bot.channels.teams.authentication import LocalAuthentication, TeamsAuthentication
from bot.channels.teams.calls import TeamsAwayError, TeamsRefusedError
from bot.channels.teams.connector import Connector
from bot.channels.teams.delivery import TeamsDelivery
from bot.channels.teams.driver import Connectors, Driver
from bot.channels.teams.fetching import Fetching, in_sharepoint, on_loopback
from bot.channels.teams.handler import Handler
from bot.channels.teams.http import Endpoint
from bot.channels.teams.ids import CHANNEL
from bot.channels.teams.parts import Parts
from bot.channels.teams.places import Place
from bot.channels.teams.settings import MSI, TeamsSettings, tokens_of
from bot.channels.teams.showing import Showing
from bot.channels.teams.shown import AnswersShown
from bot.channels.teams.tokens import TokenError, Tokens
from bot.channels.waiting import Waiting

PATH = "/api/messages"
FIRST_SECONDS = 3.0
"""How long the start waits for the first token; the coach serves in the meantime if it takes longer."""
TELL_AFTER_SECONDS = 3.0
"""After how long who still waits is told their number, once: it is a message of its own."""
TELL_BEYOND = 64
"""Up to which number nobody is told, as their turn comes within seconds, or they wait for an answer of their own."""
AGAIN_SECONDS = 15.0
"""Between two looks whether there is one."""

_log = logging.getLogger(__name__)


class TeamsChannel:
    """Everything of Teams that a server needs: `endpoint` for HTTP, `handle` and `delivery` for a worker.

    `open` comes first, `close` last. `tokens` are those of the settings unless others are given.
    """

    name = CHANNEL

    def __init__(self, app: App, settings: TeamsSettings, *, tokens: Tokens | None = None) -> None:
        self._settings = settings
        self._tokens = tokens or tokens_of(settings)
        self._chores = Chores(TeamsRefusedError, TeamsAwayError)
        self._waiting = Waiting(app.store.inbox, pauses=(TELL_AFTER_SECONDS,), beyond=TELL_BEYOND)
        self._driver = Driver(self._tokens, settings.cloud, trusts_proxies=not settings.is_local)
        self._has_token = settings.is_local
        self.doorway = Doorway()
        connectors = Connectors(self._driver)
        who = (
            LocalAuthentication(connectors, cloud=settings.cloud)
            if settings.is_local
            else TeamsAuthentication(settings.app_id, settings.cloud, connectors, tenant=settings.tenant or None)
        )
        adapter = CloudAdapter(who)
        self._connector = connector = Connector(adapter, settings.app_id)
        records, answers = app.store.records, AnswersShown(app.store.records)
        parts = Parts(
            connector=connector,
            doorway=self.doorway,
            chores=self._chores,
            coach=app.coach,
            desk=app.desk,
            inbox=app.store.inbox,
            waiting=self._waiting,
            records=records,
            reviews=app.reviews,
            moves=app.moves,
            answers=answers,
            comments=app.comments,
            clock=time.monotonic,
        )
        handler = Handler(parts, bot=settings.app_id, tenant=settings.tenant)
        self.endpoint = Endpoint(adapter, handler, self.doorway, who, is_local=settings.is_local)
        self.handle = Fetching(app.coach.handle, allows=on_loopback if settings.is_local else in_sharepoint).handle
        self.delivery = TeamsDelivery(
            connector,
            Showing(reviews=app.reviews, moves=app.moves, answers=answers, library=app.library),
            records=records,
            reviews=app.reviews,
            announces_as=Place(
                service_url=settings.cloud.service_url,
                tenant=settings.tenant,
                conversation="",
                user="",
                bot=f"28:{settings.app_id}",
            ),
        )

    @property
    def routes(self) -> Mapping[str, Route]:
        """What is served over HTTP, by path."""
        return {PATH: self.endpoint.handle}

    def measures(self) -> PlatformMeasures:
        """What was counted in this process."""
        return self.doorway.measures(CHANNEL, is_connected=self._has_token, failed=self._connector.failed)

    async def open(self) -> None:
        """Tries once to get a token.

        Raises:
            CannotConnectError: Microsoft does not take the settings; while it is away, `run` tries again.
        """
        self._driver.open()
        with suppress(TimeoutError):
            async with asyncio.timeout(FIRST_SECONDS):
                await self._try()
        self.endpoint.is_connected = True

    async def run(self, stop: asyncio.Event) -> None:
        """Takes requests until `stop` is set.

        Raises:
            CannotConnectError: Microsoft, reached at last, does not take the settings.
        """
        had_one = self._has_token
        while not stop.is_set():
            if had_one:
                self._has_token = await self._has_one()
            else:
                await self._try()
                had_one = self._has_token
            with suppress(TimeoutError):
                async with asyncio.timeout(AGAIN_SECONDS):
                    await stop.wait()
        self.endpoint.is_connected = False
        await self._waiting.close()
        await self._chores.close()

    async def close(self) -> None:
        """Lets go of everything; comes when no message is being answered any more."""
        self.endpoint.is_connected = False
        await self._waiting.close()
        await self._chores.close()
        await self._driver.close()
        self._tokens.close()

    async def _has_one(self) -> bool:
        """Whether there still is a token. What Microsoft says now stops nobody: the page and others are served too."""
        try:
            await self._tokens.token()
        except TokenError as error:
            _log.warning("there is no token for Teams any more: %s", error)
            return False
        return True

    async def _try(self) -> None:
        """Tries to get a token.

        Raises:
            CannotConnectError: Microsoft says no, and will say so tomorrow.
        """
        try:
            await self._tokens.token()
        except TokenError as error:
            if not error.passes:
                names = "TEAMS_APP_ID" if self._settings.kind == MSI else "TEAMS_APP_ID, TEAMS_APP_PASSWORD"
                raise CannotConnectError(f"{names}: Microsoft does not take them ({error})") from None
            _log.warning("there is no token for Teams yet: %s", error)
        else:
            self._has_token = True
