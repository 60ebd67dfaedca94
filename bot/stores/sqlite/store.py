"""The embedded store: inbox, thread memory, log, counters and records in one SQLite file."""

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

from bot.stores.sqlite.connection import Database
from bot.stores.sqlite.counters import SqliteCounters
from bot.stores.sqlite.inbox import InboxTimes, SqliteInbox
from bot.stores.sqlite.log import SqliteLog
from bot.stores.sqlite.records import SqliteRecords
from bot.stores.sqlite.threads import SqliteThreads

_DAY = 24 * 3600.0


class SqliteStore:
    """A `bot.core.state.Store` in a file, which several processes of one machine may share.

    Args:
        path: the file; it is made, and its folder, when missing.
        clock: the time in seconds since 1970; the same for all that share the file.
        lease_seconds: after how long a lease that is not renewed runs out.
        reply_seconds: how long a message's final reply is kept.
        identity_seconds: how long an ended message's id is known.
        thread_seconds: how long a thread is kept after its last turn.
        busy_seconds: how long a call waits for other processes to let go of the file.
        poll_seconds: how often one who waits for a message looks for what other processes put.
    """

    def __init__(
        self,
        path: Path,
        *,
        clock: Callable[[], float] = time.time,
        lease_seconds: float = 15.0,
        reply_seconds: float = 600.0,
        identity_seconds: float = _DAY,
        thread_seconds: float = _DAY,
        busy_seconds: float = 2.0,
        poll_seconds: float = 0.2,
    ) -> None:
        times = InboxTimes(lease=lease_seconds, reply=reply_seconds, identity=identity_seconds, poll=poll_seconds)
        self._clock = clock
        self._database = Database(path, busy_seconds=busy_seconds)
        self._inbox = SqliteInbox(self._database, clock=clock, times=times)
        self._threads = SqliteThreads(self._database, clock=clock, keeps=thread_seconds)
        self._log = SqliteLog(self._database)
        self._counters = SqliteCounters(self._database, clock=clock)
        self._records = SqliteRecords(self._database, clock=clock)

    @property
    def inbox(self) -> SqliteInbox:
        """Messages to answer."""
        return self._inbox

    @property
    def threads(self) -> SqliteThreads:
        """What was said."""
        return self._threads

    @property
    def log(self) -> SqliteLog:
        """What happened."""
        return self._log

    @property
    def counters(self) -> SqliteCounters:
        """How much."""
        return self._counters

    @property
    def records(self) -> SqliteRecords:
        """What can still be acted on."""
        return self._records

    @property
    def failures(self) -> int:
        """How many calls have failed since the start."""
        return self._database.failures

    async def open(self) -> None:
        """Makes the store ready, migrating an older schema.

        Raises:
            StoreAwayError: the file cannot be used, is another program's, or is of a newer schema than this program.
        """
        await self._database.open()

    async def check(self) -> None:
        """Passes when the file takes reads and writes now.

        Raises:
            StoreAwayError: it does not.
        """
        now = self._clock()

        def write(connection: sqlite3.Connection) -> None:
            connection.execute("INSERT OR REPLACE INTO pulse VALUES (1, ?)", (now,))

        def read(connection: sqlite3.Connection) -> None:
            connection.execute("SELECT at FROM pulse").fetchone()

        await self._database.write(write)
        await self._database.read(read)

    async def close(self) -> None:
        """Lets go of the file; nothing raises, and nothing works afterwards."""
        await self._database.close()
