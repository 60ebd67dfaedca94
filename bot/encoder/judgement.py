"""Turns the reader's and the retrieval's figures into probabilities and decisions.

Weights and thresholds come from `reader.json`, written by `bot.training.train_reader` together with the reader.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot.encoder.certainty import probability
from bot.encoder.embedder import HERE, Vectors

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Judgement:
    """Linear models: weights of the features of sentences and passages, and of a question's vector; bias last.

    The lessons answer a question from a coverage of `covered_from`; a question is misuse from the probability
    `misuse_from`.
    """

    sentence_weights: Floats
    passage_weights: Floats
    covered_from: float
    misuse_weights: Floats
    misuse_from: float

    def passage(self, logit: float, features: Floats) -> float:
        """Gives the logit that a passage answers, from the reader's logit and the passage's features."""
        return logit + float(features @ self.passage_weights[:-1] + self.passage_weights[-1])

    def sentences(self, logits: Floats, features: Floats, passage: float) -> list[float]:
        """Gives each sentence's relevance, 0 to 1; `passage` is its passage's logit."""
        own = logits + features[: len(logits)] @ self.sentence_weights[:-1] + self.sentence_weights[-1]
        return [probability(float(logit)) * math.sqrt(probability(passage)) for logit in own]

    def is_misuse(self, question: Vectors) -> bool:
        """Whether a question, as its unit vector, asks the coach to leave its job."""
        logit = float(question @ self.misuse_weights[:-1] + self.misuse_weights[-1])
        return probability(logit) >= self.misuse_from


def load_judgement(file: Path = HERE / "reader.json") -> Judgement:
    """Reads the weights."""
    saved = json.loads(file.read_text(encoding="utf-8"))
    return Judgement(
        sentence_weights=_floats(saved["sentence"]),
        passage_weights=_floats(saved["passage"]),
        covered_from=saved["covered_from"],
        misuse_weights=_floats(saved["misuse"]),
        misuse_from=saved["misuse_from"],
    )


def _floats(values: Sequence[float]) -> Floats:
    return np.array(values, dtype=np.float32)
