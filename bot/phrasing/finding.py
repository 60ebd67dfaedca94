"""Finds the sentences of a draft that make a don't-say claim, from the guide's table alone.

The units of the draft are judged by one function, `TableJudge.judge`, which needs no examples and no training.
"""

import asyncio
from collections.abc import Iterator, Sequence
from threading import Lock
from typing import TYPE_CHECKING

from bot.core.lessons import Knowledge
from bot.core.replies import Finding
from bot.phrasing.claims import ClaimTable, Floats
from bot.phrasing.judging import FINDING, TableJudge
from bot.phrasing.units import Unit, units

if TYPE_CHECKING:
    from bot.encoder.embedder import Embedder

_WINDOW = 64
"""Units judged at a time: memory stays the same for a document of any length."""


class GuideClaimFinder:
    """Finds claims in drafts, off the event loop. The guide's vectors are kept from call to call, by row text."""

    def __init__(self, embedder: "Embedder") -> None:
        self._embedder = embedder
        self._judge = TableJudge(embedder)
        self._vectors: dict[str, Floats] = {}
        self._prepared: tuple[Knowledge, ClaimTable] | None = None
        self._preparing = Lock()

    async def find(self, draft: str, knowledge: Knowledge) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
        """Gives the findings and the notes, each in the draft's order and, in one sentence, the surest first.

        A finding has a confidence of at least `FINDING`, a note one of at least `bot.phrasing.judging.NOTE`.
        """
        found = await asyncio.to_thread(self._find, draft, knowledge)
        return (
            tuple(finding for finding in found if finding.confidence >= FINDING),
            tuple(finding for finding in found if finding.confidence < FINDING),
        )

    def _find(self, draft: str, knowledge: Knowledge) -> Sequence[Finding]:
        table = self._table(knowledge)
        written = units(draft)
        windows = (written[start : start + _WINDOW] for start in range(0, len(written), _WINDOW))
        return [finding for window in windows for finding in self._judged(draft, window, table)]

    def _judged(self, draft: str, window: Sequence[Unit], table: ClaimTable) -> Iterator[Finding]:
        for unit, judgements in zip(window, self._judge.judge([unit.text for unit in window], table), strict=True):
            for judgement in judgements:
                yield Finding(
                    row=judgement.row,
                    start=unit.start,
                    end=unit.end,
                    quote=draft[unit.start : unit.end],
                    confidence=judgement.confidence,
                )

    def _table(self, knowledge: Knowledge) -> ClaimTable:
        """The claims of the guide in force, prepared once for each snapshot of the knowledge."""
        with self._preparing:
            if self._prepared is None or self._prepared[0] is not knowledge:
                self._prepared = (knowledge, ClaimTable(knowledge.guide, self._embedder, self._vectors))
            return self._prepared[1]
