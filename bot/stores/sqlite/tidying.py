"""Tidies the file while nothing else is to be done: what expired goes, erased text leaves the log and then the file."""

import logging
from collections.abc import Callable

from bot.core.state import StoreAwayError
from bot.stores.sqlite.connection import Database
from bot.stores.sqlite.expiry import drop_expired
from bot.stores.sqlite.message_rows import bring_back

_EMPTY_LOG_EVERY = 5.0
"""Seconds at least between two emptyings of the write-ahead log."""
_DROP_EVERY = 10.0
"""Seconds after which an inbox with nothing to do drops what expired, a little each time."""
_REWRITE_EVERY = 3600.0
"""Seconds at least between two rewritings of the file, and from the start to the first."""

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
        self._rewritten_at = clock()
        self._has_erased = False
        self._has_left = False

    def erased(self) -> None:
        """Learns that text was erased."""
        self._has_erased = self._has_left = True

    async def if_due(self) -> None:
        """Tidies what has waited long enough for it."""
        now = self._clock()
        if _is_over(self._dropped_at, now, _DROP_EVERY):
            await self._database.write(lambda connection: bring_back(connection, now=now))
            dropped = await self._database.write(
                lambda connection: drop_expired(connection, now=now, ended_before=now - self._identity)
            )
            # What is left over goes at the next look.
            self._dropped_at = self._dropped_at if dropped else now
            if dropped:
                self.erased()
        if self._has_erased and _is_over(self._emptied_at, now, _EMPTY_LOG_EVERY):
            self._has_erased, self._emptied_at = False, self._clock()
            try:
                await self._database.empty_log()
            except StoreAwayError as error:
                # It can wait; what is wrong with the file, if it lasts, the next look for a message says.
                self._has_erased = True
                _log.info("the write-ahead log is emptied later: %s", error)
        if self._has_left and _is_over(self._rewritten_at, now, _REWRITE_EVERY):
            self._has_left, self._rewritten_at = False, self._clock()
            try:
                await self._database.rewrite_small()
            except StoreAwayError as error:
                self._has_left = True
                _log.info("the file is rewritten later: %s", error)


def _is_over(since: float, now: float, seconds: float) -> bool:
    """Whether so many seconds are over; a clock that was put back counts, or everything would wait for it."""
    return abs(now - since) >= seconds
