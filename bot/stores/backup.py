"""A backup: streams of the log and some groups of counters as lines of JSON, from any store to any other.

The first line says what the file is; the last one counts the lines before it and holds their SHA-256, so that a file
that was cut short or altered is told from a whole one before anything is written.

The first programs knew of one stream. So that they can restore what a later one saved, the entries of every further
stream stand in lines that they take for empty groups of counters.
"""

import hashlib
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import BinaryIO

from bot.core.state import Log, Store, StoreAwayError
from bot.stores.backup_reading import FORMAT, FORMAT_VERSION, Backup

PAGE = 500
"""Entries read from the store at once."""


async def write_backup(
    store: Store,
    target: BinaryIO,
    *,
    stream: str,
    length: int,
    further: Mapping[str, int],
    groups: Sequence[str],
    program: str,
    at: datetime,
) -> None:
    """Writes the first `length` entries of a stream, so many of `further` ones, and the sums of `groups`.

    It holds `PAGE` entries at a time.

    Raises:
        StoreAwayError: the store is away.
        OSError: `target` cannot be written to.
    """
    lines = _Lines(target)
    lines.write({"format": FORMAT, "version": FORMAT_VERSION, "program": program, "at": at.isoformat()})
    async for position, entry in _first(store.log, stream, length):
        lines.write({"stream": stream, "position": position, "entry": entry})
    for other, count in further.items():
        async for position, entry in _first(store.log, other, count):
            lines.write(
                {"counters": f"{other}:{position}", "sums": {}, "further": other, "position": position, "entry": entry}
            )
    for group, sums in zip(groups, await store.counters.read(groups), strict=True):
        if sums:
            lines.write({"counters": group, "sums": dict(sorted(sums.items()))})
    lines.write({"lines": lines.count, "sha256": lines.digest})


async def _first(log: Log, stream: str, length: int) -> AsyncIterator[tuple[int, str]]:
    """The first `length` entries of a stream with their positions."""
    for start in range(0, length, PAGE):
        entries = await log.read(stream, after=start, limit=min(PAGE, length - start))
        for placed in enumerate(entries, start + 1):
            yield placed


class _Lines:
    """Writes lines, counting and digesting them."""

    def __init__(self, target: BinaryIO) -> None:
        self._target = target
        self._sha256 = hashlib.sha256()
        self.count = 0

    @property
    def digest(self) -> str:
        return self._sha256.hexdigest()

    def write(self, value: Mapping[str, object]) -> None:
        line = json.dumps(value).encode() + b"\n"
        self._target.write(line)
        self._sha256.update(line)
        self.count += 1


async def is_empty(store: Store, backup: Backup, *, stream: str) -> bool:
    """Whether the store holds nothing of what the backup would be restored to."""
    for name in (stream, *backup.further):
        if await store.log.length(name):
            return False
    return not any(await store.counters.read(list(backup.counters)))


async def restore_backup(store: Store, backup: Backup, *, stream: str) -> None:
    """Fills each stream, wholly or not at all, and then the groups of counters.

    Raises:
        ConflictError: a stream holds entries.
        StoreAwayError: the store is away; when the entries were restored before, the message says so.
    """
    await store.log.restore(stream, backup.entries)
    for name, entries in backup.further.items():
        try:
            await store.log.restore(name, entries)
        except StoreAwayError as error:
            raise StoreAwayError(f"{stream} are restored, but not {name} and no figures: {error}") from error
    for group, sums in backup.counters.items():
        try:
            await store.counters.add(group, sums)
        except StoreAwayError as error:
            raise StoreAwayError(f"the entries are restored, but not the figures from {group} on: {error}") from error
