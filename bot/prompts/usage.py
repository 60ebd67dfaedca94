"""What each version did, as sums in the counters, and what they add up to."""

from collections.abc import Iterator, Mapping

from bot.core.prompts import Figures, ModelFigures, Tally, Usage
from bot.prompts.prices import Prices
from bot.prompts.trial import DOWN, FAILED, RATED, REPLIES

LATENCY_BOUNDS_MS = (10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 180_000)
"""A reply is counted under the first bound that it does not pass; the last one takes the rest."""

_TOKENS = ("input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens")


def version_group(version: int) -> str:
    """The group of counters that holds a version's figures for good."""
    return f"version:{version}"


def trial_group(trial: int, version: int) -> str:
    """The group that holds what one of a trial's two versions did while it went on."""
    return f"trial:{trial}:{version}"


def reply_amounts(tally: Tally) -> Mapping[str, int]:
    """What one reply adds to its version's group. Tokens are kept by model, since the price goes by it."""
    bound = next((bound for bound in LATENCY_BOUNDS_MS if tally.latency_ms <= bound), LATENCY_BOUNDS_MS[-1])
    amounts = {"replies": 1, f"latency:{bound}": 1, "guarded": int(tally.guarded), "fell_back": int(tally.fell_back)}
    if tally.model:
        amounts |= {f"tokens:{name}:{tally.model}": getattr(tally.usage, name) for name in _TOKENS}
    return {name: amount for name, amount in amounts.items() if amount}


def trial_amounts(tally: Tally) -> Mapping[str, int]:
    """What one reply adds to its version's group in a trial."""
    return {REPLIES: 1, FAILED: int(tally.guarded or tally.fell_back)}


def trial_reaction(*, down: int, first: bool) -> Mapping[str, int]:
    """What one rating adds to its version's group in a trial."""
    return {RATED: int(first), DOWN: down}


def figures(sums: Mapping[str, int], prices: Prices) -> Figures:
    """Adds up a version's group."""
    replies = sums.get("replies", 0)
    by_model = dict(_by_model(sums))
    return Figures(
        replies=replies,
        up=sums.get("up", 0),
        down=sums.get("down", 0),
        guarded=sums.get("guarded", 0),
        fell_back=sums.get("fell_back", 0),
        usage=Usage(**{name: sum(getattr(usage, name) for usage in by_model.values()) for name in _TOKENS}),
        cost=_cost_of_a_thousand(by_model, replies, prices),
        latency_ms=_latency(sums, replies),
        by_model=tuple(
            ModelFigures(model, usage, prices[model].cost(usage) if model in prices else None)
            for model, usage in by_model.items()
        ),
    )


def _by_model(sums: Mapping[str, int]) -> Iterator[tuple[str, Usage]]:
    models = {name.split(":", 2)[2] for name in sums if name.startswith("tokens:")}
    for model in sorted(models):
        yield model, Usage(**{name: sums.get(f"tokens:{name}:{model}", 0) for name in _TOKENS})


def _cost_of_a_thousand(by_model: Mapping[str, Usage], replies: int, prices: Prices) -> float | None:
    """Dollars for a thousand replies; None while there is none, or the price of a model that was used is not set."""
    if not replies or not by_model or not all(model in prices for model in by_model):
        return None
    return sum(prices[model].cost(usage) for model, usage in by_model.items()) / replies * 1_000


def _latency(sums: Mapping[str, int], replies: int) -> tuple[int, int] | None:
    counts = [(bound, sums.get(f"latency:{bound}", 0)) for bound in LATENCY_BOUNDS_MS]
    counted = sum(count for _, count in counts)
    if not replies or not counted:
        return None
    return _quantile(counts, counted * 0.5), _quantile(counts, counted * 0.95)


def _quantile(counts: list[tuple[int, int]], rank: float) -> int:
    """The bound under which at least `rank` of the counted replies lie."""
    reached = 0
    for bound, count in counts:
        reached += count
        if reached >= rank:
            return bound
    return counts[-1][0]
