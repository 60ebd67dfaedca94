"""Runs checks side by side, each with a deadline; one that fails becomes a line itself."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Generic, TypeVar

from bot.doctor.finding import Finding, State

SECONDS = 5.0
"""How long one check may take."""

FAULT = "a fault of the coach or of its installation: install it anew; `python -X dev -m bot doctor` shows where"

Look = Callable[[], Awaitable[Sequence[Finding]]]
"""Looks at a subject."""

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Check:
    """What looks at a subject. `load` comes first and gives what looks: imports must not use up the others' time."""

    subject: str
    load: Callable[[], Look]


async def examine(checks: Sequence[Check], *, seconds: float = SECONDS) -> tuple[Finding, ...]:
    """Gives what all checks find, in their order; nothing raises."""
    loaded = [(check.subject, _loaded(check)) for check in checks]
    found = await asyncio.gather(*(_found(subject, look, seconds) for subject, look in loaded))
    return tuple(chain.from_iterable(found))


class Once(Generic[_Value]):
    """Something that several checks want to know, found out for the first of them."""

    def __init__(self, find: Callable[[], Coroutine[Any, Any, _Value]]) -> None:
        self._find = find
        self._finding: asyncio.Task[_Value] | None = None

    async def __call__(self) -> _Value:
        """Gives it; who gives up waiting leaves it to the others. What finding it raises goes through."""
        if self._finding is None:
            self._finding = asyncio.create_task(self._find())
        return await asyncio.shield(self._finding)


def _loaded(check: Check) -> Look:
    try:
        return check.load()
    except Exception as error:
        if sys.flags.dev_mode:
            raise
        fault = _fault(check.subject, error)
        return lambda: _given(fault)


async def _found(subject: str, look: Look, seconds: float) -> Sequence[Finding]:
    try:
        async with asyncio.timeout(seconds):
            return await look()
    except TimeoutError:
        says = f"there was no answer within {seconds:g} seconds"
        return [Finding(subject, State.PROBLEM, says, "see whether this machine is busy, and reaches what it needs")]
    except Exception as error:
        if sys.flags.dev_mode:
            raise
        return [_fault(subject, error)]


async def _given(finding: Finding) -> Sequence[Finding]:
    return [finding]


def _fault(subject: str, error: Exception) -> Finding:
    # The error's own words may hold anything.
    return Finding(subject, State.PROBLEM, f"this could not be looked at: {type(error).__name__}", FAULT)
