"""Tidies the file while nothing else is to be done: what expired goes, and erased text leaves the write-ahead log."""

import logging
from collections.abc import Callable

from bot.core.state import StoreAwayError
from bot.stores.sqlite.connection import Database
from bot.stores.sqlite.expiry import drop_expired

_EMPTY_LOG_EVERY = 5.0
"""Seconds at least between two emptyings of the write-ahead log."""
_DROP_EVERY = 10.0
"""Seconds after which an inbox with nothing to do drops what expired, a little each time."""

_log = logging.getLogger(__name__)


class Tidying:
    """Does a little each time that it is told that there is nothing else to do.

    `identity` is for how many seconds an ended message's id is known.
    """

    def __init__(self, database: Database, *, clock: Callable[[], float], identity: float) -> None:
        self._database = database
        self._clock = clock
        self._identity = identity
        self._dropped_at = clock()
        self._emptied_at = 0.0
        self._has_erased = False

    def erased(self) -> None:
        """Learns that text was erased."""
        self._has_erased = True

    async def if_due(self) -> None:
        """Tidies what has waited long enough for it."""
        now = self._clock()
        if now >= self._dropped_at + _DROP_EVERY:
            dropped = await self._database.write(
                lambda connection: drop_expired(connection, now=now, ended_before=now - self._identity)
            )
            # What is left over goes at the next look.
            self._dropped_at = self._dropped_at if dropped else now
            self._has_erased = self._has_erased or dropped > 0
        if self._has_erased and now >= self._emptied_at + _EMPTY_LOG_EVERY:
            self._has_erased, self._emptied_at = False, self._clock()
            try:
                await self._database.empty_log()
            except StoreAwayError as error:
                # It can wait; what is wrong with the file, if it lasts, the next look for a message says.
                self._has_erased = True
                _log.info("the write-ahead log is emptied later: %s", error)
