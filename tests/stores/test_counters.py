"""The contract of every set of counters."""

import asyncio

from bot.core.state import Store
from tests.stores.places import Place
from tests.stores.saying import until


async def test_sums_start_from_0_and_the_named_ones_are_given(store: Store) -> None:
    assert await store.counters.add("g", {"asked": 1, "covered": 0}) == {"asked": 1, "covered": 0}
    assert await store.counters.add("g", {"asked": 2, "up": -5}) == {"asked": 3, "up": -5}
    assert await store.counters.add("g", {}) == {}
    assert await store.counters.read(["g"]) == ({"asked": 3, "covered": 0, "up": -5},)


async def test_several_groups_are_read_at_once_in_the_order_asked_for(store: Store) -> None:
    await store.counters.add("a", {"n": 1})
    await store.counters.add("b", {"n": 2})
    assert await store.counters.read(["b", "unknown", "a", "b"]) == ({"n": 2}, {}, {"n": 1}, {"n": 2})
    assert await store.counters.read([]) == ()


async def test_what_many_add_at_once_sums_right(place: Place) -> None:
    store, other = await place.open(), await place.open()
    sums = await asyncio.gather(*(one.counters.add("g", {"n": 1, "m": 3}) for one in (store, other) * 50))
    assert sorted(each["n"] for each in sums) == list(range(1, 101))
    assert await store.counters.read(["g"]) == ({"n": 100, "m": 300},)


async def test_a_group_expires_as_a_whole_and_starts_anew(store: Store) -> None:
    await store.counters.add("window", {"n": 1}, lasts=0.3)
    await store.counters.add("window", {"m": 1})
    await store.counters.add("ever", {"n": 1})

    async def has_expired() -> bool:
        return await store.counters.read(["window"]) == ({},)

    await until(has_expired)
    assert await store.counters.add("window", {"m": 5}, lasts=60.0) == {"m": 5}
    assert await store.counters.read(["window", "ever"]) == ({"m": 5}, {"n": 1})


async def test_adding_does_not_make_a_group_last_longer(store: Store) -> None:
    await store.counters.add("window", {"n": 1}, lasts=0.3)

    async def starts_anew() -> bool:
        return (await store.counters.add("window", {"n": 1}, lasts=0.3))["n"] == 1

    await until(starts_anew)
