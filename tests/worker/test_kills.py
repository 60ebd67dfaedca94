"""kill -9 at any moment: what was acknowledged is answered, and once.

Longer: `COACH_KILLS=5000 pytest tests/worker/test_kills.py`.
"""

import asyncio
import json
import os
import random
import signal
import socket
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from itertools import islice
from pathlib import Path

import pytest
from aiohttp import ClientError, ClientSession

from bot.core.state import Depth
from tests.fakes import LESSON
from tests.stores.redis_server import Server
from tests.worker.platform import CALL, Platform
from tests.worker.replicas import store_of

ROOT = Path(__file__).parents[2]
KILLS = int(os.environ.get("COACH_KILLS", "200"))
REPLICAS = 4
THREADS_AT_ONCE = 12
MESSAGES_A_THREAD = 6
LONGEST_LIFE = 0.3
"""Seconds that a process has served at the most when it is killed."""
PATIENCE = 60.0
PORTS = range(23_000, 30_000)
"""Ports that no system gives to a connection by itself: another's connection must not sit on a killed one's port."""


def is_free(port: int) -> bool:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


class Replicas:
    """Processes that serve on ports of their own, and are killed and started again."""

    def __init__(self, starter: asyncio.subprocess.Process) -> None:
        self._starter = starter
        self._starting = asyncio.Lock()
        self.ports = list(islice(filter(is_free, PORTS), REPLICAS))
        self.processes: dict[int, int] = {}
        self.kills = 0

    async def start(self, port: int) -> None:
        """Starts a process on the port as soon as the killed one has let go of it."""
        async with asyncio.timeout(PATIENCE):
            while not is_free(port):
                await asyncio.sleep(0.002)
        assert self._starter.stdin
        assert self._starter.stdout
        async with self._starting:
            self._starter.stdin.write(f"{port}\n".encode())
            self.processes[port] = int(await asyncio.wait_for(self._starter.stdout.readline(), PATIENCE))

    def kill(self, port: int) -> None:
        os.kill(self.processes.pop(port), signal.SIGKILL)

    async def kill_again_and_again(self, port: int, http: ClientSession, chance: random.Random) -> None:
        while self.kills < KILLS:
            await self.serves(port, http)
            await asyncio.sleep(chance.uniform(0, LONGEST_LIFE))
            self.kill(port)
            self.kills += 1
            await self.start(port)

    async def serves(self, port: int, http: ClientSession) -> None:
        async with asyncio.timeout(PATIENCE):
            while True:
                try:
                    async with http.get(f"http://127.0.0.1:{port}/healthz", timeout=CALL) as response:
                        assert response.status == 200
                        return
                except (ClientError, OSError):
                    await asyncio.sleep(0.005)


@asynccontextmanager
async def replicas(folder: Path, spec: str) -> AsyncIterator[Replicas]:
    starter = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.worker.replicas",
        str(folder),
        spec,
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    started = Replicas(starter)
    try:
        await asyncio.gather(*map(started.start, started.ports))
        yield started
    finally:
        for port in list(started.processes):
            with suppress(ProcessLookupError):
                started.kill(port)
        starter.kill()
        await starter.wait()


@pytest.fixture(params=["sqlite", "redis"])
def spec(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:{tmp_path / 'coach.sqlite3'}"
        return
    server: Server = request.getfixturevalue("own_redis_server")
    yield f"redis:{server.url}"


async def test_what_was_acknowledged_is_answered_once_whenever_a_process_is_killed(spec: str, tmp_path: Path) -> None:
    folder = tmp_path / "knowledge"
    folder.mkdir()
    (folder / "roof-care.md").write_text(LESSON)
    chance = random.Random(7)  # noqa: S311 - not for secrets
    async with replicas(folder, spec) as started, ClientSession() as http:
        platform = Platform(http, started.ports, chance)
        killing = [asyncio.create_task(started.kill_again_and_again(port, http, chance)) for port in started.ports]
        await asyncio.gather(*(_converse_while(killing, platform, number) for number in range(THREADS_AT_ONCE)))
        await asyncio.gather(*killing)
        accepted = [id_ for ids in platform.accepted.values() for id_ in ids]
        async with asyncio.timeout(PATIENCE):
            await asyncio.gather(*(_answered(platform, id_) for id_ in accepted))
        assert started.kills >= KILLS
        assert len(accepted) >= KILLS
        assert set(platform.replies) == set(accepted)
        for id_ in accepted:
            status, body = platform.replies[id_]
            assert status == 200, body
            assert json.loads(body)["covered"]
    await _in_order_once(spec, platform)


async def _converse_while(killing: list[asyncio.Task[None]], platform: Platform, number: int) -> None:
    """Holds one conversation after the other, and looks at a few replies meanwhile, until all killing is done."""
    conversation = 0
    while not all(task.done() for task in killing):
        thread = f"t{number}-{conversation}"
        await platform.converse(thread, MESSAGES_A_THREAD)
        await platform.reply(platform.chance.choice(platform.accepted[thread]))
        conversation += 1


async def _answered(platform: Platform, id_: str) -> None:
    while await platform.reply(id_) is None:
        await asyncio.sleep(0.1)
    assert await platform.reply(id_)


async def _in_order_once(spec: str, platform: Platform) -> None:
    """Each thread's memory holds each of its questions once, in the order they were accepted."""
    store = store_of(spec)
    await store.open()
    try:
        for thread, ids in platform.accepted.items():
            turns = await store.threads.recent(f"web:{thread}")
            assert [turn.id.removeprefix("web:") for turn in turns] == ids
        assert await store.inbox.depth() == Depth(waiting=0, leased=0, dead=0, oldest=0.0)
    finally:
        await store.close()
