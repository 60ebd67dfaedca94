"""What is on its way when a message is broken off: it lands, and where it landed is noted, or it is given up."""

import asyncio
from collections.abc import Coroutine
from typing import TypeVar

LANDING_SECONDS = 1.0
"""How long what is on its way is waited for."""

_Value = TypeVar("_Value")


async def landed(act: Coroutine[object, object, _Value]) -> _Value:
    """Does something that must not be cut in two: cancelled, it has a moment to end before it is given up."""
    task = asyncio.ensure_future(act)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task], timeout=LANDING_SECONDS)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        raise
