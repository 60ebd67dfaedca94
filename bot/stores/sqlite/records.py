"""Records: what is kept for a while under an id, replaced only by who knows what is there."""

import sqlite3
from collections.abc import Callable

from bot.core.state import Record
from bot.stores.encoding import packed, unpacked
from bot.stores.sqlite.connection import Database


class SqliteRecords:
    """Records, each with a revision; one that expired counts as none."""

    def __init__(self, database: Database, *, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock

    async def read(self, id_: str) -> Record | None:
        """Gives what is kept under `id_`; None when nothing is, or not any more."""
        now = self._clock()
        row = await self._database.read(
            lambda connection: connection.execute(
                "SELECT body, revision FROM record WHERE id = ? AND expires_at > ?", (id_, now)
            ).fetchone()
        )
        return None if row is None else Record(body=unpacked(row[0]), revision=row[1])

    async def write(self, id_: str, body: str, *, person: str, expected: int, lasts: float) -> bool:
        """Keeps `body` for `lasts` seconds in place of the revision `expected`, 0 for none; see `Records`.

        After `StoreAwayError`, `read` tells what is kept.
        """
        now, raw = self._clock(), packed(body)

        def act(connection: sqlite3.Connection) -> bool:
            row = connection.execute(
                "SELECT revision FROM record WHERE id = ? AND expires_at > ?", (id_, now)
            ).fetchone()
            if (0 if row is None else row[0]) != expected:
                return False
            connection.execute(
                "INSERT OR REPLACE INTO record (id, person, revision, body, expires_at) VALUES (?, ?, ?, ?, ?)",
                (id_, person, expected + 1, raw, now + lasts),
            )
            return True

        return await self._database.write(act)

    async def forget(self, person: str) -> int:
        """Erases every record of `person`, from all of the file, and gives how many there were."""
        now = self._clock()

        def act(connection: sqlite3.Connection) -> int:
            there = connection.execute(
                "SELECT count(*) FROM record WHERE person = ? AND expires_at > ?", (person, now)
            ).fetchone()
            connection.execute("DELETE FROM record WHERE person = ?", (person,))
            return int(there[0])

        return await self._database.erase(act)
