"""An answer that is lost: the server did it, the store asks again, and what it says is still true."""

from collections.abc import AsyncIterator

import pytest

from bot.core.state import Outcome, Record, StoreAwayError
from bot.stores.redis import RedisStore, counters, inbox, log, person_index, records, schema, threads
from bot.stores.redis.scripts import Script
from tests.stores.losing import Way, way_to
from tests.stores.redis_server import Server
from tests.stores.saying import drained, leased, message, put_all, turn

SCRIPTS = [
    script
    for module in (counters, inbox, log, person_index, records, schema, threads)
    for script in vars(module).values()
    if isinstance(script, Script)
]


@pytest.fixture
async def way(redis_server: Server) -> AsyncIterator[Way]:
    for script in SCRIPTS:
        # Or the answer that is lost may be that the server does not have it yet.
        await redis_server.say("SCRIPT", "LOAD", script.text)
    async with way_to(redis_server.port) as way:
        yield way


@pytest.fixture
async def store(way: Way, request: pytest.FixtureRequest) -> AsyncIterator[RedisStore]:
    store = RedisStore(f"redis://127.0.0.1:{way.port}", prefix=f"lost-{request.node.name}")
    await store.open()
    yield store
    await store.close()


async def test_a_message_is_taken_in_once(way: Way, store: RedisStore) -> None:
    way.lose_answers(1)
    assert not await store.inbox.put(message("1"))
    assert await drained(store.inbox) == ["1"]


async def test_every_way_to_end_a_lease_says_that_it_worked(way: Way, store: RedisStore) -> None:
    await put_all(store.inbox, message("1"))
    lease = await leased(store.inbox)
    way.lose_answers(1)
    assert await store.inbox.fail(lease, "away", again_in=0)
    lease = await leased(store.inbox)
    way.lose_answers(1)
    assert await store.inbox.release(lease)
    lease = await leased(store.inbox)
    assert lease.attempt == 2
    way.lose_answers(1)
    assert await store.inbox.bury(lease, "no more")
    assert await store.inbox.retry("1")
    lease = await leased(store.inbox)
    way.lose_answers(1)
    assert await store.inbox.done(lease, "reply")
    assert await store.inbox.outcome("1") == Outcome(ended=True, reply="reply")


async def test_an_entry_a_turn_and_a_restored_stream_are_there_once(way: Way, store: RedisStore) -> None:
    way.lose_answers(1)
    await store.log.append("s", "one", expected=0)
    assert await store.log.read("s", limit=10) == ("one",)
    way.lose_answers(2)
    await store.threads.append("t", turn("1"))
    assert await store.threads.recent("t") == (turn("1"),)
    way.lose_answers(1)
    await store.log.restore("restored", ["a", "b"])
    assert await store.log.read("restored", limit=10) == ("a", "b")


@pytest.mark.parametrize("call", range(3), ids=["look", "index", "write"])
async def test_a_record_is_written_once_and_its_writer_is_told_so(way: Way, store: RedisStore, call: int) -> None:
    for expected in range(2):
        way.lose_answers(2, after=call)
        assert await store.records.write("r", "body", person="ann", expected=expected, lasts=60)
        assert not await store.records.write("r", "again", person="ann", expected=expected, lasts=60)
        assert await store.records.read("r") == Record(body="body", revision=expected + 1)
    assert await store.records.forget("ann") == 1


async def test_who_was_not_told_that_a_record_is_written_reads_it_and_asking_again_says_false(
    way: Way, store: RedisStore
) -> None:
    way.lose_answers(3, after=2)
    with pytest.raises(StoreAwayError):
        await store.records.write("r", "body", person="ann", expected=0, lasts=60)
    assert not await store.records.write("r", "body", person="ann", expected=0, lasts=60)
    assert await store.records.read("r") == Record(body="body", revision=1)


async def test_what_must_not_happen_twice_is_not_asked_twice(way: Way, store: RedisStore) -> None:
    assert await store.counters.add("g", {"n": 1}) == {"n": 1}
    way.lose_answers(1)
    with pytest.raises(StoreAwayError):
        await store.counters.add("g", {"n": 1})
    assert await store.counters.read(["g"]) == ({"n": 2},)

    await store.threads.append("t", turn("1"))
    assert await store.threads.react("t", "1", person="ann", reaction="up")
    way.lose_answers(1)
    with pytest.raises(StoreAwayError):
        await store.threads.react("t", "1", person="ann", reaction="down")


async def test_answers_that_go_on_being_lost_are_an_error(way: Way, store: RedisStore) -> None:
    way.lose_answers(3)
    with pytest.raises(StoreAwayError):
        await store.inbox.put(message("1"))
    assert not await store.inbox.put(message("1"))
