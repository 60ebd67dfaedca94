"""Which version serves whom, and what came of it: figures for each version, and the end of a trial that goes badly."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping

from bot.core.prompts import Serving, Tally
from bot.core.state import Counters, StoreAwayError
from bot.prompts.history import History
from bot.prompts.refusal import Refusal
from bot.prompts.registry import PromptRegistry
from bot.prompts.standing import Standing
from bot.prompts.trial import SIGNALS, clearly_worse, is_look, takes_part
from bot.prompts.usage import reply_amounts, trial_amounts, trial_group, trial_reaction, version_group

AWAY_SECONDS = 1.0
"""How long the last known version is served without asking a store that was away."""

_log = logging.getLogger(__name__)


class NoVersionError(StoreAwayError):
    """The store is there, and holds no version that is live; a message waits until one is."""

    def __init__(self) -> None:
        super().__init__(
            "no version of the system prompt is live: put one into the prompts folder, or `coach prompts activate` one"
        )


class LiveVersions:
    """Serves the live version or, for a share of the people, the one on trial.

    When the store is away it is the last known one, marked stale. Safe for concurrent use within one event loop.
    """

    def __init__(
        self,
        history: History,
        registry: PromptRegistry,
        counters: Counters,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._history = history
        self._registry = registry
        self._counters = counters
        self._clock = clock
        self._away_until = float("-inf")
        self._asking = asyncio.Lock()

    async def serving(self, person: str) -> Serving:
        """Gives the version that serves `person` now.

        Raises:
            NoVersionError: none is live.
            StoreAwayError: the store is away and no version is known from before.
        """
        async with self._asking:  # when the store hangs, one message waits for it, and those behind it know by then
            if self._clock() >= self._away_until:
                try:
                    standing = await self._history.standing()
                    prompt = await self._history.prompt(standing.versions[_chosen(standing, person)])
                except NoVersionError:
                    raise
                except StoreAwayError as error:
                    _log.warning("the last known version of the system prompt is served: %s", error)
                    self._away_until = self._clock() + AWAY_SECONDS
                else:
                    return Serving(prompt=prompt, trial=_trial(standing))
        return self._last_known(person)

    async def replied(self, served: Serving, tally: Tally) -> None:
        """Counts one reply; never raises."""
        version = served.prompt.version
        await self._count(version_group(version), reply_amounts(tally))
        if served.trial is not None:
            await self._count_in_trial(served.trial, version, trial_amounts(tally))

    async def reacted(self, version: int, trial: int | None, *, up: int, down: int, first: bool) -> None:
        """Counts what a person thinks of a reply; never raises."""
        await self._count(version_group(version), {"up": up, "down": down})
        if trial is not None:
            await self._count_in_trial(trial, version, trial_reaction(down=down, first=first))

    def _last_known(self, person: str) -> Serving:
        standing = self._history.known
        if standing.live is None:
            raise StoreAwayError("the store is away, and no version of the system prompt is known from before")
        for number in (_chosen(standing, person), standing.live):
            if prompt := self._history.known_prompt(number):
                return Serving(prompt=prompt, stale=True, trial=_trial(standing))
        raise StoreAwayError("the store is away, and the live version's text was not read before")

    async def _count_in_trial(self, trial: int, version: int, amounts: Mapping[str, int]) -> None:
        """Counts for one of a trial's two versions; the replica that counts the reply of a look takes the look."""
        sums = await self._count(trial_group(trial, version), amounts)
        under_way = self._history.known.trial
        if under_way is None or (under_way.position, under_way.version) != (trial, version):
            return
        looks = [signal for signal in SIGNALS if amounts.get(signal.of) and is_look(sums.get(signal.of, 0))]
        live = self._history.known.live
        if not looks or live is None:
            return
        try:
            candidate, other = await self._counters.read([trial_group(trial, version), trial_group(trial, live)])
            for signal in looks:
                if reason := clearly_worse(signal, candidate, other):
                    await self._registry.end_trial(trial, reason)
                    return
        except (StoreAwayError, Refusal) as error:
            _log.warning("the trial of version %d could not be looked at: %s", version, error)

    async def _count(self, group: str, amounts: Mapping[str, int]) -> Mapping[str, int]:
        """Adds to a group; a figure is not worth a reply, so a store that is away is only logged."""
        try:
            return await self._counters.add(group, amounts)
        except StoreAwayError as error:
            _log.warning("figures of %s could not be counted: %s", group, error)
            return {}


def _chosen(standing: Standing, person: str) -> int:
    """The number of the version that serves `person`."""
    if standing.live is None:
        raise NoVersionError
    trial = standing.trial
    if trial and takes_part(person, version=trial.version, share=trial.share):
        return trial.version
    return standing.live


def _trial(standing: Standing) -> int | None:
    return standing.trial.position if standing.trial else None
