"""Sees what the worker tells of attempts."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from bot.core.observing import Attempted, Ending, ModelCall, Observers
from bot.core.state import Leased


class Onlooker:
    """Keeps what it learns, which must come within its `around`; joins `observers` when it is made."""

    def __init__(self, observers: Observers) -> None:
        self.attempts: list[Attempted] = []
        self.faults: list[str] = []
        self._under_way: list[str] = []
        self._changed = asyncio.Event()
        observers.join(self)

    @contextmanager
    def around(self, leased: Leased) -> Iterator[None]:
        """Remembers whose attempt it is."""
        self._under_way.append(leased.message.id)
        yield
        self._under_way.remove(leased.message.id)

    def attempted(self, attempted: Attempted) -> None:
        """Keeps it."""
        if attempted.message.id not in self._under_way:
            self.faults.append(f"{attempted.message.id} is told of when it is over")
        self.attempts.append(attempted)
        self._changed.set()

    def called(self, call: ModelCall) -> None:
        """Is for others."""

    @property
    def endings(self) -> list[Ending]:
        return [each.ending for each in self.attempts]

    def told(self, id_: str) -> str:
        """Gives why attempts at messages failed whose ids hold this, a line each."""
        return "\n".join(each.reason for each in self.attempts if id_ in each.message.id and each.reason)

    async def until(self, count: int) -> None:
        """Waits until it has learned of so many attempts."""
        async with asyncio.timeout(20):
            while len(self.attempts) < count:
                self._changed.clear()
                await self._changed.wait()
