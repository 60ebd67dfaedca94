"""A server as a process that is killed, or told to end, and started again at the same place."""

import asyncio
import os
import random
import signal
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import psutil
from aiohttp import ClientError, ClientSession, ClientTimeout

from tests.fakes import LESSON
from tests.worker.replicas import store_of
from tests.worker.test_kills import PORTS, is_free

ROOT = Path(__file__).parents[1]
PATIENCE = 60.0
CALL = ClientTimeout(total=10)


class ServerProcess:
    """One server on a port of its own."""

    def __init__(self, starter: asyncio.subprocess.Process) -> None:
        self._starter = starter
        # Another run of the tests on this machine begins to look elsewhere.
        self.port = next(filter(is_free, PORTS[os.getpid() % len(PORTS) :]))
        self.process = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Starts it as soon as the one before has let go of the port."""
        async with asyncio.timeout(PATIENCE):
            while not is_free(self.port):
                await asyncio.sleep(0.002)
        assert self._starter.stdin
        assert self._starter.stdout
        self._starter.stdin.write(f"{self.port}\n".encode())
        self.process = int(await asyncio.wait_for(self._starter.stdout.readline(), PATIENCE))

    def kill(self) -> None:
        os.kill(self.process, signal.SIGKILL)

    async def terminate(self) -> None:
        """Tells it to end, and waits until it has."""
        os.kill(self.process, signal.SIGTERM)
        async with asyncio.timeout(PATIENCE):
            while psutil.pid_exists(self.process):
                await asyncio.sleep(0.01)

    async def serves(self) -> None:
        """Waits until it can be reached."""
        async with asyncio.timeout(PATIENCE), ClientSession(timeout=CALL) as http:
            while True:
                try:
                    async with http.get(f"{self.url}/healthz") as response:
                        assert response.status == 200
                        return
                except (ClientError, OSError):
                    await asyncio.sleep(0.005)


@asynccontextmanager
async def small_server(
    folder: Path, spec: str, settings: Mapping[str, str], *, program: Sequence[str] = ("tests.small_server",)
) -> AsyncIterator[ServerProcess]:
    """Starts `tests.small_server`, or a program around it, with these settings over the store of `spec`."""
    lessons = folder / "knowledge"
    lessons.mkdir()
    (lessons / "roofs.md").write_text(LESSON, encoding="utf-8")
    starter = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        *program,
        str(lessons),
        spec,
        cwd=ROOT,
        env={**os.environ, "COACH_LOG_LEVEL": "warning", **settings},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    server = ServerProcess(starter)
    try:
        await server.start()
        await server.serves()
        yield server
    finally:
        with suppress(ProcessLookupError):
            server.kill()
        starter.kill()
        await starter.wait()


async def kill_again_and_again(server: ServerProcess, kills: int, *, longest: float, chance: random.Random) -> None:
    """Kills the server and starts it again, after it has served for `longest` seconds at the most."""
    for _ in range(kills):
        await server.serves()
        await asyncio.sleep(chance.uniform(0, longest))
        server.kill()
        await server.start()


async def until_idle(spec: str, seconds: float) -> None:
    """Waits until nothing is left to be done; nothing was given up."""
    store = store_of(spec)
    await store.open()
    try:
        async with asyncio.timeout(seconds):
            while (depth := await store.inbox.depth()).waiting or depth.leased:
                assert depth.dead == 0, await store.inbox.dead(limit=3)
                await asyncio.sleep(0.05)
        assert depth.dead == 0, await store.inbox.dead(limit=3)
    finally:
        await store.close()
