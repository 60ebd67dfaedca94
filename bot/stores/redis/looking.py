"""A look at the server that changes nothing: no schema is written, and no message taken."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from bot.stores.redis.connection import Connection
from bot.stores.redis.inbox import RedisInbox
from bot.stores.redis.keys import Keys
from bot.stores.redis.log import RedisLog
from bot.stores.redis.schema import MIGRATIONS
from bot.stores.redis.scripts import script

KNOWN = len(MIGRATIONS) + 1
"""The schema that this program writes."""

_READ = script("schema_read")


@dataclass(frozen=True, slots=True)
class Facts:
    """What a server says of itself: its `INFO`, and its time in seconds since 1970; None where it does not say it."""

    info: Mapping[str, object] | None
    time: float | None


class RedisLook:
    """A server that is only read, `open` first and `close` last.

    Every method but `close` raises `StoreAwayError` when it cannot be reached or refuses.
    """

    def __init__(self, url: str, *, prefix: str = "coach") -> None:
        """Names the server; nothing connects before `open`."""
        self._connection = Connection(url)
        self._keys = Keys(prefix)
        self.log = RedisLog(self._connection, self._keys)
        # It is asked for nothing that depends on times.
        self.inbox = RedisInbox(
            self._connection, self._keys, lease_seconds=1.0, reply_seconds=1.0, identity_seconds=1.0
        )

    async def open(self) -> None:
        """Connects."""
        await self._connection.open()

    async def schema(self) -> int:
        """Gives the schema stored, 0 where there is none yet."""
        return await self._connection.number(_READ, [self._keys.meta("schema")])

    async def facts(self) -> Facts:
        """Asks the server that the URL names; of a cluster, that node."""
        info, now = await self._connection.facts(("INFO",), ("TIME",))
        seconds, microseconds = cast("tuple[int, int]", now) if now else (0, 0)
        return Facts(
            info=cast("Mapping[str, object]", info) if info else None,
            time=seconds + microseconds / 1e6 if now else None,
        )

    async def close(self) -> None:
        """Closes every connection; nothing raises."""
        await self._connection.close()
