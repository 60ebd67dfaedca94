"""Who observes a coach that is served: logs and metrics always, traces where the standard variables ask for them."""

import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from bot.beside import beside
from bot.core.observing import Observers
from bot.observing.message_log import MessageLog
from bot.observing.metrics import Metrics

_ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")


@asynccontextmanager
async def observed(observers: Observers) -> AsyncIterator[Metrics]:
    """Joins them and gives the metrics; at the end what is still to be sent of traces is sent, within a few seconds."""
    metrics = Metrics()
    observers.join(MessageLog())
    observers.join(metrics)
    if not wants_traces(os.environ):
        yield metrics
        return
    # Imported here: most machines have no collector.
    from bot.observing.traces import Traces

    traces = Traces()
    observers.join(traces)
    try:
        yield metrics
    finally:
        await beside(traces.close)


def wants_traces(environment: Mapping[str, str]) -> bool:
    """Whether OpenTelemetry's own variables ask for traces."""
    if environment.get("OTEL_SDK_DISABLED", "").lower() == "true":
        return False
    exporter = environment.get("OTEL_TRACES_EXPORTER", "").lower()
    return exporter in ("otlp", "console") or (not exporter and any(environment.get(name) for name in _ENDPOINTS))
