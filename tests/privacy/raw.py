"""What a store holds, as bytes: the SQLite files; the keys, values and append-only files of a Redis server."""

import asyncio
from pathlib import Path
from typing import Protocol

from bot.core.state import Store
from bot.stores.redis import RedisStore
from bot.stores.sqlite.store import SqliteStore
from tests.stores.redis_places import stored
from tests.stores.redis_server import Server


class RawState(Protocol):
    """State that can be read without the program that wrote it."""

    def store(self, *, thread_seconds: float = 3600.0, reply_seconds: float = 600.0) -> Store:
        """Gives a store on it, not opened."""
        ...

    async def everything(self) -> bytes:
        """Gives every byte that is stored, on disk too."""
        ...


class RawSqlite:
    def __init__(self, file: Path) -> None:
        self._file = file

    def store(self, *, thread_seconds: float = 3600.0, reply_seconds: float = 600.0) -> Store:
        return SqliteStore(self._file, thread_seconds=thread_seconds, reply_seconds=reply_seconds)

    async def everything(self) -> bytes:
        files = sorted(self._file.parent.iterdir())
        assert {"", "-wal", "-shm"} >= {each.name.removeprefix(self._file.name) for each in files}
        return b"\n".join(each.read_bytes() for each in files)


class RawRedis:
    def __init__(self, server: Server) -> None:
        self._server = server

    def store(self, *, thread_seconds: float = 3600.0, reply_seconds: float = 600.0) -> Store:
        return RedisStore(self._server.url, thread_seconds=thread_seconds, reply_seconds=reply_seconds)

    async def everything(self) -> bytes:
        """Rewrites the append-only file first, as an operator does who wants what was erased to leave it."""
        await self._server.say("BGREWRITEAOF")
        async with asyncio.timeout(20):
            while await self._is_rewriting():
                await asyncio.sleep(0.01)
        on_disk = [file.read_bytes() for file in self._server.folder.rglob("*") if file.is_file()]
        return b"\n".join([*await stored(self._server, "*"), *on_disk])

    async def _is_rewriting(self) -> bool:
        told = await self._server.say("INFO", "persistence")
        return bool(told["aof_rewrite_in_progress"] or told["aof_rewrite_scheduled"])
