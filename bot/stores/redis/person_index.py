"""Where a person's things lie, for `forget`: their ids by person, in another slot than the things themselves.

So the two cannot change together. An entry is written before its thing and outlasts it, and `forget` takes it out only
if nobody wrote it anew. A thing whose entry was taken out before the thing came would still be missed; therefore the
erasing marks everything that it has been through, in the thing's own slot, and a thing is refused, and tried again from
the start, when the mark is another than before its entry was written. So a crash may leave an entry too many, which is
harmless, and never a thing that is not to be found.
"""

from collections.abc import Awaitable, Callable

from bot.stores.redis.batches import for_each
from bot.stores.redis.connection import Connection
from bot.stores.redis.keys import Keys
from bot.stores.redis.scripts import script

MARGIN = 3600.0
"""Seconds by which an entry outlasts its thing: more than lies between the writing of the two."""

_ADD = script("index/add")
_ENTRIES = script("index/entries")
_DROP = script("index/drop")


class PersonIndex:
    """The index of one kind of thing; `name` is what its keys end with."""

    def __init__(self, connection: Connection, keys: Keys, name: str) -> None:
        self._connection = connection
        self._keys = keys
        self._name = name

    async def add(self, person: str, id_: str, *, lasts: int) -> None:
        """Notes that `person` has a share in what is about to be written and lasts for so many milliseconds."""
        await self._connection.number(_ADD, self._index(person), id_, lasts + int(MARGIN * 1000))

    async def forget(self, person: str, erase: Callable[[str], Awaitable[int]]) -> int:
        """Has `erase` erase, and mark, each thing that `person` has a share in; gives the sum of what it gave."""
        index = self._index(person)
        flat = await self._connection.texts(_ENTRIES, index)

        async def forget_one(entry: tuple[str, str]) -> int:
            id_, till = entry
            forgotten = await erase(id_)
            await self._connection.number(_DROP, index, id_, till)
            return forgotten

        return sum(await for_each(forget_one, list(zip(flat[::2], flat[1::2], strict=True))))

    def _index(self, person: str) -> list[str]:
        return [self._keys.person(person, self._name)]
