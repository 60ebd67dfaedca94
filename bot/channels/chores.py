"""What is done after a platform has its acknowledgement: views opened, messages brought up to date."""

import asyncio
import logging
from collections.abc import Coroutine

from bot.core.state import StoreAwayError

MOST = 1_000
"""Chores under way at once; of what a crowd clicks at the same moment, the rest is left out."""
GRACE_SECONDS = 3.0

_log = logging.getLogger(__name__)


class Chores:
    """Runs small tasks on their own. None of them may matter so much that it must outlive the process.

    `expected` are the exceptions whose words say nothing of anybody's.
    """

    def __init__(self, *expected: type[Exception]) -> None:
        self._expected: tuple[type[Exception], ...] = (*expected, StoreAwayError)
        self._under_way: set[asyncio.Task[None]] = set()

    def start(self, name: str, chore: Coroutine[object, object, None]) -> None:
        """Runs a chore; what becomes of it is only logged, by its name."""
        if len(self._under_way) >= MOST:
            chore.close()
            _log.warning("too much at once: left out %s", name)
            return
        task = asyncio.create_task(self._logged(name, chore))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def close(self) -> None:
        """Lets what is under way finish, within a few seconds."""
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=GRACE_SECONDS)
        for task in list(self._under_way):
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    async def _logged(self, name: str, chore: Coroutine[object, object, None]) -> None:
        try:
            await chore
        except self._expected as error:
            _log.warning("%s: %s", name, error)
        except Exception as error:
            _log.error("%s failed: %s", name, type(error).__name__)  # its words may hold a person's
