"""The small coach in Teams, in local mode, as a process that is killed, or told to end, and started again."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.channels.teams.channel import PATH
from tests.server_process import ServerProcess, small_server
from tests.teams.loopback.server import Teams

SETTINGS = {"TEAMS_LOCAL": "1"}


@asynccontextmanager
async def server_process(teams: Teams, folder: Path, spec: str) -> AsyncIterator[ServerProcess]:
    """Starts the small coach, and tells `teams`, which signs nothing, where it is."""
    async with small_server(folder, spec, SETTINGS) as server:
        await teams.http_to(f"{server.url}{PATH}")
        yield server
