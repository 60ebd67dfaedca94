"""Memory over a long time: `python -m tests.bench soak`, ten minutes of even traffic to one replica.

Not part of `make bench`, for its length.
"""

import asyncio
import tempfile
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path

import numpy as np
import psutil
from aiohttp import ClientSession

from bot.stores.sqlite.store import SqliteStore
from tests.bench.acknowledging import serving
from tests.bench.row import Row
from tests.bench.traffic import Traffic, emptied, evenly, questions_and_drafts

MINUTES = 10
A_SECOND = 5.0
SETTLED = 2
"""Minutes after which everything that is kept in memory has been used once."""
SAMPLE_SECONDS = 5.0


async def rows() -> Sequence[Row]:
    """Memory by the minute, and how it grows."""
    samples: list[tuple[float, float]] = []
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = await stack.enter_async_context(serving(folder, {}))
        http = await stack.enter_async_context(ClientSession())
        store = SqliteStore(folder / "coach.sqlite3")
        await store.open()
        stack.push_async_callback(store.close)
        server = next(child for child in psutil.Process().children() if "serve" in child.cmdline())
        began = time.monotonic()

        async def sample() -> None:
            while True:
                samples.append(((time.monotonic() - began) / 60, server.memory_info().rss / 1e6))
                await asyncio.sleep(SAMPLE_SECONDS)

        traffic = Traffic(http, [url], questions_and_drafts())
        sampling = asyncio.create_task(sample())
        await evenly(traffic, a_second=A_SECOND, seconds=60 * MINUTES)
        sampling.cancel()
        left = await emptied(store, 60)
    by_minute = [max(size for minute, size in samples if int(minute) == number) for number in range(MINUTES)]
    late = np.array([each for each in samples if each[0] >= SETTLED])
    slope = float(np.polyfit(late[:, 0], late[:, 1], 1)[0])
    sent = f"{traffic.sent:,} messages, one in five a draft, {traffic.taken.refused} refused"
    return [
        ("soak: sent", f"{sent}; {left.waiting + left.leased} left open, {left.dead} given up"),
        ("soak: acknowledged", traffic.taken.how_soon),
        ("soak: memory by the minute", ", ".join(f"{size:.0f}" for size in by_minute) + " MB"),
        (f"soak: growth after {SETTLED} minutes", f"{slope:+.2f} MB a minute"),
    ]
