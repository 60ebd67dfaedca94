"""A small coach that is served in Slack, in this process."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from aiohttp import web

from bot.app import App
from bot.commands.serving import Platforms, opened_platforms, work_of
from bot.core.worker import FIRST_PAUSE
from bot.settings import Settings
from tests.slack.loopback.server import Slack
from tests.slack.loopback.workspace import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET

MODES = ("http", "socket")


@dataclass(frozen=True, slots=True)
class Served:
    """A coach that Slack reaches."""

    app: App
    slack: Slack
    platforms: Platforms
    url: str


def settings_for(slack: Slack, mode: str, **more: object) -> Settings:
    """The settings that reach the loopback Slack."""
    tokens: dict[str, object] = (
        {"slack_app_token": APP_TOKEN} if mode == "socket" else {"slack_signing_secret": SIGNING_SECRET}
    )
    return Settings.model_validate({"slack_bot_token": BOT_TOKEN, "slack_api_url": slack.api_url, **tokens, **more})


@asynccontextmanager
async def served(
    slack: Slack, app: App, mode: str, *, at_once: int = 8, first_pause: float = FIRST_PAUSE, **more: object
) -> AsyncGenerator[Served]:
    """Serves `app` in `slack` over HTTP or a socket, until the end of the block."""
    stop = asyncio.Event()
    await app.open()
    try:
        async with opened_platforms(app, settings_for(slack, mode, **more)) as platforms:
            page = web.Application()
            page.add_routes([web.post(path, handler) for path, handler in platforms.routes.items()])
            runner = web.AppRunner(page)
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
            if mode == "http":
                await slack.http_to(url)
            working = work_of(app, platforms, {}, at_once=at_once, after=lambda: None, first_pause=first_pause)
            work = asyncio.create_task(working(stop))
            try:
                yield Served(app, slack, platforms, url)
            finally:
                stop.set()
                with suppress(asyncio.CancelledError):
                    await work
                await runner.cleanup()
    finally:
        await app.close()
