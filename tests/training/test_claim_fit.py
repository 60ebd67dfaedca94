import math
import subprocess
import sys

import numpy as np
import pytest

from bot.core.lessons import Lesson
from bot.encoder.certainty import fingerprint
from bot.encoder.claim_encoder import InContext
from bot.knowledge.examples import ENOUGH, Stance
from bot.phrasing.judging import GuideJudge
from bot.phrasing.wording import Wording
from bot.training.claim_data import HeldOut, Labelled, TrainingData
from bot.training.claim_fit import PENALTY, Array, fit, learned_rows, logistic, weighed
from tests.phrasing.guides import DISHWASHERS, HOME_INSURANCE, rows
from tests.phrasing.telling import ToldEncoder, certainty_of

MANY = 40_000


def drawn(weights: list[float], bias: float, *, seed: int) -> tuple[Array, Array]:
    """Features and labels of a logistic model."""
    chance = np.random.default_rng(seed)
    features: Array = chance.standard_normal((MANY, len(weights)))
    likely = 1 / (1 + np.exp(-(features @ np.array(weights) + bias)))
    return features, chance.random(MANY) < likely


def cost(features: Array, labels: Array, weights: list[float]) -> float:
    """What the fit is to make least: the mean log loss, and the penalty on the weights but the bias."""
    logits = features @ np.array(weights[:-1]) + weights[-1]
    loss = np.logaddexp(0, -np.where(labels, logits, -logits)).mean()
    return float(loss + PENALTY / 2 * np.square(weights[:-1]).sum())


@pytest.mark.parametrize(
    ("weights", "bias"), [([1.0], 0.0), ([0.6], -1.5), ([0.8, -0.5, 0.0], 1.0), ([-1.0, 0.5, 0.25, 0.75], -0.5)]
)
def test_known_weights_are_recovered(weights: list[float], bias: float) -> None:
    features, labels = drawn(weights, bias, seed=len(weights))
    fitted = logistic(features.tolist(), labels.tolist())
    assert fitted == pytest.approx([*weights, bias], abs=0.15)


def test_no_other_weights_nearby_fit_better() -> None:
    features, labels = drawn([1.5, -2.0], 0.5, seed=7)
    fitted = logistic(features.tolist(), labels.tolist())
    least = cost(features, labels, fitted)
    for place in range(3):
        for step in (-0.05, 0.05):
            moved = [weight + step * (n == place) for n, weight in enumerate(fitted)]
            assert cost(features, labels, moved) > least


def test_the_bias_alone_gives_the_share_of_what_is_right() -> None:
    labels = [True] * 30 + [False] * 10
    weight, bias = logistic([[0.0]] * 40, labels)
    assert weight == 0
    assert bias == pytest.approx(math.log(3), abs=1e-3)


@pytest.mark.parametrize("labels", [[True] * 20, [False] * 20, [False] * 10 + [True] * 10])
def test_weights_stay_finite_where_nothing_speaks_against(labels: list[bool]) -> None:
    weights = logistic([[float(n)] for n in range(20)], labels)
    assert all(map(math.isfinite, weights))
    assert abs(weights[0]) < 30


def lesson(name: str, cells: tuple[tuple[str, str, str], ...]) -> Lesson:
    guide = tuple(row for row in rows(cells))
    return Lesson(id=name, title=name, order=0, sections=(), passages=(), guide=guide)


SHIPPED, OTHER = lesson("insurance", HOME_INSURANCE), lesson("dishwashers", DISHWASHERS)


def sentence(of: Lesson, text: str, *claimed: int) -> Labelled:
    return Labelled(of.id, text, "", "", frozenset(claimed), None, Stance.ASSERTS if claimed else Stance.OTHER)


def data_of(*counts: int) -> TrainingData:
    """Training data with so many examples that assert each row of both lessons."""
    sentences = tuple(
        sentence(of, f"Claim {row}, {n}.", row)
        for of in (SHIPPED, OTHER)
        for row, count in enumerate(counts, 1)
        for n in range(count)
    )
    return TrainingData({SHIPPED.id: SHIPPED, OTHER.id: OTHER}, frozenset({SHIPPED.id}), sentences)


def test_a_row_of_a_shipped_lesson_is_learned_from_enough_examples_on() -> None:
    learned = set(learned_rows(data_of(ENOUGH, ENOUGH - 1, ENOUGH + 5)))
    assert learned == {fingerprint(Wording(SHIPPED.guide[n].dont_say).forms) for n in (0, 2)}


def test_a_sentence_that_makes_two_claims_is_an_example_of_both() -> None:
    sentences = tuple(sentence(SHIPPED, f"Both, {n}.", 1, 2) for n in range(ENOUGH))
    data = TrainingData({SHIPPED.id: SHIPPED}, frozenset({SHIPPED.id}), sentences)
    assert len(set(learned_rows(data))) == 2


def test_the_likeliest_row_of_a_sentence_is_weighed_and_what_the_guides_own_wording_decides_is_not() -> None:
    right, wrong = sentence(SHIPPED, "We pay for it all.", 1), sentence(SHIPPED, "We pay it, don't we?", 2)
    verbatim, nothing = sentence(SHIPPED, SHIPPED.guide[0].dont_say, 1), sentence(SHIPPED, "Thanks for lunch.")
    odds = {SHIPPED.guide[0].dont_say: 3.0}
    encoder = ToldEncoder(SHIPPED.guide, {InContext(one.text): odds for one in (right, wrong)})
    judge = GuideJudge(encoder, certainty_of())
    found = list(weighed(judge, encoder, frozenset(), [right, wrong, verbatim, nothing], {SHIPPED.id: SHIPPED}))
    assert [(one.row, is_right) for one, is_right in found] == [(SHIPPED.guide[0], True), (SHIPPED.guide[0], False)]
    assert [one.evidence.log_odds for one, _ in found] == pytest.approx([3.0, 3.0])


def test_each_model_is_fitted_on_the_first_halves_of_its_own_sentences() -> None:
    chance = np.random.default_rng(3)
    odds: dict[InContext, dict[str, float]] = {}
    sentences = []
    for of in (SHIPPED, OTHER):
        for n in range(2_000):
            text = f"Sentence {of.id} number{n}"
            log_odds = float(chance.uniform(-3, 3))
            sure = log_odds if of is SHIPPED else log_odds - 2
            odds[InContext(text)] = {of.guide[0].dont_say: log_odds}
            sentences.append(sentence(of, text, *([1] if chance.random() < 1 / (1 + math.exp(-sure)) else [])))
    encoder = ToldEncoder([*SHIPPED.guide, *OTHER.guide], odds)
    lessons = {SHIPPED.id: SHIPPED, OTHER.id: OTHER}
    held = HeldOut(lessons, tuple(sentences[:2_000]), tuple(sentences[2_000:]))
    certainty = fit(data_of(ENOUGH), held, encoder)
    assert certainty.learned == {fingerprint(Wording(SHIPPED.guide[0].dont_say).forms)}
    assert certainty.of_learned == pytest.approx((1.0, 0.0), abs=0.2)
    scale, *_, bias = certainty.of_table
    assert (scale, bias) == pytest.approx((1.0, -2.0), abs=0.3)
    assert len(certainty.of_table) == 6
    assert not [one for one in held.shipped_for_figures if InContext(one.text) in encoder.asked]


@pytest.mark.parametrize("module", ["claim_data", "claim_fit", "claim_card"])
def test_what_fits_and_measures_needs_no_torch(module: str) -> None:
    program = f"import sys, bot.training.{module}; print(*{{'torch', 'transformers'}} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout.strip() == ""
