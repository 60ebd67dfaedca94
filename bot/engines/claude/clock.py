"""How long a reply may take."""

import asyncio
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds until a call's first text, and until the whole reply."""

    first: float
    whole: float


@dataclass(frozen=True, slots=True)
class Deadlines:
    """When a call's first piece of text must be there, and when the whole reply, in the event loop's time."""

    first: float
    whole: float


class Clock:
    """Runs from a reply's beginning; a second call for the same reply gets no more time for the whole."""

    def __init__(self, times: Times) -> None:
        self._times = times
        self._whole = asyncio.get_running_loop().time() + times.whole

    def deadlines(self) -> Deadlines:
        """The deadlines of a call that begins now."""
        first = asyncio.get_running_loop().time() + self._times.first
        return Deadlines(first=min(first, self._whole), whole=self._whole)
