"""How well a way of finding don't-say claims did: counted over sentences, each with the rows it was flagged for."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tests.bench.labelled import CLAIMING, Labelled


@dataclass(frozen=True, slots=True)
class Judged:
    """A labelled sentence and the rows that it was flagged for; none: it was not."""

    sentence: Labelled
    rows: frozenset[int]


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many."""

    part: int
    whole: int

    def __str__(self) -> str:
        share = f"{self.part / self.whole:.1%}" if self.whole else "none"
        return f"{share} ({self.part} of {self.whole})"


def precision(judged: Sequence[Judged]) -> Share:
    """Of the flagged sentences, those that make a claim, whichever row they were flagged for."""
    flagged = [one for one in judged if one.rows]
    return Share(sum(bool(one.sentence.rows) for one in flagged), len(flagged))


def recall(judged: Sequence[Judged]) -> Share:
    """Of the sentences that make a claim, those flagged, for whichever row."""
    claiming = [one for one in judged if one.sentence.rows]
    return Share(sum(bool(one.rows) for one in claiming), len(claiming))


def right_rows(judged: Sequence[Judged]) -> tuple[Share, int]:
    """Of the claims in flagged sentences, those flagged for their row; and how many rows more were flagged there."""
    hits = [one for one in judged if one.rows and one.sentence.rows]
    right = sum(len(one.rows & one.sentence.rows) for one in hits)
    claims = sum(len(one.sentence.rows) for one in hits)
    return Share(right, claims), sum(len(one.rows) for one in hits) - right


def by_stance(judged: Sequence[Judged]) -> dict[str, Share]:
    """Of the sentences of each stance that makes no claim, those flagged."""
    stances = sorted({one.sentence.stance for one in judged} - {CLAIMING})
    return {
        stance: Share(sum(bool(one.rows) for one in of_stance), len(of_stance))
        for stance in stances
        if (of_stance := [one for one in judged if one.sentence.stance == stance])
    }


def best_threshold(scores: Sequence[float], claiming: Sequence[bool]) -> float:
    """Gives the score from which flagging has the best F1 on these very sentences."""
    thresholds = np.unique(scores)
    flagged = np.asarray(scores) >= thresholds[:, np.newaxis]
    hits = (flagged & np.asarray(claiming)).sum(axis=1)
    f1 = 2 * hits / (flagged.sum(axis=1) + sum(claiming))
    return float(thresholds[f1.argmax()])
