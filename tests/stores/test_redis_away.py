"""A server that is gone, stuck, full, read-only or not ours: told in time and in one line, and over when it is over."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from bot.core.state import Leased, Record, Snapshot, StoreAwayError
from bot.stores.redis import RedisStore
from tests.stores.redis_server import Server, free_port, running
from tests.stores.saying import drained, leased, message, put_all, turn, until

IN_TIME = 3.5
"""Seconds that any call may take."""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server of the test's own, to be stopped and started."""
    with running(tmp_path) as server:
        yield server


@pytest.fixture
async def store(server: Server) -> AsyncIterator[RedisStore]:
    store = RedisStore(server.url)
    await store.open()
    yield store
    await store.close()


def calls(store: RedisStore) -> list[Callable[[], Awaitable[object]]]:
    """Gives one call of each kind."""
    lease = Leased(message=message("1"), token="0" * 32, attempt=1, failures=0)
    return [
        store.check,
        lambda: store.inbox.put(message("1")),
        lambda: store.inbox.lease(wait=0.1),
        lambda: store.inbox.renew([lease]),
        lambda: store.inbox.done(lease, "reply"),
        lambda: store.inbox.retry("1"),
        lambda: store.inbox.discard("1"),
        store.inbox.depth,
        lambda: store.inbox.forget("ann"),
        lambda: store.threads.recent("t"),
        lambda: store.threads.append("t", turn("1")),
        lambda: store.threads.react("t", "1", person="ann", reaction="up"),
        lambda: store.threads.forget("ann"),
        lambda: store.log.append("s", "entry", expected=0),
        lambda: store.log.read("s", limit=10),
        lambda: store.log.keep_snapshot("s", Snapshot(length=1, body="")),
        lambda: store.log.restore("other", ["entry"] * 2_000),
        lambda: store.counters.add("g", {"n": 1}),
        lambda: store.counters.read([f"g{number}" for number in range(100)]),
        lambda: store.records.read("r"),
        lambda: store.records.write("r", "body", person="ann", expected=0, lasts=60),
        lambda: store.records.forget("ann"),
    ]


async def told(call: Callable[[], Awaitable[object]]) -> str:
    """Gives the line that a call fails with, which must come in time."""
    started = time.perf_counter()
    with pytest.raises(StoreAwayError) as caught:
        await call()
    assert time.perf_counter() - started < IN_TIME
    line = str(caught.value)
    assert "\n" not in line
    return line


async def works(store: RedisStore) -> bool:
    try:
        await store.check()
    except StoreAwayError:
        return False
    return True


async def test_a_stopped_server_is_told_by_every_call_and_keeps_what_it_had(server: Server, store: RedisStore) -> None:
    await put_all(store.inbox, message("1"), message("2"))
    held = await leased(store.inbox)
    server.stop()
    for line in await asyncio.gather(*map(told, calls(store))):
        assert line.startswith(f"redis at 127.0.0.1:{server.port}: ")
    assert store.failures >= len(calls(store))
    server.start()
    await until(lambda: works(store))
    assert await store.inbox.done(held)
    assert await drained(store.inbox) == ["2"]


async def test_a_stuck_server_is_told_by_every_call_in_time(server: Server, store: RedisStore) -> None:
    await store.log.append("s", "first", expected=0)
    with server.paused(await server.process()):
        for line in await asyncio.gather(*map(told, calls(store))):
            assert line.startswith(f"redis at 127.0.0.1:{server.port}: ")
        await told(RedisStore(server.url).open)
    await until(lambda: works(store))
    assert await store.log.read("s", limit=1) == ("first",)


async def test_one_who_waits_for_work_is_told_when_the_server_stops(server: Server, store: RedisStore) -> None:
    waiting = asyncio.create_task(store.inbox.lease(wait=30))
    await until(lambda: blocked(server))
    server.stop()

    async def wait() -> object:
        return await waiting

    await told(wait)


async def blocked(server: Server) -> bool:
    return bool((await server.say("INFO", "clients"))["blocked_clients"])


async def test_scripts_that_the_server_forgot_are_brought_again(server: Server, store: RedisStore) -> None:
    await put_all(store.inbox, message("1"))
    await server.say("SCRIPT", "FLUSH")
    assert await drained(store.inbox) == ["1"]


async def test_a_server_that_lost_its_data_is_used_on(server: Server, store: RedisStore) -> None:
    await put_all(store.inbox, message("1"))
    held = await leased(store.inbox)
    await server.say("FLUSHALL")
    assert not await store.inbox.done(held)
    assert await store.inbox.lease(wait=0) is None
    await put_all(store.inbox, message("2"))
    assert await drained(store.inbox) == ["2"]


async def test_a_replica_takes_no_writes_until_it_is_promoted(server: Server, store: RedisStore) -> None:
    await server.say("REPLICAOF", "127.0.0.1", free_port())
    assert "read only" in await told(store.check)
    await server.say("REPLICAOF", "NO", "ONE")
    await store.check()


async def test_a_full_server_is_told_and_still_lets_messages_end(server: Server, store: RedisStore) -> None:
    await put_all(store.inbox, message("1"), message("2"))
    await store.records.write("r", "body", person="ann", expected=0, lasts=60)
    held = await leased(store.inbox)
    await server.say("CONFIG", "SET", "maxmemory", "1")
    assert "maxmemory" in await told(store.check)
    await told(lambda: store.inbox.put(message("3")))
    await told(lambda: store.records.write("r", "more", person="ann", expected=1, lasts=60))
    assert await store.records.read("r") == Record(body="body", revision=1)
    assert await store.inbox.done(held, "reply")
    await server.say("CONFIG", "SET", "maxmemory", "0")
    await store.check()
    assert await drained(store.inbox) == ["2"]


async def test_a_key_of_another_program_is_told(server: Server, store: RedisStore) -> None:
    await server.say("SET", "coach:{count:g}:sums", "ours")
    assert "wrong kind of value" in await told(lambda: store.counters.add("g", {"n": 1}))


async def test_nobody_at_the_address_is_told() -> None:
    store = RedisStore(f"redis://:hunter2@127.0.0.1:{free_port()}/0")
    assert "hunter2" not in await told(store.open)
    assert "not open" in await told(store.check)
    await store.close()


async def test_a_login_that_is_refused_is_told_without_the_password(server: Server) -> None:
    await server.say("CONFIG", "SET", "requirepass", "hunter2")
    for login in ("", ":wrong-one@", "coach:wrong-one@"):
        line = await told(RedisStore(server.url.replace("//", f"//{login}")).open)
        assert "the login was refused" in line
        assert "wrong-one" not in line
    store = RedisStore(server.url.replace("//", "//:hunter2@"))
    await store.open()
    await store.check()
    await store.close()


async def test_a_database_that_there_is_not_is_told(server: Server) -> None:
    assert "out of range" in await told(RedisStore(f"{server.url}/99").open)


@pytest.mark.parametrize("rest", ["?socket_timeout=hunter2", "?no_such_option=hunter2"], ids=["unreadable", "unknown"])
async def test_an_option_that_is_not_taken_is_told(server: Server, rest: str) -> None:
    line = await told(RedisStore(f"{server.url}/0{rest}").open)
    assert "REDIS_URL has an option" in line
    assert "hunter2" not in line


async def test_several_replicas_of_the_program_can_open_at_once(server: Server) -> None:
    stores = [RedisStore(server.url) for _ in range(20)]
    await asyncio.gather(*(store.open() for store in stores))
    await asyncio.gather(*(store.check() for store in stores))
    await asyncio.gather(*(store.close() for store in stores))
