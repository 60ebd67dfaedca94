"""Thread memory in this process: the last turns of the threads that were last spoken in."""

from collections import OrderedDict, deque
from dataclasses import replace

from bot.core.messages import Reaction, Turn
from bot.core.state import TURNS

THREADS = 10_000
"""Threads kept; the one longest silent is dropped first."""


class RecentThreads:
    """Keeps recent turns until the process ends."""

    def __init__(self) -> None:
        self._threads: OrderedDict[str, deque[Turn]] = OrderedDict()

    async def recent(self, thread: str) -> tuple[Turn, ...]:
        """Gives the thread's last turns, oldest first."""
        return tuple(self._threads.get(thread, ()))

    async def append(self, thread: str, turn: Turn) -> None:
        """Keeps one more turn, unless it is kept already."""
        turns = self._threads.setdefault(thread, deque(maxlen=TURNS))
        if all(kept.id != turn.id for kept in turns):
            turns.append(turn)
        self._threads.move_to_end(thread)
        if len(self._threads) > THREADS:
            self._threads.popitem(last=False)

    async def react(self, thread: str, id_: str, *, person: str, reaction: Reaction) -> Turn | None:
        """Notes what `person` thinks of an answer and gives the turn as it was before, None when there is no such."""
        turns = self._threads.get(thread, deque())
        for number, turn in enumerate(turns):
            if (turn.id, turn.person) == (id_, person):
                turns[number] = replace(turn, reaction=reaction)
                return turn
        return None

    async def forget(self, person: str) -> int:
        """Erases every turn of `person` and gives how many there were."""
        forgotten = 0
        for thread, turns in list(self._threads.items()):
            kept = [turn for turn in turns if turn.person != person]
            forgotten += len(turns) - len(kept)
            if kept:
                self._threads[thread] = deque(kept, maxlen=TURNS)
            else:
                del self._threads[thread]
        return forgotten
