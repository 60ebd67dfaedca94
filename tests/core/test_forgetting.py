"""Forgetting while the store fails, and when a mark says that it has to be done again."""

import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.core.forgetting import Forgetting
from bot.core.messages import Incoming
from bot.core.state import Leased, Outcome, Record, StoreAwayError
from bot.stores.sqlite.records import SqliteRecords
from bot.stores.sqlite.store import SqliteStore
from tests.stores.saying import message, put_all, turn

NOW = 1_800_000_000.0


class Flaky:
    """Records that can go away."""

    def __init__(self, records: SqliteRecords) -> None:
        self._records = records
        self.is_away = False

    async def read(self, id_: str) -> Record | None:
        if self.is_away:
            raise StoreAwayError("the store is away")
        return await self._records.read(id_)

    async def write(self, id_: str, body: str, *, person: str, expected: int, lasts: float) -> bool:
        return await self._records.write(id_, body, person=person, expected=expected, lasts=lasts)

    async def forget(self, person: str) -> int:
        if person == "bob":
            raise StoreAwayError("the store went away")
        return await self._records.forget(person)


class Clock:
    """A time that goes as it is told."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def store(tmp_path: Path, clock: Clock) -> AsyncIterator[SqliteStore]:
    store = SqliteStore(tmp_path / "coach.sqlite3", clock=clock)
    await store.open()
    yield store
    await store.close()


@pytest.fixture
def records(store: SqliteStore) -> Flaky:
    return Flaky(store.records)


@pytest.fixture
def forgetting(store: SqliteStore, records: Flaky, clock: Clock) -> Forgetting:
    return Forgetting(inbox=store.inbox, threads=store.threads, records=records, clock=clock)


def leased(said: Incoming, *, waited: float = 0.0) -> Leased:
    return Leased(message=said, token="0" * 32, attempt=1, failures=0, waited=waited)


async def test_what_fails_is_told_and_the_rest_is_erased_all_the_same(
    store: SqliteStore, forgetting: Forgetting
) -> None:
    await put_all(store.inbox, message("1", person="bob"))
    await store.threads.append("t", turn("1", person="bob"))
    with pytest.raises(StoreAwayError, match="the store went away"):
        await forgetting.forget("bob")
    assert await store.threads.recent("t") == ()
    assert (await store.inbox.depth()).waiting == 0


async def test_a_message_put_before_its_person_was_forgotten_leaves_nothing_and_one_put_later_does(
    store: SqliteStore, forgetting: Forgetting
) -> None:
    await forgetting.forget("ann")
    async with forgetting.minding(leased(message("1"), waited=60.0)):
        await store.threads.append("t", turn("1"))
    assert await store.threads.recent("t") == ()
    later = Forgetting(inbox=store.inbox, threads=store.threads, records=store.records, clock=lambda: NOW + 60)
    async with later.minding(leased(message("2"), waited=59.0)):
        await store.threads.append("t", turn("2"))
    assert await store.threads.recent("t") == (turn("2"),)


async def test_what_breaks_off_is_erased_too(store: SqliteStore, forgetting: Forgetting) -> None:
    async def breaks_off() -> None:
        async with forgetting.minding(leased(message("1"))):
            await forgetting.forget("ann")
            await store.threads.append("t", turn("1"))
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await breaks_off()
    assert await store.threads.recent("t") == ()


async def test_a_store_that_is_away_holds_up_no_answer_and_is_logged(
    records: Flaky, forgetting: Forgetting, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        async with forgetting.minding(leased(message("1"))):
            records.is_away = True
    assert "what message 1 left could not be erased: the store is away" in caplog.text


async def test_what_was_taken_after_they_were_forgotten_is_answered(
    store: SqliteStore, forgetting: Forgetting, clock: Clock
) -> None:
    await put_all(store.inbox, message("in hand", thread="a", person="ann"))
    held = await store.inbox.lease(wait=0)
    assert held
    async with forgetting.minding(held):
        clock.now += 1
        await forgetting.forget("ann")
        clock.now += 1
        await put_all(store.inbox, message("later", thread="b", person="ann"))
        await store.inbox.done(held, "reply")
    assert (await store.inbox.outcome("in hand")) == Outcome(ended=True, reply=None)
    later = await store.inbox.lease(wait=0)
    assert later
    assert later.message.id == "later"
