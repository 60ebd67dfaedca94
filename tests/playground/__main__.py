"""`make playground`: the coach in local mode with Microsoft's Agents Playground beside it, until Ctrl-C."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import Process
from contextlib import suppress
from pathlib import Path
from typing import Any

from bot.channels.terminal.reading import InputError
from bot.commands.opening import read_settings
from tests.playground.installed import PACKAGES, MissingError
from tests.playground.server import ROBIN, PlaygroundError, playground

PORT = 56150
"""The Playground's own, if it is free."""


async def main() -> int:
    """Runs both until either ends or somebody ends them; gives the exit status."""
    ending = asyncio.Event()
    for told in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(told, ending.set)
    settings = read_settings()
    port = settings.coach_port or 8080
    # Who sits before the Playground is an admin, beside those who are one anyhow.
    coach = await _coach(port, settings.coach_admins | {ROBIN})
    try:
        log = PACKAGES.parent / "playground.log"
        async with playground(f"http://127.0.0.1:{port}/api/messages", log=log, port=PORT) as url:
            print(f"The coach's own page:   http://127.0.0.1:{port}", file=sys.stderr)  # noqa: T201 - what it is for
            print(f"The Agents Playground:  {url}  (Ctrl-C ends both)", file=sys.stderr)  # noqa: T201 - as above
            await _first(asyncio.create_task(coach.wait()), asyncio.create_task(ending.wait()))
    finally:
        with suppress(ProcessLookupError):
            coach.terminate()
        await coach.wait()
    return 0 if ending.is_set() else coach.returncode or 0


async def _first(*tasks: asyncio.Task[Any]) -> None:
    """Waits until one of them is over."""
    _, others = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in others:
        task.cancel()


async def _coach(port: int, admins: frozenset[str]) -> Process:
    """Starts the coach in local mode, in a group of its own, so that Ctrl-C comes to it from here alone, once."""
    return await asyncio.create_subprocess_exec(
        *(str(Path(sys.executable).with_name("coach")), "serve", "--host", "127.0.0.1", "--port", str(port)),
        env={**os.environ, "TEAMS_LOCAL": "1", "COACH_ADMINS": ",".join(sorted(admins))},
        start_new_session=True,
    )


if __name__ == "__main__":
    try:
        sys.exit(asyncio.run(main()))
    except (InputError, MissingError, PlaygroundError) as error:
        sys.exit(f"make: {error}")
