"""Spans on their way out: that they cannot be sent is said once, and once that they can again."""

import logging
from collections.abc import Sequence

from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

_log = logging.getLogger(__name__)
_TALKATIVE = ("opentelemetry.exporter", "opentelemetry.sdk._shared_internal")
"""They say something of each batch that is not sent, each try of it, and each span that is left out meanwhile."""


class Sending(SpanExporter):
    """Sends by another exporter."""

    def __init__(self, exporter: SpanExporter) -> None:
        self._exporter = exporter
        self._is_away = False
        for name in _TALKATIVE:
            logging.getLogger(name).setLevel(logging.CRITICAL)

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Sends spans; those that cannot be sent in time are left out."""
        try:
            result = self._exporter.export(spans)
        except Exception:  # whatever an exporter does wrong, its thread must go on
            result = SpanExportResult.FAILURE
        is_away = result is not SpanExportResult.SUCCESS
        if is_away != self._is_away:
            self._is_away = is_away
            _log.warning("traces cannot be sent, and are left out" if is_away else "traces can be sent again")
        return result

    def shutdown(self) -> None:
        """Lets go of the connection."""
        self._exporter.shutdown()
