"""The small coach in Slack, as a process that is killed, or told to end, and started again at the same place."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.server_process import ServerProcess, small_server
from tests.slack.loopback.server import Slack
from tests.slack.loopback.workspace import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET


@asynccontextmanager
async def server_process(slack: Slack, folder: Path, spec: str, mode: str) -> AsyncIterator[ServerProcess]:
    """Starts the small coach in `slack`; over HTTP, Slack is told where it is."""
    tokens = {"SLACK_APP_TOKEN": APP_TOKEN} if mode == "socket" else {"SLACK_SIGNING_SECRET": SIGNING_SECRET}
    settings = {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_API_URL": slack.api_url, **tokens}
    async with small_server(folder, spec, settings) as server:
        if mode == "http":
            await slack.http_to(f"{server.url}/slack/events")
        yield server
