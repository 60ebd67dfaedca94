"""Whether a sentence says what the lines that it cites say, so that no citation is hung on something else."""

import asyncio
from collections.abc import Sequence
from functools import lru_cache

from bot.encoder.embedder import Embedder
from bot.knowledge.lexical import stems
from bot.knowledge.sentences import split_sentences
from bot.phrasing.overlap import Weights, overlap
from bot.phrasing.stance import Reading, is_turned
from bot.phrasing.wording import Wording

_EVEN = Weights({}, 1)

MOST, SOME = 0.65, 0.25
"""Shares of a sentence's stems that the cited passages hold: from the first it stands, below the second it falls."""
ALIKE = 0.45
"""Share of a line's words that a sentence holds from which negations in the two can be compared."""
FEW = 4
"""Stems below which less than all of them say little."""
LEAST_SIMILARITY = 0.5
"""Cosine with a cited line from which it stands in between."""


class Support:
    """Compares sentences with lines, by their words and, where these leave it open, by the encoder."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    async def holds(self, sentence: str, lines: Sequence[str], passages: Sequence[str]) -> bool:
        """Whether `lines`, read with the passages that they stand in, support `sentence`."""
        if _denies(sentence, lines):
            return False
        said = stems(sentence)
        if not said:  # nothing in Latin letters: then only the passages' own words
            return _squeezed(sentence) in _squeezed(" ".join(passages))
        held = {stem for passage in passages for stem in stems(passage)}
        shared = sum(stem in held for stem in said)
        if shared == len(said) or (shared >= MOST * len(said) and len(said) >= FEW):
            return True
        return shared >= SOME * len(said) and await asyncio.to_thread(self._is_near, sentence, lines)

    def _is_near(self, sentence: str, lines: Sequence[str]) -> bool:
        said, *vectors = (self._embedder.embed([text])[0] for text in (sentence, *lines))
        return any(float(said @ vector) >= LEAST_SIMILARITY for vector in vectors)


def _denies(sentence: str, lines: Sequence[str]) -> bool:
    """Whether the sentence turns the line round that it shares most words with.

    Of 215 sentences that a strong model wrote for the lesson's cases, all of them right, four are taken for that.
    """
    said = Reading(Wording(sentence))
    told = [reading for line in lines for reading in _readings(line)]
    if not said.negators and not any(reading.negators for reading in told):
        return False
    nearest: tuple[float, bool] = (ALIKE, False)
    for reading in told:
        shared = overlap(said.wording, reading.wording, _EVEN)
        if shared.pairs and shared.coverage >= nearest[0]:
            nearest = (shared.coverage, is_turned(said, reading, shared.pairs))
    return nearest[1]


@lru_cache(maxsize=1_000)
def _readings(line: str) -> tuple[Reading, ...]:
    """A lesson's line, sentence by sentence; the same lines are cited again and again."""
    return tuple(Reading(Wording(part)) for _, part in split_sentences(line))


def _squeezed(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
