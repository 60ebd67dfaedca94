"""The schema that is stored: written once, brought forward by one replica, refused when it is newer."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.core.state import StoreAwayError
from bot.stores.redis import RedisStore, schema
from bot.stores.redis.connection import Connection
from bot.stores.redis.keys import Keys
from bot.stores.redis.schema import bring_up_to_date
from tests.stores.redis_server import Server


@pytest.fixture
def keys(request: pytest.FixtureRequest) -> Keys:
    return Keys(f"schema-{request.node.name}")


@pytest.fixture
async def connection(redis_server: Server) -> AsyncIterator[Connection]:
    connection = Connection(redis_server.url)
    await connection.open()
    yield connection
    await connection.close()


async def nothing(_connection: Connection, _keys: Keys) -> None:
    """A step that has nothing to do."""


async def test_a_newer_schema_is_refused(redis_server: Server, keys: Keys) -> None:
    await redis_server.say("SET", keys.meta("schema"), "7")
    store = RedisStore(redis_server.url, prefix=keys.prefix)
    with pytest.raises(StoreAwayError) as caught:
        await store.open()
    await store.close()
    assert str(caught.value) == (
        f"redis at 127.0.0.1:{redis_server.port} was written by a newer Field Coach (schema 7, this one knows 1): "
        "upgrade the program, or name another REDIS_URL"
    )


async def test_an_empty_server_gets_the_schema_that_is_known_without_a_step(
    redis_server: Server, connection: Connection, keys: Keys
) -> None:
    async def step(_connection: Connection, _keys: Keys) -> None:
        pytest.fail("there is nothing to migrate")

    await bring_up_to_date(connection, keys, [step])
    assert await redis_server.say("GET", keys.meta("schema")) == "2"


async def test_each_step_is_taken_once_and_in_order_whoever_comes(
    redis_server: Server, connection: Connection, keys: Keys
) -> None:
    taken: list[int] = []

    async def first(_connection: Connection, _keys: Keys) -> None:
        taken.append(1)
        await asyncio.sleep(0.05)

    async def second(_connection: Connection, _keys: Keys) -> None:
        taken.append(2)

    await bring_up_to_date(connection, keys, [])
    await asyncio.gather(*(bring_up_to_date(connection, keys, [first, second]) for _ in range(5)))
    assert taken == [1, 2]
    assert await redis_server.say("GET", keys.meta("schema")) == "3"


async def test_a_replica_that_does_not_get_done_is_waited_for_only_so_long(
    redis_server: Server, connection: Connection, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "PATIENCE", 0.2)
    await bring_up_to_date(connection, keys, [])
    await redis_server.say("SET", keys.meta("lock"), "another")
    with pytest.raises(StoreAwayError, match="is being migrated by another replica"):
        await bring_up_to_date(connection, keys, [nothing])
    await redis_server.say("DEL", keys.meta("lock"))
    await bring_up_to_date(connection, keys, [nothing])
