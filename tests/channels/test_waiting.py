import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.channels.waiting import Waiting, busy
from bot.core.messages import Incoming
from bot.core.state import Inbox
from bot.stores.sqlite.store import SqliteStore

SOON = (0.01,) * 400
"""Looks until something has changed, however slow the machine is."""


class Told(list[int]):
    """The numbers that a sender was told, or was to be told where the platform takes none."""

    def __init__(self, *, takes: bool = True) -> None:
        super().__init__()
        self.changed = asyncio.Event()
        self._takes = takes

    async def tell(self, place: int) -> bool:
        self.append(place)
        self.changed.set()
        return self._takes

    async def another(self) -> int:
        """Waits for the next."""
        async with asyncio.timeout(20):
            await self.changed.wait()
        self.changed.clear()
        return self[-1]


@pytest.fixture
async def inbox(tmp_path: Path) -> AsyncIterator[Inbox]:
    store = SqliteStore(tmp_path / "coach.sqlite3")
    await store.open()
    yield store.inbox
    await store.close()


async def put(inbox: Inbox, name: str) -> Incoming:
    message = Incoming(id=name, person=name, thread=name, text="gutters?")
    await inbox.put(message)
    return message


async def test_who_waits_is_told_their_number_whenever_it_changes(inbox: Inbox) -> None:
    waiting, told = Waiting(inbox, pauses=SOON), Told()
    await put(inbox, "a")
    await put(inbox, "b")
    waiting.look_after(await put(inbox, "c"), told.tell)
    assert await told.another() == 3
    for left in (2, 1):
        leased = await inbox.lease(wait=1)
        assert leased
        await inbox.done(leased)
        assert await told.another() == left
    await waiting.close()
    assert told == [3, 2, 1]


async def test_who_is_answered_at_once_is_told_nothing(inbox: Inbox) -> None:
    waiting, told, other = Waiting(inbox, pauses=SOON), Told(), Told()
    message = await put(inbox, "a")
    assert await inbox.lease(wait=1)
    waiting.look_after(message, told.tell)
    waiting.look_after(await put(inbox, "b"), other.tell)
    assert await other.another() == 1  # looked at later than the first
    await waiting.close()
    assert told == []


async def test_of_a_crowd_only_so_many_are_looked_after(inbox: Inbox) -> None:
    waiting, told = Waiting(inbox, pauses=SOON, most=2), [Told(), Told(), Told()]
    for number, each in enumerate(told):
        waiting.look_after(await put(inbox, f"m{number}"), each.tell)
    assert [await told[0].another(), await told[1].another()] == [1, 2]
    await waiting.close()
    assert told[2] == []


async def test_whose_turn_is_near_is_told_nothing(inbox: Inbox) -> None:
    waiting, near, far = Waiting(inbox, pauses=SOON, beyond=1), Told(), Told()
    waiting.look_after(await put(inbox, "a"), near.tell)
    waiting.look_after(await put(inbox, "b"), far.tell)
    assert await far.another() == 2  # looked at later than the first
    await waiting.close()
    assert near == []


async def test_what_the_platform_does_not_take_is_not_said_again(inbox: Inbox) -> None:
    waiting, refused, told = Waiting(inbox, pauses=SOON), Told(takes=False), Told()
    await put(inbox, "a")
    waiting.look_after(await put(inbox, "b"), refused.tell)
    waiting.look_after(await put(inbox, "c"), told.tell)
    assert await told.another() == 3
    leased = await inbox.lease(wait=1)
    assert leased
    assert await told.another() == 2  # looked at later than the other
    await waiting.close()
    assert refused == [2]


async def test_it_ends_at_once_however_long_it_would_have_waited(inbox: Inbox) -> None:
    waiting, told = Waiting(inbox, pauses=(3_600.0,)), Told()
    waiting.look_after(await put(inbox, "a"), told.tell)
    async with asyncio.timeout(20):
        await waiting.close()
    assert told == []


def test_a_large_number_can_be_read() -> None:
    assert busy(1234) == "The coach is busy: you are number 1,234."
