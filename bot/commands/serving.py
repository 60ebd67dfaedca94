"""What goes on beside the page while the coach is served: chat platforms, the worker, announcements."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from bot.app import App
from bot.channels.platform_measures import PlatformMeasures
from bot.channels.terminal.reading import InputError
from bot.channels.web.server import GRACE_SECONDS, Work
from bot.core.messages import Incoming
from bot.core.replies import Event
from bot.core.worker import FIRST_PAUSE, RENEW_EVERY, Delivery, Handle, Worker
from bot.prompts.announcing import Announcer
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.channels.slack.channel import SlackChannel
    from bot.channels.web.app import Handler


class Platforms:
    """The chat platforms whose settings are there."""

    def __init__(self, slack: "SlackChannel | None", announcer: Announcer | None) -> None:
        self._slack = slack
        self._announcer = announcer

    @property
    def routes(self) -> "Mapping[str, Handler]":
        """What they serve over HTTP, by path."""
        return {"/slack/events": self._slack.events.handle} if self._slack and self._slack.events else {}

    @property
    def deliveries(self) -> Mapping[str, Delivery]:
        """How their replies are brought, by channel."""
        return {"slack": self._slack.delivery} if self._slack else {}

    def handling(self, handle: Handle) -> Handle:
        """What answers a message of any channel, `handle` being what answers those that need nothing before."""
        slack = self._slack

        def routed(message: Incoming) -> AsyncGenerator[Event, None]:
            return slack.handle(message) if slack and message.channel == "slack" else handle(message)

        return routed

    def measures(self) -> tuple[PlatformMeasures, ...]:
        """What they count."""
        return (self._slack.measures(),) if self._slack else ()

    @property
    def jobs(self) -> Sequence[Work]:
        """What keeps them going, until it is told to stop."""
        return [job.run for job in (self._slack, self._announcer) if job]


@asynccontextmanager
async def opened_platforms(app: App, settings: Settings) -> AsyncIterator[Platforms]:
    """Connects to the platforms, and lets go of them in the end.

    Raises:
        InputError: a platform does not take its settings.
    """
    slack = _slack(app, settings)
    try:
        if slack:
            from bot.channels.slack.channel import CannotConnectError

            try:
                await slack.open()
            except CannotConnectError as error:
                raise InputError(str(error)) from error
        yield Platforms(slack, _announcer(app, settings) if slack else None)
    finally:
        if slack:
            await slack.close()


def work_of(
    app: App,
    platforms: Platforms,
    deliveries: Mapping[str, Delivery],
    *,
    at_once: int,
    after: Callable[[], None],
    first_pause: float = FIRST_PAUSE,
    renew_every: float = RENEW_EVERY,
) -> Work:
    """What a server does beside serving, until it is told to stop; `after` is called when no message is in hand."""
    worker = Worker(
        app.store.inbox,
        platforms.handling(app.coach.handle),
        {**deliveries, **platforms.deliveries},
        at_once=at_once,
        first_pause=first_pause,
        renew_every=renew_every,
    )

    async def work(stop: asyncio.Event) -> None:
        try:
            async with asyncio.TaskGroup() as working:
                working.create_task(worker.run(stop, grace=GRACE_SECONDS))
                for job in platforms.jobs:
                    working.create_task(job(stop))
        except* Exception as errors:
            raise errors.exceptions[0] from None
        finally:
            after()

    return work


def _slack(app: App, settings: Settings) -> "SlackChannel | None":
    if settings.slack_bot_token is None:
        return None
    # Imported here: the SDK takes a while, and most machines have no Slack.
    from bot.channels.slack.channel import SlackChannel, SlackSettings

    secret, app_token = settings.slack_signing_secret, settings.slack_app_token
    return SlackChannel(
        app,
        SlackSettings(
            bot_token=settings.slack_bot_token.get_secret_value(),
            signing_secret=secret.get_secret_value() if secret else None,
            app_token=app_token.get_secret_value() if app_token else None,
            api_url=settings.slack_api_url,
        ),
    )


def _announcer(app: App, settings: Settings) -> Announcer | None:
    if settings.coach_admin_channel is None:
        return None
    from bot.channels.slack.origin import announced_in

    channel, _, place = settings.coach_admin_channel.partition(":")
    return Announcer(app.history, app.store.inbox, app.store.records, channel=channel, origin=announced_in(place))
