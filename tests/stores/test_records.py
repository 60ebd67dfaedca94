"""The contract of every set of records: kept for a while, replaced only by who knows what is there, erased as asked."""

import asyncio

import pytest

from bot.core.state import Record, Store, StoreAwayError
from tests.stores.places import Place
from tests.stores.saying import until

MARKER = "zinc-flashing"
HOUR = 3600.0


async def write(
    store: Store, id_: str, body: str = "body", *, person: str = "ann", expected: int = 0, lasts: float = HOUR
) -> bool:
    return await store.records.write(id_, body, person=person, expected=expected, lasts=lasts)


async def gone(store: Store, id_: str) -> None:
    async def is_gone() -> bool:
        return await store.records.read(id_) is None

    await until(is_gone)


@pytest.mark.parametrize(
    "body",
    ["", "Größe 🪵\r\n\x00 \ud800 'quoted' \\u0000 \udfff", "\ud800 gutters? " * 260_000],
    ids=["empty", "odd", "4 MB"],
)
async def test_a_record_comes_back_as_it_was_written_whoever_reads_it(place: Place, body: str) -> None:
    store, other = await place.open(), await place.open()
    assert await write(store, "{a}:é", body, person="slack:T1/U2")
    assert await other.records.read("{a}:é") == Record(body=body, revision=1)
    assert await other.records.read("another") is None


async def test_a_revision_is_replaced_by_who_names_it_and_by_nobody_else(place: Place) -> None:
    store, other = await place.open(), await place.open()
    assert not await write(store, "r", "early", expected=1)
    assert await store.records.read("r") is None
    assert await write(store, "r", "first")
    assert not await write(other, "r", "again")
    assert not await write(other, "r", "ahead", expected=2)
    assert await other.records.read("r") == Record(body="first", revision=1)
    assert await write(other, "r", "second", expected=1)
    assert not await write(store, "r", "late", expected=1)
    assert await store.records.read("r") == Record(body="second", revision=2)


async def test_asking_again_for_what_was_written_says_false(store: Store) -> None:
    assert await write(store, "r")
    assert not await write(store, "r")
    assert await write(store, "r", expected=1)
    assert not await write(store, "r", expected=1)
    assert await store.records.read("r") == Record(body="body", revision=2)


async def test_of_100_who_write_at_once_exactly_one_wins_each_revision(place: Place) -> None:
    store, other = await place.open(), await place.open()
    for expected in range(3):
        written = await asyncio.gather(
            *(
                write((store, other)[number % 2], "r", f"{number}", person=f"p{number}", expected=expected)
                for number in range(100)
            )
        )
        assert written.count(True) == 1
        assert await store.records.read("r") == Record(body=f"{written.index(True)}", revision=expected + 1)
    assert sum([await store.records.forget(f"p{number}") for number in range(100)]) == 1


async def test_nothing_is_lost_when_many_change_a_record_each_after_reading_it(place: Place) -> None:
    store, other = await place.open(), await place.open()
    await write(store, "r", "")

    async def add(one: Store, letter: str) -> None:
        record = await one.records.read("r")
        assert record
        while not await write(one, "r", record.body + letter, expected=record.revision):
            record = await one.records.read("r")
            assert record

    await asyncio.gather(*(add(one, letter) for one, letter in zip((store, other) * 6, "abcdefghijkl", strict=True)))
    record = await store.records.read("r")
    assert record
    assert (sorted(record.body), record.revision) == (list("abcdefghijkl"), 13)


async def test_a_record_that_expired_counts_as_none_and_begins_anew(store: Store) -> None:
    assert await write(store, "r", lasts=0.2)
    assert await write(store, "r", lasts=0.2, expected=1)
    await gone(store, "r")
    assert not await write(store, "r", expected=2)
    assert await write(store, "r", "new")
    assert await store.records.read("r") == Record(body="new", revision=1)


async def test_a_write_makes_a_record_last_anew_from_then_on(store: Store) -> None:
    await write(store, "longer", lasts=0.2)
    await write(store, "shorter", lasts=HOUR)
    await write(store, "gauge", lasts=0.2)
    assert await write(store, "longer", expected=1, lasts=HOUR)
    assert await write(store, "shorter", expected=1, lasts=0.2)
    await gone(store, "gauge")
    await gone(store, "shorter")
    assert await store.records.read("longer") == Record(body="body", revision=2)


async def test_a_write_that_is_refused_does_not_make_a_record_last_longer(store: Store) -> None:
    await write(store, "r", lasts=0.2)
    assert not await write(store, "r", lasts=HOUR)
    await gone(store, "r")


async def test_a_forgotten_persons_records_leave_nothing_and_the_others_stay(place: Place) -> None:
    store = await place.open()
    for number in range(5):
        await write(store, f"{number}", MARKER * 1_000, person="wilhelmina")
    await write(store, "0", f"{MARKER} again", person="wilhelmina", expected=1)
    await write(store, "bob's", "kept", person="bob")
    assert MARKER.encode() in await place.everything()
    assert await store.records.forget("wilhelmina") == 5
    left = await place.everything()
    assert MARKER.encode() not in left
    assert b"wilhelmina" not in left
    assert await store.records.read("0") is None
    assert await store.records.read("bob's") == Record(body="kept", revision=1)
    assert await store.records.forget("wilhelmina") == 0
    assert await write(store, "0", "anew", person="wilhelmina")


async def test_a_record_belongs_to_the_person_who_wrote_it_last(store: Store) -> None:
    await write(store, "r", person="ann")
    await write(store, "r", "bob's now", person="bob", expected=1)
    assert await store.records.forget("ann") == 0
    assert await store.records.read("r") == Record(body="bob's now", revision=2)
    assert await store.records.forget("bob") == 1
    assert await store.records.read("r") is None
    await write(store, "r", person="ann")
    await write(store, "r", person="bob", expected=1)
    await write(store, "r", person="ann", expected=2)
    assert await store.records.forget("bob") == 0
    assert await store.records.forget("ann") == 1


async def test_an_expired_record_is_not_counted_among_the_forgotten(store: Store) -> None:
    await write(store, "r", lasts=0.05)
    await write(store, "s")
    await gone(store, "r")
    assert await store.records.forget("ann") == 1


async def test_what_is_written_while_its_person_is_forgotten_is_there_or_gone_and_found_the_next_time(
    place: Place,
) -> None:
    store, other = await place.open(), await place.open()
    ids = [f"{number}" for number in range(30)]
    ways = [write(other, id_, MARKER, person="wilhelmina") for id_ in ids]
    *written, first, second = await asyncio.gather(
        *ways, store.records.forget("wilhelmina"), other.records.forget("wilhelmina")
    )
    assert all(written)
    left = [id_ for id_ in ids if await store.records.read(id_)]
    assert first + second == len(ids) - len(left)
    assert await store.records.forget("wilhelmina") == len(left)
    everything = await place.everything()
    assert MARKER.encode() not in everything
    assert b"wilhelmina" not in everything


async def test_a_record_is_there_for_the_next_that_opens(place: Place) -> None:
    first = await place.open()
    await write(first, "r")
    await first.close()
    later = await place.open()
    assert await later.records.read("r") == Record(body="body", revision=1)
    assert await later.records.forget("ann") == 1


async def test_a_closed_store_is_away(store: Store) -> None:
    await store.close()
    for call in (store.records.read("r"), write(store, "r"), store.records.forget("ann")):
        with pytest.raises(StoreAwayError):
            await call
