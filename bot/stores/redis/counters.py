"""Named groups of sums, each a hash."""

from collections.abc import Mapping, Sequence

from bot.stores.redis.batches import for_each
from bot.stores.redis.connection import Connection
from bot.stores.redis.keys import Keys
from bot.stores.redis.scripts import script

_ADD = script("counters_add")
_READ = script("counters_read")


class RedisCounters:
    """`Counters` in Redis."""

    def __init__(self, connection: Connection, keys: Keys) -> None:
        self._connection = connection
        self._keys = keys

    async def add(self, group: str, amounts: Mapping[str, int], *, lasts: float | None = None) -> Mapping[str, int]:
        """Adds to several sums of a group at once and gives what they are now; see `Counters`."""
        expiry = 0 if lasts is None else max(1, int(lasts * 1000))
        flat = [part for name, amount in amounts.items() for part in (name, amount)]
        # Adding twice is wrong, so an answer that is lost is an error, and the caller decides.
        sums = await self._connection.texts(_ADD, [self._keys.count(group)], expiry, *flat, again=False)
        return dict(zip(amounts, map(int, sums), strict=True))

    async def read(self, groups: Sequence[str]) -> tuple[Mapping[str, int], ...]:
        """Gives each group's sums; an unknown group is empty."""
        return tuple(await for_each(self._read, groups))

    async def _read(self, group: str) -> Mapping[str, int]:
        flat = await self._connection.texts(_READ, [self._keys.count(group)])
        return dict(zip(flat[::2], map(int, flat[1::2]), strict=True))
