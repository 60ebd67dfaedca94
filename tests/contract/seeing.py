"""Waiting for what a person must see."""

import asyncio
from contextlib import suppress

from tests.contract.channel import Channel
from tests.contract.differences import as_in
from tests.contract.shown import Shown
from tests.web.waiting import until

PATIENCE = 5.0
"""Seconds until what does not come has failed to."""


async def sees(person: Channel, expected: Shown, *, saying: str = "") -> None:
    """Asserts that the person has this before them now or soon, as their channel shows it.

    Where it is not there until it is asked for, they ask again and again by `saying` something.
    """
    await sees_exactly(person, as_in(person.name, expected), saying=saying)


async def sees_exactly(person: Channel, expected: Shown | None, *, saying: str = "") -> None:
    """The same for what only this channel shows; None is nothing at all."""
    last: Shown | None = None

    async def is_there() -> bool:
        nonlocal last
        if saying:
            await person.say(saying)
        last = await person.shown()
        return last == expected

    with suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            await until(is_there)
    assert last == expected
