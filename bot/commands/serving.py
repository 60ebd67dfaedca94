"""What goes on beside the page while the coach is served: chat platforms, the worker, announcements."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

from bot.app import App
from bot.channels.platform import CannotConnectError, Platform, Route
from bot.channels.platform_measures import PlatformMeasures
from bot.channels.terminal.reading import InputError
from bot.channels.web.server import GRACE_SECONDS, Work
from bot.core.messages import Incoming
from bot.core.replies import Event
from bot.core.worker import FIRST_PAUSE, RENEW_EVERY, Delivery, Handle, Worker
from bot.prompts.announcing import Announcer
from bot.settings import Settings


class Platforms:
    """The chat platforms whose settings are there."""

    def __init__(self, platforms: Sequence[Platform], announcer: Announcer | None) -> None:
        self._platforms = platforms
        self._announcer = announcer

    @property
    def routes(self) -> Mapping[str, Route]:
        """What they serve over HTTP, by path."""
        return {path: route for platform in self._platforms for path, route in platform.routes.items()}

    @property
    def deliveries(self) -> Mapping[str, Delivery]:
        """How their replies are brought, by channel."""
        return {platform.name: platform.delivery for platform in self._platforms}

    def handling(self, handle: Handle) -> Handle:
        """What answers a message of any channel, `handle` being what answers those that need nothing before."""
        handles: dict[str, Handle] = {platform.name: platform.handle for platform in self._platforms}

        def routed(message: Incoming) -> AsyncGenerator[Event, None]:
            return handles.get(message.channel, handle)(message)

        return routed

    def measures(self) -> tuple[PlatformMeasures, ...]:
        """What they count."""
        return tuple(platform.measures() for platform in self._platforms)

    @property
    def jobs(self) -> Sequence[Work]:
        """What keeps them going, until it is told to stop."""
        return [job.run for job in (*self._platforms, self._announcer) if job]


@asynccontextmanager
async def opened_platforms(app: App, settings: Settings) -> AsyncIterator[Platforms]:
    """Connects to the platforms, and lets go of them in the end.

    Raises:
        InputError: a platform does not take its settings.
    """
    async with AsyncExitStack() as opened:
        platforms = [platform for make in (_slack, _teams) if (platform := make(app, settings))]
        for platform in platforms:
            opened.push_async_callback(platform.close)
            try:
                await platform.open()
            except CannotConnectError as error:
                raise InputError(str(error)) from error
        yield Platforms(platforms, _announcer(app, settings))


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
        app.rates.limiting(platforms.handling(app.coach.handle)),
        {**deliveries, **platforms.deliveries},
        at_once=at_once,
        first_pause=first_pause,
        renew_every=renew_every,
        observer=app.observers,
        minding=app.forgetting.minding,
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


def _slack(app: App, settings: Settings) -> Platform | None:
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


def _teams(app: App, settings: Settings) -> Platform | None:
    if not (settings.teams_app_id or settings.teams_local):
        return None
    # Imported here, as above.
    from bot.channels.teams.channel import TeamsChannel
    from bot.channels.teams.cloud import CLOUDS, LOCAL
    from bot.channels.teams.settings import TeamsSettings

    if settings.teams_app_id is None:
        return TeamsChannel(app, TeamsSettings(cloud=LOCAL))
    return TeamsChannel(
        app,
        TeamsSettings(
            cloud=CLOUDS[settings.teams_cloud],
            app_id=settings.teams_app_id,
            password=settings.teams_app_password.get_secret_value() if settings.teams_app_password else "",
            tenant=settings.teams_app_tenant_id or "",
            kind=settings.teams_app_type,
        ),
    )


def _announcer(app: App, settings: Settings) -> Announcer | None:
    if settings.coach_admin_channel is None:
        return None
    from bot.channels.slack import origin as slack
    from bot.channels.teams import origin as teams

    channel, _, place = settings.coach_admin_channel.partition(":")
    origin = slack.announced_in(place) if channel == "slack" else teams.announced_in(place)
    return Announcer(app.history, app.store.inbox, app.store.records, channel=channel, origin=origin)
