"""A loopback Slack: `async with Slack() as slack`."""

import json
import time
from types import TracebackType
from typing import Self

from aiohttp import web

from tests.claude.loopback import started
from tests.slack.loopback import assistant
from tests.slack.loopback.api import WebApi
from tests.slack.loopback.deliveries import Deliveries
from tests.slack.loopback.disturbances import Fault, Faults, Limits
from tests.slack.loopback.files import FileServer
from tests.slack.loopback.http_route import signed
from tests.slack.loopback.interactions import Interactions
from tests.slack.loopback.people import People
from tests.slack.loopback.response_urls import ResponseUrls
from tests.slack.loopback.seen import Eyes, Seen
from tests.slack.loopback.socket_route import SocketRoute
from tests.slack.loopback.state import Ack, Call, Failure, Settings, State
from tests.slack.loopback.workspace import BOT_USER, Channel, ChannelKind, Json, User, View

_BODY_MOST = 8 << 20


class Slack:
    """One workspace and one app in it, from `async with` to its end.

    People act through `say`, `edit`, `delete`, `open_home` (the app hears of it as events) and `command`, `shortcut`,
    `click`, `click_view`, `submit`, `close_view` (they wait for the app and give what it answered). What they then
    have before them is `seen`, `home`, `views`, `status`, `prompts` and, where the app did not answer, `failures`.
    """

    def __init__(self, *, settings: Settings | None = None, limits: Limits | None = None, port: int = 0) -> None:
        self.settings = settings or Settings()
        self.limits = limits or Limits()
        self._port = port
        self._state = State(settings=self.settings)
        self._faults = Faults()
        self._eyes = Eyes(self._state.workspace)
        self._sockets = SocketRoute(self._state)
        self._deliveries = Deliveries(self._state, self._sockets)
        self._api = WebApi(self._state, self._faults, self.limits, self._sockets.ticket)
        self._runner: web.AppRunner | None = None
        people, waiting = People(self._state, self._deliveries), Interactions(self._state, self._deliveries)
        self.say, self.edit, self.delete = people.say, people.edit, people.delete
        self.open_home, self.redeliver, self.event = people.open_home, people.redeliver, people.event
        self.command, self.shortcut, self.click = waiting.command, waiting.shortcut, waiting.click
        self.global_shortcut, self.click_view = waiting.global_shortcut, waiting.click_view
        self.submit, self.close_view = waiting.submit, waiting.close_view
        self.disconnect_sockets, self.break_sockets = self._sockets.disconnect, self._sockets.break_off
        self.until = self._state.until
        self.dm_of = self._state.workspace.dm_of

    @property
    def url(self) -> str:
        return self._state.url

    @property
    def api_url(self) -> str:
        """What SLACK_API_URL is set to."""
        return f"{self.url}/api/"

    @property
    def calls(self) -> list[Call]:
        """What the app called, in order of the answers."""
        return self._state.calls

    @property
    def acks(self) -> list[Ack]:
        """Every attempt of a delivery, as it ended."""
        return self._state.acks

    @property
    def failures(self) -> list[Failure]:
        """What people were shown because the app did not answer."""
        return self._state.failures

    @property
    def views(self) -> dict[str, View]:
        """The modals that are open."""
        return self._state.views

    @property
    def users(self) -> dict[str, User]:
        return self._state.workspace.users

    @property
    def channels(self) -> dict[str, Channel]:
        return self._state.workspace.channels

    @property
    def status_log(self) -> list[tuple[str, str, str]]:
        """Every status that was set: channel, thread, text."""
        return self._state.status_log

    @property
    def sockets(self) -> int:
        """How many connections the app has."""
        return len(self._sockets.connections)

    @property
    def pending(self) -> int:
        """Events whose delivery has not ended."""
        return self._deliveries.pending

    @property
    def streams(self) -> bool:
        """Whether this Slack knows streams; set it to False for one that does not."""
        return self.settings.streams

    @streams.setter
    def streams(self, known: bool) -> None:
        self.settings.streams = known

    def user(self, id_: str, **more: object) -> User:
        """Adds a member: `team`, `is_bot`, `is_restricted`, `name`."""
        return self._state.workspace.add_user(User(id_, **more))  # type: ignore[arg-type]

    def channel(
        self,
        id_: str,
        *members: str,
        kind: ChannelKind = "channel",
        with_bot: bool = True,
        is_ext_shared: bool = False,
        is_archived: bool = False,
    ) -> str:
        """Adds a conversation with these members, the app among them unless it is not, and gives its id."""
        everybody = {*members, *((BOT_USER,) if with_bot else ())}
        for each in members:
            self._state.workspace.user(each)
        self._state.workspace.add_channel(
            Channel(id_, kind, members=everybody, is_ext_shared=is_ext_shared, is_archived=is_archived)
        )
        return id_

    def pass_time(self, seconds: float) -> None:
        """Moves the clock of streams, triggers, statuses, response URLs and rate limits."""
        self._state.workspace.ahead += seconds
        self._state.expire_all()
        self._state.change()

    def fail(
        self,
        method: str,
        times: int = 1,
        *,
        status: int | None = None,
        error: str | None = None,
        hang: float = 0.0,
        drop: bool = False,
        retry_after: float | None = None,
    ) -> None:
        """Scripts what the next calls of `method` come to; "response_url" is one too. See `Fault`."""
        self._faults.add(method, Fault(times, status, error, hang, drop, retry_after))

    def heal(self) -> None:
        """Drops what is left of the script."""
        self._faults.clear()

    async def http_to(self, *urls: str) -> None:
        """From now on delivers to these request URLs, to each in turn."""
        await self._deliveries.http_to(urls)

    async def deliver_raw(
        self,
        payload: Json | str,
        *,
        signature: str | None = None,
        timestamp: str | None = None,
        team: str | None = None,
        content_type: str = "application/json",
    ) -> int:
        """Sends the app anything once, signed rightly unless told otherwise; gives the status of its answer."""
        if isinstance(payload, dict):
            payload = json.dumps(payload if team is None else {**payload, "team_id": team})
        timestamp = timestamp or str(int(time.time()))
        headers = {"Content-Type": content_type, "X-Slack-Request-Timestamp": timestamp}
        headers["X-Slack-Signature"] = signed(payload, timestamp) if signature is None else signature
        return (await self._deliveries.http.send(payload, headers)).status

    async def settled(self, seconds: float = 30.0) -> None:
        """Waits until every event has been delivered or given up."""
        await self.until(lambda: not self.pending, seconds)

    def seen(self, user: str, channel: str, thread_ts: str | None = None) -> list[Seen]:
        """What the person has before them there, oldest first: all with its threads, or one thread with its root."""
        return [self._eyes.see(each) for each in self._state.workspace.visible(user, channel, thread_ts)]

    def home(self, user: str) -> View | None:
        """The person's App Home, if one was published."""
        return self._state.homes.get(user)

    def view_of(self, user: str) -> View:
        """The modal that lies on top before the person.

        Raises:
            LookupError: none does.
        """
        open_ = [each for each in self.views.values() if each.user == user]
        if not open_:
            raise LookupError(f"{user} has no modal open")
        return open_[-1]

    def plain(self, view: View) -> str:
        """A view's visible text."""
        return "\n".join(filter(None, [view.title, self._eyes.text(view.blocks)]))

    def view_pings(self, view: View) -> list[str]:
        """What in a view really mentions or links."""
        return self._eyes.pings(view.blocks)

    def status(self, channel: str, thread_ts: str) -> str:
        """What a thread shows of the app's work."""
        return assistant.status(self._state, channel, thread_ts)

    def prompts(self, channel: str) -> list[Json]:
        """The prompts that are suggested there."""
        return self._state.prompts.get(channel, [])

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=_BODY_MOST)
        for part in (self._api, self._sockets, FileServer(self._state), ResponseUrls(self._state, self._faults)):
            part.add_to(app)
        self._runner, port = await started(app, self._port)
        self._state.url = f"http://127.0.0.1:{port}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._deliveries.close()
        await self._sockets.close()
        if self._runner is not None:
            await self._runner.cleanup()
