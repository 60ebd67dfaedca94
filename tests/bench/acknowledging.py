"""How soon a chat platform is acknowledged while hundreds of questions wait; `coach serve` is a process of its own."""

import asyncio
import os
import statistics
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Protocol

from bot.core.state import Depth
from bot.stores.sqlite.store import SqliteStore

WAITING = 500
MORE = 300
A_SECOND = 50
PATIENCE = 120.0
SPARE = 30
"""Questions that are answered before the measuring begins, about."""
UNLIMITED = {"COACH_MESSAGES_A_MINUTE": "0", "COACH_MESSAGES_A_MINUTE_PERSON": "0"}
"""A crowd of one workspace sends in seconds what it may send in minutes."""
_WITHOUT = ("ANTHROPIC_", "CLAUDE_", "COACH_", "REDIS_", "SLACK_", "TEAMS_")


class Acknowledged(Protocol):
    """How a delivery ended."""

    @property
    def seconds(self) -> float: ...

    @property
    def status(self) -> int: ...


class Platform(Protocol):
    """A loopback platform that knows how its deliveries ended."""

    @property
    def acks(self) -> Sequence[Acknowledged]: ...

    async def settled(self, seconds: float = ...) -> None: ...


@asynccontextmanager
async def serving(folder: Path, settings: Mapping[str, str]) -> AsyncIterator[str]:
    """Runs `coach serve` with the shipped lessons and models, its state in `folder`, and gives its URL."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(_WITHOUT)}
    server = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bot", "serve", "--port", "0"),
        env={**environment, "COACH_DATA_DIR": str(folder), **UNLIMITED, **settings},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert server.stdout
    try:
        line = await asyncio.wait_for(server.stdout.readline(), PATIENCE)
        yield line.decode().rpartition(" ")[2].strip()
    finally:
        server.kill()
        await server.wait()


async def measured(platform: Platform, folder: Path, say: Callable[[int], Awaitable[object]]) -> str:
    """Has questions wait, asks more at an even pace, and gives how soon those were acknowledged."""
    for number in range(WAITING + SPARE):
        await say(number)
    await platform.settled(PATIENCE)
    before = await _depth(folder)
    known = len(platform.acks)
    loop = asyncio.get_running_loop()
    began = loop.time()
    for number in range(MORE):
        await asyncio.sleep(max(0.0, began + number / A_SECOND - loop.time()))
        await say(WAITING + SPARE + number)
    await platform.settled(PATIENCE)
    after = await _depth(folder)
    acks = platform.acks[known:]
    took = sorted(ack.seconds * 1000 for ack in acks if ack.status == 200)
    late = sum(ack.status != 200 for ack in acks)
    p99 = statistics.quantiles(took, n=100)[98]
    return (
        f"{statistics.median(took):.0f} ms; {p99:.0f} ms; {took[-1]:.0f} ms"
        f" ({before.waiting:,} waiting at first, {after.waiting:,} at last; {late} not acknowledged)"
    )


async def _depth(folder: Path) -> Depth:
    store = SqliteStore(folder / "coach.sqlite3")
    await store.open()
    try:
        return await store.inbox.depth()
    finally:
        await store.close()
