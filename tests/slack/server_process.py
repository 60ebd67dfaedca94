"""A server as a process that is killed, or told to end, and started again at the same place."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import psutil
from aiohttp import ClientError, ClientSession, ClientTimeout

from tests.fakes import LESSON
from tests.slack.loopback.server import Slack
from tests.slack.loopback.workspace import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET
from tests.worker.test_kills import PORTS, is_free

ROOT = Path(__file__).parents[2]
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
async def server_process(slack: Slack, folder: Path, spec: str, mode: str) -> AsyncIterator[ServerProcess]:
    """Starts the small coach in `slack`; over HTTP, Slack is told where it is."""
    lessons = folder / "knowledge"
    lessons.mkdir()
    (lessons / "roofs.md").write_text(LESSON, encoding="utf-8")
    tokens = {"SLACK_APP_TOKEN": APP_TOKEN} if mode == "socket" else {"SLACK_SIGNING_SECRET": SIGNING_SECRET}
    starter = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.slack.small_server",
        str(lessons),
        spec,
        cwd=ROOT,
        env={**os.environ, "SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_API_URL": slack.api_url, **tokens},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    server = ServerProcess(starter)
    if mode == "http":
        await slack.http_to(f"{server.url}/slack/events")
    try:
        await server.start()
        await server.serves()
        yield server
    finally:
        with suppress(ProcessLookupError):
            server.kill()
        starter.kill()
        await starter.wait()
