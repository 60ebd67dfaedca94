"""Whether a sentence that somebody else takes for a claim of a guide row may be one."""

import asyncio
from typing import TYPE_CHECKING

from bot.core.lessons import GuideRow
from bot.phrasing.stance import Reading, may_assert
from bot.phrasing.wording import Wording

if TYPE_CHECKING:
    from bot.encoder.embedder import Embedder

LEAST_SIMILARITY = 0.2
"""Cosine with the don't-say that 90 in 100 assertions reach, and 13 in 100 sentences on something else (the 260 and
120 of the first lesson's training examples). What does not reach it is still told, as a note."""


class Plausibility:
    """Judges by the sentence's form and by the encoder."""

    def __init__(self, embedder: "Embedder") -> None:
        self._embedder = embedder

    async def may_claim(self, sentence: str, row: GuideRow) -> bool:
        """Whether the sentence is no question, report or express denial, and bears on the row at all."""
        return await asyncio.to_thread(self._may_claim, sentence, row)

    def _may_claim(self, sentence: str, row: GuideRow) -> bool:
        if not may_assert(Reading(Wording(sentence)), Reading(Wording(row.dont_say))):
            return False
        said, dont_say = (self._embedder.embed([text])[0] for text in (sentence, row.dont_say))
        return float(said @ dont_say) >= LEAST_SIMILARITY
