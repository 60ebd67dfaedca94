"""One call for each of many things, a batch of them at once."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from bot.stores.redis.connection import CALLS

BATCH = CALLS // 4
"""Calls at once: some of the connection's room stays for others, and none of a great many waits past its deadline."""

_Item = TypeVar("_Item")
_Value = TypeVar("_Value")


async def for_each(act: Callable[[_Item], Awaitable[_Value]], items: Sequence[_Item]) -> list[_Value]:
    """Does `act` with each item and gives the values in order.

    Raises:
        Exception: what the first failing `act` of a batch raised, once all of the batch have ended; no batch follows.
    """
    values: list[_Value] = []
    for start in range(0, len(items), BATCH):
        batch = await asyncio.gather(*map(act, items[start : start + BATCH]), return_exceptions=True)
        for value in batch:
            if isinstance(value, BaseException):
                raise value
            values.append(value)
    return values
