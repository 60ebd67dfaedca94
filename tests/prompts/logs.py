"""Logs that stand before a real one: they put its streams apart, count, fail, or let calls through in a drawn order."""

import asyncio
from collections.abc import Awaitable, Coroutine, Sequence
from random import Random
from typing import Any, TypeVar

from bot.core.state import Log, Snapshot, StoreAwayError

Value = TypeVar("Value")
SETTLED = 8
"""Rounds of the event loop after which every task waits for its turn, or for one that does."""


class PassingLog:
    """Passes everything on; `prefix` begins each stream's name."""

    def __init__(self, log: Log, *, prefix: str = "") -> None:
        self.log = log
        self._prefix = prefix

    async def passed(self, call: Awaitable[Value]) -> Value:
        return await call

    async def append(self, stream: str, entry: str, *, expected: int) -> None:
        await self.passed(self.log.append(self._prefix + stream, entry, expected=expected))

    async def read(self, stream: str, *, after: int = 0, limit: int) -> tuple[str, ...]:
        return await self.passed(self.log.read(self._prefix + stream, after=after, limit=limit))

    async def length(self, stream: str) -> int:
        return await self.passed(self.log.length(self._prefix + stream))

    async def snapshot(self, stream: str) -> Snapshot | None:
        return await self.passed(self.log.snapshot(self._prefix + stream))

    async def keep_snapshot(self, stream: str, snapshot: Snapshot) -> None:
        await self.passed(self.log.keep_snapshot(self._prefix + stream, snapshot))

    async def restore(self, stream: str, entries: Sequence[str]) -> None:
        await self.passed(self.log.restore(self._prefix + stream, entries))


class LogWithoutSnapshot(PassingLog):
    """Has kept no snapshot: the trail is read from its start."""

    async def snapshot(self, stream: str) -> Snapshot | None:  # noqa: ARG002 - the port's signature
        return None


class CountingLog(PassingLog):
    """Counts calls, and the entries that were read."""

    calls = 0
    entries_read = 0

    async def passed(self, call: Awaitable[Value]) -> Value:
        self.calls += 1
        return await super().passed(call)

    async def read(self, stream: str, *, after: int = 0, limit: int) -> tuple[str, ...]:
        entries = await super().read(stream, after=after, limit=limit)
        self.entries_read += len(entries)
        return entries


class LogThatGoesAway(CountingLog):
    """A store that is away while `away`; `full` lets it be read and not written."""

    away = False
    full = False

    async def passed(self, call: Awaitable[Value]) -> Value:
        if self.away:
            self.calls += 1
            _drop(call)
            await asyncio.sleep(0)  # as a call would: others go on meanwhile
            raise StoreAwayError("unplugged")
        return await super().passed(call)

    async def keep_snapshot(self, stream: str, snapshot: Snapshot) -> None:
        if self.full:
            self.calls += 1
            raise StoreAwayError("make room on the disk")
        await super().keep_snapshot(stream, snapshot)


class LogThatHangs(PassingLog):
    """Does not come back from its call number `after`, which is done, nor from later ones, until it is let go."""

    let_go = False

    def __init__(self, log: Log, *, after: int) -> None:
        super().__init__(log)
        self._left = after
        self.hangs = asyncio.Event()

    async def passed(self, call: Awaitable[Value]) -> Value:
        value = await super().passed(call)
        self._left -= 1
        if self._left <= 0 and not self.let_go:
            self.hangs.set()
            await asyncio.Event().wait()
        return value


class LogInTurns(PassingLog):
    """Lets the calls of several tasks through one by one, each time of the task that `together` draws."""

    def __init__(self, log: Log, *, prefix: str = "") -> None:
        super().__init__(log, prefix=prefix)
        self._acting: set[asyncio.Task[Any]] = set()
        self._waiting: list[tuple[asyncio.Task[Any], asyncio.Event]] = []
        self._answered = asyncio.Event()

    async def passed(self, call: Awaitable[Value]) -> Value:
        task = asyncio.current_task()
        if task is None or task not in self._acting:
            return await call
        turn = asyncio.Event()
        self._waiting.append((task, turn))
        await turn.wait()
        try:
            return await call
        finally:
            self._answered.set()

    async def together(self, acts: Sequence[Coroutine[Any, Any, Value]], order: Random) -> tuple[list[Value], int]:
        """Runs acts at once; gives their results, and how many of them had another's call between two of their own."""
        tasks = [asyncio.create_task(act) for act in acts]
        self._acting = set(tasks)
        calls: list[asyncio.Task[Any]] = []
        while not all(task.done() for task in tasks):
            for _ in range(SETTLED):
                await asyncio.sleep(0)
            if self._waiting:
                task, turn = self._waiting.pop(order.randrange(len(self._waiting)))
                calls.append(task)
                turn.set()
                await self._answered.wait()
                self._answered.clear()
        self._acting = set()
        return [task.result() for task in tasks], sum(_was_interrupted(task, calls) for task in tasks)


def _was_interrupted(task: asyncio.Task[Any], calls: Sequence[asyncio.Task[Any]]) -> bool:
    own = [number for number, caller in enumerate(calls) if caller is task]
    return bool(own) and own[-1] - own[0] >= len(own)


def _drop(call: Awaitable[object]) -> None:
    if isinstance(call, Coroutine):
        call.close()
