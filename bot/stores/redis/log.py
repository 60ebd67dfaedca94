"""The log: each stream is a Redis Stream whose entry at position n has the id n-0."""

from collections.abc import Sequence
from uuid import uuid4

from bot.core.state import ConflictError, Snapshot
from bot.stores.redis.connection import Connection
from bot.stores.redis.keys import Keys
from bot.stores.redis.scripts import script

CHUNK = 500
"""Entries that one call restores."""
RESTORING = 60.0
"""Seconds after which a restore that was cut off leaves nothing behind."""

_APPEND = script("log/append")
_READ = script("log/read")
_LENGTH = script("log/length")
_SNAPSHOT = script("log/snapshot")
_KEEP_SNAPSHOT = script("log/keep_snapshot")
_BRING = script("log/bring")
_TAKE = script("log/take")
_TAKEN = -1


class RedisLog:
    """`Log` in Redis."""

    def __init__(self, connection: Connection, keys: Keys) -> None:
        self._connection = connection
        self._keys = keys

    async def append(self, stream: str, entry: str, *, expected: int) -> None:
        """Appends an entry to a stream that holds `expected` entries; see `Log`.

        Raises:
            ConflictError: the stream holds more, or fewer, entries.
        """
        length = await self._connection.number(_APPEND, [self._entries(stream)], expected, entry)
        if length != _TAKEN:
            raise ConflictError(length)

    async def read(self, stream: str, *, after: int = 0, limit: int) -> tuple[str, ...]:
        """Gives the entries behind the position `after`, in order, at most `limit`."""
        return tuple(await self._connection.texts(_READ, [self._entries(stream)], after + 1, limit))

    async def length(self, stream: str) -> int:
        """Gives the number of entries."""
        return await self._connection.number(_LENGTH, [self._entries(stream)])

    async def snapshot(self, stream: str) -> Snapshot | None:
        """Gives the newest snapshot that was kept."""
        kept = await self._connection.texts(_SNAPSHOT, [self._snapshot(stream)])
        return Snapshot(int(kept[0]), kept[1]) if kept else None

    async def keep_snapshot(self, stream: str, snapshot: Snapshot) -> None:
        """Keeps a snapshot in place of an older one; one that is older than the kept one is left."""
        await self._connection.number(_KEEP_SNAPSHOT, [self._snapshot(stream)], snapshot.length, snapshot.body)

    async def restore(self, stream: str, entries: Sequence[str]) -> None:
        """Fills an empty stream, wholly or not at all.

        Raises:
            ConflictError: the stream holds entries.
        """
        # The entries gather under a key beside the stream's, in the same slot, which then takes the stream's place.
        gathering = self._keys.log(stream, f"restoring:{uuid4().hex}")
        lasts = int(RESTORING * 1000)
        for start in range(0, len(entries), CHUNK):
            await self._connection.number(_BRING, [gathering], start, lasts, *entries[start : start + CHUNK])
        # Run a second time, it would find the stream filled by the first.
        keys = [self._entries(stream), gathering, self._snapshot(stream)]
        length = await self._connection.number(_TAKE, keys, len(entries), again=False)
        if length != _TAKEN:
            raise ConflictError(length)

    def _entries(self, stream: str) -> str:
        return self._keys.log(stream, "entries")

    def _snapshot(self, stream: str) -> str:
        return self._keys.log(stream, "snapshot")
