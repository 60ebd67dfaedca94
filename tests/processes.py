"""Python as processes of their own, which do not outlive their test."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
SETTINGS = ("COACH_", "SLACK_")
"""What a process has of the coach's settings is what its test gives it."""

Start = Callable[..., Coroutine[Any, Any, Process]]
"""Starts `python ARGUMENT...` with settings."""


@asynccontextmanager
async def starting(folder: Path) -> AsyncGenerator[Start]:
    """Gives what starts processes in a folder."""
    started: list[Process] = []

    async def start(*arguments: str, **settings: str) -> Process:
        environment = {name: value for name, value in os.environ.items() if not name.startswith(SETTINGS)}
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, *arguments),
            cwd=folder,
            # What a test wants on standard error is what went wrong; a line a message is no fault.
            env={**environment, "PYTHONPATH": str(ROOT), "COACH_LOG_LEVEL": "warning", **settings},
            stdout=PIPE,
            stderr=PIPE,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.returncode is None:
            process.kill()
        await process.communicate()
