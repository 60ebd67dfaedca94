"""How soon Teams is acknowledged while hundreds of questions wait: `coach serve` as a process, a Teams beside it.

It is the local mode: nothing is signed, so what checking a signature takes comes on top.
"""

import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from bot.channels.teams.channel import PATH
from tests.bench.acknowledging import measured, serving
from tests.bench.answers import QUESTIONS
from tests.bench.row import Row
from tests.teams.loopback.server import Teams


@asynccontextmanager
async def served(teams: Teams, folder: Path) -> AsyncIterator[None]:
    async with serving(folder, {"TEAMS_LOCAL": "1"}) as url:
        await teams.http_to(f"{url}{PATH}")
        yield


async def acknowledgements() -> str:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        async with Teams(signed=False) as teams, served(teams, folder):

            async def say(number: int) -> None:
                user = f"U{number}"
                await teams.say(user, teams.personal(user), QUESTIONS[number % len(QUESTIONS)])

            return await measured(teams, folder, say)


async def rows() -> Sequence[Row]:
    """Every figure, with its name."""
    return [("Teams acknowledged, median; p99; longest, over http", await acknowledgements())]
