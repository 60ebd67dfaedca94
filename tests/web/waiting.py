"""Waiting for what must come about."""

import asyncio
from collections.abc import Awaitable, Callable

PATIENCE = 20.0
"""Seconds until what must happen has failed to."""


async def until(holds: Callable[[], bool | Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE):
        while True:
            held = holds()
            if held if isinstance(held, bool) else await held:
                return
            await asyncio.sleep(0.005)
