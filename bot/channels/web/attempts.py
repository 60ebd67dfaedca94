"""Wrong tokens: after too many of them none is looked at for a while, whoever sends it."""

import logging
import math
import time
from collections.abc import Callable

MOST = 10
"""Wrong tokens that are looked at within `SECONDS`: enough for a room of people who mistype, too few to guess by."""
SECONDS = 60.0

_log = logging.getLogger(__name__)


class Attempts:
    """Counts the wrong tokens of everybody together, in this process: behind a proxy all callers have one address.

    One that comes again and again is no new guess: a program with an old token locks nobody out.
    """

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failed: dict[int, float] = {}

    def wait(self) -> int:
        """Gives the seconds until a token is looked at again, 0 when one is now."""
        now = self._clock()
        self._failed = {token: at for token, at in self._failed.items() if at > now - SECONDS}
        if len(self._failed) < MOST:
            return 0
        return math.ceil(min(self._failed.values()) + SECONDS - now)

    def fail(self, token: str) -> None:
        """Notes a wrong token, by no more than its hash."""
        self._failed.setdefault(hash(token), self._clock())
        if self.wait():
            _log.warning("%d wrong tokens within %d s: for a while none is looked at", MOST, SECONDS)
