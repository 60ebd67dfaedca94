"""All state in Redis."""

from bot.stores.redis.connection import Connection
from bot.stores.redis.counters import RedisCounters
from bot.stores.redis.inbox import RedisInbox
from bot.stores.redis.keys import Keys
from bot.stores.redis.log import RedisLog
from bot.stores.redis.records import RedisRecords
from bot.stores.redis.schema import bring_up_to_date
from bot.stores.redis.scripts import script
from bot.stores.redis.threads import RedisThreads

_CHECK = script("check")


class RedisStore:
    """A `Store` that replicas share: a Redis server from 6.2 on, a Valkey server, or a cluster of either.

    Two things the server must be set to: keep data on disk (`appendonly yes`) for messages to survive its restart, and
    evict nothing (`maxmemory-policy noeviction`) for them to survive a full memory.
    """

    def __init__(
        self,
        url: str,
        *,
        lease_seconds: float = 15.0,
        reply_seconds: float = 600.0,
        identity_seconds: float = 24 * 3600.0,
        thread_seconds: float = 24 * 3600.0,
        prefix: str = "coach",
    ) -> None:
        """Names the server; nothing connects before `open`.

        Args:
            url: `redis://`, `rediss://` or `unix://`, as redis-py reads it; of a cluster, any node of it.
            lease_seconds: how long a lease lasts that is not renewed.
            reply_seconds: how long the reply to a message is kept.
            identity_seconds: how long the id of an answered message is known, so that it is not answered twice.
            thread_seconds: how long a thread in which nothing is said is remembered.
            prefix: what every key begins with.
        """
        self._connection = Connection(url)
        self._keys = Keys(prefix)
        self.inbox = RedisInbox(
            self._connection,
            self._keys,
            lease_seconds=lease_seconds,
            reply_seconds=reply_seconds,
            identity_seconds=identity_seconds,
        )
        self.threads = RedisThreads(self._connection, self._keys, thread_seconds=thread_seconds)
        self.log = RedisLog(self._connection, self._keys)
        self.counters = RedisCounters(self._connection, self._keys)
        self.records = RedisRecords(self._connection, self._keys)

    @property
    def failures(self) -> int:
        """How many calls have failed since the start."""
        return self._connection.failures

    async def open(self) -> None:
        """Connects, and brings what is stored up to this program's schema.

        Raises:
            StoreAwayError: the server cannot be reached or used, or a newer program wrote to it.
        """
        await self._connection.open()
        await bring_up_to_date(self._connection, self._keys)

    async def check(self) -> None:
        """Writes and reads where the inbox is, so that a full or a read-only server is told from a working one.

        Raises:
            StoreAwayError: it takes no reads or no writes.
        """
        await self._connection.number(_CHECK, [self._keys.inbox("checked")])

    async def close(self) -> None:
        """Closes every connection; nothing raises."""
        await self._connection.close()
