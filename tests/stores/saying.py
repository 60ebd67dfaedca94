"""Words for the suite: short ways to make messages, and to wait for what time brings."""

import asyncio
from collections.abc import Awaitable, Callable

from bot.core.messages import Incoming, Turn
from bot.core.state import Inbox, Leased

PATIENCE = 20.0
"""Seconds until what must happen has failed to."""
SOON = 5.0
"""Seconds that a lease waits for what must be there."""


def message(id_: str, *, thread: str = "thread", person: str = "ann", text: str = "gutters?") -> Incoming:
    return Incoming(id=id_, person=person, thread=thread, text=text)


def turn(id_: str, *, person: str = "ann", question: str = "gutters?") -> Turn:
    return Turn(id=id_, person=person, question=question, answer=f"Answer to {id_}.", covered=True)


async def put_all(inbox: Inbox, *messages: Incoming) -> None:
    for each in messages:
        assert await inbox.put(each)


async def leased(inbox: Inbox) -> Leased:
    lease = await inbox.lease(wait=SOON)
    assert lease
    return lease


async def drained(inbox: Inbox) -> list[str]:
    """Ends every message that can be leased and gives their ids in the order they came."""
    ids = []
    while lease := await inbox.lease(wait=0):
        assert await inbox.done(lease)
        ids.append(lease.message.id)
    return ids


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not await holds():
            await asyncio.sleep(0.005)
