"""The contract of every inbox: what is taken in is leased in order, ended once, and kept or erased as said."""

import asyncio
import time

import pytest

from bot.core.messages import Attachment, Incoming, Meant
from bot.core.state import Leased, Outcome, Store
from tests.stores.places import Place
from tests.stores.processes import taken_in_by_processes
from tests.stores.saying import SOON, drained, leased, message, put_all, until

MARKER = "zinc-flashing"


async def test_a_message_comes_back_as_it_was_put(store: Store) -> None:
    whole = Incoming(
        id="é",
        person="slack:T1/U2",
        thread="slack:T1/C3/1",
        text="Größe 🪵\r\n\x00 \ud800 'quoted' \\u0000",
        files=(Attachment(name="draft.eml", text="Dear \udfff"), Attachment(name="", text="")),
        channel="slack",
        meant=Meant.DRAFT,
        confirmed=7,
        origin='{"team": "T1", "name": "Zoë \ud800"}',
    )
    await put_all(store.inbox, whole)
    lease = await leased(store.inbox)
    assert (lease.message, lease.attempt) == (whole, 1)
    assert lease.message.meant is Meant.DRAFT


async def test_an_id_is_taken_once_while_it_waits_is_worked_on_and_has_ended(store: Store) -> None:
    await put_all(store.inbox, message("1"))
    assert not await store.inbox.put(message("1", thread="another"))
    lease = await leased(store.inbox)
    assert not await store.inbox.put(message("1"))
    await store.inbox.done(lease)
    assert not await store.inbox.put(message("1"))
    assert await drained(store.inbox) == []


async def test_one_message_offered_100_times_at_once_by_four_processes_is_leased_once(place: Place) -> None:
    store = await place.open()
    taken = await asyncio.to_thread(taken_in_by_processes, place.spec, id_="1", processes=4, times=25)
    assert taken == 1
    assert await drained(store.inbox) == ["1"]


async def test_the_messages_of_a_thread_are_leased_one_after_another_in_order(store: Store) -> None:
    await put_all(store.inbox, message("1"), message("2"), message("3"))
    for expected in ("1", "2", "3"):
        lease = await leased(store.inbox)
        assert lease.message.id == expected
        assert await store.inbox.lease(wait=0) is None
        await store.inbox.done(lease)


async def test_threads_are_worked_on_side_by_side_the_one_that_has_waited_longest_first(store: Store) -> None:
    await put_all(store.inbox, message("a1", thread="a"), message("a2", thread="a"))
    await put_all(store.inbox, message("b1", thread="b"), message("c1", thread="c"))
    ids = [(await leased(store.inbox)).message.id for _ in range(3)]
    assert ids == ["a1", "b1", "c1"]
    assert await store.inbox.lease(wait=0) is None


async def test_a_thread_with_thousands_behind_its_first_holds_up_nobody(store: Store) -> None:
    await asyncio.gather(*(store.inbox.put(message(f"{number}", thread="long")) for number in range(2_000)))
    await leased(store.inbox)
    started = time.perf_counter()
    for number in range(100):
        await put_all(store.inbox, message(f"other-{number}", thread="other"))
        lease = await leased(store.inbox)
        assert lease.message.thread == "other"
        await store.inbox.done(lease)
    assert time.perf_counter() - started < SOON


async def test_what_only_waits_is_counted_apart_from_what_failed(store: Store) -> None:
    await put_all(store.inbox, message("1"))
    assert await store.inbox.fail(await leased(store.inbox), "the platform is away", again_in=0, waits=True)
    assert await store.inbox.fail(await leased(store.inbox), "the platform is away", again_in=0, waits=True)
    assert await store.inbox.fail(await leased(store.inbox), "the model is away", again_in=0)
    again = await leased(store.inbox)
    assert (again.attempt, again.failures, again.waits) == (4, 1, 2)
    assert await store.inbox.bury(again, "given up")
    assert await store.inbox.retry("1")
    anew = await leased(store.inbox)
    assert (anew.attempt, anew.failures, anew.waits) == (1, 0, 0)


async def test_a_failed_message_holds_its_thread_until_it_is_tried_again(place: Place) -> None:
    store = await place.open()
    await put_all(store.inbox, message("1"), message("2"))
    assert await store.inbox.fail(await leased(store.inbox), "the model is away", again_in=0.2)
    assert await store.inbox.lease(wait=0) is None
    again = await leased(store.inbox)
    assert (again.message.id, again.attempt, again.failures) == ("1", 2, 1)
    await store.inbox.done(again)
    assert (await leased(store.inbox)).message.id == "2"


async def test_a_released_message_is_given_at_once_and_its_attempt_does_not_count(store: Store) -> None:
    await put_all(store.inbox, message("1"), message("2"))
    assert await store.inbox.release(await leased(store.inbox))
    again = await store.inbox.lease(wait=0)
    assert again
    assert (again.message.id, again.attempt, again.failures) == ("1", 1, 0)


async def test_a_message_released_for_later_is_given_then_and_its_attempt_does_not_count(place: Place) -> None:
    store = await place.open()
    await put_all(store.inbox, message("1"))
    assert await store.inbox.release(await leased(store.inbox), again_in=0.2)
    assert await store.inbox.lease(wait=0) is None
    again = await leased(store.inbox)
    assert (again.message.id, again.attempt, again.failures, again.waits) == ("1", 1, 0, 0)


async def test_the_lease_of_a_worker_that_died_goes_to_the_next(place: Place) -> None:
    died, lives = await place.open(lease_seconds=0.1), await place.open()
    await put_all(lives.inbox, message("1"))
    lost = await leased(died.inbox)
    taken = await leased(lives.inbox)
    assert (taken.message, taken.attempt, taken.failures) == (lost.message, 2, 0)
    assert taken.token != lost.token


async def test_a_lost_lease_changes_nothing(place: Place) -> None:
    slow, quick = await place.open(lease_seconds=0.1), await place.open()
    await put_all(slow.inbox, message("1"))
    lost = await leased(slow.inbox)
    held = await leased(quick.inbox)
    assert await slow.inbox.renew([lost]) == frozenset()
    assert not await slow.inbox.done(lost, "late")
    assert not await slow.inbox.fail(lost, "late", again_in=0)
    assert not await slow.inbox.release(lost)
    assert not await slow.inbox.bury(lost, "late", "late")
    assert await slow.inbox.outcome("1") == Outcome(ended=False)
    assert await quick.inbox.done(held, "in time")
    assert not await slow.inbox.done(lost, "late")
    assert await slow.inbox.outcome("1") == Outcome(ended=True, reply="in time")


@pytest.mark.parametrize("way", ["fail", "release", "bury", "done"])
async def test_a_lease_that_was_handed_back_is_lost(store: Store, way: str) -> None:
    await put_all(store.inbox, message("1"))
    lease = await leased(store.inbox)
    match way:
        case "fail":
            assert await store.inbox.fail(lease, "no", again_in=0)
        case "release":
            assert await store.inbox.release(lease)
        case "bury":
            assert await store.inbox.bury(lease, "no")
        case _:
            assert await store.inbox.done(lease)
    assert await store.inbox.renew([lease]) == frozenset()
    assert not await store.inbox.fail(lease, "no", again_in=0)
    assert not await store.inbox.release(lease)
    assert await store.inbox.done(lease) == (way == "done")
    assert await store.inbox.bury(lease, "no") == (way == "bury")


async def test_a_lease_that_ran_out_but_that_nobody_took_is_still_held(place: Place) -> None:
    store = await place.open(lease_seconds=0.05)
    await put_all(store.inbox, message("1"))
    lease = await leased(store.inbox)

    async def has_run_out() -> bool:
        return (await store.inbox.depth()).oldest > 0.2

    await until(has_run_out)
    assert await store.inbox.renew([lease]) == {lease.token}
    assert await store.inbox.done(lease)


async def test_a_renewed_lease_is_given_to_nobody_else(place: Place) -> None:
    store = await place.open(lease_seconds=1.0)
    await put_all(store.inbox, message("1", thread="a"), message("2", thread="b"))
    leases = [await leased(store.inbox), await leased(store.inbox)]
    unknown = Leased(message=message("3"), token="0" * 32, attempt=1, failures=0)
    for _ in range(5):
        assert await store.inbox.renew([*leases, unknown]) == {lease.token for lease in leases}
        assert await store.inbox.lease(wait=0.3) is None
    assert await store.inbox.renew([]) == frozenset()


async def test_ending_twice_says_the_same_and_changes_nothing(store: Store) -> None:
    await put_all(store.inbox, message("1"), message("2"))
    lease = await leased(store.inbox)
    assert await store.inbox.done(lease, "the reply")
    following = await leased(store.inbox)
    assert await store.inbox.done(lease, "the reply")
    assert await store.inbox.outcome("1") == Outcome(ended=True, reply="the reply")
    assert await store.inbox.renew([following]) == {following.token}
    assert await store.inbox.lease(wait=0) is None


async def test_the_outcome_is_known_at_every_step(store: Store) -> None:
    assert await store.inbox.outcome("1") is None
    await put_all(store.inbox, message("1"))
    assert await store.inbox.outcome("1") == Outcome(ended=False)
    lease = await leased(store.inbox)
    assert await store.inbox.outcome("1") == Outcome(ended=False)
    await store.inbox.fail(lease, "away", again_in=0)
    assert await store.inbox.outcome("1") == Outcome(ended=False)
    await store.inbox.done(await leased(store.inbox), "Größe \ud800\x00")
    assert await store.inbox.outcome("1") == Outcome(ended=True, reply="Größe \ud800\x00")


async def test_a_reply_expires_and_the_message_stays_ended(place: Place) -> None:
    store = await place.open(reply_seconds=0.3)
    await put_all(store.inbox, message("1"))
    await store.inbox.done(await leased(store.inbox), "the reply")

    async def has_expired() -> bool:
        return await store.inbox.outcome("1") == Outcome(ended=True)

    await until(has_expired)
    assert not await store.inbox.put(message("1"))


async def test_dead_letters_are_listed_the_oldest_first_and_their_threads_go_on(store: Store) -> None:
    await put_all(store.inbox, message("1", person="bob"), message("2"), message("3"))
    await store.inbox.fail(await leased(store.inbox), "first", again_in=0)
    assert await store.inbox.bury(await leased(store.inbox), "Größe\ud800", "Sorry.")
    assert await store.inbox.bury(await leased(store.inbox), "no more")
    first, second = await store.inbox.dead(limit=10)
    assert (first.id, first.person, first.channel, first.attempts) == ("1", "bob", "terminal", 2)
    assert (first.reason, second.id, second.reason) == ("Größe\ud800", "2", "no more")
    assert abs(first.at - time.time()) < 60
    assert await store.inbox.dead(limit=1) == (first,)
    assert await store.inbox.outcome("1") == Outcome(ended=True, reply="Sorry.")
    assert await store.inbox.outcome("2") == Outcome(ended=True)
    assert not await store.inbox.put(message("1"))
    assert await drained(store.inbox) == ["3"]


async def test_a_dead_letter_tried_again_comes_last_in_its_thread_as_if_new(store: Store) -> None:
    await put_all(store.inbox, message("1", text=MARKER), message("2"), message("3"))
    await store.inbox.bury(await leased(store.inbox), "no", "Sorry.")
    assert await store.inbox.retry("1")
    assert not await store.inbox.retry("1")
    assert not await store.inbox.retry("2")
    assert not await store.inbox.retry("unknown")
    assert await store.inbox.dead(limit=10) == ()
    assert await store.inbox.outcome("1") == Outcome(ended=False)
    for _ in range(2):
        await store.inbox.done(await leased(store.inbox))
    again = await leased(store.inbox)
    assert (again.message, again.attempt, again.failures) == (message("1", text=MARKER), 1, 0)


async def test_a_dead_letter_of_a_thread_at_rest_can_be_tried_again(store: Store) -> None:
    await put_all(store.inbox, message("1"))
    await store.inbox.bury(await leased(store.inbox), "no")
    assert await store.inbox.retry("1")
    assert (await leased(store.inbox)).message.id == "1"


async def test_the_depth_counts_what_is_open_and_what_is_dead(store: Store) -> None:
    empty = await store.inbox.depth()
    assert (empty.waiting, empty.leased, empty.dead, empty.oldest) == (0, 0, 0, 0.0)
    await put_all(store.inbox, message("1"), message("2"), message("3"), message("4", thread="other"))
    await store.inbox.bury(await leased(store.inbox), "no")
    await leased(store.inbox)
    depth = await store.inbox.depth()
    assert (depth.waiting, depth.leased, depth.dead) == (2, 1, 1)
    assert 0 <= depth.oldest < 60
    await store.inbox.done(await leased(store.inbox))
    assert (await store.inbox.depth()).waiting == 1


@pytest.mark.parametrize("elsewhere", [False, True], ids=["in this process", "in another replica"])
async def test_one_who_waits_gets_a_message_as_soon_as_it_is_put(place: Place, elsewhere: bool) -> None:
    store = await place.open()
    other = await place.open() if elsewhere else store
    waiting = asyncio.create_task(store.inbox.lease(wait=SOON * 2))
    await asyncio.sleep(0)
    started = time.perf_counter()
    await put_all(other.inbox, message("1"))
    lease = await waiting
    assert lease
    assert lease.message.id == "1"
    assert time.perf_counter() - started < SOON


async def test_waiting_in_vain_ends_in_time(store: Store) -> None:
    started = time.perf_counter()
    assert await store.inbox.lease(wait=0.2) is None
    assert 0.19 < time.perf_counter() - started < SOON


async def test_several_who_wait_get_one_message_each(place: Place) -> None:
    store, other = await place.open(), await place.open()
    waiting = [asyncio.create_task(one.inbox.lease(wait=SOON)) for one in (store, other) * 4]
    await asyncio.sleep(0)
    await asyncio.gather(*(store.inbox.put(message(f"{n}", thread=f"{n}")) for n in range(len(waiting))))
    got = [lease.message.id for lease in await asyncio.gather(*waiting) if lease]
    assert sorted(got) == sorted(f"{n}" for n in range(len(waiting)))


async def test_a_wait_that_is_cancelled_takes_no_message_with_it(store: Store) -> None:
    await put_all(store.inbox, message("1"))
    for turns in range(20):
        waiting = asyncio.create_task(store.inbox.lease(wait=SOON))
        for _ in range(turns):
            await asyncio.sleep(0)
        waiting.cancel()
        (got,) = await asyncio.gather(waiting, return_exceptions=True)
        if isinstance(got, Leased):
            # It was quicker than its end.
            assert await store.inbox.release(got)
        else:
            assert isinstance(got, asyncio.CancelledError)
    lease = await store.inbox.lease(wait=0)
    assert lease
    assert lease.attempt == 1


async def test_an_ended_message_leaves_no_text(place: Place) -> None:
    store = await place.open()
    await put_all(store.inbox, message("1", text=MARKER, person="wilhelmina", thread="under-the-eaves"))
    held = await place.everything()
    assert all(text in held for text in (MARKER.encode(), b"wilhelmina", b"under-the-eaves"))
    await store.inbox.done(await leased(store.inbox))
    assert await store.inbox.lease(wait=0) is None
    left = await place.everything()
    assert not any(text in left for text in (MARKER.encode(), b"wilhelmina", b"under-the-eaves"))


async def test_what_is_forgotten_leaves_nothing_and_the_others_go_on(place: Place) -> None:
    store = await place.open()
    mine = {"person": "wilhelmina", "text": MARKER * 500}
    await put_all(store.inbox, message("dead", thread="a", **mine), message("replied", thread="b", **mine))
    await store.inbox.bury(await leased(store.inbox), MARKER, MARKER)
    await store.inbox.done(await leased(store.inbox), MARKER)
    await put_all(store.inbox, message("waits-1", thread="c", **mine), message("waits-2", thread="c", **mine))
    await put_all(store.inbox, message("last", thread="c"), message("next", thread="a"))
    assert MARKER.encode() in await place.everything()

    assert await store.inbox.forget("wilhelmina") == 3
    left = await place.everything()
    assert MARKER.encode() not in left
    assert b"wilhelmina" not in left
    assert await store.inbox.forget("wilhelmina") == 0
    assert await store.inbox.dead(limit=10) == ()
    assert not await store.inbox.retry("dead")
    assert await store.inbox.outcome("replied") == Outcome(ended=True)
    assert not await store.inbox.put(message("waits-1", **mine))
    assert sorted(await drained(store.inbox)) == ["last", "next"]


async def test_a_message_that_somebody_works_on_is_not_forgotten(store: Store) -> None:
    await put_all(store.inbox, message("1"), message("2"))
    lease = await leased(store.inbox)
    assert await store.inbox.forget("ann") == 1
    assert await store.inbox.done(lease, "Forgotten.")
    assert await store.inbox.outcome("1") == Outcome(ended=True, reply="Forgotten.")
    assert await drained(store.inbox) == []
