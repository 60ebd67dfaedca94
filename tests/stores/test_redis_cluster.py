"""What only a cluster has: keys on several nodes, slots that move, one node away while the others serve."""

from collections.abc import AsyncIterator, Iterator, Sequence

import pytest

from bot.core.state import StoreAwayError
from bot.stores.redis import RedisStore
from tests.stores.redis_places import stored
from tests.stores.redis_server import Server, running_cluster, well
from tests.stores.saying import drained, leased, message, put_all, turn, until


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sequence[Server]]:
    """A cluster of these tests' own, to be stopped, started and moved about in."""
    with running_cluster(tmp_path_factory.mktemp("own")) as servers:
        yield servers


@pytest.fixture
def prefix(request: pytest.FixtureRequest) -> str:
    return f"cluster-{request.node.name}"


@pytest.fixture
async def store(servers: Sequence[Server], prefix: str) -> AsyncIterator[RedisStore]:
    store = RedisStore(servers[0].url, prefix=prefix)
    await store.open()
    yield store
    await store.close()


async def slot(server: Server, key: str) -> int:
    return int(await server.say("CLUSTER", "KEYSLOT", key))


async def serves(server: Server, place: int) -> bool:
    slots = await server.say("CLUSTER", "SLOTS")
    return any(start <= place <= end and port == server.port for start, end, (_, port, *_), *_ in slots)


async def owner(servers: Sequence[Server], key: str) -> Server:
    """Gives the node that serves a key."""
    place = await slot(servers[0], key)
    for server in servers:
        if await serves(server, place):
            return server
    raise AssertionError(key)


async def sums(store: RedisStore) -> list[int]:
    return [group["n"] for group in await store.counters.read([f"g{number}" for number in range(30)])]


async def test_every_node_has_its_part(servers: Sequence[Server], store: RedisStore, prefix: str) -> None:
    for number in range(30):
        await store.counters.add(f"g{number}", {"n": number})
        await store.threads.append(f"t{number}", turn("1", person=f"person {number}"))
        await store.log.append(f"s{number}", "entry", expected=0)
        await store.records.write(f"r{number}", "body", person=f"person {number % 3}", expected=0, lasts=60)
    parts = [len(await stored(server, prefix)) for server in servers]
    assert all(parts)
    assert await sums(store) == list(range(30))
    assert [await store.records.forget(f"person {number}") for number in range(3)] == [10, 10, 10]


async def test_the_inbox_is_on_one_node_whatever_its_ids_are(
    servers: Sequence[Server], store: RedisStore, prefix: str
) -> None:
    ids = ("{a}", "}{", "{}", "a:b", "%7B")
    await put_all(store.inbox, *(message(id_, thread=id_, person=id_) for id_ in ids))
    assert sorted(await drained(store.inbox)) == sorted(ids)
    for id_ in ids:
        await store.threads.append(id_, turn("1", person=id_))
        assert await store.threads.forget(id_) == 1
        await store.log.restore(id_, ["entry"])
        await store.counters.add(id_, {"n": 1})
        assert await store.records.write(id_, "body", person=id_, expected=0, lasts=60)
        assert await store.records.forget(id_) == 1
    nodes = [server for server in servers if any(b"{inbox}" in part for part in await stored(server, prefix))]
    assert len(nodes) == 1


async def test_slots_that_move_to_another_node_are_followed(servers: Sequence[Server], store: RedisStore) -> None:
    await put_all(store.inbox, message("1"), message("2"))
    held = await leased(store.inbox)
    old = await owner(servers, "{inbox}")
    new = next(server for server in servers if server is not old)
    place = await slot(old, "{inbox}")
    await old.say("CLUSTER", "MIGRATESLOTS", "SLOTSRANGE", place, place, "NODE", await new.say("CLUSTER", "MYID"))

    async def moved() -> bool:
        # Asked of the new node alone: for a moment neither calls the slot its own.
        return await serves(new, place)

    await until(moved)
    assert await store.inbox.done(held)
    assert await drained(store.inbox) == ["2"]


async def test_a_node_that_is_away_takes_only_its_part_with_it(servers: Sequence[Server], store: RedisStore) -> None:
    for server in servers:
        await server.say("CONFIG", "SET", "cluster-require-full-coverage", "no")
    for number in range(30):
        await store.counters.add(f"g{number}", {"n": number})
    serving = await owner(servers, "{inbox}")
    away = next(server for server in servers[1:] if server is not serving)
    away.stop()
    with pytest.raises(StoreAwayError):
        await sums(store)
    await put_all(store.inbox, message("1"))
    assert await drained(store.inbox) == ["1"]
    away.start()
    for server in servers:
        await well(server, nodes=len(servers))

    async def works() -> bool:
        try:
            return await sums(store) == list(range(30))
        except StoreAwayError:
            return False

    await until(works)


async def test_a_cluster_that_was_away_as_a_whole_is_found_again(servers: Sequence[Server], store: RedisStore) -> None:
    await put_all(store.inbox, message("1"))
    for server in servers:
        server.stop()
    with pytest.raises(StoreAwayError):
        await store.check()
    for server in servers:
        server.start()
    for server in servers:
        await well(server, nodes=len(servers))

    async def works() -> bool:
        try:
            await store.check()
        except StoreAwayError:
            return False
        return True

    await until(works)
    assert await drained(store.inbox) == ["1"]


async def test_a_database_number_is_refused_as_a_cluster_has_none(servers: Sequence[Server]) -> None:
    with pytest.raises(StoreAwayError, match="redis at"):
        await RedisStore(f"{servers[0].url}/1").open()
