"""Records on the server: what lies there for how long, and what comes of calls that get in each other's way."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from bot.core.state import Record
from bot.stores.redis import RedisStore
from bot.stores.redis.connection import Connection
from bot.stores.redis.keys import Keys
from bot.stores.redis.records import RedisRecords
from tests.stores.interrupting import Act, Interrupted
from tests.stores.redis_places import stored
from tests.stores.redis_server import Server

WRITE = 2
"""Of a write's calls that change anything, the one that writes: the index comes first."""

Interrupting = Callable[..., Awaitable[RedisRecords]]


@pytest.fixture
def keys(request: pytest.FixtureRequest) -> Keys:
    return Keys(f"records-{request.node.name}")


@pytest.fixture
async def records(redis_server: Server, keys: Keys) -> AsyncIterator[RedisRecords]:
    store = RedisStore(redis_server.url, prefix=keys.prefix)
    await store.open()
    yield store.records
    await store.close()


@pytest.fixture
async def interrupted(redis_server: Server, keys: Keys) -> AsyncIterator[Interrupting]:
    """Makes records in which something else happens before the so-manieth call that changes anything."""
    opened: list[Connection] = []

    async def make(call: int, act: Act, *, again: bool = False) -> RedisRecords:
        opened.append(Interrupted(redis_server.url, call, act, again=again))
        await opened[-1].open()
        return RedisRecords(opened[-1], keys)

    yield make
    for connection in opened:
        await connection.close()


async def write(
    records: RedisRecords, body: str = "body", *, person: str = "wilhelmina", expected: int = 0, lasts: float = 60.0
) -> bool:
    return await records.write("r", body, person=person, expected=expected, lasts=lasts)


async def lasts(server: Server, key: str) -> float:
    return int(await server.say("PTTL", key)) / 1000


async def test_all_of_a_record_expires_its_place_in_the_index_last(
    redis_server: Server, records: RedisRecords, keys: Keys
) -> None:
    await write(records, lasts=600)
    await write(records, expected=1, lasts=60)
    names = {name.decode().removeprefix(f"{keys.prefix}:") for name in (await stored(redis_server, keys.prefix))[::2]}
    assert names == {"{record:r}:kept", "{person:wilhelmina}:records", "{meta}:schema"}
    assert 50 < await lasts(redis_server, keys.record("r", "kept")) <= 60
    assert 4_000 < await lasts(redis_server, keys.person("wilhelmina", "records")) <= 4_200


async def test_forgetting_leaves_a_mark_that_tells_nothing_and_expires(
    redis_server: Server, records: RedisRecords, keys: Keys
) -> None:
    await write(records)
    await records.forget("wilhelmina")
    names = {name.decode().removeprefix(f"{keys.prefix}:") for name in (await stored(redis_server, keys.prefix))[::2]}
    assert names == {"{record:r}:mark", "{meta}:schema"}
    assert 50 < await lasts(redis_server, keys.record("r", "mark")) <= 60


async def test_a_write_that_is_refused_leaves_nothing_in_the_index(
    redis_server: Server, records: RedisRecords, keys: Keys
) -> None:
    await write(records)
    assert not await write(records, person="bob")
    assert await redis_server.say("EXISTS", keys.person("bob", "records")) == 0


async def test_however_often_a_record_is_written_it_does_not_grow(
    redis_server: Server, records: RedisRecords, keys: Keys
) -> None:
    for expected in range(250):
        assert await write(records, expected=expected)
    assert await redis_server.say("HLEN", keys.record("r", "kept")) == 103


@pytest.mark.parametrize("acting", ["write", "write over another's", "forget"])
@pytest.mark.parametrize("call", [1, 2], ids=["before its first change", "before its second"])
async def test_a_record_that_comes_while_its_person_is_forgotten_is_found_the_next_time(
    redis_server: Server, records: RedisRecords, keys: Keys, interrupted: Interrupting, acting: str, call: int
) -> None:
    if acting == "forget":
        await write(records)
        forgetting = await interrupted(call, lambda: write(records, expected=2 - call))
        await forgetting.forget("wilhelmina")
    else:
        expected = 1 if acting == "write over another's" and await write(records, person="bob") else 0
        writing = await interrupted(call, lambda: records.forget("wilhelmina"))
        assert await write(writing, expected=expected)
    left = await records.read("r")
    assert await records.forget("wilhelmina") == (1 if left else 0)
    assert await records.read("r") is None
    assert not any(b"wilhelmina" in part for part in await stored(redis_server, keys.prefix))


async def test_a_forgotten_person_does_not_take_along_what_became_anothers_meanwhile(
    records: RedisRecords, interrupted: Interrupting
) -> None:
    await write(records)
    forgetting = await interrupted(1, lambda: write(records, "bob's now", person="bob", expected=1))
    assert await forgetting.forget("wilhelmina") == 0
    assert await records.read("r") == Record(body="bob's now", revision=2)
    assert await records.forget("bob") == 1


async def test_a_write_whose_answer_was_lost_says_that_it_worked_though_others_wrote_since(
    records: RedisRecords, interrupted: Interrupting
) -> None:
    async def others() -> None:
        for expected in range(1, 50):
            assert await write(records, "theirs", expected=expected)

    assert await write(await interrupted(WRITE, others, again=True), "mine")
    assert await records.read("r") == Record(body="theirs", revision=50)


async def test_a_write_whose_answer_was_lost_writes_nothing_over_what_was_forgotten_since(
    records: RedisRecords, interrupted: Interrupting
) -> None:
    await write(records)
    writing = await interrupted(WRITE, lambda: records.forget("wilhelmina"), again=True)
    assert not await write(writing, expected=1)
    assert await records.read("r") is None


async def test_a_first_write_whose_answer_was_lost_and_record_forgotten_is_written_after_it_and_found(
    records: RedisRecords, interrupted: Interrupting
) -> None:
    writing = await interrupted(WRITE, lambda: records.forget("wilhelmina"), again=True)
    assert await write(writing)
    assert await records.read("r") == Record(body="body", revision=1)
    assert await records.forget("wilhelmina") == 1
