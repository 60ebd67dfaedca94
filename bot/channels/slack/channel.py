"""The coach in Slack: its parts put together, connected, and let go."""

import asyncio
import logging
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from bot.app import App
from bot.channels.chores import Chores
from bot.channels.doorway import Doorway
from bot.channels.platform import CannotConnectError, Route
from bot.channels.platform_measures import PlatformMeasures
from bot.channels.slack.api import SlackApi, SlackAwayError, SlackRefusedError
from bot.channels.slack.bolt import make_bolt_app
from bot.channels.slack.delivery import SlackDelivery
from bot.channels.slack.fetching import Fetching
from bot.channels.slack.followups import FollowUps
from bot.channels.slack.http import Events
from bot.channels.slack.ids import CHANNEL
from bot.channels.slack.parts import Parts
from bot.channels.slack.review_files import ReviewFiles
from bot.channels.slack.socket_mode import Socket
from bot.channels.slack.sources import Sources
from bot.channels.slack.workspace import Workspace
from bot.channels.waiting import Waiting

PATH = "/slack/events"
FIRST_SECONDS = 3.0
"""How long the start waits for Slack; the coach serves its page in the meantime if it takes longer."""
AGAIN_SECONDS = 5.0
"""Between two tries to connect while Slack cannot be reached, and between two looks at a socket."""
LOOKS = 3
"""After how many looks at a closed socket it is opened anew: the SDK, which mends most breaks, has that long."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SlackSettings:
    """How to reach Slack; requests come over a socket where there is an `app_token`, else over HTTP."""

    bot_token: str = field(repr=False)
    signing_secret: str | None = field(default=None, repr=False)
    app_token: str | None = field(default=None, repr=False)
    api_url: str | None = None


class SlackChannel:
    """Everything of Slack that a server needs: `events` for HTTP, `handle` and `delivery` for a worker.

    `open` comes first, then `run`, which ends when it is told to.
    """

    name = CHANNEL

    def __init__(self, app: App, settings: SlackSettings) -> None:
        self._api = SlackApi(settings.bot_token, url=settings.api_url)
        self._workspace: Workspace | None = None
        self._is_connected = False
        self._chores = Chores(SlackRefusedError, SlackAwayError)
        self._waiting = Waiting(app.store.inbox)
        self.doorway = Doorway()
        records = app.store.records
        sources, files = Sources(records), ReviewFiles(self._api)
        parts = Parts(
            api=self._api,
            workspace=self._known_workspace,
            doorway=self.doorway,
            chores=self._chores,
            coach=app.coach,
            desk=app.desk,
            library=app.library,
            inbox=app.store.inbox,
            waiting=self._waiting,
            records=records,
            reviews=app.reviews,
            moves=app.moves,
            follow_ups=FollowUps(records),
            sources=sources,
            files=files,
        )
        bolt = make_bolt_app(parts, signing_secret=settings.signing_secret)
        self._socket = Socket(bolt, self._api, settings.app_token) if settings.app_token else None
        self.events = (
            Events(bolt, self.doorway, signing_secret=settings.signing_secret or "") if self._socket is None else None
        )
        self.handle = Fetching(self._api, app.coach.handle).handle
        self.delivery = SlackDelivery(
            self._api,
            self._known_workspace,
            records=records,
            reviews=app.reviews,
            moves=app.moves,
            sources=sources,
            files=files,
        )

    @property
    def routes(self) -> Mapping[str, Route]:
        """What is served over HTTP, by path."""
        return {PATH: self.events.handle} if self.events else {}

    def measures(self) -> PlatformMeasures:
        """What was counted in this process."""
        return self.doorway.measures(CHANNEL, is_connected=self._is_connected, failed=self._api.failed)

    async def open(self) -> None:
        """Tries to connect once.

        Raises:
            CannotConnectError: Slack does not take the settings. One that cannot be reached is tried again by `run`.
        """
        await self._api.open()
        with suppress(SlackAwayError, TimeoutError):
            async with asyncio.timeout(FIRST_SECONDS):
                await self._connect()

    async def run(self, stop: asyncio.Event) -> None:
        """Stays connected until `stop` is set; then takes no more requests.

        Raises:
            CannotConnectError: Slack, reached at last, does not take the settings.
        """
        staying = asyncio.create_task(self._stay_connected())
        stopping = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait([staying, stopping], return_when=asyncio.FIRST_COMPLETED)
            if staying.done():
                await staying
        finally:
            for task in (staying, stopping):
                task.cancel()
            await asyncio.gather(staying, stopping, return_exceptions=True)
        await self._take_no_more()
        await self._waiting.close()
        await self._chores.close()

    async def close(self) -> None:
        """Lets go of everything; comes when no message is being answered any more."""
        await self._take_no_more()
        await self._waiting.close()
        await self._chores.close()
        await self._api.close()

    async def _take_no_more(self) -> None:
        if self._socket is not None:
            await self._socket.close()

    async def _stay_connected(self) -> None:
        """Tries until Slack is reached, and anew when a socket has broken and the SDK does not mend it.

        Raises:
            CannotConnectError: Slack does not take the settings.
        """
        while True:
            if self._is_connected:
                await self._lost()
            await asyncio.sleep(AGAIN_SECONDS)
            try:
                await self._connect()
            except SlackAwayError as error:
                _log.warning("Slack cannot be reached yet: %s", error)

    async def _lost(self) -> None:
        """Waits until the connection is lost for good, which over HTTP it never is."""
        if self._socket is None:
            await asyncio.Event().wait()
            return
        looks = 0
        while looks < LOOKS:
            await asyncio.sleep(AGAIN_SECONDS)
            looks = 0 if await self._socket.is_open() else looks + 1
        self._is_connected = False
        _log.warning("the socket to Slack is lost: another is opened")

    async def _connect(self) -> None:
        """Connects once.

        Raises:
            CannotConnectError: Slack does not take the settings.
            SlackAwayError: it cannot be reached, or asks to come again later.
        """
        try:
            self._workspace = await self._api.workspace(patience=0)
        except SlackRefusedError as error:
            raise _fault(error, "SLACK_BOT_TOKEN", "") from None
        try:
            if self._socket is not None:
                await self._socket.open()
        except SlackRefusedError as error:
            raise _fault(error, "SLACK_APP_TOKEN", "; it needs connections:write and Socket Mode") from None
        if self.events is not None:
            self.events.is_connected = True
        self._is_connected = True

    def _known_workspace(self) -> Workspace:
        if self._workspace is None:
            raise SlackAwayError("Slack has not been reached yet")
        return self._workspace


def _fault(error: SlackRefusedError, setting: str, hint: str) -> CannotConnectError | SlackAwayError:
    """What a refusal at the start comes to: too many at once is no fault of a setting's."""
    if error.retry_after is not None:
        return SlackAwayError(str(error))
    return CannotConnectError(f"{setting}: Slack does not take it ({error.code}){hint}")
