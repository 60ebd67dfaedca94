"""Records: each a hash of its body, its revision, whose it is, and which writes made its latest revisions.

By the last, a write that runs again because its answer was lost knows what it wrote, and says that it worked.
"""

from uuid import uuid4

from bot.core.state import Record
from bot.stores.redis.connection import Connection
from bot.stores.redis.keys import Keys
from bot.stores.redis.person_index import PersonIndex
from bot.stores.redis.scripts import script

_READ = script("records/read")
_LOOK = script("records/look")
_WRITE = script("records/write")
_FORGET = script("records/forget")
_FORGOTTEN_MEANWHILE = -1


class RedisRecords:
    """`Records` in Redis."""

    def __init__(self, connection: Connection, keys: Keys) -> None:
        self._connection = connection
        self._keys = keys
        self._index = PersonIndex(connection, keys, "records")

    async def read(self, id_: str) -> Record | None:
        """Gives what is kept under `id_`; None when nothing is, or not any more."""
        found = await self._connection.texts(_READ, self._record(id_))
        return Record(body=found[0], revision=int(found[1])) if found else None

    async def write(self, id_: str, body: str, *, person: str, expected: int, lasts: float) -> bool:
        """Keeps `body` for `lasts` seconds in place of the revision `expected`, 0 for none; see `Records`.

        An answer that is lost is asked for again and is still right; after `StoreAwayError`, `read` tells what is kept.
        """
        milliseconds = max(1, int(lasts * 1000))
        this = uuid4().hex
        written = _FORGOTTEN_MEANWHILE
        async with self._connection.deadline():
            while written == _FORGOTTEN_MEANWHILE:
                revision, mark = await self._connection.texts(_LOOK, self._record(id_))
                if int(revision) != expected:
                    return False
                await self._index.add(person, id_, lasts=milliseconds)
                arguments = (expected, mark, body, person, milliseconds, this)
                written = await self._connection.number(_WRITE, self._record(id_), *arguments)
        return written == 1

    async def forget(self, person: str) -> int:
        """Erases every record of `person` and gives how many there were."""
        return await self._index.forget(person, lambda id_: self._connection.number(_FORGET, self._record(id_), person))

    def _record(self, id_: str) -> list[str]:
        return [self._keys.record(id_, name) for name in ("kept", "mark")]
