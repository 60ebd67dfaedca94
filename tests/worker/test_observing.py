import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.core.messages import Incoming
from bot.core.observing import Attempted, Ending, ModelCall, Observers
from bot.core.replies import Delta, Event, Failed, Refused, Status
from bot.core.state import Leased, Store, StoreAwayError
from bot.core.worker import MAX_FAILURES, PlatformAwayError
from bot.stores.sqlite.store import SqliteStore
from tests.stores.saying import message, put_all
from tests.worker.working import Postbox, at_work, echo


class Onlooker:
    """Notes what it learns, and whether that came within its `around`."""

    def __init__(self) -> None:
        self.learned: list[Attempted] = []
        self._around: list[str] = []
        self.changed = asyncio.Event()

    @contextmanager
    def around(self, leased: Leased) -> Iterator[None]:
        """Remembers whose attempt it is."""
        self._around.append(leased.message.id)
        yield
        self._around.remove(leased.message.id)

    def attempted(self, attempted: Attempted) -> None:
        """Notes it."""
        assert attempted.message.id in self._around
        self.learned.append(attempted)
        self.changed.set()

    def called(self, call: ModelCall) -> None:
        """Comes never: nothing here asks a model."""
        raise AssertionError(call)

    @property
    def endings(self) -> list[Ending]:
        return [each.ending for each in self.learned]

    async def until(self, count: int) -> None:
        """Waits until it has learned of so many attempts."""
        async with asyncio.timeout(20):
            while len(self.learned) < count:
                self.changed.clear()
                await self.changed.wait()


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """One is enough: what is told is the worker's."""
    store = SqliteStore(tmp_path / "coach.sqlite3")
    await store.open()
    yield store
    await store.close()


@pytest.fixture
def onlooker() -> Onlooker:
    return Onlooker()


@pytest.fixture
def observers(onlooker: Onlooker) -> Observers:
    observers = Observers()
    observers.join(onlooker)
    return observers


async def test_an_answer_is_told_with_its_reply_and_when_its_first_word_came(
    store: Store, onlooker: Onlooker, observers: Observers
) -> None:
    goes_on, asked = asyncio.Event(), asyncio.Event()

    async def handle(_: Incoming) -> AsyncGenerator[Event, None]:
        yield Status("Looking …")
        asked.set()
        await goes_on.wait()
        yield Delta("First ")
        yield Refused("First and last")

    await put_all(store.inbox, message("a"))
    async with at_work(store.inbox, handle, Postbox(), observer=observers):
        await asked.wait()
        assert not onlooker.learned
        goes_on.set()
        await onlooker.until(1)
    (told,) = onlooker.learned
    assert (told.message.id, told.attempt, told.ending, told.reason) == ("a", 1, Ending.ANSWERED, "")
    assert told.reply == Refused("First and last")
    assert told.first_word is not None
    assert 0 < told.first_word <= told.took
    assert told.waited >= 0


async def test_every_failed_attempt_is_told_without_the_words_of_what_failed(
    store: Store, onlooker: Onlooker, observers: Observers
) -> None:
    async def handle(incoming: Incoming) -> AsyncGenerator[Event, None]:
        raise ValueError(incoming.text)
        yield

    await put_all(store.inbox, message("a", text="secret"))
    async with at_work(store.inbox, handle, Postbox(), observer=observers):
        await onlooker.until(MAX_FAILURES)
    assert onlooker.endings == [Ending.RETRIED] * (MAX_FAILURES - 1) + [Ending.GIVEN_UP]
    assert [told.attempt for told in onlooker.learned] == list(range(1, MAX_FAILURES + 1))
    assert all(told.reason.startswith("ValueError") and told.first_word is None for told in onlooker.learned)
    assert "secret" not in repr(onlooker.learned)


async def test_a_platform_that_is_away_is_told_with_its_own_line(
    store: Store, onlooker: Onlooker, observers: Observers
) -> None:
    class Away(Postbox):
        async def deliver(self, message: Incoming, events: AsyncIterator[Event]) -> str:
            if not onlooker.learned:
                raise PlatformAwayError("no more now")
            return await super().deliver(message, events)

    await put_all(store.inbox, message("a"))
    async with at_work(store.inbox, echo, Away(), observer=observers):
        await onlooker.until(2)
    assert onlooker.endings == [Ending.WAITS, Ending.ANSWERED]
    assert onlooker.learned[0].reason == "no more now"


async def test_what_is_handed_back_at_the_end_is_told(store: Store, onlooker: Onlooker, observers: Observers) -> None:
    begun = asyncio.Event()

    async def handle(_: Incoming) -> AsyncGenerator[Event, None]:
        begun.set()
        await asyncio.Event().wait()
        yield Failed("never")

    await put_all(store.inbox, message("a"))
    async with at_work(store.inbox, handle, Postbox(), grace=0, observer=observers):
        await begun.wait()
    assert onlooker.endings == [Ending.HANDED_BACK]


async def test_a_message_of_a_channel_that_is_not_served_is_told_as_left(
    store: Store, onlooker: Onlooker, observers: Observers
) -> None:
    await store.inbox.put(Incoming(id="a", person="p", thread="t", text="gutters?", channel="slack"))
    async with at_work(store.inbox, echo, Postbox(), observer=observers):
        await onlooker.until(1)
    assert onlooker.endings == [Ending.LEFT]


async def test_an_end_that_cannot_be_noted_is_told_as_such(
    store: Store, onlooker: Onlooker, observers: Observers
) -> None:
    class StoreGoes(Postbox):
        async def deliver(self, message: Incoming, events: AsyncIterator[Event]) -> str:
            await super().deliver(message, events)
            raise StoreAwayError("gone")

    await put_all(store.inbox, message("a"))
    async with at_work(store.inbox, echo, StoreGoes(), observer=observers):
        await onlooker.until(1)
    assert onlooker.endings == [Ending.UNENDED]
    assert onlooker.learned[0].reply == Refused("gutters?")
