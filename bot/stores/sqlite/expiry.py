"""What has expired goes: a little with every message that comes in, and more while none does."""

import sqlite3

_AT_ONCE = 50
"""Rows of a table that go at once: more than one message leaves behind, few enough to cost nothing."""


_MESSAGES = (
    "DELETE FROM message WHERE sequence IN"
    " (SELECT sequence FROM message WHERE state = 'ended' AND at <= ? ORDER BY at LIMIT ?)"
)
_REPLIES = "DELETE FROM reply WHERE id IN (SELECT id FROM reply WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)"
_TURNS = (
    "DELETE FROM turn WHERE sequence IN (SELECT sequence FROM turn WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)"
)
_COUNTERS = (
    "DELETE FROM counter WHERE (family, name) IN"
    " (SELECT family, name FROM counter WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)"
)
_RECORDS = "DELETE FROM record WHERE id IN (SELECT id FROM record WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)"
_EXPIRING = (_REPLIES, _TURNS, _COUNTERS, _RECORDS)


def drop_expired(connection: sqlite3.Connection, *, now: float, ended_before: float) -> int:
    """Deletes replies, turns, counters and records that expired by `now`, and the ids of messages that ended long ago.

    Gives how many rows went.
    """
    return sum(
        connection.execute(statement, (before, _AT_ONCE)).rowcount
        for statement, before in ((_MESSAGES, ended_before), *((each, now) for each in _EXPIRING))
    )


def drop_expired_turns(connection: sqlite3.Connection, *, now: float) -> None:
    """Deletes turns that expired by `now`."""
    connection.execute(_TURNS, (now, _AT_ONCE))
