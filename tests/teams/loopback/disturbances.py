"""What can be made to go wrong: scripted faults, and Teams' rate limits."""

import asyncio
import math
from collections import defaultdict, deque
from dataclasses import dataclass, field

from tests.teams.loopback.state import RefusedError

WINDOWS = ((1.0, 7), (2.0, 8), (30.0, 60), (3_600.0, 1_800))
"""Seconds, and how many messages of the app one conversation takes in them."""


@dataclass(slots=True)
class Fault:
    """What happens to the next calls of an operation.

    It answers `status` with `code` and `message`, or 429 with `retry_after` seconds. `hang` makes it wait before that,
    or before it does what it was asked for if nothing else is given. `drop` does the act and breaks the connection,
    `garble` does it and answers what nobody can read.
    """

    times: int = 1
    status: int | None = None
    code: str | None = None
    message: str | None = None
    hang: float = 0.0
    drop: bool = False
    garble: bool = False
    retry_after: float | None = None


@dataclass(slots=True)
class Faults:
    """The script, operation by operation."""

    _script: dict[str, deque[Fault]] = field(default_factory=lambda: defaultdict(deque))

    def add(self, operation: str, fault: Fault) -> None:
        self._script[operation].append(fault)

    def next(self, operation: str) -> Fault | None:
        script = self._script.get(operation)
        if not script:
            return None
        fault = script[0]
        fault.times -= 1
        if fault.times <= 0:
            script.popleft()
        return fault

    def clear(self) -> None:
        self._script.clear()


async def disturbed(fault: Fault | None) -> None:
    """Does what the script says instead of an act, or before it.

    Raises:
        RefusedError: the script says no.
    """
    if fault is None or fault.drop:
        return
    if fault.hang:
        await asyncio.sleep(fault.hang)
    if fault.retry_after is not None:
        headers = {"Retry-After": f"{fault.retry_after:g}"}
        raise RefusedError(fault.status or 429, fault.code or "", fault.message or "", headers)
    if fault.status is not None or fault.code is not None:
        raise RefusedError(fault.status or 500, fault.code or "", fault.message or "")


@dataclass(slots=True)
class Limits:
    """How many messages a conversation takes, off unless `on`."""

    on: bool = False
    windows: tuple[tuple[float, int], ...] = WINDOWS
    _taken: dict[tuple[str, float], deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def take(self, conversation: str, now: float) -> None:
        """Counts a message.

        Raises:
            RefusedError: 429, it is one too many.
        """
        if not self.on:
            return
        for seconds, most in self.windows:
            taken = self._taken[conversation, seconds]
            while taken and taken[0] <= now - seconds:
                taken.popleft()
            if len(taken) >= most:
                wait = max(1, math.ceil(taken[0] + seconds - now))
                raise RefusedError(429, headers={"Retry-After": str(wait)})
        for seconds, _ in self.windows:
            self._taken[conversation, seconds].append(now)
