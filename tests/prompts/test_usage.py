"""A version's figures: what replies add to them, and what they come to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.prompts import Figures, Tally, Usage
from bot.prompts.prices import Price, Prices
from bot.prompts.usage import LATENCY_BOUNDS_MS, figures, reply_amounts, trial_amounts, trial_reaction

PRICES = {"sonnet": Price(input=3, output=15, cache_read=0.3, cache_write=3.75), "haiku": Price(input=1, output=5)}
USAGE = Usage(input_tokens=1_000, output_tokens=200, cache_read_tokens=10_000, cache_write_tokens=400)


def added(*tallies: Tally, prices: Prices = PRICES) -> Figures:
    sums: dict[str, int] = {}
    for tally in tallies:
        for name, amount in reply_amounts(tally).items():
            sums[name] = sums.get(name, 0) + amount
    return figures(sums, prices)


def test_a_version_without_replies_has_no_cost_and_no_latency() -> None:
    assert figures({}, PRICES) == Figures()


def test_replies_are_counted_by_what_became_of_them() -> None:
    did = added(
        Tally(latency_ms=40), Tally(latency_ms=40, guarded=True), Tally(latency_ms=40, guarded=True, fell_back=True)
    )
    assert (did.replies, did.guarded, did.fell_back) == (3, 2, 1)
    assert added(Tally(latency_ms=1)).guarded == 0


def test_tokens_are_summed_over_models_and_each_kind_apart() -> None:
    did = added(
        Tally(latency_ms=40, model="sonnet", usage=USAGE),
        Tally(latency_ms=40, model="haiku", usage=Usage(output_tokens=7)),
    )
    assert did.usage == Usage(input_tokens=1_000, output_tokens=207, cache_read_tokens=10_000, cache_write_tokens=400)


def test_a_thousand_replies_cost_what_their_tokens_cost_each_kind_at_its_own_price() -> None:
    did = added(Tally(latency_ms=40, model="sonnet", usage=USAGE))
    assert did.cost == pytest.approx(1_000 * (0.003 + 0.003 + 0.003 + 0.0015))
    assert added(Tally(latency_ms=40, model="sonnet", usage=Usage(cache_read_tokens=10_000))).cost == pytest.approx(3.0)
    assert added(Tally(latency_ms=40, model="sonnet", usage=Usage(cache_write_tokens=400))).cost == pytest.approx(1.5)


def test_what_came_from_the_cache_is_told_as_a_share_of_all_that_was_sent() -> None:
    did = added(Tally(latency_ms=40, model="sonnet", usage=USAGE))
    assert did.from_cache == pytest.approx(10_000 / 11_400)
    assert added(Tally(latency_ms=40, model="sonnet", usage=Usage(cache_read_tokens=7))).from_cache == 1
    assert added(Tally(latency_ms=40, model="sonnet", usage=Usage(input_tokens=7))).from_cache == 0
    assert added(Tally(latency_ms=40, model="sonnet", usage=Usage(output_tokens=7))).from_cache is None
    assert Figures().from_cache is None


def test_a_reply_that_took_no_model_is_free_and_lowers_the_cost_of_a_thousand() -> None:
    did = added(Tally(latency_ms=40, model="haiku", usage=Usage(output_tokens=200)), Tally(latency_ms=40))
    assert did.cost == pytest.approx(0.5)


def test_without_the_price_of_one_model_there_is_no_cost() -> None:
    with_unknown = [
        Tally(latency_ms=40, model="sonnet", usage=USAGE),
        Tally(latency_ms=40, model="vendor:new:1", usage=USAGE),
    ]
    assert added(*with_unknown).cost is None
    assert added(*with_unknown, prices=PRICES | {"vendor:new:1": PRICES["haiku"]}).cost is not None
    assert added(Tally(latency_ms=40)).cost is None


@pytest.mark.parametrize(
    ("latencies", "told"),
    [
        ([0], (10, 10)),
        ([10], (10, 10)),
        ([10.1], (25, 25)),
        ([180_000], (180_000, 180_000)),
        ([900_000], (180_000, 180_000)),
        ([5] * 10 + [90] * 10, (10, 100)),
        ([5] * 9 + [90] * 10, (100, 100)),
        ([5] * 95 + [900] * 5, (10, 10)),
        ([5] * 94 + [900] * 6, (10, 1_000)),
        ([float("nan")], (180_000, 180_000)),
    ],
)
def test_latency_is_told_as_bounds_of_the_median_and_of_the_95th_percentile(
    latencies: list[float], told: tuple[int, int]
) -> None:
    assert added(*(Tally(latency_ms=latency) for latency in latencies)).latency_ms == told


@given(st.lists(st.floats(0, 180_000), min_size=1))
def test_half_of_the_replies_and_nearly_all_are_within_the_told_bounds(latencies: list[float]) -> None:
    told = added(*(Tally(latency_ms=latency) for latency in latencies)).latency_ms
    assert told
    for bound, part in zip(told, (0.5, 0.95), strict=True):
        assert bound in LATENCY_BOUNDS_MS
        assert sum(latency <= bound for latency in latencies) >= part * len(latencies)


def test_a_trial_counts_a_reply_as_failed_once_whether_refused_by_the_guard_or_left_to_another_engine() -> None:
    assert trial_amounts(Tally(latency_ms=1)) == {"replies": 1, "failed": 0}
    assert trial_amounts(Tally(latency_ms=1, guarded=True, fell_back=True)) == {"replies": 1, "failed": 1}


def test_a_trial_counts_who_rated_once_and_what_they_think_now() -> None:
    assert trial_reaction(down=1, first=True) == {"rated": 1, "down": 1}
    assert trial_reaction(down=-1, first=False) == {"rated": 0, "down": -1}
