"""A coach that is served to this machine alone, as `TEAMS_LOCAL=1 coach serve` serves it, in this process."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

from aiohttp import web

from bot.app import App
from bot.commands.serving import opened_platforms, work_of
from bot.settings import Settings


@asynccontextmanager
async def served_locally(app: App) -> AsyncGenerator[str]:
    """Serves `app` until the end of the block, and gives the address that takes Teams' messages."""
    stop = asyncio.Event()
    await app.open()
    try:
        async with opened_platforms(app, Settings.model_validate({"teams_local": True})) as platforms:
            page = web.Application()
            page.add_routes([web.post(path, handler) for path, handler in platforms.routes.items()])
            runner = web.AppRunner(page, access_log=None, shutdown_timeout=1)
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            work = asyncio.create_task(work_of(app, platforms, {}, at_once=8, after=lambda: None)(stop))
            try:
                yield f"http://127.0.0.1:{runner.addresses[0][1]}/api/messages"
            finally:
                stop.set()
                with suppress(asyncio.CancelledError):
                    await work
                await runner.cleanup()
    finally:
        await app.close()
