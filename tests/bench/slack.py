"""How soon Slack is acknowledged while hundreds of questions wait: `coach serve` as a process, a Slack beside it."""

import asyncio
import os
import statistics
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from bot.core.state import Depth
from bot.stores.sqlite.store import SqliteStore
from tests.bench.answers import QUESTIONS
from tests.bench.row import Row
from tests.slack.loopback.server import Slack
from tests.slack.loopback.workspace import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET

WAITING = 500
MORE = 300
A_SECOND = 50
PATIENCE = 120.0
SPARE = 30
"""Questions that are answered before the measuring begins, about."""


@asynccontextmanager
async def serving(slack: Slack, folder: Path, mode: str) -> AsyncIterator[None]:
    """Runs `coach serve` with the shipped lessons and models, no key of Claude's, its state in `folder`."""
    tokens = {"SLACK_APP_TOKEN": APP_TOKEN} if mode == "socket" else {"SLACK_SIGNING_SECRET": SIGNING_SECRET}
    settings = {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_API_URL": slack.api_url, "COACH_DATA_DIR": str(folder), **tokens}
    without = ("ANTHROPIC_", "CLAUDE_", "COACH_", "REDIS_", "SLACK_")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(without)}
    server = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bot", "serve", "--port", "0"),
        env={**environment, **settings},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert server.stdout
    try:
        line = await asyncio.wait_for(server.stdout.readline(), PATIENCE)
        if mode == "http":
            await slack.http_to(f"{line.decode().rpartition(' ')[2].strip()}/slack/events")
        yield
    finally:
        server.kill()
        await server.wait()


async def depth(folder: Path) -> Depth:
    store = SqliteStore(folder / "coach.sqlite3")
    await store.open()
    try:
        return await store.inbox.depth()
    finally:
        await store.close()


async def say(slack: Slack, number: int) -> None:
    user = f"U{number}"
    await slack.say(user, slack.dm_of(user), QUESTIONS[number % len(QUESTIONS)])


async def acknowledgements(mode: str) -> str:
    """Has questions wait, asks more at an even pace, and gives how soon those were acknowledged."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        async with Slack() as slack, serving(slack, folder, mode):
            for number in range(WAITING + SPARE):
                await say(slack, number)
            await slack.settled(PATIENCE)
            before = await depth(folder)
            known = len(slack.acks)
            loop = asyncio.get_running_loop()
            began = loop.time()
            for number in range(MORE):
                await asyncio.sleep(max(0.0, began + number / A_SECOND - loop.time()))
                await say(slack, WAITING + SPARE + number)
            await slack.settled(PATIENCE)
            after = await depth(folder)
    acks = slack.acks[known:]
    took = sorted(ack.seconds * 1000 for ack in acks if ack.status == 200)
    late = sum(ack.status != 200 for ack in acks)
    p99 = statistics.quantiles(took, n=100)[98]
    return (
        f"{statistics.median(took):.0f} ms; {p99:.0f} ms; {took[-1]:.0f} ms"
        f" ({before.waiting:,} waiting at first, {after.waiting:,} at last; {late} not acknowledged)"
    )


async def rows() -> Sequence[Row]:
    """Every figure, with its name."""
    name = "Slack acknowledged, median; p99; longest, over"
    return [(f"{name} {mode}", await acknowledgements(mode)) for mode in ("http", "socket")]
