"""The file: one connection that writes and one that reads, each in a thread of its own, and what errors mean."""

import asyncio
import os
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from bot.core.state import StoreAwayError
from bot.stores.sqlite.schema import MIGRATIONS, migrate

_Value = TypeVar("_Value")
Act = Callable[[sqlite3.Connection], _Value]
"""What is done with a connection, in its thread."""

_MOMENT = 50
"""Milliseconds that work which can wait holds up what cannot."""

_SMALL = 200_000_000
"""Bytes of a file that is rewritten within the time that others wait for it."""

_MENDS = {
    sqlite3.SQLITE_BUSY: "another program holds it: end that program, or try again",
    sqlite3.SQLITE_FULL: "make room on the disk",
    sqlite3.SQLITE_CANTOPEN: "make its folder one that can be written to, or name another COACH_DATA_DIR",
    sqlite3.SQLITE_READONLY: "make it and its folder writable, or name another COACH_DATA_DIR",
    sqlite3.SQLITE_NOTADB: "restore it from a backup, or move it away to start anew",
    sqlite3.SQLITE_CORRUPT: "restore it from a backup, or move it away to start anew",
}


class Database:
    """Runs functions over one file; a read never waits for a write's fsync.

    A connection is made when it is first needed, and made again after an error and when the file was deleted or
    replaced, so that whatever was wrong heals by itself.

    Args:
        path: the file; it is made, and its folder, when missing.
        busy_seconds: how long a call waits for others to let go of the file; the time that it was queued counts.
    """

    def __init__(self, path: Path, *, busy_seconds: float) -> None:
        self._path = path
        self._busy_seconds = busy_seconds
        self._writer = _Line("coach-sqlite-writer", self._connect)
        self._reader = _Line("coach-sqlite-reader", self._connect)
        self._identity: tuple[int, int] | None = None
        self._closed = False
        self._has_erased = False
        self.failures = 0

    async def open(self) -> None:
        """Makes both connections.

        Raises:
            StoreAwayError: the file cannot be used.
        """
        await self._run(self._writer, _nothing)
        await self._run(self._reader, _nothing)

    async def write(self, act: Act[_Value]) -> _Value:
        """Runs `act` in a transaction that is on the disk when this returns, or undone when it raises.

        Raises:
            StoreAwayError: the file cannot be used.
        """
        return await self._run(self._writer, lambda connection: _in_transaction(connection, act))

    async def read(self, act: Act[_Value]) -> _Value:
        """Runs `act`, which only reads; a statement sees all that was written before this call.

        Raises:
            StoreAwayError: the file cannot be used.
        """
        return await self._run(self._reader, act)

    async def empty_log(self) -> None:
        """Makes erased text leave the write-ahead log, if nobody reads from it just now.

        Raises:
            StoreAwayError: the file cannot be used, or somebody reads from the log.
        """
        await self._run(self._writer, _empty_log_soon)

    async def erase(self, act: Act[_Value]) -> _Value:
        """Runs `act` as `write` does, then writes the file anew and empties its log; 0.1 s for 20 MB.

        Nothing is left of what `act` erased then: `secure_delete` overwrites erased rows, not the copies of them that
        stayed behind where SQLite once moved rows from one page to another. Of several that erase at once, the first
        to be done with it rewrites the file for all.

        Raises:
            StoreAwayError: the file cannot be used, or somebody reads from the log for too long; asking again does
                what is left to do.
        """

        def erasing(connection: sqlite3.Connection) -> _Value:
            value = _in_transaction(connection, act)
            self._has_erased = True
            return value

        value = await self._run(self._writer, erasing)
        await self._run(self._writer, self._rewrite)
        return value

    async def rewrite_small(self) -> None:
        """Does what `erase` does in the end, for what was erased before, if the file is small and nobody is in the way.

        Raises:
            StoreAwayError: the file cannot be used, or somebody uses it just now.
        """
        await self._run(self._writer, _rewrite_small)

    async def close(self) -> None:
        """Lets go of the file; nothing raises, and later calls raise StoreAwayError."""
        if self._closed:
            return
        self._closed = True
        if self._identity is not None:
            # The last to close empties the log; others may stay, and it holds text that was erased here.
            with suppress(StoreAwayError):
                await self._call(self._writer, _empty_log)
        await self._let_go()
        self._writer.end()
        self._reader.end()

    async def _run(self, line: "_Line", act: Act[_Value]) -> _Value:
        if not self._closed and self._has_moved():
            # Both at once: a new file must not be opened beside the old one's log.
            await self._let_go()
        if self._closed:
            self.failures += 1
            raise StoreAwayError(f"{self._path} is closed")
        return await self._call(line, act)

    async def _call(self, line: "_Line", act: Act[_Value]) -> _Value:
        asked = time.monotonic()
        try:
            return await line.run(lambda connection: self._in_time(connection, act, asked))
        except (sqlite3.Error, OSError) as error:
            self.failures += 1
            raise StoreAwayError(self._line_on(error)) from error

    def _in_time(self, connection: sqlite3.Connection, act: Act[_Value], asked: float) -> _Value:
        left = max(0.0, self._busy_seconds - (time.monotonic() - asked))
        connection.execute(f"PRAGMA busy_timeout = {int(1_000 * left)}")
        return act(connection)

    async def _let_go(self) -> None:
        # Both drops are in their queues before anything else is: no later call meets an old connection.
        self._identity = None
        await asyncio.gather(self._writer.drop(), self._reader.drop())

    def _has_moved(self) -> bool:
        # SQLite goes on writing into a deleted file: what was acknowledged would be gone with the process.
        if self._identity is None:
            return False
        try:
            return _identity(self._path) != self._identity
        except OSError:
            return True

    def _connect(self) -> sqlite3.Connection:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = not self._path.exists()
        connection = sqlite3.connect(self._path, timeout=self._busy_seconds, isolation_level=None)
        try:
            if fresh:
                self._path.chmod(0o600)
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute("PRAGMA temp_store = MEMORY")
            # First of what writes: it refuses a file that is not ours.
            migrate(connection, MIGRATIONS, file=self._path)
            _into_wal(connection)
            self._identity = _identity(self._path)
        except BaseException:
            connection.close()
            raise
        return connection

    def _rewrite(self, connection: sqlite3.Connection) -> None:
        # Both this and what sets it run in the writer's thread, one after the other.
        if self._has_erased:
            _rewrite(connection)
            self._has_erased = False

    def _line_on(self, error: sqlite3.Error | OSError) -> str:
        if isinstance(error, OSError):
            return f"{self._path} cannot be used: {error.strerror}: name another COACH_DATA_DIR"
        # The low byte is the kind, the others its details.
        mend = _MENDS.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
        return f"{self._path} cannot be used: {error}" + (f": {mend}" if mend else "")


class _Line:
    """One connection in one thread."""

    def __init__(self, name: str, connect: Callable[[], sqlite3.Connection]) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._connect = connect
        self._connection: sqlite3.Connection | None = None

    async def run(self, act: Act[_Value]) -> _Value:
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._run, act)

    def drop(self) -> "asyncio.Future[None]":
        return asyncio.get_running_loop().run_in_executor(self._thread, self._drop)

    def end(self) -> None:
        self._thread.shutdown(wait=False)

    def _run(self, act: Act[_Value]) -> _Value:
        try:
            if self._connection is None:
                self._connection = self._connect()
            return act(self._connection)
        except sqlite3.Error:
            self._drop()
            raise

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            # There is nothing to lose: what was acknowledged is in the file.
            with suppress(sqlite3.Error):
                connection.close()


def _in_transaction(connection: sqlite3.Connection, act: Act[_Value]) -> _Value:
    connection.execute("BEGIN IMMEDIATE")
    try:
        value = act(connection)
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
    return value


def _into_wal(connection: sqlite3.Connection) -> None:
    if connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
        connection.execute("PRAGMA journal_mode = WAL")


def _nothing(_: sqlite3.Connection) -> None:
    """Being connected is all."""


def _rewrite(connection: sqlite3.Connection) -> None:
    # The copy that it makes is as large as the file: not in memory.
    connection.execute("PRAGMA temp_store = FILE")
    try:
        connection.execute("VACUUM")
    finally:
        connection.execute("PRAGMA temp_store = MEMORY")
    _empty_log(connection)


def _rewrite_small(connection: sqlite3.Connection) -> None:
    (size,) = connection.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size").fetchone()
    if size <= _SMALL:
        connection.execute(f"PRAGMA busy_timeout = {_MOMENT}")
        _rewrite(connection)


def _empty_log_soon(connection: sqlite3.Connection) -> None:
    # Nobody asked for it: a message that comes in meanwhile must not wait for a long reader.
    connection.execute(f"PRAGMA busy_timeout = {_MOMENT}")
    _empty_log(connection)


def _empty_log(connection: sqlite3.Connection) -> None:
    busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise sqlite3.OperationalError("its log is being read: try again")


def _identity(path: Path) -> tuple[int, int]:
    status = os.stat(path)
    return status.st_dev, status.st_ino
