"""How many messages a second one replica answers for as long as they come, and how soon it acknowledges them then."""

import asyncio
import sys
import tempfile
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import ClientSession

from bot.stores.sqlite.store import SqliteStore
from tests.bench.acknowledging import serving
from tests.bench.row import Row
from tests.bench.traffic import Message, Traffic, questions, questions_and_drafts, sustained

WARM_UP = 8.0
SECONDS = 40.0


@asynccontextmanager
async def model() -> AsyncIterator[Mapping[str, str]]:
    """Runs a Messages API that streams at a model's speed, and gives the settings that lead to it."""
    fake = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.claude", stdin=PIPE, stdout=PIPE, limit=1 << 28
    )
    assert fake.stdout
    url = (await fake.stdout.readline()).decode().strip()
    try:
        yield {
            "ANTHROPIC_API_KEY": "sk-test-key",
            "ANTHROPIC_BASE_URL": url,
            "CLAUDE_TOKENS_A_DAY": "1000000000",
            "CLAUDE_TOKENS_A_DAY_PERSON": "1000000000",
        }
    finally:
        fake.kill()
        await fake.wait()


async def one_replica(settings: Mapping[str, str], messages: Iterator[Message]) -> str:
    """Serves with these settings over SQLite, and gives the figure."""
    with tempfile.TemporaryDirectory() as place:
        async with serving(Path(place), settings) as url, ClientSession() as http:
            store = SqliteStore(Path(place) / "coach.sqlite3")
            await store.open()
            try:
                found = await sustained(Traffic(http, [url], messages), store, warm_up=WARM_UP, seconds=SECONDS)
            finally:
                await store.close()
    return f"{found.a_second:.1f} a second; acknowledged {found.taken.how_soon} ({found.taken.refused} refused)"


async def rows() -> Sequence[Row]:
    """Every figure, with its name."""
    figures = [
        ("one replica, lessons engine, questions", await one_replica({}, questions())),
        ("the same, one message in five a draft", await one_replica({}, questions_and_drafts())),
    ]
    async with model() as settings:
        figures.append(("one replica, Claude faked at its speed, questions", await one_replica(settings, questions())))
    return figures
