"""Thread memory: the last turns of each thread, until nothing has been said in it for a while."""

import logging
import sqlite3
from collections.abc import Callable
from dataclasses import replace

from bot.core.messages import Reaction, Turn
from bot.core.state import TURNS
from bot.stores.encoding import UnreadableError, read_turn, turn_json
from bot.stores.sqlite.connection import Database
from bot.stores.sqlite.expiry import drop_expired_turns

_log = logging.getLogger(__name__)


class SqliteThreads:
    """What was asked and answered lately; a thread is kept for `keeps` seconds after its last turn."""

    def __init__(self, database: Database, *, clock: Callable[[], float], keeps: float) -> None:
        self._database = database
        self._clock = clock
        self._keeps = keeps

    async def recent(self, thread: str) -> tuple[Turn, ...]:
        """Gives the thread's last turns, oldest first, at most `TURNS`; one that cannot be read is passed over."""
        now = self._clock()
        rows: list[tuple[str, str]] = await self._database.read(
            lambda connection: connection.execute(
                "SELECT id, body FROM turn WHERE thread = ? AND expires_at > ? ORDER BY sequence", (thread, now)
            ).fetchall()
        )
        return tuple(turn for id_, body in rows if (turn := _readable(id_, body)))

    async def append(self, thread: str, turn: Turn) -> None:
        """Keeps one more turn; a turn whose id is there already is left as it is. The oldest go."""
        now = self._clock()

        def act(connection: sqlite3.Connection) -> None:
            connection.execute("DELETE FROM turn WHERE thread = ? AND expires_at <= ?", (thread, now))
            drop_expired_turns(connection, now=now)  # where no inbox is served, nobody else does
            connection.execute(
                "INSERT INTO turn (thread, id, person, body, expires_at) VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT (thread, id) DO NOTHING",
                (thread, turn.id, turn.person, turn_json(turn), now),
            )
            connection.execute(
                "DELETE FROM turn WHERE sequence IN"
                " (SELECT sequence FROM turn WHERE thread = ? ORDER BY sequence DESC LIMIT -1 OFFSET ?)",
                (thread, TURNS),
            )
            connection.execute("UPDATE turn SET expires_at = ? WHERE thread = ?", (now + self._keeps, thread))

        await self._database.write(act)

    async def react(self, thread: str, id_: str, *, person: str, reaction: Reaction) -> Turn | None:
        """Notes what `person` thinks of an answer they got and gives the turn as it was before, None without one."""
        now = self._clock()

        def act(connection: sqlite3.Connection) -> Turn | None:
            row = connection.execute(
                "SELECT sequence, body FROM turn WHERE thread = ? AND id = ? AND person = ? AND expires_at > ?",
                (thread, id_, person, now),
            ).fetchone()
            if row is None:
                return None
            sequence, body = row
            if turn := _readable(id_, body):
                noted = turn_json(replace(turn, reaction=reaction))
                connection.execute("UPDATE turn SET body = ? WHERE sequence = ?", (noted, sequence))
            return turn

        return await self._database.write(act)

    async def forget(self, person: str) -> int:
        """Erases every turn of `person`, from all of the file, and gives how many there were."""
        return await self._database.erase(
            lambda connection: connection.execute("DELETE FROM turn WHERE person = ?", (person,)).rowcount
        )


def _readable(id_: str, body: str) -> Turn | None:
    try:
        return read_turn(body)
    except UnreadableError as error:
        _log.warning("the turn %s is passed over: %s", id_, error)
        return None
