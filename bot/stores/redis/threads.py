"""Thread memory: a thread is a list of turn ids and a hash of what was said.

`forget` finds a person's turns through an index of the threads that the person speaks in; see `person_index.py`.
"""

import logging
from dataclasses import replace

from bot.core.messages import Reaction, Turn
from bot.core.state import TURNS
from bot.stores.encoding import UnreadableError, read_turn, turn_json
from bot.stores.redis.connection import Connection
from bot.stores.redis.keys import Keys
from bot.stores.redis.person_index import PersonIndex
from bot.stores.redis.scripts import script

_RECENT = script("threads/recent")
_SPEAKERS = script("threads/speakers")
_APPEND = script("threads/append")
_REACT = script("threads/react")
_FORGET = script("threads/forget")

_log = logging.getLogger(__name__)

_REACTIONS: dict[str, Reaction] = {"up": "up", "down": "down"}


class RedisThreads:
    """`ThreadMemory` in Redis."""

    def __init__(self, connection: Connection, keys: Keys, *, thread_seconds: float) -> None:
        self._connection = connection
        self._keys = keys
        self._index = PersonIndex(connection, keys, "threads")
        self._lasts = max(1, int(thread_seconds * 1000))

    async def recent(self, thread: str) -> tuple[Turn, ...]:
        """Gives the thread's last turns, oldest first, at most `TURNS`; one that cannot be read is passed over."""
        flat = await self._connection.texts(_RECENT, self._thread(thread))
        turns = (_turn(*each) for each in zip(flat[::3], flat[1::3], flat[2::3], strict=True))
        return tuple(turn for turn in turns if turn)

    async def append(self, thread: str, turn: Turn) -> None:
        """Keeps one more turn; a turn whose id is there already is left as it is. The oldest go."""
        added = False
        async with self._connection.deadline():
            while not added:
                mark, *others = await self._connection.texts(_SPEAKERS, self._thread(thread))
                # The turn makes the thread last longer, and with it the turns of everybody else who speaks in it.
                for person in {*others, turn.person}:
                    await self._index.add(person, thread, lasts=self._lasts)
                arguments = (mark, turn.id, turn.person, turn_json(turn), TURNS, self._lasts)
                added = await self._connection.number(_APPEND, self._thread(thread), *arguments) == 1

    async def react(self, thread: str, id_: str, *, person: str, reaction: Reaction) -> Turn | None:
        """Notes what `person` thinks of an answer they got and gives the turn as it was before; see `ThreadMemory`."""
        # Run a second time, it would give the turn as the first left it.
        found = await self._connection.texts(_REACT, self._thread(thread), id_, person, reaction, again=False)
        return _turn(id_, *found) if found else None

    async def forget(self, person: str) -> int:
        """Erases every turn of `person` and gives how many there were."""
        return await self._index.forget(
            person, lambda thread: self._connection.number(_FORGET, self._thread(thread), person)
        )

    def _thread(self, thread: str) -> list[str]:
        return [self._keys.thread(thread, name) for name in ("turns", "said", "mark")]


def _turn(id_: str, body: str, reaction: str) -> Turn | None:
    try:
        turn = read_turn(body)
    except UnreadableError as error:
        _log.warning("the turn %s is passed over: %s", id_, error)
        return None
    return replace(turn, reaction=_REACTIONS[reaction]) if reaction else turn
