"""A look into the file that changes nothing: nothing is made, migrated, written or tidied, and nobody has to wait."""

import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path

from bot.stores.sqlite.connection import Database
from bot.stores.sqlite.inbox import InboxTimes, SqliteInbox
from bot.stores.sqlite.log import SqliteLog
from bot.stores.sqlite.schema import APPLICATION, MIGRATIONS

KNOWN = len(MIGRATIONS)
"""The schema that this program writes."""
BUSY_SECONDS = 1.0

_HEADER = 20
"""Bytes at the file's start: the last two are 2 where it has a write-ahead log (https://sqlite.org/fileformat.html)."""


@dataclass(frozen=True, slots=True)
class Marks:
    """What a file is: of which schema (0: empty so far), the coach's or another program's, with a write-ahead log."""

    schema: int
    is_ours: bool
    is_wal: bool


class SqliteLook:
    """A file that is only read, `close` last. Every method but that raises `StoreAwayError` when it cannot be."""

    def __init__(self, path: Path) -> None:
        """Names the file, which must be there."""
        self._path = path
        self._database = _ReadOnly(path, busy_seconds=BUSY_SECONDS)
        self.log = SqliteLog(self._database)
        # It is asked for nothing that depends on times.
        times = InboxTimes(lease=0.0, reply=0.0, identity=0.0, poll=0.0)
        self.inbox = SqliteInbox(self._database, clock=time.time, times=times)

    async def marks(self) -> Marks:
        """Says what the file is."""
        return await self._database.read(self._marks)

    async def close(self) -> None:
        """Lets go of the file; nothing raises."""
        await self._database.close()

    def _marks(self, connection: sqlite3.Connection) -> Marks:
        version, application, tables = connection.execute(
            "SELECT user_version, application_id, (SELECT count(*) FROM sqlite_schema)"
            " FROM pragma_user_version, pragma_application_id"
        ).fetchone()
        with self._path.open("rb") as file:
            header = file.read(_HEADER)
        is_ours = application == APPLICATION or (version, application, tables) == (0, 0, 0)
        return Marks(schema=int(version), is_ours=is_ours, is_wal=header[-2:] == b"\x02\x02")


class _ReadOnly(Database):
    """Connections that cannot write. The file's log is not emptied at the end, as it is by who may write."""

    def _connect(self) -> sqlite3.Connection:
        # Without a log nobody has the file open, and reading it as one that never changes leaves no log behind.
        mode = "ro" if self._path.with_name(f"{self._path.name}-wal").exists() else "ro&immutable=1"
        address = f"{self._path.absolute().as_uri()}?mode={mode}"
        return sqlite3.connect(address, uri=True, timeout=BUSY_SECONDS, isolation_level=None)
