"""Tokens a day, for the workspace and for each person, counted in the store so that every replica sees them."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date

from bot.core.prompts import Usage
from bot.core.pseudonym import pseudonym
from bot.core.replies import Fallback
from bot.core.state import Counters, StoreAwayError
from bot.engines.claude.failures import CallFailedError
from bot.engines.claude.pieces import Meter

KEPT_SECONDS = 2 * 86_400.0
"""How long a day's count is kept: until it is over everywhere."""

_USED = "used"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """Tokens a day, cached ones included."""

    workspace: int
    person: int


class Budget:
    """Lets a call spend tokens as long as there are some left today."""

    def __init__(self, counters: Counters, limits: Limits, *, today: Callable[[], date]) -> None:
        self._counters = counters
        self._limits = limits
        self._today = today

    @asynccontextmanager
    async def spending(self, person: str, tokens: int, meter: Meter) -> AsyncIterator[None]:
        """Reserves `tokens` for as long as the context lasts, so that calls at once cannot overdraw the budget.

        In the end what `meter` counted meanwhile is booked in their place.

        Raises:
            CallFailedError: there are not as many left, or the store is away.
        """
        reserved: list[str] = []
        before = total(meter.usage)
        try:
            for group, limit in self._groups(person):
                reserving = asyncio.create_task(self._reserve(group, limit, tokens))
                try:
                    await asyncio.shield(reserving)
                finally:
                    # Who stops waiting must not leave behind what the store goes on to add.
                    await asyncio.wait([reserving])
                    if not reserving.exception():
                        reserved.append(group)
            yield
        finally:
            spent = total(meter.usage) - before
            for group in reserved:
                await self._book(group, spent - tokens)

    def _groups(self, person: str) -> tuple[tuple[str, int], ...]:
        day = self._today().isoformat()
        own = f"tokens:{day}:{pseudonym(person)}"
        return (f"tokens:{day}", self._limits.workspace), (own, self._limits.person)

    async def _reserve(self, group: str, limit: int, tokens: int) -> None:
        try:
            sums = await self._counters.add(group, {_USED: tokens}, lasts=KEPT_SECONDS)
        except StoreAwayError:
            raise CallFailedError(Fallback.BUDGET, says="the store is away, so it cannot be counted") from None
        if sums[_USED] > limit:
            await self._book(group, -tokens)
            raise CallFailedError(Fallback.BUDGET, says=f"{limit:,} tokens a day")

    async def _book(self, group: str, tokens: int) -> None:
        try:
            await self._counters.add(group, {_USED: tokens}, lasts=KEPT_SECONDS)
        except StoreAwayError as error:
            _log.warning("%d tokens could not be booked: %s", tokens, error)


def total(usage: Usage) -> int:
    """All tokens of a usage."""
    return usage.input_tokens + usage.output_tokens + usage.cache_read_tokens + usage.cache_write_tokens
