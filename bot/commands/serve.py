"""`coach serve`: the web page and its interface."""

import asyncio
import sys
from typing import TYPE_CHECKING

import click

from bot.channels.terminal.reading import InputError
from bot.commands.opening import Opener, read_settings, ready
from bot.core.replies import EngineName

if TYPE_CHECKING:
    from bot.settings import Settings

AT_ONCE = {EngineName.LESSONS: 8, EngineName.CLAUDE: 200}
"""Messages under way at once in one process: the lessons engine computes, Claude is waited for."""
AT_ONCE_ON_PLATFORMS = 64
"""At least so many where replies wait for a chat platform, which now and then takes no more for a minute."""
SWITCH_SECONDS = 0.0005
"""How soon a thread gives way to another: at Python's 5 ms, a stream's next piece waits for the models' threads."""


@click.command("serve")
@click.option("--host", help="Address to listen on; else COACH_HOST, else 127.0.0.1.")
@click.option(
    "--port", type=click.IntRange(0, 65_535), help="Port to listen on, 0 for a free one; else COACH_PORT, else 8080."
)
@click.pass_obj
def command(opener: Opener, host: str | None, port: int | None) -> None:
    """Serve the web page until told to end.

    Any host but this machine's own is served only with COACH_WEB_TOKEN set; people sign in with that token.
    """
    # Imported here: aiohttp would slow the start of every other command, and of this one's wrong uses.
    from bot.channels.web.trust import is_loopback

    settings = read_settings()
    host = settings.coach_host if host is None else host
    port = settings.coach_port if port is None else port
    token = settings.coach_web_token.get_secret_value().strip() if settings.coach_web_token else ""
    if not token and not is_loopback(host):
        where = f"{host!r} is" if host else "an empty host means every address,"
        raise InputError(f"{where} not this machine alone: set COACH_WEB_TOKEN to serve the page there")
    from bot.observing.logs import set_up_logs

    set_up_logs(settings.coach_log_level, settings.coach_log_format)
    sys.setswitchinterval(SWITCH_SECONDS)
    asyncio.run(_serve(opener, settings, host=host, port=port, token=token or None))


async def _serve(opener: Opener, settings: "Settings", *, host: str, port: int, token: str | None) -> None:
    from bot.channels.web.app import make_app
    from bot.channels.web.delivery import WebDelivery
    from bot.channels.web.identity import CHANNEL
    from bot.channels.web.measuring import Measuring
    from bot.channels.web.messages import Messages
    from bot.channels.web.readiness import Readiness
    from bot.channels.web.server import CannotServe, serve
    from bot.commands.serving import opened_platforms, work_of
    from bot.observing.joining import observed

    async with ready(opener) as app, observed(app.observers) as metrics, opened_platforms(app, settings) as platforms:
        delivery = WebDelivery(app.reviews)
        at_once = max(AT_ONCE[app.engine.name], AT_ONCE_ON_PLATFORMS if platforms.deliveries else 0)
        messages = Messages(app.store.inbox, delivery)
        readiness = Readiness(
            library=app.library,
            retriever=app.retriever,
            finder=app.finder,
            engine=app.engine,
            store=app.store,
            history=app.history,
        )
        page = make_app(
            coach=app.coach,
            library=app.library,
            messages=messages,
            reviews=app.reviews,
            readiness=readiness,
            measuring=Measuring(
                history=app.history,
                store=app.store,
                prices=settings.coach_prices,
                fault=readiness.fault,
                platforms=lambda: (messages.measures(), *platforms.measures()),
            ),
            counted=metrics.exposition,
            routes=platforms.routes,
            token=token,
        )
        try:
            await serve(
                page,
                host=host,
                port=port,
                readiness=readiness,
                work=work_of(app, platforms, {CHANNEL: delivery}, at_once=at_once, after=messages.stop_waiting),
                announce=lambda address: click.echo(f"Field Coach is ready: {address}"),
            )
        except CannotServe as error:
            raise InputError(str(error)) from error
