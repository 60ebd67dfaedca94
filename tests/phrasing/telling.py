"""A claim encoder that reads what a test tells it, for what the finder makes of a reading."""

from collections.abc import Mapping, Sequence

import numpy as np

from bot.core.lessons import GuideRow
from bot.encoder.certainty import Certainty, fingerprint
from bot.encoder.claim_encoder import ClaimEncoder, InContext, Said
from bot.phrasing.claims import ClaimTable
from bot.phrasing.judging import GuideJudge, Judgement
from bot.phrasing.wording import Wording

FAR = -20.0
"""Log-odds of what a test says nothing about."""


class ToldEncoder(ClaimEncoder):
    """Gives the log-odds told for a sentence in its context and a don't-say; `asked` are the sentences it has read."""

    def __init__(self, rows: Sequence[GuideRow], log_odds: Mapping[InContext, Mapping[str, float]]) -> None:
        self._dont_says = [row.dont_say for row in rows]
        self._log_odds = log_odds
        self.asked: list[InContext] = []

    def read(self, sentences: Sequence[InContext]) -> Said:
        self.asked += sentences
        told = [self._log_odds.get(sentence, {}) for sentence in sentences]
        shape = (len(sentences), len(self._dont_says))
        about = [[float(one.text == dont_say) for dont_say in self._dont_says] for one in sentences]
        wanted = [[one.get(dont_say, FAR) for dont_say in self._dont_says] for one in told]
        return Said(
            vectors=np.array(about, dtype=np.float32).reshape(shape),
            wanted=np.array(wanted, dtype=np.float32).reshape(shape),
            leaning=np.zeros(len(sentences), dtype=np.float32),
        )


def certainty_of(
    *learned: str, of_learned: tuple[float, float] = (1.0, 0.0), of_table: tuple[float, ...] = (1.0, 0.0, 0.0, 0.0, 0.0)
) -> Certainty:
    """A certainty, by default that of the log-odds alone; `learned` are don't-says that had examples."""
    known = frozenset(fingerprint(Wording(dont_say).forms) for dont_say in learned)
    return Certainty(learned=known, of_learned=of_learned, of_table=of_table)


def judged_as_told(
    unit: InContext, rows: Sequence[GuideRow], log_odds: Mapping[str, float], certainty: Certainty | None = None
) -> tuple[Judgement, ...]:
    """Judges one unit whose log-odds for each don't-say are told."""
    certainty = certainty or certainty_of()
    encoder = ToldEncoder(rows, {unit: log_odds})
    table = ClaimTable(rows, encoder, certainty.learned, {})
    return GuideJudge(encoder, certainty).judge([unit], table)[0]
