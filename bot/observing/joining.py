"""Who observes a coach that is served: logs and metrics always, traces where the standard variables ask for them."""

import asyncio
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress

from bot.beside import beside
from bot.core.observing import Observers
from bot.observing.message_log import MessageLog
from bot.observing.metrics import Metrics

SENDING_SECONDS = 1.5
"""For the last traces at the end; what comes before that takes most of the ten seconds until a container is killed."""
_ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")


@asynccontextmanager
async def observed(observers: Observers) -> AsyncIterator[Metrics]:
    """Joins them and gives the metrics; at the end what is left of traces is sent, in so far as it can be at once."""
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
        with suppress(TimeoutError):
            async with asyncio.timeout(SENDING_SECONDS):
                await beside(traces.close)


def wants_traces(environment: Mapping[str, str]) -> bool:
    """Whether OpenTelemetry's own variables ask for traces."""
    if environment.get("OTEL_SDK_DISABLED", "").lower() == "true":
        return False
    exporter = environment.get("OTEL_TRACES_EXPORTER", "").lower()
    return exporter in ("otlp", "console") or (not exporter and any(environment.get(name) for name in _ENDPOINTS))
