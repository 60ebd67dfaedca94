"""How many messages a minute a person, and a workspace, may send; over all replicas, since the store counts them."""

import logging
import math
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing, contextmanager
from dataclasses import dataclass
from typing import Literal

from bot.core.forgetting import is_forgetting
from bot.core.messages import LOCAL, Incoming, Meant
from bot.core.observing import Attempted, ModelCall
from bot.core.pseudonym import pseudonym
from bot.core.replies import Event, Refused
from bot.core.state import Counters, Leased, StoreAwayError
from bot.core.worker import Handle

WINDOW = 60.0
"""Seconds."""
JUDGED_SECONDS = 3_600.0
"""How long it is known of a message whether it was let through, for further attempts at it."""

_SENT, _TIMES, _REFUSED = "sent", "times", "refused"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RateLimits:
    """Messages a minute; 0 for no limit."""

    person: int = 0
    workspace: int = 0


NO_LIMITS = RateLimits()


@dataclass(frozen=True, slots=True)
class _Limit:
    """One limit that a message falls under. `who` is whose it is, `says` how a person is told."""

    scope: Literal["person", "workspace"]
    who: str
    most: int
    says: str


class Rates:
    """Lets messages through as long as no more than the limits have come within a minute.

    What came within the last minute is estimated from this window of the clock and from the part of the one before that
    a minute ago lies in, as if that had been even: two sums a limit, however many messages there are. The method is
    Cloudflare's (J. Desgats, "How we built rate limiting capable of scaling to millions of domains", 2017). As an
    `Observer` it learns when a message came.
    """

    def __init__(self, counters: Counters, limits: RateLimits, *, clock: Callable[[], float]) -> None:
        self._counters = counters
        self._limits = limits
        self._clock = clock
        self._waited: dict[str, float] = {}

    @contextmanager
    def around(self, leased: Leased) -> Iterator[None]:
        """Knows meanwhile how long ago the message came."""
        self._waited[leased.message.id] = leased.waited
        try:
            yield
        finally:
            self._waited.pop(leased.message.id, None)

    def attempted(self, attempted: Attempted) -> None:
        """What comes of a message is counted by others."""

    def called(self, call: ModelCall) -> None:
        """So are calls."""

    def limiting(self, handle: Handle) -> Handle:
        """Gives what handles messages as `handle` does, and kindly refuses those that are too many."""

        async def limited(message: Incoming) -> AsyncGenerator[Event, None]:
            if refusal := await self._refusal(message):
                yield refusal
                return
            async with aclosing(handle(message)) as events:
                async for event in events:
                    yield event

        return limited

    async def _refusal(self, message: Incoming) -> Refused | None:
        limits = () if _is_free(message) else self._limits_of(message.person)
        waited = self._waited.get(message.id, 0.0)
        counted: list[str] = []
        try:
            if not limits or await self._was_admitted(message.id):
                return None
            for limit in limits:
                group, over = await self._count(limit, self._clock() - waited)
                counted.append(group)
                if over:
                    for each in counted:  # what is not taken does not count
                        await self._counters.add(each, {_SENT: -1}, lasts=2 * WINDOW)
                    await self._counters.add(_judged(message.id), {_REFUSED: 1}, lasts=JUDGED_SECONDS)
                    again = _seconds(over - waited)
                    return Refused(f"{limit.says} Please send it again in {again}.", limit=limit.scope)
        except StoreAwayError as error:
            _log.warning("a message is let through uncounted: %s", error)
        return None

    async def _was_admitted(self, id_: str) -> bool:
        """Whether an attempt before, by whichever replica, let a message through; notes that it is judged now.

        One that was refused is judged anew: its sender may not have been told.
        """
        times = await self._counters.add(_judged(id_), {_TIMES: 1, _REFUSED: 0}, lasts=JUDGED_SECONDS)
        return times[_TIMES] > 1 and not times[_REFUSED]

    def _limits_of(self, person: str) -> tuple[_Limit, ...]:
        own, all_ = self._limits.person, self._limits.workspace
        limits = (
            _Limit("person", person, own, f"I take {own:,} messages a minute from one person."),
            _Limit(
                "workspace", workspace_of(person), all_, f"I take {all_:,} messages a minute from all of you together."
            ),
        )
        return tuple(limit for limit in limits if limit.most)

    async def _count(self, limit: _Limit, came: float) -> tuple[str, float]:
        """Counts a message that came then; gives the group that it was counted in, and for how many seconds too early.

        By when it came, and not by when it is its turn: what waited for an outage to end was not sent too fast.
        """
        window, elapsed = divmod(came, WINDOW)
        name = f"rate:{pseudonym(limit.who)}"
        group = f"{name}:{int(window)}"
        now = (await self._counters.add(group, {_SENT: 1}, lasts=2 * WINDOW))[_SENT]
        (before,) = await self._counters.read([f"{name}:{int(window) - 1}"])
        return group, too_early(before.get(_SENT, 0), now, limit.most, elapsed)


def too_early(before: int, now: int, most: int, elapsed: float) -> float:
    """For how many seconds a message comes too early, 0 when it may come.

    Args:
        before: messages of the window before this one.
        now: those of this one, this message included.
        most: how many may come within a window.
        elapsed: seconds since this window began.
    """
    if before * (1 - elapsed / WINDOW) + now <= most:
        return 0.0
    if now <= most:  # enough of the window before will have passed, since it is what is too much
        return WINDOW * (1 - (most - now) / before) - elapsed
    return WINDOW - elapsed + WINDOW * (1 - (most - 1) / (now - 1))


def workspace_of(person: str) -> str:
    """Gives the workspace or tenant that a person belongs to, or the channel where there is none."""
    return person.rpartition("/")[0] or person.partition(":")[0]


def _is_free(message: Incoming) -> bool:
    """Whether a message is of no limit: the machine's own, the coach's own, and who wants to be forgotten."""
    return message.person == LOCAL or message.meant is Meant.ANNOUNCEMENT or is_forgetting(message)


def _judged(id_: str) -> str:
    return f"judged:{pseudonym(id_)}"


def _seconds(early: float) -> str:
    whole = max(1, math.ceil(early))
    return f"{whole} second{'s' if whole > 1 else ''}"
