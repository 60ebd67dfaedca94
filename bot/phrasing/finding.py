"""Finds the sentences of a draft that make a don't-say claim, from the guide's table alone.

The units of the draft are judged by one function, `TableJudge.judge`, which needs no examples and no training.
"""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING

from bot.core.lessons import Knowledge
from bot.core.replies import Finding
from bot.phrasing.claims import ClaimTable, Floats
from bot.phrasing.judging import FINDING, TableJudge
from bot.phrasing.recalling import RecentJudgements
from bot.phrasing.units import Unit, units

if TYPE_CHECKING:
    from bot.encoder.embedder import Embedder

THREADS = 2
_WINDOW = 64
"""Units judged at a time: memory stays the same for a document of any length, and an answer's sentence, which is waited
for, gets in between."""


class GuideClaimFinder:
    """Finds claims in drafts, off the event loop. The guide's vectors are kept from call to call, by row text."""

    def __init__(self, embedder: "Embedder") -> None:
        self._embedder = embedder
        self._judge = TableJudge(embedder)
        self._vectors: dict[str, Floats] = {}
        self._prepared: tuple[Knowledge, RecentJudgements] | None = None
        self._preparing = Lock()
        # Of its own: a sentence of an answer must not wait behind searches.
        self._threads = ThreadPoolExecutor(THREADS, "claims")

    async def find(self, draft: str, knowledge: Knowledge) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
        """Gives the findings and the notes, each in the draft's order and, in one sentence, the surest first.

        A finding has a confidence of at least `FINDING`, a note one of at least `bot.phrasing.judging.NOTE`.
        """
        loop = asyncio.get_running_loop()
        found, rest = await loop.run_in_executor(self._threads, self._first, draft, knowledge)
        for start in range(0, len(rest), _WINDOW):
            window = rest[start : start + _WINDOW]
            found += await loop.run_in_executor(self._threads, self._judged, draft, window, knowledge)
        return (
            tuple(finding for finding in found if finding.confidence >= FINDING),
            tuple(finding for finding in found if finding.confidence < FINDING),
        )

    def _first(self, draft: str, knowledge: Knowledge) -> tuple[list[Finding], Sequence[Unit]]:
        """Gives what the first units claim, and the units after them."""
        written = units(draft)
        return self._judged(draft, written[:_WINDOW], knowledge), written[_WINDOW:]

    def _judged(self, draft: str, window: Sequence[Unit], knowledge: Knowledge) -> list[Finding]:
        judgements = self._judgements(knowledge).of([unit.text for unit in window])
        return [
            Finding(
                row=judgement.row,
                start=unit.start,
                end=unit.end,
                quote=draft[unit.start : unit.end],
                confidence=judgement.confidence,
            )
            for unit, made in zip(window, judgements, strict=True)
            for judgement in made
        ]

    def _judgements(self, knowledge: Knowledge) -> RecentJudgements:
        """What judges by the guide in force, prepared once for each snapshot of the knowledge."""
        with self._preparing:
            if self._prepared is None or self._prepared[0] is not knowledge:
                table = ClaimTable(knowledge.guide, self._embedder, self._vectors)
                self._prepared = (knowledge, RecentJudgements(partial(self._judge.judge, table=table)))
            return self._prepared[1]
