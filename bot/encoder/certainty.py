"""Turns what speaks for a claim into the chance that it is made.

The weights come from `claims.json`, written by `bot.training.claim_fit` together with the claim encoder.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from bot.encoder.embedder import HERE

FILE = HERE / "claims.json"

VERBATIM = 0.9
"""Least chance of a claim that stands in a sentence word for word, and that nothing in the sentence turns."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for one row in one sentence.

    `log_odds` is the encoder's for the row's lesson: that any of its claims is made. `ordered`, 0 to 1, is the weight
    of the don't-say's words that stand together in its order, `approved`, 0 to 1, that of the do-say's words;
    `verbatim` says that the don't-say stands there word for word, `turned` that the sentence reads as one that denies,
    asks or reports the words that it shares with the don't-say.
    """

    log_odds: float
    ordered: float
    approved: float
    verbatim: bool
    turned: bool

    @property
    def features(self) -> tuple[float, ...]:
        """What the chance is made of, before the bias."""
        return (self.log_odds, self.ordered**2, self.approved, float(self.verbatim), float(self.turned))


@dataclass(frozen=True, slots=True)
class Certainty:
    """Logistic models, the bias last: of rows that the encoder has seen examples of, and of rows known by their table.

    `learned` are the wordings of the don't-says that had examples, as `fingerprint` gives them.
    """

    learned: frozenset[str]
    of_learned: tuple[float, float]
    of_table: tuple[float, ...]

    def learned_row(self, log_odds: float) -> float:
        """Gives the chance that a sentence makes the claim of a row with examples."""
        scale, bias = self.of_learned
        return probability(scale * log_odds + bias)

    def table_row(self, evidence: Evidence) -> float:
        """Gives the chance that a sentence makes the claim of a row without examples."""
        *weights, bias = self.of_table
        chance = probability(sum(map(float.__mul__, weights, evidence.features)) + bias)
        return max(chance, VERBATIM) if evidence.verbatim and not evidence.turned else chance


def fingerprint(forms: Sequence[str]) -> str:
    """Gives what a don't-say is known by: its words, whatever their case and punctuation."""
    return " ".join(forms)


def load_certainty(file: Path = FILE) -> Certainty:
    """Reads the weights."""
    saved = json.loads(file.read_text(encoding="utf-8"))
    scale, bias = saved["of_learned"]
    return Certainty(learned=frozenset(saved["learned"]), of_learned=(scale, bias), of_table=tuple(saved["of_table"]))


def save_certainty(certainty: Certainty, file: Path = FILE) -> None:
    """Writes the weights."""
    saved = asdict(certainty) | {"learned": sorted(certainty.learned)}
    file.write_text(json.dumps(saved, indent=1) + "\n", encoding="utf-8")


def probability(logit: float) -> float:
    """The logistic function, for any logit."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))
