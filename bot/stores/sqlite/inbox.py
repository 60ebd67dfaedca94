"""The inbox: messages in the order of their threads, leased, ended, kept as dead letters."""

import asyncio
import math
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

from bot.core.messages import Incoming
from bot.core.state import DeadLetter, Depth, Leased, Outcome, StoreAwayError
from bot.stores.encoding import incoming_json, packed, unpacked
from bot.stores.sqlite.connection import Act, Database
from bot.stores.sqlite.expiry import drop_expired
from bot.stores.sqlite.message_rows import PLACE, bury, end, keep_reply, lease_one, let_on, state_of, turn_of
from bot.stores.sqlite.tidying import Tidying

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class InboxTimes:
    """How long things last, in seconds.

    A lease that is not renewed runs out after `lease`; a reply is kept for `reply`; an ended message's id is known
    for `identity`. One who waits for a message looks every `poll` for what other processes put and for what fell due.
    """

    lease: float
    reply: float
    identity: float
    poll: float


class SqliteInbox:
    """Messages accepted and not yet answered, in a file that several processes may share."""

    def __init__(self, database: Database, *, clock: Callable[[], float], times: InboxTimes) -> None:
        self._database = database
        self._clock = clock
        self._times = times
        self._changed = asyncio.Event()
        self._tidying = Tidying(database, clock=clock, identity=times.identity)

    async def put(self, message: Incoming) -> bool:
        """Takes a message in; False when one of its id was taken before."""
        now, body = self._clock(), incoming_json(message)

        def act(connection: sqlite3.Connection) -> bool:
            drop_expired(connection, now=now, ended_before=now - self._times.identity)
            turn = turn_of(connection, message.person, now=now)
            taken = connection.execute(
                "INSERT INTO message (id, thread, person, channel, body, state, head, at, ready_at, turn)"
                " VALUES (?, ?, ?, ?, ?, 'waiting', 0, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
                (message.id, message.thread, message.person, message.channel, body, now, now, turn),
            ).rowcount
            let_on(connection, message.thread)
            return taken == 1

        return await self._write_and_tell(act)

    async def lease(self, *, wait: float) -> Leased | None:
        """Gives the message of the lowest turn of those whose thread is free, None after `wait` seconds."""
        loop = asyncio.get_running_loop()
        until = loop.time() + wait
        while True:
            # Taken before looking: what changes from here on ends the wait below.
            changed = self._changed
            if leased := await self._take():
                return leased
            await self._tidying.if_due()
            left = until - loop.time()
            if left <= 0:
                return None
            # Not `wait_for`, which before Python 3.12 may lose a cancellation that comes as the wait ends.
            with suppress(TimeoutError):
                async with asyncio.timeout(min(left, self._times.poll)):
                    await changed.wait()

    async def renew(self, leases: Sequence[Leased]) -> frozenset[str]:
        """Makes the leases last anew and gives the tokens of those that are still held."""
        ready_at = self._clock() + self._times.lease

        def act(connection: sqlite3.Connection) -> frozenset[str]:
            return frozenset(
                lease.token
                for lease in leases
                if connection.execute(
                    "UPDATE message SET head = 2, ready_at = ? WHERE id = ? AND token = ? AND state = 'leased'",
                    (ready_at, lease.message.id, lease.token),
                ).rowcount
            )

        return await self._database.write(act) if leases else frozenset()

    async def done(self, lease: Leased, reply: str | None = None) -> bool:
        """Ends a message: its text is erased, `reply` kept for a while; False if the lease is lost."""
        now = self._clock()

        def act(connection: sqlite3.Connection) -> bool:
            state = state_of(connection, lease)
            if state == "leased":
                # The token stays, so that asking again says the same.
                end(connection, lease.message.id, now, token=lease.token)
                let_on(connection, lease.message.thread)
                keep_reply(connection, lease, reply, until=now + self._times.reply)
            return state in ("leased", "ended")

        ended = await self._write_and_tell(act)
        self._tidying.erased()
        return ended

    async def fail(self, lease: Leased, reason: str, *, again_in: float, waits: bool = False) -> bool:
        """Puts a message back for another attempt after `again_in` seconds; False if the lease is lost."""
        ready_at = self._clock() + again_in
        return await self._write_and_tell(
            lambda connection: (
                connection.execute(
                    "UPDATE message SET state = 'waiting', head = 2, token = NULL, failures = failures + ?,"
                    " waits = waits + ?, ready_at = ?, reason = ? WHERE id = ? AND token = ? AND state = 'leased'",
                    (not waits, waits, ready_at, packed(reason), lease.message.id, lease.token),
                ).rowcount
                == 1
            )
        )

    async def release(self, lease: Leased, *, again_in: float = 0.0) -> bool:
        """Puts a message back uncounted, to be leased after `again_in` seconds; False if the lease is lost."""
        not_before = self._clock() + again_in if again_in else 0.0
        return await self._write_and_tell(
            lambda connection: (
                connection.execute(
                    "UPDATE message SET state = 'waiting', head = 2, token = NULL, ready_at = max(at, ?),"
                    " attempts = attempts - 1 WHERE id = ? AND token = ? AND state = 'leased'",
                    (not_before, lease.message.id, lease.token),
                ).rowcount
                == 1
            )
        )

    async def bury(self, lease: Leased, reason: str, reply: str | None = None) -> bool:
        """Gives a message up: its thread goes on, it stays among the dead letters. False if the lease is lost.

        Asking again is safe.
        """
        now = self._clock()

        def act(connection: sqlite3.Connection) -> bool:
            state = state_of(connection, lease)
            if state == "leased":
                bury(connection, lease.message.id, lease.message.thread, reason, now)
                keep_reply(connection, lease, reply, until=now + self._times.reply)
            return state in ("leased", "dead")

        return await self._write_and_tell(act)

    async def outcome(self, id_: str) -> Outcome | None:
        """Says what has become of a message; None when none of this id is known (any more)."""
        now = self._clock()

        def act(connection: sqlite3.Connection) -> tuple[str, bytes | None] | None:
            found: tuple[str, bytes | None] | None = connection.execute(
                "SELECT state, body FROM (SELECT id, state FROM message WHERE id = ?)"
                " LEFT JOIN (SELECT id, body FROM reply WHERE expires_at > ?) USING (id)",
                (id_, now),
            ).fetchone()
            return found

        found = await self._database.read(act)
        if found is None:
            return None
        state, reply = found
        return Outcome(ended=state in ("dead", "ended"), reply=None if reply is None else unpacked(reply))

    async def place(self, id_: str) -> int | None:
        """Gives 1 for a message that waits with the lowest turn of all, 2 for the next; None when it does not wait."""
        found = await self._database.read(lambda connection: connection.execute(PLACE, (id_,)).fetchone())
        return None if found is None else int(found[0])

    async def dead(self, *, limit: int, skip: int = 0) -> tuple[DeadLetter, ...]:
        """Gives the dead letters, the oldest first, behind the first `skip` at most `limit`."""
        rows = await self._database.read(
            lambda connection: connection.execute(
                "SELECT id, person, channel, attempts, reason, at FROM message WHERE state = 'dead'"
                " ORDER BY at, sequence LIMIT ? OFFSET ?",
                (limit, skip),
            ).fetchall()
        )
        return tuple(
            DeadLetter(id=id_, person=person, channel=channel, attempts=attempts, reason=unpacked(reason), at=at)
            for id_, person, channel, attempts, reason, at in rows
        )

    async def retry(self, id_: str) -> bool:
        """Puts a dead letter back, last in its thread; False when there is none of this id."""
        now = self._clock()

        def act(connection: sqlite3.Connection) -> bool:
            row: tuple[str, str] | None = connection.execute(
                "SELECT thread, person FROM message WHERE id = ? AND state = 'dead'", (id_,)
            ).fetchone()
            if row is None:
                return False
            thread, person = row
            connection.execute(
                "UPDATE message SET sequence = (SELECT max(sequence) + 1 FROM message), state = 'waiting', at = ?,"
                " ready_at = ?, turn = ?, attempts = 0, failures = 0, waits = 0, token = NULL, reason = NULL"
                " WHERE id = ?",
                (now, now, turn_of(connection, person, now=now), id_),
            )
            connection.execute("DELETE FROM reply WHERE id = ?", (id_,))
            let_on(connection, thread)
            return True

        return await self._write_and_tell(act)

    async def discard(self, id_: str) -> bool:
        """Erases a dead letter, from all of the file; False when there is none of this id."""
        now = self._clock()

        def act(connection: sqlite3.Connection) -> bool:
            if connection.execute("SELECT 1 FROM message WHERE id = ? AND state = 'dead'", (id_,)).fetchone() is None:
                return False
            end(connection, id_, now, token=None)
            connection.execute("DELETE FROM reply WHERE id = ?", (id_,))
            return True

        return await self._database.erase(act)

    async def depth(self) -> Depth:
        """Counts the open and the dead messages."""
        now = self._clock()
        rows = await self._database.read(
            lambda connection: connection.execute(
                "SELECT state, count(*), min(at) FROM message WHERE state IN ('waiting', 'leased', 'dead')"
                " GROUP BY state"
            ).fetchall()
        )
        counts = {state: count for state, count, _ in rows}
        oldest = min((at for state, _, at in rows if state != "dead"), default=now)
        return Depth(
            waiting=counts.get("waiting", 0),
            leased=counts.get("leased", 0),
            dead=counts.get("dead", 0),
            oldest=max(0.0, now - oldest),
        )

    async def forget(self, person: str, *, before: float = math.inf) -> int:
        """Erases the messages of `person` that nobody holds, and their kept replies; gives how many messages.

        Of those that wait only what was put `before` then, in seconds since 1970. Their ids stay known, so that a
        message that is delivered again does not come back.
        """
        now = self._clock()

        def act(connection: sqlite3.Connection) -> int:
            connection.execute("DELETE FROM reply WHERE person = ?", (person,))
            rows: list[tuple[str, str]] = connection.execute(
                "SELECT id, thread FROM message WHERE person = ? AND state IN ('waiting', 'leased', 'dead')"
                " AND (state != 'leased' OR ready_at <= ?) AND (state = 'dead' OR at <= ?)",
                (person, now, before),
            ).fetchall()
            for id_, _ in rows:
                end(connection, id_, now, token=None)
            for thread in {thread for _, thread in rows}:
                let_on(connection, thread)
            return len(rows)

        return await self._erase_and_tell(act)

    async def _take(self) -> Leased | None:
        now = self._clock()
        until = now + self._times.lease
        taking = asyncio.ensure_future(
            self._database.write(lambda connection: lease_one(connection, now=now, until=until))
        )
        try:
            return await asyncio.shield(taking)
        except asyncio.CancelledError:
            # Nobody would have the lease, and its thread would stand still until it ran out.
            with suppress(StoreAwayError):
                if leased := await taking:
                    await self.release(leased)
            raise

    async def _write_and_tell(self, act: Act[_Value]) -> _Value:
        value = await self._database.write(act)
        self._tell()
        return value

    async def _erase_and_tell(self, act: Act[_Value]) -> _Value:
        try:
            return await self._database.erase(act)
        finally:
            self._tell()

    def _tell(self) -> None:
        """Wakes all that wait; the next to wait take a new event, so that none misses a change."""
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()
