"""What happens to the rows of messages, statement by statement; each within a write of its caller's."""

import secrets
import sqlite3

from bot.core.state import Leased
from bot.stores.encoding import UnreadableError, packed, read_incoming


def lease_one(connection: sqlite3.Connection, *, now: float, until: float) -> Leased | None:
    """Leases the message that is due and first in its thread, the longest waiting first, until `until`."""
    while row := connection.execute(
        "SELECT id, thread, body, attempts, failures, waits, at FROM message WHERE head = 1 AND ready_at <= ?"
        " ORDER BY ready_at, sequence LIMIT 1",
        (now,),
    ).fetchone():
        id_, thread, body, attempts, failures, waits, at = row
        try:
            message = read_incoming(body)
        except UnreadableError as error:
            # An older program cannot answer it; it must not hold up everybody.
            bury(connection, id_, thread, f"the message cannot be read: {error}", now)
            continue
        token = secrets.token_hex(16)
        connection.execute(
            "UPDATE message SET state = 'leased', token = ?, attempts = ?, ready_at = ? WHERE id = ?",
            (token, attempts + 1, until, id_),
        )
        return Leased(
            message=message,
            token=token,
            attempt=attempts + 1,
            failures=failures,
            waits=waits,
            waited=max(0.0, now - at),
        )
    return None


def keep_reply(connection: sqlite3.Connection, lease: Leased, reply: str | None, *, until: float) -> None:
    """Keeps a message's reply, if there is one, until `until`."""
    if reply is not None:
        connection.execute(
            "INSERT OR REPLACE INTO reply (id, person, body, expires_at) VALUES (?, ?, ?, ?)",
            (lease.message.id, lease.message.person, packed(reply), until),
        )


def state_of(connection: sqlite3.Connection, lease: Leased) -> str | None:
    """Gives the state of the message that the lease's token was the last to lease."""
    row = connection.execute(
        "SELECT state FROM message WHERE id = ? AND token = ?", (lease.message.id, lease.token)
    ).fetchone()
    return None if row is None else str(row[0])


def end(connection: sqlite3.Connection, id_: str, now: float, *, token: str | None) -> None:
    """Leaves of a message only that its id was taken, and which lease ended it."""
    connection.execute(
        "UPDATE message SET state = 'ended', at = ?, head = 0, thread = '', person = '', channel = '', body = '',"
        " reason = NULL, token = ? WHERE id = ?",
        (now, token, id_),
    )


def bury(connection: sqlite3.Connection, id_: str, thread: str, reason: str, now: float) -> None:
    """Gives a message up; its thread goes on."""
    connection.execute(
        "UPDATE message SET state = 'dead', at = ?, head = 0, reason = ? WHERE id = ?", (now, packed(reason), id_)
    )
    let_on(connection, thread)


def let_on(connection: sqlite3.Connection, thread: str) -> None:
    """Makes the thread's first open message its head."""
    connection.execute(
        "UPDATE message SET head = 1 WHERE sequence = (SELECT sequence FROM message"
        " WHERE thread = ? AND state IN ('waiting', 'leased') ORDER BY sequence LIMIT 1) AND head = 0",
        (thread,),
    )
