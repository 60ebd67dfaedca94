import math
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.encoder.certainty import (
    VERBATIM,
    Certainty,
    Evidence,
    fingerprint,
    load_certainty,
    probability,
    save_certainty,
)
from bot.phrasing.wording import Wording

SHIPPED = load_certainty()
NUMBERS = st.floats(allow_nan=False, allow_infinity=False, width=32)
CERTAINTIES = st.builds(
    Certainty,
    learned=st.frozensets(st.text(st.characters(exclude_categories=["Cs"]), max_size=30), max_size=5),
    of_learned=st.tuples(NUMBERS, NUMBERS),
    of_table=st.tuples(*[NUMBERS] * 6),
)
SHARES = st.floats(0, 1)
EVIDENCE = st.builds(
    Evidence,
    log_odds=st.floats(-50, 50),
    ordered=SHARES,
    approved=SHARES,
    verbatim=st.booleans(),
    turned=st.booleans(),
)


@given(CERTAINTIES)
def test_what_is_saved_is_read_again(certainty: Certainty) -> None:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "claims.json"
        save_certainty(certainty, file)
        assert load_certainty(file) == certainty


def test_what_is_saved_is_the_same_file_whatever_the_order_of_the_rows(tmp_path: Path) -> None:
    rows = [f"claim {n}" for n in range(50)]
    first, second = (Certainty(frozenset(names), (1.0, 0.0), (1.0,)) for names in (rows, rows[::-1]))
    save_certainty(first, tmp_path / "first.json")
    save_certainty(second, tmp_path / "second.json")
    assert (tmp_path / "first.json").read_bytes() == (tmp_path / "second.json").read_bytes()


@given(st.floats())
def test_a_probability_lies_between_0_and_1_whatever_the_logit(logit: float) -> None:
    assert 0 < probability(logit) < 1


@given(st.floats(-30, 30))
def test_a_probability_and_that_of_the_contrary_make_1(logit: float) -> None:
    assert probability(logit) + probability(-logit) == pytest.approx(1)
    assert math.log(probability(logit) / (1 - probability(logit))) == pytest.approx(logit, abs=0.01)


@given(CERTAINTIES, st.lists(NUMBERS, min_size=2, max_size=6).map(sorted))
def test_a_learned_row_is_the_likelier_the_higher_its_log_odds(certainty: Certainty, log_odds: list[float]) -> None:
    scale, bias = certainty.of_learned
    rising = Certainty(certainty.learned, (abs(scale), bias), certainty.of_table)
    chances = [rising.learned_row(one) for one in log_odds]
    assert all(first <= second for first, second in pairwise(chances))
    assert all(0 < chance < 1 for chance in chances)


@given(CERTAINTIES, EVIDENCE)
def test_the_chance_of_a_table_row_is_bounded_for_any_evidence(certainty: Certainty, evidence: Evidence) -> None:
    assert 0 < certainty.table_row(evidence) < 1


def test_a_table_row_weighs_each_piece_of_evidence_and_the_bias() -> None:
    certainty = Certainty(frozenset(), (1.0, 0.0), (0.5, 2.0, -1.0, 3.0, -2.0, -4.0))
    evidence = Evidence(log_odds=2.0, ordered=0.5, approved=0.25, verbatim=True, turned=True)
    assert certainty.table_row(evidence) == pytest.approx(probability(0.5 * 2 + 2 * 0.25 - 0.25 + 3 - 2 - 4))


def test_what_stands_word_for_word_and_is_not_turned_is_a_claim_whatever_the_encoder_says() -> None:
    certainty = Certainty(frozenset(), (1.0, 0.0), (1.0, 0.0, 0.0, 0.0, 0.0, 0.0))
    evidence = Evidence(log_odds=-5.0, ordered=1.0, approved=0.0, verbatim=True, turned=False)
    assert certainty.table_row(evidence) == VERBATIM
    assert certainty.table_row(replace(evidence, turned=True)) < 0.1


def test_the_shipped_weights_take_higher_log_odds_for_a_likelier_claim() -> None:
    assert SHIPPED.learned_row(-5) < 0.25 < 0.5 < SHIPPED.learned_row(5)
    low, high = (
        Evidence(log_odds=log_odds, ordered=0.5, approved=0.0, verbatim=False, turned=False) for log_odds in (-5, 5)
    )
    assert SHIPPED.table_row(low) < 0.25 < 0.5 < SHIPPED.table_row(high)


def test_the_shipped_weights_have_one_for_each_piece_of_evidence_and_know_rows_by_their_fingerprints() -> None:
    assert len(SHIPPED.of_table) == len(Evidence(0.0, 0.0, 0.0, verbatim=False, turned=False).features) + 1
    assert SHIPPED.learned
    assert {fingerprint(Wording(learned).forms) for learned in SHIPPED.learned} == SHIPPED.learned


@pytest.mark.parametrize(
    "text", ["You'll love BEES!", '"you will love bees"', "You\N{RIGHT SINGLE QUOTATION MARK}ll love: bees"]
)
def test_a_fingerprint_is_that_of_the_words_alone(text: str) -> None:
    assert fingerprint(Wording(text).forms) == "you will love bees"
