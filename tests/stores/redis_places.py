"""Places of the contract suite on Redis: each begins its keys with something else, so the servers can go on running."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, cast
from uuid import uuid4

from redis.asyncio import Redis

from bot.core.state import Store
from bot.stores.redis import RedisStore
from tests.stores.redis_server import Server

# How each kind of value is read whole.
WHOLE = {
    "string": ("GET",),
    "hash": ("HGETALL",),
    "list": ("LRANGE", 0, -1),
    "zset": ("ZRANGE", 0, -1),
    "stream": ("XRANGE", "-", "+"),
}


class RedisPlace:
    def __init__(self, servers: Sequence[Server]) -> None:
        self._servers = servers
        self._prefix = f"test-{uuid4().hex}"
        self._opened: list[Store] = []
        self.spec = f"redis:{servers[0].url} {self._prefix}"

    async def open(
        self, *, lease_seconds: float = 15.0, reply_seconds: float = 600.0, thread_seconds: float = 3600.0
    ) -> Store:
        store = RedisStore(
            self._servers[0].url,
            lease_seconds=lease_seconds,
            reply_seconds=reply_seconds,
            thread_seconds=thread_seconds,
            prefix=self._prefix,
        )
        self._opened.append(store)
        await store.open()
        return store

    async def everything(self) -> bytes:
        return b"\n".join([part for server in self._servers for part in await stored(server, self._prefix)])

    async def close(self) -> None:
        for store in self._opened:
            await store.close()


async def stored(server: Server, prefix: str) -> list[bytes]:
    """Gives the keys of a server that begin so, and what they hold."""
    parts: list[bytes] = []
    client = Redis(host="127.0.0.1", port=server.port, protocol=2)
    try:
        async for key in client.scan_iter(match=f"{prefix}:*", count=1_000):
            kind = cast("bytes", await client.type(key)).decode()
            if kind == "none":  # it has expired meanwhile
                continue
            name, *rest = WHOLE[kind]
            parts += [key, repr(await cast("Any", client).execute_command(name, key, *rest)).encode()]
    finally:
        await client.aclose()
    return parts


@asynccontextmanager
async def redis_place(servers: Sequence[Server]) -> AsyncIterator[RedisPlace]:
    place = RedisPlace(servers)
    try:
        yield place
    finally:
        await place.close()


def store_at(rest: str) -> Store:
    url, prefix = rest.split()
    return RedisStore(url, prefix=prefix)
