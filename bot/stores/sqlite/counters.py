"""Counters: named groups of sums, some of which expire."""

import sqlite3
from collections.abc import Callable, Mapping, Sequence

from bot.stores.sqlite.connection import Database


class SqliteCounters:
    """Groups of sums; a group that expired starts anew."""

    def __init__(self, database: Database, *, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock

    async def add(self, group: str, amounts: Mapping[str, int], *, lasts: float | None = None) -> Mapping[str, int]:
        """Adds to several sums of a group at once and gives what they are now; sums start from 0.

        `lasts` is in how many seconds a new group expires, None for never. Asking again adds again.
        """
        now = self._clock()

        def act(connection: sqlite3.Connection) -> Mapping[str, int]:
            connection.execute("DELETE FROM counter WHERE family = ? AND expires_at <= ?", (group, now))
            begun = connection.execute("SELECT expires_at FROM counter WHERE family = ? LIMIT 1", (group,)).fetchone()
            expires_at = begun[0] if begun else None if lasts is None else now + lasts
            return {name: _add(connection, group, name, amount, expires_at) for name, amount in amounts.items()}

        return await self._database.write(act)

    async def read(self, groups: Sequence[str]) -> tuple[Mapping[str, int], ...]:
        """Gives each group's sums; an unknown group is empty."""
        now = self._clock()

        def act(connection: sqlite3.Connection) -> tuple[Mapping[str, int], ...]:
            return tuple(
                dict(
                    connection.execute(
                        "SELECT name, value FROM counter WHERE family = ? AND (expires_at IS NULL OR expires_at > ?)",
                        (group, now),
                    ).fetchall()
                )
                for group in groups
            )

        return await self._database.read(act)


def _add(connection: sqlite3.Connection, group: str, name: str, amount: int, expires_at: float | None) -> int:
    (value,) = connection.execute(
        "INSERT INTO counter VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET value = value + excluded.value"
        " RETURNING value",
        (group, name, amount, expires_at),
    ).fetchone()
    return int(value)
