"""What a crowd on a chat platform goes through, whichever platform it is on: faults, a server killed and ended."""

import asyncio
import random
import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol

from tests.server_process import ServerProcess

DISTURB_EVERY = 0.1
"""Seconds."""


class Disturbed(Protocol):
    """A platform whose calls can be made to fail."""

    @property
    def fail(self) -> Callable[..., None]: ...

    def heal(self) -> None: ...


async def disturb(
    platform: Disturbed,
    operations: Sequence[str],
    faults: Sequence[Mapping[str, object]],
    *,
    until: float,
    chance: random.Random,
) -> None:
    """Makes some call fail again and again until the loop's time is `until`."""
    loop = asyncio.get_running_loop()
    while loop.time() < until:
        platform.fail(chance.choice(operations), **chance.choice(faults))
        await asyncio.sleep(DISTURB_EVERY)
    platform.heal()


async def kill_then_end(server: ServerProcess, seconds: float) -> None:
    """Within so many seconds, kills the server once and tells it to end once; it is started again each time."""
    await asyncio.sleep(seconds * 0.35)
    server.kill()
    await server.start()
    await asyncio.sleep(seconds * 0.3)
    await server.terminate()
    await server.start()


def how_soon(seconds: Iterable[float]) -> str:
    """How long something took, as a line."""
    took = [each * 1000 for each in seconds]
    parts = statistics.quantiles(took, n=100)
    return f"p50 {parts[49]:.0f} ms, p99 {parts[98]:.0f} ms, max {max(took):.0f} ms"
