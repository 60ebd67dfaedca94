"""Which schema is stored, and the way from an older one to this program's."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from uuid import uuid4

from bot.core.state import StoreAwayError
from bot.stores.redis.connection import Connection
from bot.stores.redis.keys import Keys
from bot.stores.redis.scripts import script

Migration = Callable[[Connection, Keys], Awaitable[None]]

MIGRATIONS: tuple[Migration, ...] = ()
"""The first brings schema 1 to 2, and so on. One may be cut off at any point, and then runs once more.

A new kind of key, as records are, takes no step: a program that does not know it leaves it alone, and what that
program does not forget of a person expires by itself. A step is for what an older program would misread or destroy.
"""

LOCK = 30.0
"""Seconds that one replica has for one step; then another may take it up."""
PATIENCE = 60.0
"""Seconds to wait for another replica that migrates."""
PAUSE = 0.1

_BEGIN = script("schema_begin")
_STEP = script("schema_step")


async def bring_up_to_date(connection: Connection, keys: Keys, migrations: Sequence[Migration] = MIGRATIONS) -> None:
    """Writes this program's schema where there is none, migrates an older one, refuses a newer one.

    Args:
        connection: the way to the server.
        keys: how keys are named.
        migrations: the steps from schema 1 to the one that this program knows.

    Raises:
        StoreAwayError: the schema is newer than this program, or another replica does not get done migrating it.
    """
    known = len(migrations) + 1
    me = uuid4().hex
    names = [keys.meta("schema"), keys.meta("lock")]
    patience = PATIENCE
    while True:
        stored, mine = map(int, await connection.texts(_BEGIN, names, known, me, int(LOCK * 1000)))
        if stored > known:
            raise StoreAwayError(
                f"{connection.name} was written by a newer Field Coach (schema {stored}, this one knows {known}): "
                "upgrade the program, or name another REDIS_URL"
            )
        if stored == known:
            return
        if mine:
            await migrations[stored - 1](connection, keys)
            await connection.number(_STEP, names, stored, me)
        elif patience > 0:
            patience -= PAUSE
            await asyncio.sleep(PAUSE)
        else:
            raise StoreAwayError(f"{connection.name} is being migrated by another replica: wait, then start again")
