"""Who cannot be answered at once is told how many come before them, rather than left waiting."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

from bot.core.messages import Incoming
from bot.core.state import Inbox, StoreAwayError

PAUSES = (2.0, 5.0, 10.0, 20.0, 40.0, 60.0)
"""Seconds before each look at a message; after the last one nothing more is said."""
MOST = 100
"""Messages looked after at once: of a crowd, the others learn nothing until they are answered."""

_log = logging.getLogger(__name__)

Tell = Callable[[int], Awaitable[bool]]
"""Tells a message's sender its number; False when that could not be done, after which nothing more is said."""


def busy(place: int) -> str:
    """Says that others come before."""
    return f"The coach is busy: you are number {place:,}."


class Waiting:
    """Looks after messages that were just taken, and has the senders of those that still wait told.

    Nothing is said of numbers up to `beyond`.
    """

    def __init__(
        self, inbox: Inbox, *, pauses: Sequence[float] | None = None, most: int = MOST, beyond: int = 0
    ) -> None:
        self._inbox = inbox
        self._pauses = PAUSES if pauses is None else pauses
        self._most = most
        self._beyond = beyond
        self._tasks: set[asyncio.Task[None]] = set()

    def look_after(self, message: Incoming, tell: Tell) -> None:
        """Looks after a message from now on; `tell` is called whenever its number has changed since the last look."""
        if len(self._tasks) >= self._most:
            return
        task = asyncio.create_task(self._look(message, tell))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Looks no more; the messages are another process's to tell of."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _look(self, message: Incoming, tell: Tell) -> None:
        told = None
        for pause in self._pauses:
            await asyncio.sleep(pause)
            try:
                place = await self._inbox.place(message.id)
            except StoreAwayError as error:
                _log.info("nobody is told how long message %s waits: %s", message.id, error)
                return
            if place is None:
                return
            if place > self._beyond and place != told:
                if not await tell(place):
                    return
                told = place
