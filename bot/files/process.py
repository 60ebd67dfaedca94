"""Runs the process that reads a file, and ends it: when it is done, too late, or nobody waits for it any more."""

import asyncio
import json
import os
import sys
from weakref import WeakKeyDictionary

from bot.files.faults import Fault, FaultError

DEADLINE_SECONDS = 20.0
AT_ONCE = 2
"""Processes at a time; files beyond that wait, and their deadline does not run yet."""

_KEPT = ("LD_LIBRARY_PATH",)
"""What Python itself can need of the environment; the rest holds keys and tokens."""

_places: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


async def read_apart(kind: str, content: bytes, *, longest: int, deadline: float = DEADLINE_SECONDS) -> str:
    """Gives the text of `content`, a file of this kind, read in a process of its own.

    Raises:
        FaultError: the file has a fault, or reading it takes longer than `deadline` seconds.
    """
    async with _places.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(AT_ONCE)):
        try:
            async with asyncio.timeout(deadline):
                said = await _said(kind, content, longest)
        except TimeoutError:
            raise FaultError(Fault.TOO_HEAVY) from None
    if "fault" in said:
        raise FaultError(Fault[said["fault"]])
    return said["text"]


async def _said(kind: str, content: bytes, longest: int) -> dict[str, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        "-m",
        "bot.files.child",
        kind,
        str(longest),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,  # parsers complain there in the file's own words
        env={name: os.environ[name] for name in _KEPT if name in os.environ},
        cwd="/",
    )
    try:
        output, _ = await process.communicate(content)
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()
    if process.returncode:  # killed by a limit, or a parser broke down
        raise FaultError(Fault.TOO_HEAVY)
    said: dict[str, str] = json.loads(output)
    return said
