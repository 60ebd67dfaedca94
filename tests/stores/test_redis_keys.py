"""What lies on the server: nothing too many, nothing for longer than it must."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from bot.stores.redis import RedisStore
from bot.stores.redis.connection import Connection
from bot.stores.redis.keys import Keys
from bot.stores.redis.threads import RedisThreads
from tests.stores.interrupting import Act, Interrupted
from tests.stores.redis_places import stored
from tests.stores.redis_server import Server
from tests.stores.saying import drained, leased, message, put_all, turn


@pytest.fixture
def keys(request: pytest.FixtureRequest) -> Keys:
    return Keys(f"keys-{request.node.name}")


@pytest.fixture
async def store(redis_server: Server, keys: Keys) -> AsyncIterator[RedisStore]:
    store = RedisStore(redis_server.url, prefix=keys.prefix)
    await store.open()
    yield store
    await store.close()


async def lasts(server: Server, key: str) -> float:
    return int(await server.say("PTTL", key)) / 1000


async def test_ended_messages_leave_only_what_expires(redis_server: Server, store: RedisStore, keys: Keys) -> None:
    await put_all(store.inbox, message("1"), message("2"), message("3", thread="other", person="bob"))
    await store.inbox.done(await leased(store.inbox), "reply")
    await drained(store.inbox)
    names = sorted((await stored(redis_server, keys.prefix))[::2])
    left = {name.decode().removeprefix(f"{keys.prefix}:") for name in names}
    assert left == {
        "{inbox}:message:1",
        "{inbox}:message:2",
        "{inbox}:message:3",
        "{inbox}:permits",
        "{inbox}:person:ann",
        "{inbox}:reply:1",
        "{meta}:schema",
    }
    assert await redis_server.say("XLEN", keys.inbox("permits")) == 0
    assert 86_000 < await lasts(redis_server, keys.inbox("message:1")) <= 86_400
    assert 500 < await lasts(redis_server, keys.inbox("reply:1")) <= 600
    assert 500 < await lasts(redis_server, keys.inbox("person:ann")) <= 601


async def test_there_is_one_permit_for_each_thread_that_is_ready_or_held(
    redis_server: Server, store: RedisStore, keys: Keys
) -> None:
    async def counts() -> tuple[int, int, int]:
        pending = await redis_server.say("XPENDING", keys.inbox("permits"), "workers")
        return (
            await redis_server.say("XLEN", keys.inbox("permits")),
            await redis_server.say("ZCARD", keys.inbox("ready")),
            pending["pending"],
        )

    await put_all(store.inbox, *(message(f"{thread}{n}", thread=thread) for thread in "abc" for n in range(3)))
    assert await counts() == (3, 3, 0)
    held = await leased(store.inbox)
    assert await counts() == (3, 2, 1)
    await store.inbox.fail(await leased(store.inbox), "away", again_in=60)
    assert await counts() == (2, 1, 1)
    await put_all(store.inbox, message("d", thread="d", person="bob"))
    assert await counts() == (3, 2, 1)
    assert await store.inbox.forget("ann") == 8
    assert await counts() == (2, 1, 1)
    assert await store.inbox.done(held)
    assert await counts() == (1, 1, 0)
    assert await drained(store.inbox) == ["d"]
    assert await counts() == (0, 0, 0)


async def test_a_message_that_cannot_be_read_is_buried_and_holds_up_nobody(
    redis_server: Server, store: RedisStore, keys: Keys
) -> None:
    await put_all(store.inbox, message("1"), message("2"))
    await redis_server.say("HSET", keys.inbox("message:1"), "body", '{"id": 1}')
    assert await drained(store.inbox) == ["2"]
    (letter,) = await store.inbox.dead(limit=10)
    assert letter.reason.startswith("the message cannot be read: ")


async def test_a_turn_that_cannot_be_read_is_passed_over(redis_server: Server, store: RedisStore, keys: Keys) -> None:
    await store.threads.append("t", turn("1"))
    await store.threads.append("t", turn("2"))
    await redis_server.say("HSET", keys.thread("t", "said"), "turn:1", "{}")
    assert await store.threads.recent("t") == (turn("2"),)
    assert await store.threads.react("t", "1", person="ann", reaction="up") is None


async def test_a_thread_that_others_keep_alive_is_found_for_everybody_in_it(
    redis_server: Server, store: RedisStore, keys: Keys
) -> None:
    async def till() -> float:
        return float(await redis_server.say("ZSCORE", keys.person("ann", "threads"), "t"))

    await store.threads.append("t", turn("1"))
    before = await till()
    await store.threads.append("t", turn("2", person="bob"))
    assert await till() > before
    assert await lasts(redis_server, keys.person("ann", "threads")) > await lasts(
        redis_server, keys.thread("t", "said")
    )


Interrupting = Callable[[int, Act], Awaitable[RedisThreads]]
LATEST = turn("2", person="wilhelmina")


@pytest.fixture
async def interrupted(redis_server: Server, keys: Keys) -> AsyncIterator[Interrupting]:
    """Makes a thread memory in which something else happens before the so-manieth call that changes anything."""
    opened: list[Connection] = []

    async def make(call: int, act: Act) -> RedisThreads:
        opened.append(Interrupted(redis_server.url, call, act))
        await opened[-1].open()
        return RedisThreads(opened[-1], keys, thread_seconds=60)

    yield make
    for connection in opened:
        await connection.close()


@pytest.mark.parametrize("acting", ["append", "forget"])
@pytest.mark.parametrize("call", [1, 2], ids=["before its first change", "before its second"])
async def test_a_turn_that_comes_while_its_person_is_forgotten_is_found_the_next_time(
    redis_server: Server, store: RedisStore, keys: Keys, interrupted: Interrupting, acting: str, call: int
) -> None:
    await store.threads.append("t", turn("1", person="wilhelmina"))
    if acting == "append":
        threads = await interrupted(call, lambda: store.threads.forget("wilhelmina"))
        await threads.append("t", LATEST)
    else:
        threads = await interrupted(call, lambda: store.threads.append("t", LATEST))
        await threads.forget("wilhelmina")
    left = await store.threads.recent("t")
    assert await store.threads.forget("wilhelmina") == len(left)
    assert await store.threads.recent("t") == ()
    assert not any(b"wilhelmina" in part for part in await stored(redis_server, keys.prefix))


async def test_a_restore_that_was_cut_off_leaves_nothing_for_long(
    redis_server: Server, store: RedisStore, keys: Keys
) -> None:
    restoring = asyncio.create_task(store.log.restore("s", [f"{n}" * 100 for n in range(20_000)]))

    async def begun() -> list[str]:
        return list(await redis_server.say("KEYS", keys.log("s", "restoring:*")))

    async with asyncio.timeout(10):
        while not (names := await begun()):
            await asyncio.sleep(0)
    restoring.cancel()
    await asyncio.gather(restoring, return_exceptions=True)
    assert await store.log.length("s") == 0
    assert 0 < await lasts(redis_server, names[0]) <= 60
    await store.log.restore("s", ["a"])
    assert await store.log.read("s", limit=10) == ("a",)
