"""How soon Slack is acknowledged while hundreds of questions wait: `coach serve` as a process, a Slack beside it."""

import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from tests.bench.acknowledging import measured, serving
from tests.bench.answers import QUESTIONS
from tests.bench.row import Row
from tests.slack.loopback.server import Slack
from tests.slack.loopback.workspace import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET


@asynccontextmanager
async def served(slack: Slack, folder: Path, mode: str) -> AsyncIterator[None]:
    tokens = {"SLACK_APP_TOKEN": APP_TOKEN} if mode == "socket" else {"SLACK_SIGNING_SECRET": SIGNING_SECRET}
    async with serving(folder, {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_API_URL": slack.api_url, **tokens}) as url:
        if mode == "http":
            await slack.http_to(f"{url}/slack/events")
        yield


async def acknowledgements(mode: str) -> str:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        async with Slack() as slack, served(slack, folder, mode):

            async def say(number: int) -> None:
                user = f"U{number}"
                await slack.say(user, slack.dm_of(user), QUESTIONS[number % len(QUESTIONS)])

            return await measured(slack, folder, say)


async def rows() -> Sequence[Row]:
    """Every figure, with its name."""
    name = "Slack acknowledged, median; p99; longest, over"
    return [(f"{name} {mode}", await acknowledgements(mode)) for mode in ("http", "socket")]
