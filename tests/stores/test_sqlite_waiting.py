"""Waiting on the SQLite inbox: what changes in this process wakes all who wait, however rarely they look otherwise."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.stores.sqlite.store import SqliteStore
from tests.stores.saying import SOON, leased, message, put_all

RARELY = 3600.0


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    """Looks rarely by itself."""
    store = SqliteStore(tmp_path / "coach.sqlite3", poll_seconds=RARELY)
    await store.open()
    yield store
    await store.close()


@pytest.mark.parametrize("waiters", [1, 8])
async def test_everyone_who_waits_is_woken_by_messages_put(store: SqliteStore, waiters: int) -> None:
    waiting = [asyncio.create_task(store.inbox.lease(wait=RARELY)) for _ in range(waiters)]
    assert await store.inbox.lease(wait=0) is None, "by now all have looked, as one thread serves them in turn"
    for number in range(waiters):
        await put_all(store.inbox, message(f"{number}", thread=f"{number}"))
    async with asyncio.timeout(SOON):
        got = [lease.message.id for lease in await asyncio.gather(*waiting) if lease]
    assert sorted(got) == [f"{number}" for number in range(waiters)]


@pytest.mark.parametrize("change", ["done", "bury", "fail", "release", "retry", "forget"])
async def test_one_who_waits_is_woken_by_whatever_frees_a_message(store: SqliteStore, change: str) -> None:
    await put_all(store.inbox, message("1"), message("2", person="bob"))
    lease = await leased(store.inbox)
    expected = "1" if change in ("fail", "release", "retry") else "2"
    if change == "retry":
        await store.inbox.bury(lease, "no")
        await store.inbox.done(await leased(store.inbox))
    if change == "forget":
        await store.inbox.fail(lease, "away", again_in=RARELY)
    waiting = asyncio.create_task(store.inbox.lease(wait=RARELY))
    assert await store.inbox.lease(wait=0) is None
    match change:
        case "done":
            await store.inbox.done(lease)
        case "bury":
            await store.inbox.bury(lease, "no")
        case "fail":
            await store.inbox.fail(lease, "no", again_in=0)
        case "release":
            await store.inbox.release(lease)
        case "retry":
            await store.inbox.retry("1")
        case _:
            await store.inbox.forget("ann")
    async with asyncio.timeout(SOON):
        got = await waiting
    assert got
    assert got.message.id == expected
