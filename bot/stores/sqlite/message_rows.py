"""What happens to the rows of messages, statement by statement; each within a write of its caller's."""

import secrets
import sqlite3

from bot.core.state import QUANTUM, Leased
from bot.stores.encoding import UnreadableError, packed, read_incoming

_AT_ONCE = 100
"""Messages that fall due at once: after an outage there may be a great many."""

FARTHEST = 3_600.0
"""Seconds from now beyond which nothing is ever put off: what is due later was written by a clock that was ahead."""
HELD_ON = 60.0
"""Seconds that a lease lasts which a clock that was ahead has made too long."""

FALL_DUE = (
    "UPDATE message SET head = 1 WHERE sequence IN"
    " (SELECT sequence FROM message WHERE head = 2 AND ready_at <= ? ORDER BY ready_at LIMIT ?)"
)
# An older program that has the file open leaves the `head` of what it leases as it was.
TO_LEASE = (
    "SELECT id, thread, body, attempts, failures, waits, at FROM message WHERE head = 1 AND ready_at <= ?"
    " ORDER BY turn, sequence LIMIT 1"
)
LAST_TURN = (
    "SELECT turn FROM message WHERE person = ? AND turn > ? AND state IN ('waiting', 'leased', 'dead')"
    " AND state != 'dead' ORDER BY turn DESC LIMIT 1"
)
PLACE = (
    # By itself SQLite would look at all that wait, for it takes the index that begins with `state`.
    "SELECT 1 + (SELECT count(*) FROM message INDEXED BY message_waiting"
    " WHERE state = 'waiting' AND (turn, sequence) < (one.turn, one.sequence))"
    " FROM message AS one WHERE one.id = ? AND one.state = 'waiting'"
)


def turn_of(connection: sqlite3.Connection, person: str, *, now: float) -> float:
    """Gives the turn of the next message of `person`: now, or behind the open ones of the same person."""
    last = connection.execute(LAST_TURN, (person, now - QUANTUM)).fetchone()
    return float(last[0]) + QUANTUM if last else now


def lease_one(connection: sqlite3.Connection, *, now: float, until: float) -> Leased | None:
    """Leases the message of the lowest turn that is due and first in its thread, until `until`."""
    connection.execute(FALL_DUE, (now, _AT_ONCE))
    while row := connection.execute(TO_LEASE, (now,)).fetchone():
        id_, thread, body, attempts, failures, waits, at = row
        try:
            message = read_incoming(body)
        except UnreadableError as error:
            # An older program cannot answer it; it must not hold up everybody.
            bury(connection, id_, thread, f"the message cannot be read: {error}", now)
            continue
        token = secrets.token_hex(16)
        connection.execute(
            "UPDATE message SET state = 'leased', head = 2, token = ?, attempts = ?, ready_at = ? WHERE id = ?",
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


def bring_back(connection: sqlite3.Connection, *, now: float) -> int:
    """Makes due what a clock that was ahead has put too far off; gives how many messages.

    A lease lasts a while yet: who holds it, if anybody does, renews it meanwhile.
    """
    return connection.execute(
        "UPDATE message SET ready_at = CASE state WHEN 'leased' THEN :later ELSE :now END, at = min(at, :now),"
        " turn = min(turn, :now) WHERE state IN ('waiting', 'leased') AND ready_at > :farthest",
        {"now": now, "later": now + HELD_ON, "farthest": now + FARTHEST},
    ).rowcount


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
