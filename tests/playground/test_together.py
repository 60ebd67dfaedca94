import asyncio
import re
import signal
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio

from tests.fakes import LESSON, PROMPTS
from tests.playground.server import TENANT
from tests.processes import Start, starting
from tests.web.waiting import until
from tests.worker.test_kills import PORTS, is_free

PATIENCE_SECONDS = 60


@pytest.fixture
def port() -> int:
    return next(filter(is_free, reversed(PORTS)))


@pytest_asyncio.fixture
async def start(tmp_path: Path, port: int) -> AsyncIterator[Start]:
    """Starts both, over the small lesson; they are told to end, for who is killed cannot end the coach."""
    for name, files in {"knowledge": {"roofs.md": LESSON}, "prompts": PROMPTS}.items():
        (tmp_path / name).mkdir()
        for file, text in files.items():
            (tmp_path / name / file).write_text(text, encoding="utf-8")
    started: list[Process] = []
    async with starting(tmp_path) as starts:

        async def together(**settings: str) -> Process:
            started.append(await starts("-m", "tests.playground", **{"COACH_PORT": str(port)} | settings))
            return started[-1]

        yield together
        for each in started:
            if each.returncode is None:
                each.terminate()
                await each.communicate()


async def told(process: Process, *words: str) -> list[str]:
    """What the lines that have these words, in whatever order, say after them."""
    assert process.stderr
    found: dict[str, str] = {}
    async with asyncio.timeout(PATIENCE_SECONDS):
        while found.keys() != set(words) and (line := (await process.stderr.readline()).decode()):
            found |= {each: at[1] for each in words if (at := re.search(rf"{each}\s*(\S+)", line))}
    return [found[each] for each in words]


async def test_the_coach_and_the_playground_start_together_and_end_together(start: Start, port: int) -> None:
    both = await start()
    coach, client, _ = await told(both, "own page:", "Agents Playground:", "TEAMS_LOCAL is")
    await until(lambda: not is_free(port))
    async with aiohttp.ClientSession() as http:
        async with http.get(client) as page:
            assert "Agents Playground" in await page.text()
        async with http.get(f"{coach}/healthz") as health:
            assert health.status == 200
    both.send_signal(signal.SIGINT)
    async with asyncio.timeout(PATIENCE_SECONDS):
        assert await both.wait() == 0
    assert is_free(port)
    assert is_free(int(client.rpartition(":")[2]))


async def test_with_an_app_id_there_is_no_local_mode(start: Start) -> None:
    both = await start(TEAMS_APP_ID=TENANT, TEAMS_APP_PASSWORD="secret", TEAMS_APP_TENANT_ID=TENANT)  # noqa: S106
    assert both.stderr
    said = (await both.stderr.read()).decode()
    assert await both.wait() != 0
    assert "TEAMS_LOCAL takes whatever comes unsigned: unset it, or TEAMS_APP_ID" in said


async def test_without_nodejs_it_says_how_to_have_it_and_no_coach_stays(
    start: Start, port: int, tmp_path: Path
) -> None:
    both = await start(PATH=str(tmp_path))
    assert both.stderr
    said = (await both.stderr.read()).decode().splitlines()
    assert await both.wait() != 0
    assert said[-1] == "make: no Node.js: on Debian `apt-get install nodejs npm`, then `make test`"
    assert is_free(port)
