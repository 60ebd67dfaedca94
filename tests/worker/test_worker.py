import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator

import pytest

from bot.core.messages import Incoming
from bot.core.replies import Event, Refused
from bot.core.state import Depth, Outcome, Store
from bot.core.worker import MAX_ATTEMPTS, MAX_FAILURES, Worker
from tests.stores.places import Place
from tests.stores.saying import leased, message, put_all, until
from tests.worker.working import Postbox, at_work, echo


async def test_a_message_is_answered_once_and_its_reply_kept(store: Store) -> None:
    postbox = Postbox()
    await put_all(store.inbox, message("a", text="gutters?"))
    async with at_work(store.inbox, echo, postbox):
        await postbox.until(lambda: postbox.over == ["a"])
    assert postbox.delivered == [("a", "gutters?")]
    assert await store.inbox.outcome("a") == Outcome(ended=True, reply="gutters?")
    assert not await store.inbox.put(message("a"))


async def test_messages_of_a_thread_are_answered_in_order_and_threads_side_by_side(store: Store) -> None:
    order: dict[str, list[str]] = defaultdict(list)
    met = asyncio.Barrier(3)

    async def handle(incoming: Incoming) -> AsyncGenerator[Event, None]:
        async with asyncio.timeout(10):
            await met.wait()  # passes only while three threads are answered at once
        order[incoming.thread].append(incoming.id)
        yield Refused("done")

    postbox = Postbox()
    for number in range(4):
        await put_all(store.inbox, *(message(f"{thread}{number}", thread=thread) for thread in "xyz"))
    async with at_work(store.inbox, handle, postbox, at_once=3):
        await postbox.until(lambda: len(postbox.over) == 12)
    assert order == {thread: [f"{thread}{number}" for number in range(4)] for thread in "xyz"}


async def test_no_more_are_answered_at_once_than_allowed(store: Store) -> None:
    under_way = most = 0

    async def handle(incoming: Incoming) -> AsyncGenerator[Event, None]:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        for _ in range(20):
            await asyncio.sleep(0)
        under_way -= 1
        yield Refused(incoming.text)

    postbox = Postbox()
    await put_all(store.inbox, *(message(f"m{number}", thread=f"t{number}") for number in range(20)))
    async with at_work(store.inbox, handle, postbox, at_once=4):
        await postbox.until(lambda: len(postbox.over) == 20)
    assert most <= 4


async def test_a_failure_is_tried_again_and_those_behind_it_wait_their_turn(store: Store) -> None:
    tries = 0

    async def handle(incoming: Incoming) -> AsyncGenerator[Event, None]:
        nonlocal tries
        if incoming.id == "a":
            tries += 1
            if tries < 3:
                raise ValueError("not yet")
        yield Refused(incoming.text)

    postbox = Postbox()
    await put_all(store.inbox, message("a", text="first"), message("b", text="second"))
    async with at_work(store.inbox, handle, postbox):
        await postbox.until(lambda: len(postbox.delivered) == 2)
    assert postbox.delivered == [("a", "first"), ("b", "second")]
    assert tries == 3


async def test_a_message_that_fails_five_times_is_told_and_buried_and_its_thread_goes_on(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    async def handle(incoming: Incoming) -> AsyncGenerator[Event, None]:
        if incoming.id == "a":
            raise ValueError(f"cannot read {incoming.text}")
        yield Refused("fine")

    postbox = Postbox()
    await put_all(store.inbox, message("a", text="my secret draft"), message("b"))
    async with at_work(store.inbox, handle, postbox):
        await postbox.until(lambda: len(postbox.delivered) == 2)
    assert postbox.delivered == [("a", "Failed"), ("b", "fine")]
    (dead,) = await store.inbox.dead(limit=10)
    assert (dead.id, dead.attempts) == ("a", MAX_FAILURES)
    assert dead.reason.startswith("ValueError")
    assert "secret" not in dead.reason + caplog.text
    assert await store.inbox.outcome("a") == Outcome(ended=True, reply="Failed")


async def test_an_answer_that_takes_too_long_has_failed(store: Store) -> None:
    tries = 0

    async def handle(incoming: Incoming) -> AsyncGenerator[Event, None]:
        nonlocal tries
        tries += 1
        if tries == 1:
            await asyncio.Event().wait()
        yield Refused(incoming.text)

    postbox = Postbox()
    await put_all(store.inbox, message("a"))
    async with at_work(store.inbox, handle, postbox, answer_seconds=0.05):
        await postbox.until(lambda: postbox.delivered == [("a", "gutters?")])
    assert tries == 2


async def test_a_cancellation_from_within_is_a_failure_like_any_other(store: Store) -> None:
    async def handle(incoming: Incoming) -> AsyncGenerator[Event, None]:
        if incoming.id == "a":
            raise asyncio.CancelledError
        yield Refused("fine")

    postbox = Postbox()
    await put_all(store.inbox, message("a"), message("b"))
    async with at_work(store.inbox, handle, postbox):
        await postbox.until(lambda: len(postbox.delivered) == 2)
    assert postbox.delivered == [("a", "Failed"), ("b", "fine")]


async def test_a_dead_letter_that_is_retried_is_answered(store: Store) -> None:
    mended = False

    async def handle(incoming: Incoming) -> AsyncGenerator[Event, None]:
        if not mended:
            raise ValueError
        yield Refused(incoming.text)

    postbox = Postbox()
    await put_all(store.inbox, message("a"))
    async with at_work(store.inbox, handle, postbox):
        await postbox.until(lambda: postbox.delivered == [("a", "Failed")])
        await until(lambda: _has_dead(store, 1))
        mended = True
        assert await store.inbox.retry("a")
        await postbox.until(lambda: len(postbox.delivered) == 2)
    assert postbox.delivered[-1] == ("a", "gutters?")
    assert not await store.inbox.dead(limit=1)


async def test_a_message_whose_workers_died_again_and_again_is_given_up_unread(place: Place) -> None:
    store = await place.open(lease_seconds=0.05)
    await put_all(store.inbox, message("a"))
    for _ in range(MAX_ATTEMPTS):
        await leased(store.inbox)  # and nothing more is heard of it

    async def handle(incoming: Incoming) -> AsyncGenerator[Event, None]:
        yield Refused(f"{incoming.id} is read once more")

    postbox = Postbox()
    async with at_work(store.inbox, handle, postbox):
        await postbox.until(lambda: postbox.delivered == [("a", "Failed")])
    assert [dead.id for dead in await store.inbox.dead(limit=1)] == ["a"]


async def test_who_loses_the_lease_stops_and_the_other_answers(place: Place) -> None:
    store = await place.open(lease_seconds=0.2)
    stalled = asyncio.Event()
    stopped = asyncio.Event()

    async def stall(incoming: Incoming) -> AsyncGenerator[Event, None]:  # noqa: ARG001 - never gets to it
        stalled.set()
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()
        yield Refused("never")

    slow, quick = Postbox(), Postbox()
    await put_all(store.inbox, message("a"))
    async with at_work(store.inbox, stall, slow, renew_every=0.6, at_once=1):
        await stalled.wait()
        other = await place.open(lease_seconds=5)
        async with at_work(other.inbox, echo, quick):
            await quick.until(lambda: quick.over == ["a"])
        await asyncio.wait_for(stopped.wait(), 10)
    assert (slow.delivered, quick.delivered) == ([], [("a", "gutters?")])


async def test_a_long_answer_keeps_its_lease(place: Place) -> None:
    store = await place.open(lease_seconds=0.4)
    other = await place.open(lease_seconds=0.4)

    async def slowly(incoming: Incoming) -> AsyncGenerator[Event, None]:
        assert await other.inbox.lease(wait=1.0) is None
        yield Refused(incoming.text)

    postbox = Postbox()
    await put_all(store.inbox, message("a"))
    async with at_work(store.inbox, slowly, postbox, renew_every=0.1):
        await postbox.until(lambda: postbox.over == ["a"])
    assert postbox.delivered == [("a", "gutters?")]


async def test_what_is_not_finished_in_the_grace_is_handed_back_uncounted(store: Store) -> None:
    begun = asyncio.Event()

    async def stall(incoming: Incoming) -> AsyncGenerator[Event, None]:  # noqa: ARG001 - never gets to it
        begun.set()
        await asyncio.Event().wait()
        yield Refused("never")

    await put_all(store.inbox, message("a"))
    async with at_work(store.inbox, stall, Postbox(), grace=0.01):
        await begun.wait()
    again = await leased(store.inbox)
    assert (again.message.id, again.attempt) == ("a", 1)


FROM_SLACK = Incoming(id="a", person="ann", thread="t", text="hi", channel="slack")


async def test_a_channel_that_is_not_served_here_is_left_to_who_serves_it(store: Store) -> None:
    here, there = Postbox(), Postbox()
    await put_all(store.inbox, FROM_SLACK, message("b"))
    async with at_work(store.inbox, echo, here, first_pause=0.01):
        await here.until(lambda: here.over == ["b"])
        elsewhere = Worker(store.inbox, echo, {"slack": there}, first_pause=0.01)
        stop = asyncio.Event()
        working = asyncio.create_task(elsewhere.run(stop, grace=1))
        await there.until(lambda: there.over == ["a"])
        stop.set()
        await working
    assert there.delivered == [("a", "hi")]


async def test_a_channel_that_nobody_serves_is_a_dead_letter_in_the_end(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.core.worker.MAX_WAITS", 3)
    await put_all(store.inbox, FROM_SLACK)
    async with at_work(store.inbox, echo, Postbox(), first_pause=0.01):
        await until(lambda: _has_dead(store, 1))
    (dead,) = await store.inbox.dead(limit=1)
    assert "slack" in dead.reason


async def test_a_thousand_threads_are_all_answered(store: Store) -> None:
    postbox = Postbox()
    messages = [message(f"m{number}", thread=f"t{number}") for number in range(1_000)]
    await asyncio.gather(*(store.inbox.put(each) for each in messages))
    async with at_work(store.inbox, echo, postbox, at_once=64):
        await postbox.until(lambda: len(postbox.over) == 1_000)
    assert sorted(postbox.over) == sorted(each.id for each in messages)
    assert await store.inbox.depth() == Depth(waiting=0, leased=0, dead=0, oldest=0.0)


async def _has_dead(store: Store, count: int) -> bool:
    return len(await store.inbox.dead(limit=10)) == count
