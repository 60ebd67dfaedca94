"""Measures in Prometheus's text format."""

from collections.abc import Iterator, Sequence

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

from bot.channels.platform_measures import PlatformMeasures
from bot.channels.web.measuring import Measures
from bot.core.prompts import Usage
from bot.core.state import Depth
from bot.prompts.standing import Standing

CONTENT_TYPE = CONTENT_TYPE_LATEST


def exposition(measures: Measures) -> bytes:
    """Gives the measures as text; what is not known has no line."""
    registry = CollectorRegistry()
    registry.register(_Told(measures))
    return generate_latest(registry)


class _Told(Collector):
    def __init__(self, measures: Measures) -> None:
        self._measures = measures

    def collect(self) -> Iterator[Metric]:
        measures = self._measures
        yield _gauge("ready", "1 while this process can answer.", measures.is_ready)
        # Some of what is told may have been read just before the store went.
        yield _gauge("store_up", "1 while the store answers.", measures.depth is not None)
        failures = "Calls to the store that failed. Of this process."
        yield CounterMetricFamily("coach_store_failures", failures, value=measures.store_failures)
        yield _gauge("prompt_stale", "1 while the store is away and the last known version serves.", measures.is_stale)
        yield from _standing(measures.standing)
        yield from _versions(measures)
        if measures.depth is not None:
            yield from _inbox(measures.depth)
        yield from _platforms(measures.platforms)


def _standing(standing: Standing) -> Iterator[Metric]:
    trial = standing.trial
    yield _gauge("prompt_live_version", "The version that is live, 0 when none is known.", standing.live or 0)
    yield _gauge("prompt_trial_version", "The version on trial, 0 when none is.", trial.version if trial else 0)
    yield _gauge("prompt_trial_share_percent", "Percentage of people that get it.", trial.share if trial else 0)
    if standing.last_move:
        moved = standing.last_move.at.timestamp()
        yield _gauge("prompt_last_move_timestamp_seconds", "When versions were last moved, since 1970.", moved)


def _versions(measures: Measures) -> Iterator[Metric]:
    replies = _counter("prompt_replies", "Replies of a version.")
    # A gauge: whoever thinks better of it takes the first reaction back.
    reactions = GaugeMetricFamily(
        "coach_prompt_reactions", "What people think of a version's answers now.", labels=["version", "reaction"]
    )
    guarded = _counter("prompt_guarded", "Replies in which the guard refused what the model wrote.")
    fell_back = _counter("prompt_fell_back", "Replies that another engine had to give.")
    tokens = _counter("prompt_tokens", "Tokens that a version's replies took of a model.", "model", "kind")
    cost = _counter("prompt_cost_dollars", "What they cost at today's prices, where those are set.", "model")
    for number, did in measures.figures.items():
        version = str(number)
        replies.add_metric([version], did.replies)
        reactions.add_metric([version, "up"], did.up)
        reactions.add_metric([version, "down"], did.down)
        guarded.add_metric([version], did.guarded)
        fell_back.add_metric([version], did.fell_back)
        for of in did.by_model:
            for kind, count in _tokens(of.usage).items():
                tokens.add_metric([version, of.model, kind], count)
            if of.dollars is not None:
                cost.add_metric([version, of.model], of.dollars)
    yield from (replies, reactions, guarded, fell_back, tokens, cost)


def _tokens(usage: Usage) -> dict[str, int]:
    return {
        "input": usage.input_tokens,
        "output": usage.output_tokens,
        "cache_read": usage.cache_read_tokens,
        "cache_write": usage.cache_write_tokens,
    }


def _inbox(depth: Depth) -> Iterator[Metric]:
    messages = GaugeMetricFamily("coach_inbox_messages", "Messages that are not ended.", labels=["state"])
    messages.add_metric(["waiting"], depth.waiting)
    messages.add_metric(["leased"], depth.leased)
    messages.add_metric(["dead"], depth.dead)
    yield messages
    yield _gauge("inbox_oldest_seconds", "How long the oldest open message has been there.", depth.oldest)


def _platforms(platforms: Sequence[PlatformMeasures]) -> Iterator[Metric]:
    connected = GaugeMetricFamily(
        "coach_platform_connected", "1 once the platform was reached and takes the settings.", labels=["platform"]
    )
    taken = _counted("messages", "Messages taken in.", "meant")
    duplicates = _counted("duplicates", "Messages that were delivered again.")
    refused = _counted("refused", "Requests refused.", "reason")
    passed_over = _counted("passed_over", "Events that are not the coach's business.", "reason")
    failed = _counted("calls_failed", "Calls to the platform that failed.", "reason")
    for of in platforms:
        connected.add_metric([of.platform], of.is_connected)
        duplicates.add_metric([of.platform], of.duplicates)
        for family, counts in (
            (taken, of.taken),
            (refused, of.refused),
            (passed_over, of.passed_over),
            (failed, of.failed),
        ):
            for label, count in sorted(counts.items()):
                family.add_metric([of.platform, label], count)
    if platforms:
        yield from (connected, taken, duplicates, refused, passed_over, failed)


def _counted(name: str, says: str, *labels: str) -> CounterMetricFamily:
    return CounterMetricFamily(f"coach_platform_{name}", f"{says} Of this process.", labels=["platform", *labels])


def _gauge(name: str, says: str, value: float) -> Metric:
    return GaugeMetricFamily(f"coach_{name}", says, value=value)


def _counter(name: str, says: str, *labels: str) -> CounterMetricFamily:
    return CounterMetricFamily(f"coach_{name}", says, labels=["version", *labels])
