"""The log: streams of entries that are only ever appended to."""

import sqlite3
from collections.abc import Sequence

from bot.core.state import ConflictError, Snapshot
from bot.stores.encoding import packed, unpacked
from bot.stores.sqlite.connection import Database


class SqliteLog:
    """Streams of entries; a position is given once."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def append(self, stream: str, entry: str, *, expected: int) -> None:
        """Appends an entry to a stream that holds `expected` entries.

        Asking again with the same entry is safe, as long as no two entries are equal.

        Raises:
            ConflictError: the stream holds more, or fewer, entries.
        """
        body = packed(entry)

        def act(connection: sqlite3.Connection) -> None:
            length = _length(connection, stream)
            if length == expected:
                connection.execute("INSERT INTO entry VALUES (?, ?, ?)", (stream, expected + 1, body))
                return
            there = connection.execute(
                "SELECT body FROM entry WHERE stream = ? AND position = ?", (stream, expected + 1)
            ).fetchone()
            # The same entry in its place is our own earlier try, of which the answer was lost.
            if there != (body,):
                raise ConflictError(length)

        await self._database.write(act)

    async def read(self, stream: str, *, after: int = 0, limit: int) -> tuple[str, ...]:
        """Gives the entries behind the position `after`, in order, at most `limit`."""
        rows = await self._database.read(
            lambda connection: connection.execute(
                "SELECT body FROM entry WHERE stream = ? AND position > ? ORDER BY position LIMIT ?",
                (stream, after, limit),
            ).fetchall()
        )
        return tuple(unpacked(body) for (body,) in rows)

    async def length(self, stream: str) -> int:
        """Gives the number of entries."""
        return await self._database.read(lambda connection: _length(connection, stream))

    async def snapshot(self, stream: str) -> Snapshot | None:
        """Gives the newest snapshot that was kept."""
        row = await self._database.read(
            lambda connection: connection.execute(
                "SELECT length, body FROM snapshot WHERE stream = ?", (stream,)
            ).fetchone()
        )
        return None if row is None else Snapshot(length=row[0], body=unpacked(row[1]))

    async def keep_snapshot(self, stream: str, snapshot: Snapshot) -> None:
        """Keeps a snapshot in place of an older one."""
        await self._database.write(
            lambda connection: (
                connection.execute(
                    "INSERT INTO snapshot VALUES (?, ?, ?) ON CONFLICT (stream) DO UPDATE"
                    " SET length = excluded.length, body = excluded.body WHERE excluded.length >= length",
                    (stream, snapshot.length, packed(snapshot.body)),
                ).rowcount
            )
        )

    async def restore(self, stream: str, entries: Sequence[str]) -> None:
        """Fills an empty stream, wholly or not at all.

        Raises:
            ConflictError: the stream holds entries.
        """

        def act(connection: sqlite3.Connection) -> None:
            if length := _length(connection, stream):
                raise ConflictError(length)
            connection.executemany(
                "INSERT INTO entry VALUES (?, ?, ?)",
                ((stream, position, packed(entry)) for position, entry in enumerate(entries, 1)),
            )

        await self._database.write(act)


def _length(connection: sqlite3.Connection, stream: str) -> int:
    row = connection.execute("SELECT max(position) FROM entry WHERE stream = ?", (stream,)).fetchone()
    return int(row[0] or 0)
