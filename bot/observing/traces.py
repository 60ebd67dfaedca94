"""OpenTelemetry traces: a span for each attempt at a message and, in it, one for each call to a model.

Nothing of a message is in them. Where they go is for OpenTelemetry's own variables to say, such as
`OTEL_EXPORTER_OTLP_ENDPOINT`, `OTEL_EXPORTER_OTLP_HEADERS`, `OTEL_SERVICE_NAME` and `OTEL_TRACES_SAMPLER`.
"""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import urlsplit

from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter, SpanExporter
from opentelemetry.trace import Span, SpanKind, Status, StatusCode, get_current_span

from bot import __version__
from bot.core.observing import Attempted, Ending, ModelCall
from bot.core.pseudonym import pseudonym
from bot.core.replies import Answer, Review
from bot.core.state import Leased
from bot.observing.message_log import PSEUDONYM_DIGITS
from bot.observing.sending import Sending

_FINE = (Ending.ANSWERED, Ending.HANDED_BACK, Ending.LEFT)
_HTTPS = 443
_KIND = re.compile(r"(\w+)(?: in \S+)?")
"""A reason that names an exception and where it was raised."""


class Traces:
    """Makes spans and sends them in the background. An `Observer`.

    Args:
        exporter: where spans go; what the variables name unless given.
    """

    def __init__(self, exporter: SpanExporter | None = None) -> None:
        ours = Resource.create({"service.name": "field-coach", "service.version": __version__})
        # What the variables say wins over what a program says; `Resource.create` has it the other way round.
        resource = ours.merge(OTELResourceDetector().detect())
        # Closed by whoever made it: at the interpreter's exit a collector that hangs would be waited for.
        self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(Sending(exporter or _exporter())))
        self._tracer = self._provider.get_tracer("bot", __version__)

    @contextmanager
    def around(self, leased: Leased) -> Iterator[None]:
        """Has a span of its own for what goes on meanwhile."""
        message = leased.message
        attributes: Mapping[str, str | int | float] = {
            "messaging.system": message.channel,
            "messaging.operation.name": "answer",
            "messaging.message.id": message.id,
            "coach.person": pseudonym(message.person)[:PSEUDONYM_DIGITS],
            "coach.attempt": leased.attempt,
            "coach.waited_seconds": leased.waited,
        }
        # What is raised in it is told by `attempted`: an exception's own words may hold the message's.
        with self._tracer.start_as_current_span(
            f"answer {message.channel}",
            kind=SpanKind.CONSUMER,
            attributes=attributes,
            record_exception=False,
            set_status_on_exception=False,
        ):
            yield

    def attempted(self, attempted: Attempted) -> None:
        """Notes on the span how its attempt ended."""
        span = get_current_span()
        span.set_attribute("coach.ending", attempted.ending.value)
        if attempted.first_word is not None:
            span.set_attribute("coach.first_word_seconds", attempted.first_word)
        if attempted.reply is not None:
            span.set_attribute("coach.reply", type(attempted.reply).__name__.lower())
        if isinstance(attempted.reply, Answer | Review):
            span.set_attributes(_made(attempted.reply))
        if attempted.ending not in _FINE:
            kind = _KIND.fullmatch(attempted.reason)
            _fail(span, kind[1] if kind else attempted.ending.value, attempted.reason)

    def called(self, call: ModelCall) -> None:
        """Makes the span of a call, under the message that it was for."""
        began = int(call.began * 1e9)
        span = self._tracer.start_span(
            f"chat {call.model}", kind=SpanKind.CLIENT, start_time=began, attributes=_attributes(call)
        )
        if call.failure is not None:
            _fail(span, call.failure.value)
        span.end(end_time=began + int(call.seconds * 1e9))

    def close(self) -> None:
        """Sends what is still there and lets go of the connection; a collector that hangs is waited for."""
        self._provider.shutdown()


def _exporter() -> SpanExporter:
    if os.environ.get("OTEL_TRACES_EXPORTER", "").lower() == "console":
        return ConsoleSpanExporter()
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    return OTLPSpanExporter()


def _attributes(call: ModelCall) -> Mapping[str, str | int | float | tuple[str, ...]]:
    """The attributes of a call by the GenAI semantic conventions of OpenTelemetry."""
    usage = call.usage
    server = urlsplit(f"//{call.address}")
    known: dict[str, str | int | float | tuple[str, ...]] = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "anthropic",
        "gen_ai.request.model": call.model,
        "gen_ai.request.max_tokens": call.max_tokens,
        "gen_ai.request.stream": True,
        # All input counts here, by the conventions; the API itself counts what the cache has apart.
        "gen_ai.usage.input_tokens": usage.input_tokens + usage.cache_read_tokens + usage.cache_write_tokens,
        "gen_ai.usage.cache_read.input_tokens": usage.cache_read_tokens,
        "gen_ai.usage.cache_creation.input_tokens": usage.cache_write_tokens,
        "gen_ai.usage.output_tokens": usage.output_tokens,
        "server.address": server.hostname or call.address,
        "server.port": server.port or _HTTPS,
    }
    if call.stop_reason is not None:
        known["gen_ai.response.finish_reasons"] = (call.stop_reason,)
    if call.first_word is not None:
        known["gen_ai.response.time_to_first_chunk"] = call.first_word
    return known


def _made(reply: Answer | Review) -> Mapping[str, str | int]:
    made: dict[str, str | int] = {"coach.engine": reply.engine.value, "coach.prompt_version": reply.prompt_version}
    if reply.fallback is not None:
        made["coach.fallback"] = reply.fallback.value
    return made


def _fail(span: Span, kind: str, reason: str = "") -> None:
    span.set_attribute("error.type", kind)
    span.set_status(Status(StatusCode.ERROR, reason or None))
