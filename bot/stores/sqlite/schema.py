"""The tables, and how an older file comes to have them."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from bot.core.state import StoreAwayError

APPLICATION = 0x46436F61
"""Marks a file as ours, "FCoa"."""

Migration = tuple[str, ...]
"""Statements that lead from one version of the schema to the next."""

MIGRATIONS: tuple[Migration, ...] = (
    (
        # A message is `waiting`, `leased`, `dead` or `ended`; the first two are open. `sequence` is the order within a
        # thread. `at` is when an open message was put, when a dead or ended one came to be that. `ready_at` is from
        # when on it may be leased: for a leased one, the lease's end. `head` marks each thread's first open message,
        # so that whatever waits behind it costs a lease nothing.
        """CREATE TABLE message (
            sequence INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            thread TEXT NOT NULL,
            person TEXT NOT NULL,
            channel TEXT NOT NULL,
            body TEXT NOT NULL,
            state TEXT NOT NULL,
            head INTEGER NOT NULL,
            at REAL NOT NULL,
            ready_at REAL NOT NULL,
            attempts INTEGER NOT NULL DEFAULT 0,
            failures INTEGER NOT NULL DEFAULT 0,
            token TEXT,
            reason BLOB
        )""",
        "CREATE INDEX message_to_lease ON message (ready_at, sequence) WHERE head = 1",
        "CREATE INDEX message_in_thread ON message (thread, sequence) WHERE state IN ('waiting', 'leased')",
        "CREATE INDEX message_by_state ON message (state, at, sequence)",
        "CREATE INDEX message_of_person ON message (person) WHERE state IN ('waiting', 'leased', 'dead')",
        "CREATE TABLE reply (id TEXT PRIMARY KEY, person TEXT NOT NULL, body BLOB NOT NULL, expires_at REAL NOT NULL)",
        "CREATE INDEX reply_of_person ON reply (person)",
        "CREATE INDEX reply_to_expire ON reply (expires_at)",
        """CREATE TABLE turn (
            sequence INTEGER PRIMARY KEY,
            thread TEXT NOT NULL,
            id TEXT NOT NULL,
            person TEXT NOT NULL,
            body TEXT NOT NULL,
            expires_at REAL NOT NULL,
            UNIQUE (thread, id)
        )""",
        "CREATE INDEX turn_in_thread ON turn (thread, sequence)",
        "CREATE INDEX turn_of_person ON turn (person)",
        "CREATE INDEX turn_to_expire ON turn (expires_at)",
        """CREATE TABLE entry (
            stream TEXT NOT NULL,
            position INTEGER NOT NULL,
            body BLOB NOT NULL,
            PRIMARY KEY (stream, position)
        ) WITHOUT ROWID""",
        "CREATE TABLE snapshot (stream TEXT PRIMARY KEY, length INTEGER NOT NULL, body BLOB NOT NULL)",
        """CREATE TABLE counter (
            family TEXT NOT NULL,
            name TEXT NOT NULL,
            value INTEGER NOT NULL,
            expires_at REAL,
            PRIMARY KEY (family, name)
        ) WITHOUT ROWID""",
        "CREATE INDEX counter_to_expire ON counter (expires_at) WHERE expires_at IS NOT NULL",
        "CREATE TABLE pulse (one INTEGER PRIMARY KEY CHECK (one = 1), at REAL NOT NULL)",
    ),
    (
        "ALTER TABLE message ADD COLUMN waits INTEGER NOT NULL DEFAULT 0",
        """CREATE TABLE record (
            id TEXT PRIMARY KEY,
            person TEXT NOT NULL,
            revision INTEGER NOT NULL,
            body BLOB NOT NULL,
            expires_at REAL NOT NULL
        )""",
        "CREATE INDEX record_of_person ON record (person)",
        "CREATE INDEX record_to_expire ON record (expires_at)",
    ),
    (
        # `turn` is the order between threads. A thread's first open message has the `head` 1 while it is to be leased,
        # 2 while it is not due before `ready_at`: a lease need not pass over those that are not.
        "ALTER TABLE message ADD COLUMN turn REAL NOT NULL DEFAULT 0",
        "UPDATE message SET turn = at WHERE state IN ('waiting', 'leased')",
        "DROP INDEX message_to_lease",
        "CREATE INDEX message_to_lease ON message (turn, sequence) WHERE head = 1",
        "CREATE INDEX message_to_fall_due ON message (ready_at) WHERE head = 2",
        # With `state` in it SQLite counts in it alone.
        "CREATE INDEX message_waiting ON message (turn, sequence, state) WHERE state = 'waiting'",
        "DROP INDEX message_of_person",
        "CREATE INDEX message_of_person ON message (person, turn) WHERE state IN ('waiting', 'leased', 'dead')",
    ),
)


def migrate(connection: sqlite3.Connection, migrations: Sequence[Migration], *, file: Path) -> None:
    """Brings the schema to the newest version, each step in a transaction; several processes may do so at once.

    Args:
        connection: in autocommit mode.
        migrations: from an empty file on; their number is the newest version.
        file: what the connection is to, for errors.

    Raises:
        StoreAwayError: the file is another program's, or of a newer version.
        sqlite3.Error: it cannot be read or written.
    """
    while _version(connection, len(migrations), file) < len(migrations):
        connection.execute("BEGIN IMMEDIATE")
        try:
            # Another process may have been first.
            version = _version(connection, len(migrations), file)
            for statement in migrations[version] if version < len(migrations) else ():
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {min(version + 1, len(migrations))}")
            connection.execute(f"PRAGMA application_id = {APPLICATION}")
            connection.execute("COMMIT")
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")


def _version(connection: sqlite3.Connection, known: int, file: Path) -> int:
    # One statement, so that the three are of one moment.
    version, application, tables = connection.execute(
        "SELECT user_version, application_id, (SELECT count(*) FROM sqlite_schema)"
        " FROM pragma_user_version, pragma_application_id"
    ).fetchone()
    if application != APPLICATION and (version, application, tables) != (0, 0, 0):
        raise StoreAwayError(f"{file} is another program's database: move it away, or name another COACH_DATA_DIR")
    if version > known:
        raise StoreAwayError(
            f"{file} was written by a newer Field Coach (schema {version}, this one knows {known}): "
            "upgrade the program, or name another COACH_DATA_DIR"
        )
    return int(version)
