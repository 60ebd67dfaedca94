"""The trail of versions in the log: read, folded to how things stand, and appended to by compare-and-set.

Every replica folds the same trail and looks for new entries at each message, so a move is in force everywhere at the
next one.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar, cast

from bot.core.prompts import Prompt
from bot.core.state import ConflictError, Log, Snapshot, StoreAwayError
from bot.prompts.decisions import Unchanged
from bot.prompts.document import parse_prompt
from bot.prompts.entries import STREAM, Entry, Published, read_entry, write_entry
from bot.prompts.refusal import Refusal
from bot.prompts.standing import Standing, Version, fold, read_standing, write_standing

PAGE = 1_000
"""Entries read at once."""
SNAPSHOT_EVERY = 1_000
"""Entries after which how things stand is kept, so that a start reads little more than so many."""
RECENT = 100
"""Entries among which one is looked for that an act may have left before."""
MAX_TRIES = 50
"""How often an act is decided anew when others append first."""

Decided = TypeVar("Decided", bound=Entry)

_log = logging.getLogger(__name__)


class History:
    """One reader and writer of the trail; any number of them may share one log.

    Safe for concurrent use within one event loop. Every method raises `StoreAwayError` when the store is away.
    """

    def __init__(self, log: Log, *, snapshot_every: int = SNAPSHOT_EVERY) -> None:
        self._log = log
        self._snapshot_every = snapshot_every
        self._standing = Standing()
        self._snapshot_length = 0
        self._prompts: dict[int, Prompt] = {}
        self._reading = asyncio.Lock()
        self._appending = asyncio.Lock()

    @property
    def known(self) -> Standing:
        """How things stood when the trail was last read."""
        return self._standing

    def known_prompt(self, number: int) -> Prompt | None:
        """A version's prompt if it was read before."""
        return self._prompts.get(number)

    async def standing(self) -> Standing:
        """Gives how things stand, with everything that any replica has appended."""
        async with self._reading:
            standing = await self._continued(self._standing) if self._standing.length else None
            self._standing = standing or await self._read_anew()
            if self._standing.length - self._snapshot_length >= self._snapshot_every:
                await self._keep_snapshot()
            return self._standing

    async def prompt(self, version: Version) -> Prompt:
        """Gives what an engine is given of a version; read once, since a version never changes."""
        if version.number not in self._prompts:
            document = parse_prompt((await self.publication(version)).source)
            self._prompts[version.number] = Prompt(
                version=version.number,
                text=document.text,
                model=document.model,
                max_tokens=document.max_tokens,
                effort=document.effort,
            )
        return self._prompts[version.number]

    async def publication(self, version: Version) -> Published:
        """Gives the entry that published a version, with its whole file."""
        for entry in await self._entries(after=version.position - 1, limit=1):
            if isinstance(entry, Published) and (entry.version, entry.digest) == (version.number, version.digest):
                return entry
        raise StoreAwayError(f"the store does not hold version {version.number} any more: try once more")

    async def entries(self, *, before: int | None, limit: int) -> tuple[tuple[int, Entry], ...]:
        """Gives at most `limit` entries before a position (None is the end), each with its position, newest first."""
        end = (await self.standing()).length
        last = end if before is None else min(before - 1, end)
        first = max(0, last - limit)
        entries = await self._entries(after=first, limit=last - first) if last > first else []
        return tuple(reversed(list(enumerate(entries, first + 1))))

    async def append(
        self, decide: "Callable[[Standing], Decided | Unchanged]", *, act: str | None = None
    ) -> tuple[Decided, int] | Unchanged:
        """Appends what `decide` gives for how things stand; decides anew when somebody else appends first.

        Gives the entry and its position, or what there was nothing to do about. What `decide` raises goes through. With
        `act`, the id of the entry's stamp, one that is there already is given instead.

        Raises:
            Refusal: others were first again and again.
        """
        async with self._appending:  # in turn: only another replica can be first
            for _ in range(MAX_TRIES):
                standing = await self.standing()
                if act is not None and (done := await self._find(act)):
                    return cast("Decided", done[0]), done[1]
                entry = decide(standing)
                if isinstance(entry, Unchanged):
                    return entry
                with suppress(ConflictError):
                    await self._log.append(STREAM, write_entry(entry), expected=standing.length)
                    return entry, standing.length + 1
        raise Refusal("Others changed the versions again and again meanwhile: try once more.")

    async def _find(self, id_: str) -> tuple[Entry, int] | None:
        """The entry whose stamp has this id, and its position, if it is among the newest."""
        for position, entry in await self.entries(before=None, limit=RECENT):
            if entry.stamp.id == id_:
                return entry, position
        return None

    async def _continued(self, standing: Standing) -> Standing | None:
        """Folds what was appended to the trail that `standing` was folded from; None when the store holds another.

        Another store may stand in the place of the one that was read: a backup was restored, or it was emptied.
        """
        more = True
        while more:
            # The last known entry is read once more: no two trails have one of the same id in the same place.
            known = min(standing.length, 1)
            entries = await self._entries(after=standing.length - known, limit=PAGE)
            if [entry.stamp.id for entry in entries[:known]] != [standing.tip][:known]:
                return None
            more = len(entries) == PAGE
            if entries[known:]:
                standing = fold(standing, entries[known:])
        return standing

    async def _read_anew(self) -> Standing:
        """Folds the trail from its snapshot on, or from its start when there is none that it continues."""
        snapshot = await self._log.snapshot(STREAM)
        kept = read_standing(snapshot.body) if snapshot else None
        continued = await self._continued(kept) if kept else None
        standing = continued or await self._continued(Standing()) or Standing()
        if self._standing.length and not standing.length:
            raise StoreAwayError("the store has lost the versions: restore a backup, or start the coach anew")
        self._snapshot_length = kept.length if kept and continued else 0
        self._prompts.clear()
        return standing

    async def _keep_snapshot(self) -> None:
        """Keeps how things stand. It only spares time, so a store that does not take it is asked again much later."""
        self._snapshot_length = self._standing.length
        try:
            await self._log.keep_snapshot(STREAM, Snapshot(self._standing.length, write_standing(self._standing)))
        except StoreAwayError as error:
            _log.warning("how the versions stand could not be kept: %s", error)

    async def _entries(self, *, after: int, limit: int) -> list[Entry]:
        try:
            return [read_entry(line) for line in await self._log.read(STREAM, after=after, limit=limit)]
        except ValueError as error:
            raise StoreAwayError("a newer Field Coach wrote to the trail of versions: upgrade this one") from error
