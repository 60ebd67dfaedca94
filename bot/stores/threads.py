"""Thread memory in this process: the last turns of the threads that were last spoken in."""

from collections import OrderedDict, deque

from bot.core.messages import Turn

TURNS = 8
"""Turns kept a thread."""
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
        """Keeps one more turn."""
        self._threads.setdefault(thread, deque(maxlen=TURNS)).append(turn)
        self._threads.move_to_end(thread)
        if len(self._threads) > THREADS:
            self._threads.popitem(last=False)

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
