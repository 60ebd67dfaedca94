"""Microsoft's Agents Playground as a process: a page that looks like Teams, and the connector behind it."""

import asyncio
import os
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from tests.playground.installed import PACKAGES, node, package

HERE = Path(__file__).parent
TENANT = "7e000000-0000-4000-8000-000000000001"
ROBIN = f"teams:{TENANT}/aad00000-0000-4000-8000-000000000001"
"""Who sits before the page, in people.yml."""
LISTENING = "Listening on "
STARTING_SECONDS = 30
ENDING_SECONDS = 5


class PlaygroundError(Exception):
    """It did not start."""


@asynccontextmanager
async def playground(endpoint: str, *, log: Path, port: int = 0) -> AsyncGenerator[str]:
    """Runs the Playground for the bot at `endpoint` until the end of the block, and gives the page's address.

    `port` is taken if it is free, else another one. It ends with this process, however that ends.

    Raises:
        MissingError: Node.js or the Playground is not installed.
        PlaygroundError: it did not start; the message is the end of its log.
    """
    arguments = ["--app-endpoint", endpoint, "--channel-id", "msteams", "--port", str(port), "--disable-telemetry"]
    process = await asyncio.create_subprocess_exec(
        *(node(), "--require", str(HERE / "loopback_bind.cjs")),
        *(str(package("@microsoft/m365agentsplayground") / "cli.js"), "start", *arguments),
        cwd=PACKAGES.parent,
        env={
            "PATH": os.environ.get("PATH", ""),
            "TEAMSAPPTESTER_BROWSER": "none",
            "M365_AGENTS_PLAYGROUND_CONFIG_PATH": str(HERE / "people.yml"),
            "M365_AGENTS_PLAYGROUND_LOGFILE": str(log),
        },
        stdin=PIPE,
        stdout=PIPE,
        stderr=DEVNULL,
    )
    try:
        yield f"http://127.0.0.1:{await _port(process, log)}"
    finally:
        await _end(process)


async def _port(process: Process, log: Path) -> int:
    assert process.stdout
    with suppress(TimeoutError):
        async with asyncio.timeout(STARTING_SECONDS):
            async for line in process.stdout:
                if (said := line.decode(errors="replace").strip()).startswith(LISTENING):
                    return int(said.removeprefix(LISTENING))
    said = log.read_text(encoding="utf-8", errors="replace") if log.exists() else "it said nothing"
    raise PlaygroundError(f"the Playground did not start: {said.strip()[-1_000:]}")


async def _end(process: Process) -> None:
    assert process.stdin
    process.stdin.close()
    with suppress(TimeoutError):
        async with asyncio.timeout(ENDING_SECONDS):
            await process.wait()
    if process.returncode is None:
        process.kill()
        await process.wait()
