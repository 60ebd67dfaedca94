"""`coach serve`: the web page and its interface."""

import asyncio

import click

from bot.channels.terminal.reading import InputError
from bot.commands.opening import Opener, read_settings, require_lessons


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
    asyncio.run(_serve(opener, host=host, port=port, token=token or None))


async def _serve(opener: Opener, *, host: str, port: int, token: str | None) -> None:
    from bot.channels.web.app import make_app
    from bot.channels.web.readiness import Readiness
    from bot.channels.web.server import CannotServe, serve

    parts = opener()
    await require_lessons(parts)
    readiness = Readiness(coach=parts.coach, library=parts.library, retriever=parts.retriever)
    app = make_app(
        coach=parts.coach,
        library=parts.library,
        readiness=readiness,
        token=token,
        # "local" can be named an admin; whoever came with a token is not on this machine.
        person="web" if token else "local",
    )
    try:
        await serve(
            app,
            host=host,
            port=port,
            readiness=readiness,
            announce=lambda address: click.echo(f"Field Coach is ready: {address}"),
        )
    except CannotServe as error:
        raise InputError(str(error)) from error
