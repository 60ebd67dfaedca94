"""Turns on a Redis server while replicas of an older program, which knows none, work beside those of this one."""

from collections.abc import AsyncIterator

import pytest

from bot.core.messages import Incoming
from bot.stores.redis import RedisStore
from bot.stores.redis.keys import Keys
from tests.stores.redis_places import stored
from tests.stores.redis_server import Server
from tests.stores.saying import drained, leased, message, put_all

FAR = 4_000_000_000_000_000
"""A turn that is yet to come, in microseconds since 1970."""


@pytest.fixture
def keys(request: pytest.FixtureRequest) -> Keys:
    return Keys(f"turns-{request.node.name}")


@pytest.fixture
async def store(redis_server: Server, keys: Keys) -> AsyncIterator[RedisStore]:
    store = RedisStore(redis_server.url, prefix=keys.prefix)
    await store.open()
    yield store
    await store.close()


def one(person: str, id_: str) -> Incoming:
    return message(id_, thread=id_, person=person)


async def put_as_before(server: Server, store: RedisStore, keys: Keys, each: Incoming) -> None:
    """Has on the server what an older program leaves there that puts a message."""
    await put_all(store.inbox, each)
    await server.say("HDEL", keys.inbox(f"message:{each.id}"), "turn")
    await server.say("ZREM", keys.inbox("waiting"), each.id)
    await server.say("ZREM", keys.inbox(f"turns:{each.person}"), each.id)
    put = await server.say("HGET", keys.inbox(f"message:{each.id}"), "put")
    await server.say("ZADD", keys.inbox("ready"), "XX", put, each.thread)


async def end_as_before(server: Server, store: RedisStore, keys: Keys, person: str) -> None:
    """Has on the server what an older program leaves there that leases a message and ends it."""
    lease = await leased(store.inbox)
    assert lease.message.person == person
    await store.inbox.done(lease)
    await server.say("ZADD", keys.inbox("waiting"), FAR, lease.message.id)
    await server.say("ZADD", keys.inbox(f"turns:{person}"), FAR, lease.message.id)


async def test_what_an_older_program_put_is_given_by_when_it_was_put(
    redis_server: Server, store: RedisStore, keys: Keys
) -> None:
    await put_all(store.inbox, one("ann", "a0"), one("ann", "a1"))
    await put_as_before(redis_server, store, keys, one("bob", "b0"))
    await put_as_before(redis_server, store, keys, one("bob", "b1"))
    await put_all(store.inbox, one("bob", "b2"), one("cleo", "c0"))
    lease = await leased(store.inbox)
    assert lease.message.id == "a0"
    assert [await store.inbox.place(id_) for id_ in ("b0", "b1", "b2", "c0", "a1")] == [1, 2, 3, 4, 5]
    await store.inbox.release(lease)
    assert await drained(store.inbox) == ["a0", "b0", "b1", "b2", "c0", "a1"]


async def test_a_message_of_an_older_program_can_be_handed_back_and_keeps_its_place(
    redis_server: Server, store: RedisStore, keys: Keys
) -> None:
    await put_as_before(redis_server, store, keys, one("ann", "a0"))
    await put_all(store.inbox, one("bob", "b0"))
    await store.inbox.fail(await leased(store.inbox), "away", again_in=0)
    assert await store.inbox.place("a0") == 1
    assert await drained(store.inbox) == ["a0", "b0"]


async def test_what_an_older_program_ended_counts_for_nobody(
    redis_server: Server, store: RedisStore, keys: Keys
) -> None:
    await put_all(store.inbox, one("ann", "a0"))
    await end_as_before(redis_server, store, keys, "ann")
    await put_all(store.inbox, one("ann", "a1"), one("bob", "b0"), one("cleo", "c0"))
    assert (await leased(store.inbox)).message.id == "a1"
    assert await store.inbox.place("c0") == 2
    assert await redis_server.say("ZRANGE", keys.inbox("waiting"), 0, -1) == ["b0", "c0"]
    assert await redis_server.say("ZRANGE", keys.inbox("turns:ann"), 0, -1) == ["a1"]


async def test_who_is_forgotten_is_not_named_among_the_turns_of_what_an_older_program_ended(
    redis_server: Server, store: RedisStore, keys: Keys
) -> None:
    await put_all(store.inbox, one("wilhelmina", "1"))
    await end_as_before(redis_server, store, keys, "wilhelmina")
    assert any(b"wilhelmina" in part for part in await stored(redis_server, keys.prefix))
    await store.inbox.forget("wilhelmina")
    assert not any(b"wilhelmina" in part for part in await stored(redis_server, keys.prefix))


async def test_the_turns_of_a_person_are_kept_no_longer_than_they_decide_anything(
    redis_server: Server, store: RedisStore, keys: Keys
) -> None:
    await put_all(store.inbox, one("ann", "a0"), one("ann", "a1"), one("ann", "a2"))
    assert 25_000 < await redis_server.say("PTTL", keys.inbox("turns:ann")) <= 30_000
    await drained(store.inbox)
    assert await redis_server.say("EXISTS", keys.inbox("turns:ann"), keys.inbox("waiting")) == 0
