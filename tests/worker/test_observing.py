import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import pytest

from bot.core.messages import Incoming
from bot.core.observing import Attempted, Ending, ModelCall, Observers
from bot.core.replies import Delta, Event, Failed, Refused, Status
from bot.core.state import Inbox, Leased, Store, StoreAwayError
from bot.core.worker import MAX_FAILURES, PlatformAwayError
from bot.stores.sqlite.store import SqliteStore
from tests.onlooker import Onlooker
from tests.stores.saying import message, put_all
from tests.worker.working import Postbox, at_work, echo


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """One is enough: what is told is the worker's."""
    store = SqliteStore(tmp_path / "coach.sqlite3")
    await store.open()
    yield store
    await store.close()


@pytest.fixture
def observers() -> Observers:
    return Observers()


@pytest.fixture
def onlooker(observers: Observers) -> Iterator[Onlooker]:
    onlooker = Onlooker(observers)
    yield onlooker
    assert onlooker.faults == []


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
        assert not onlooker.attempts
        goes_on.set()
        await onlooker.until(1)
    (told,) = onlooker.attempts
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
    assert [told.attempt for told in onlooker.attempts] == list(range(1, MAX_FAILURES + 1))
    assert all(told.reason.startswith("ValueError") and told.first_word is None for told in onlooker.attempts)
    assert "secret" not in repr(onlooker.attempts)


async def test_a_platform_that_is_away_is_told_with_its_own_line(
    store: Store, onlooker: Onlooker, observers: Observers
) -> None:
    class Away(Postbox):
        async def deliver(self, message: Incoming, events: AsyncIterator[Event]) -> str:
            if not onlooker.attempts:
                raise PlatformAwayError("no more now")
            return await super().deliver(message, events)

    await put_all(store.inbox, message("a"))
    async with at_work(store.inbox, echo, Away(), observer=observers):
        await onlooker.until(2)
    assert onlooker.endings == [Ending.WAITS, Ending.ANSWERED]
    assert onlooker.attempts[0].reason == "no more now"


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
    assert onlooker.attempts[0].reply == Refused("gutters?")


class Broken:
    """An observer that fails at everything."""

    @contextmanager
    def around(self, leased: Leased) -> Iterator[None]:
        """Fails at its end; at its beginning for some."""
        if leased.message.id == "b":
            raise OSError
        yield
        raise OSError

    def attempted(self, attempted: Attempted) -> None:
        """Fails."""
        raise OSError(attempted.attempt)

    def called(self, call: ModelCall) -> None:
        """Fails."""
        raise OSError(call.model)


async def test_an_observer_that_fails_costs_no_answer_and_nothing_that_others_see(
    store: Store, onlooker: Onlooker, observers: Observers
) -> None:
    observers.join(Broken())
    postbox = Postbox()
    await put_all(store.inbox, message("a", thread="a"), message("b", thread="b"))
    async with at_work(store.inbox, echo, postbox, observer=observers):
        await onlooker.until(2)
    assert sorted(postbox.over) == ["a", "b"]
    assert onlooker.endings == [Ending.ANSWERED] * 2


async def test_what_follows_an_end_is_not_broken_off_since_the_lease_is_over(
    store: Store, onlooker: Onlooker, observers: Observers
) -> None:
    renewed, tidied = asyncio.Event(), asyncio.Event()

    class Slow(Postbox):
        async def ended(self, message: Incoming) -> None:
            async with asyncio.timeout(20):
                await renewed.wait()
            await super().ended(message)
            tidied.set()

    class Renewing:
        """Tells when leases have been renewed twice since the message ended."""

        def __init__(self) -> None:
            self.times = 0

        async def renew(self, leases: Sequence[Leased]) -> frozenset[str]:
            held = await store.inbox.renew(leases)
            outcome = await store.inbox.outcome("a")
            self.times += bool(outcome and outcome.ended)
            if self.times >= 2:
                renewed.set()
            return held

        def __getattr__(self, name: str) -> object:
            return getattr(store.inbox, name)

    await put_all(store.inbox, message("a"))
    inbox = cast("Inbox", Renewing())
    async with at_work(inbox, echo, Slow(), renew_every=0.01, observer=observers):
        async with asyncio.timeout(20):
            await tidied.wait()
    assert onlooker.endings == [Ending.ANSWERED]


async def test_a_failure_that_cannot_be_told_in_time_is_given_up_all_the_same(
    store: Store, onlooker: Onlooker, observers: Observers
) -> None:
    class Hanging(Postbox):
        async def deliver(self, message: Incoming, events: AsyncIterator[Event]) -> str:
            await asyncio.Event().wait()
            return await super().deliver(message, events)

    await put_all(store.inbox, message("a"))
    async with at_work(store.inbox, echo, Hanging(), answer_seconds=0.01, observer=observers):
        await onlooker.until(MAX_FAILURES)
    assert onlooker.endings[-1] is Ending.GIVEN_UP
    assert (await store.inbox.depth()).dead == 1
