"""Replicas 1, 2 and 4 on one Redis: with the lessons engine, which computes, and with one that only waits."""

import itertools
import os
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from pathlib import Path

from aiohttp import ClientSession

from bot.stores.redis.store import RedisStore
from tests.bench.acknowledging import serving
from tests.bench.row import Row
from tests.bench.traffic import Message, Traffic, asked, questions, sustained
from tests.piecewise import question
from tests.server_process import small_server
from tests.stores.redis_server import running

COUNTS = (1, 2, 4)
WARM_UP = 6.0
SECONDS = 20.0

Serve = Callable[[Path, str], AbstractAsyncContextManager[str]]
"""Runs a replica, its files in the folder, on the Redis of this URL; gives the replica's own."""


def computing(folder: Path, redis: str) -> AbstractAsyncContextManager[str]:
    """A whole coach with the lessons engine."""
    return serving(folder, {"REDIS_URL": redis})


@asynccontextmanager
async def waiting(folder: Path, redis: str) -> AsyncIterator[str]:
    """A small coach whose answers take 0.1 s and nearly no computing, eight at once: what the inbox allows is seen."""
    async with small_server(folder, f"redis:{redis}", {}) as server:
        yield server.url


def small_questions() -> Iterator[Message]:
    """Questions that the small coach's lesson covers, without end."""
    return (asked(question(str(number))) for number in itertools.count())


async def replicas(serve: Serve, messages: Iterator[Message], count: int) -> str:
    """Runs so many replicas and gives the figure."""
    async with AsyncExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        redis = stack.enter_context(running(place / "redis")).url
        urls = []
        for number in range(count):
            folder = place / f"replica-{number}"
            folder.mkdir()
            urls.append(await stack.enter_async_context(serve(folder, redis)))
        store = RedisStore(redis)
        await store.open()
        stack.push_async_callback(store.close)
        http = await stack.enter_async_context(ClientSession())
        found = await sustained(Traffic(http, urls, messages), store, warm_up=WARM_UP, seconds=SECONDS)
    return f"{found.a_second:.1f} a second; acknowledged {found.taken.how_soon}"


async def rows() -> Sequence[Row]:
    """Every figure, with its name."""
    cores = os.cpu_count()
    kinds = (("lessons engine", computing, questions()), ("an engine that waits", waiting, small_questions()))
    return [
        (f"{count} replicas on one Redis, {name}, {cores} cores", await replicas(serve, messages, count))
        for name, serve, messages in kinds
        for count in COUNTS
    ]
