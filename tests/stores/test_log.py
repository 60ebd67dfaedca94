"""The contract of every log."""

import asyncio
from itertools import pairwise

import pytest

from bot.core.state import ConflictError, Log, Snapshot, Store
from tests.stores.places import Place

APPENDERS = 20


async def test_entries_are_read_in_order_from_any_position(place: Place) -> None:
    store, other = await place.open(), await place.open()
    for position, entry in enumerate(["Größe\ud800\x00", "b", "c"]):
        await store.log.append("s", entry, expected=position)
    assert await other.log.read("s", limit=10) == ("Größe\ud800\x00", "b", "c")
    assert await other.log.read("s", after=1, limit=1) == ("b",)
    assert await other.log.read("s", after=3, limit=10) == ()
    assert await other.log.length("s") == 3


async def test_streams_are_apart(store: Store) -> None:
    await store.log.append("a", "one", expected=0)
    assert await store.log.length("b") == 0
    assert await store.log.read("b", limit=10) == ()
    await store.log.append("b", "two", expected=0)
    assert await store.log.read("a", limit=10) == ("one",)


@pytest.mark.parametrize("expected", [0, 2, 7])
async def test_an_entry_for_another_length_conflicts_and_says_the_length(store: Store, expected: int) -> None:
    await store.log.append("s", "first", expected=0)
    with pytest.raises(ConflictError) as caught:
        await store.log.append("s", "second", expected=expected)
    assert caught.value.length == 1
    assert await store.log.read("s", limit=10) == ("first",)


async def test_appending_again_is_safe_also_when_others_have_appended_since(store: Store) -> None:
    await store.log.append("s", "mine", expected=0)
    await store.log.append("s", "mine", expected=0)
    await store.log.append("s", "theirs", expected=1)
    await store.log.append("s", "mine", expected=0)
    assert await store.log.read("s", limit=10) == ("mine", "theirs")


async def test_of_many_appending_at_once_one_wins_each_position(place: Place) -> None:
    stores = [await place.open(), await place.open()]

    async def append(log: Log, name: str) -> int:
        """Appends at the end, wherever that is by then; gives how often somebody else was first."""
        lengths = [0]
        while True:
            try:
                await log.append("s", name, expected=lengths[-1])
            except ConflictError as error:
                lengths.append(error.length)
            else:
                assert all(after > before for before, after in pairwise(lengths))
                return len(lengths) - 1

    names = [f"entry-{number}" for number in range(APPENDERS)]
    conflicts = await asyncio.gather(*(append(stores[n % 2].log, name) for n, name in enumerate(names)))
    entries = await stores[0].log.read("s", limit=1_000)
    assert sorted(entries) == sorted(names)
    assert sum(count == 0 for count in conflicts) == 1


async def test_a_reader_follows_while_others_append(place: Place) -> None:
    writer, reader = await place.open(), await place.open()

    async def write() -> None:
        for position in range(100):
            await writer.log.append("s", f"{position}", expected=position)

    writing = asyncio.create_task(write())
    seen: list[str] = []
    while len(seen) < 100:
        seen += await reader.log.read("s", after=len(seen), limit=7)
    await writing
    assert all(int(after) == int(before) + 1 for before, after in pairwise(seen))


async def test_the_newest_snapshot_is_kept(store: Store) -> None:
    assert await store.log.snapshot("s") is None
    await store.log.keep_snapshot("s", Snapshot(length=2, body="two\ud800"))
    assert await store.log.snapshot("s") == Snapshot(length=2, body="two\ud800")
    await store.log.keep_snapshot("s", Snapshot(length=5, body="five"))
    await store.log.keep_snapshot("s", Snapshot(length=3, body="three"))
    assert await store.log.snapshot("s") == Snapshot(length=5, body="five")
    assert await store.log.snapshot("other") is None


async def test_an_empty_stream_is_restored_wholly_and_goes_on(store: Store) -> None:
    entries = tuple(f"entry {number}" for number in range(1_500))
    await store.log.restore("s", entries)
    assert await store.log.read("s", limit=2_000) == entries
    await store.log.append("s", "next", expected=len(entries))
    assert await store.log.length("s") == len(entries) + 1


async def test_a_stream_that_holds_entries_is_not_restored(store: Store) -> None:
    await store.log.append("s", "there", expected=0)
    with pytest.raises(ConflictError) as caught:
        await store.log.restore("s", ["a", "b"])
    assert caught.value.length == 1
    assert await store.log.read("s", limit=10) == ("there",)
    await store.log.restore("nothing", [])
    assert await store.log.length("nothing") == 0
