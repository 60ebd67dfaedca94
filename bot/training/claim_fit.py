"""Fits how sure a claim is, from the evidence for it, on held-out sentences that the encoder was not trained on."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from bot.core.lessons import Lesson
from bot.encoder.certainty import Certainty, fingerprint
from bot.encoder.claim_encoder import ClaimEncoder
from bot.knowledge.examples import ENOUGH
from bot.phrasing.claims import ClaimTable
from bot.phrasing.judging import FINDING, SECOND, GuideJudge, Weighed
from bot.phrasing.wording import Wording
from bot.training.claim_data import HeldOut, Labelled, TrainingData

FALSE_FLAGS = 0.04
"""Share of the sentences fitted on that may be wrongly flagged for rows known by their table alone."""

PENALTY = 0.01
"""L2 penalty on the weights, for each sentence."""

Array = npt.NDArray[np.float64]


def fit(data: TrainingData, held_out: HeldOut, encoder: ClaimEncoder) -> Certainty:
    """Fits both logistic models; the held-out lessons are none that `data` has examples of but the shipped ones."""
    learned = frozenset(learned_rows(data))
    unfitted = Certainty(learned=learned, of_learned=(1.0, 0.0), of_table=(1.0, 0.0, 0.0, 0.0, 0.0, 0.0))
    judge = GuideJudge(encoder, unfitted)
    of_learned = list(weighed(judge, encoder, learned, held_out.shipped_for_fit, held_out.lessons))
    scale, bias = logistic([[one.evidence.log_odds] for one, _ in of_learned], [right for _, right in of_learned])
    of_table = list(weighed(judge, encoder, learned, held_out.others_for_fit, held_out.lessons))
    weights = logistic([one.evidence.features for one, _ in of_table], [right for _, right in of_table])
    fitted = Certainty(learned=learned, of_learned=(scale, bias), of_table=tuple(weights))
    wrong = [fitted.table_row(one.evidence) for one, right in of_table if not right]
    stricter = weights[-1] - _excess(wrong, len(held_out.others_for_fit))
    return replace(fitted, of_table=(*weights[:-1], round(stricter, 4)))


def _excess(wrong: Sequence[float], sentences: int) -> float:
    """The log-odds by which too many wrong sentences pass for findings; `wrong` are their chances."""
    allowed = int(FALSE_FLAGS * sentences)
    if len(wrong) <= allowed:
        return 0.0
    highest = sorted(wrong, reverse=True)[allowed]
    return max(0.0, math.log(highest / (1 - highest)) - math.log(FINDING / (1 - FINDING)))


def learned_rows(data: TrainingData) -> Iterator[str]:
    """Yields the fingerprints of the rows that have examples enough."""
    for lesson in data.lessons.values():
        counts = Counter(row for one in data.sentences if one.lesson == lesson.id for row in one.rows)
        if lesson.id in data.shipped:
            for row in lesson.guide:
                if counts[row.row] >= ENOUGH:
                    yield fingerprint(Wording(row.dont_say).forms)


def weighed(
    judge: GuideJudge,
    encoder: ClaimEncoder,
    learned: frozenset[str],
    sentences: Iterable[Labelled],
    lessons: dict[str, Lesson],
) -> Iterator[tuple[Weighed, bool]]:
    """Yields the likeliest row of each sentence, and whether the sentence asserts it."""
    tables: dict[str, ClaimTable] = {}
    for sentence in sentences:
        if sentence.lesson not in tables:
            tables[sentence.lesson] = ClaimTable(lessons[sentence.lesson].guide, encoder, learned, {})
        rows = judge.weigh(sentence.read, tables[sentence.lesson])
        if rows:
            likeliest = max(rows, key=lambda one: one.share)
            yield likeliest, any(one.row.row in sentence.rows for one in rows if one.share >= SECOND)


def logistic(features: Sequence[Sequence[float]], labels: Sequence[bool]) -> list[float]:
    """Fits a logistic model by Newton's method, with an L2 penalty but on the bias; gives the weights, bias last."""
    inputs: Array = np.column_stack([np.array(features, dtype=float), np.ones(len(labels))])
    wanted = np.array(labels, dtype=float)
    penalty = np.full(inputs.shape[1], PENALTY * len(labels))
    penalty[-1] = 0.0
    weights: Array = np.zeros(inputs.shape[1])
    for _ in range(50):
        likely = 1 / (1 + np.exp(-np.clip(inputs @ weights, -30, 30)))
        slope = inputs.T @ (likely - wanted) + penalty * weights
        curvature = (inputs * (likely * (1 - likely))[:, None]).T @ inputs + np.diag(penalty + 1e-9)
        weights -= np.linalg.solve(curvature, slope)
    return [round(float(weight), 4) for weight in weights]
