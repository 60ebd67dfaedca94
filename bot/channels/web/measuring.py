"""What `/metrics` tells: what serves, whether it can, what each prompt version did, how full the inbox is."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace

from bot.channels.platform_measures import PlatformMeasures
from bot.core.prompts import Figures
from bot.core.state import Depth, Store, StoreAwayError
from bot.prompts.history import History
from bot.prompts.prices import Prices
from bot.prompts.standing import Standing
from bot.prompts.usage import figures, version_group

PATIENCE_SECONDS = 2.0
"""How long the store may take; who scrapes waits no longer than ten seconds, and wants the rest."""
MAX_VERSIONS = 50
"""Versions whose figures are told, the newest; the live one and the one on trial always are."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Measures:
    """How things stand, as far as is known.

    `is_stale` says that the store is away and `standing` the last that was read of it; `figures`, by version, and
    `depth` are of now or not there. `is_ready`, `store_failures` and `platforms` are this process's own.
    """

    standing: Standing
    is_stale: bool = False
    figures: Mapping[int, Figures] = field(default_factory=dict)
    depth: Depth | None = None
    is_ready: bool = True
    store_failures: int = 0
    platforms: tuple[PlatformMeasures, ...] = ()


async def _no_fault() -> str | None:
    return None


class Measuring:
    """Reads measures from the store, and asks whether this process can answer: `fault` says why it cannot."""

    def __init__(
        self,
        *,
        history: History,
        store: Store,
        prices: Prices,
        fault: Callable[[], Awaitable[str | None]] = _no_fault,
        platforms: Callable[[], tuple[PlatformMeasures, ...]] = tuple,
    ) -> None:
        self._history = history
        self._store = store
        self._prices = prices
        self._fault = fault
        self._platforms = platforms

    async def measure(self) -> Measures:
        """Gives the measures, in time; never raises for a store that is away."""
        measured, is_ready = await asyncio.gather(self._in_time(), self._is_ready())
        return replace(measured, is_ready=is_ready, store_failures=self._store.failures, platforms=self._platforms())

    async def _is_ready(self) -> bool:
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE_SECONDS):
                return await self._fault() is None
        return False

    async def _in_time(self) -> Measures:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                return await self._measured()
        except TimeoutError:
            _log.warning("the store does not answer in time: the last known version is told")
            return Measures(self._history.known, is_stale=True)

    async def _measured(self) -> Measures:
        try:
            standing = await self._history.standing()
        except StoreAwayError as error:
            _log.warning("the last known version is told: %s", error)
            return Measures(self._history.known, is_stale=True)
        try:
            return Measures(standing, figures=await self._figures(standing), depth=await self._store.inbox.depth())
        except StoreAwayError as error:
            _log.warning("versions' figures cannot be told: %s", error)
            return Measures(standing)

    async def _figures(self, standing: Standing) -> Mapping[int, Figures]:
        serving = (standing.live, standing.trial.version if standing.trial else None)
        newest = sorted(standing.versions)[-MAX_VERSIONS:]
        ordered = sorted({*newest, *(number for number in serving if number is not None)})
        sums = await self._store.counters.read([version_group(number) for number in ordered])
        return {
            number: figures(counted, self._prices) for number, counted in zip(ordered, sums, strict=True) if counted
        }
