"""Finds the sentences of a draft that make a don't-say claim, each read in its context."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Lock

from bot.core.lessons import Knowledge
from bot.core.replies import Finding
from bot.encoder.certainty import Certainty, load_certainty
from bot.encoder.claim_encoder import ClaimEncoder, Floats
from bot.phrasing.claims import ClaimTable
from bot.phrasing.context import in_context
from bot.phrasing.judging import FINDING, GuideJudge
from bot.phrasing.recalling import RecentJudgements
from bot.phrasing.units import Unit, units

THREADS = 2
_WINDOW = 64
"""Units judged at a time: memory stays the same for a document of any length, and an answer's sentence, which is waited
for, gets in between."""


class GuideClaimFinder:
    """Finds claims in drafts, off the event loop. The guide's vectors are kept from call to call, by row text."""

    def __init__(self, encoder: ClaimEncoder, certainty: Certainty | None = None) -> None:
        """Takes the encoder and how sure it is of what, by default as they were trained together."""
        self._encoder = encoder
        self._certainty = certainty or load_certainty()
        self._judge = GuideJudge(encoder, self._certainty)
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
        written = await loop.run_in_executor(self._threads, units, draft)
        found: list[Finding] = []
        for start in range(0, len(written), _WINDOW):
            found += await loop.run_in_executor(self._threads, self._judged, draft, written, start, knowledge)
        return (
            tuple(finding for finding in found if finding.confidence >= FINDING),
            tuple(finding for finding in found if finding.confidence < FINDING),
        )

    def _judged(self, draft: str, written: Sequence[Unit], start: int, knowledge: Knowledge) -> list[Finding]:
        """What the units of one window claim, read in their context."""
        window = written[start : start + _WINDOW]
        after = [*(unit.text for unit in written[start + 1 : start + _WINDOW + 1]), ""]
        read = [in_context(unit.text, unit.before, following) for unit, following in zip(window, after, strict=False)]
        judgements = self._judgements(knowledge).of(read)
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
                table = ClaimTable(knowledge.guide, self._encoder, self._certainty.learned, self._vectors)
                self._prepared = (knowledge, RecentJudgements(partial(self._judge.judge, table=table)))
            return self._prepared[1]
