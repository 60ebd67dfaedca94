import asyncio
import signal
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from pydantic import SecretStr

from bot import __version__
from bot.app import App, build
from bot.beside import beside
from bot.core.messages import Incoming, Meant
from bot.core.observing import ModelCall, Observers
from bot.core.replies import Event, Refused
from bot.core.worker import MAX_FAILURES, PlatformAwayError
from bot.observing.joining import observed, wants_traces
from bot.observing.sending import Sending
from bot.observing.traces import Traces
from bot.settings import Settings
from tests.claude.behaviours import Fails
from tests.claude.server import MessagesApi
from tests.fakes import small_app
from tests.observing.conftest import Logged
from tests.processes import starting
from tests.stores.redis_server import free_port
from tests.web.parts import LESSON
from tests.web.test_serve import SMALL
from tests.worker.working import CHANNEL, Postbox, at_work

CALL = ModelCall(model="m", max_tokens=5, address="api.anthropic.com", began=1_700_000_000.0, seconds=0.5)
QUESTION = "How fast does a prompt change go live?"


class Collector:
    """Takes spans as an OpenTelemetry collector does, over HTTP."""

    def __init__(self) -> None:
        self.requests: list[ExportTraceServiceRequest] = []

    async def take(self, request: web.Request) -> web.Response:
        self.requests.append(ExportTraceServiceRequest.FromString(await request.read()))
        return web.Response(content_type="application/x-protobuf")

    @property
    def spans(self) -> list[Span]:
        return [
            span
            for request in self.requests
            for resource in request.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]

    def named(self, name: str) -> list[Span]:
        return [span for span in self.spans if span.name == name]


@pytest.fixture
async def collector(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Collector]:
    collector = Collector()
    app = web.Application()
    app.router.add_post("/v1/traces", collector.take)
    async with TestServer(app) as server:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", str(server.make_url("")))
        yield collector


@pytest.fixture
async def claude() -> AsyncIterator[MessagesApi]:
    async with MessagesApi() as api:
        yield api


@pytest.fixture
async def app(tmp_path: Path, claude: MessagesApi) -> AsyncIterator[App]:
    app = build(
        Settings(anthropic_api_key=SecretStr("sk-test"), anthropic_base_url=claude.url, coach_data_dir=tmp_path)
    )
    await app.open()
    yield app
    await app.close()


@pytest.fixture
async def small(tmp_path: Path) -> AsyncIterator[App]:
    """Enough where the model is not asked."""
    app = small_app(tmp_path)
    await app.open()
    yield app
    await app.close()


def asking() -> Incoming:
    return Incoming(id="q", person="slack:T1/U77", thread="t", text=QUESTION, channel=CHANNEL, meant=Meant.QUESTION)


async def answered(app: App) -> None:
    """Has one question answered with traces joined, and sends them."""
    traces = Traces()
    app.observers.join(traces)
    postbox = Postbox()
    await app.store.inbox.put(asking())
    async with at_work(app.store.inbox, app.coach.handle, postbox, observer=app.observers):
        await postbox.until(lambda: postbox.over == ["q"])
    await beside(traces.close)


def attributes(span: Span) -> Mapping[str, Any]:
    return {each.key: getattr(each.value, each.value.WhichOneof("value") or "") for each in span.attributes}


async def test_a_call_to_the_model_is_a_span_within_its_message(
    app: App, claude: MessagesApi, collector: Collector
) -> None:
    await answered(app)
    (message,) = collector.named(f"answer {CHANNEL}")
    (call,) = collector.named("chat claude-sonnet-5-5")
    assert (call.trace_id, call.parent_span_id) == (message.trace_id, message.span_id)
    assert (message.kind, call.kind) == (Span.SPAN_KIND_CONSUMER, Span.SPAN_KIND_CLIENT)
    assert message.start_time_unix_nano <= call.start_time_unix_nano < call.end_time_unix_nano
    said = attributes(call)
    assert said["gen_ai.operation.name"] == "chat"
    assert said["gen_ai.provider.name"] == "anthropic"
    assert said["gen_ai.request.stream"] is True
    assert f"http://{said['server.address']}:{said['server.port']}" == claude.url
    assert said["gen_ai.usage.input_tokens"] > said["gen_ai.usage.cache_creation.input_tokens"] > 0
    assert said["gen_ai.usage.output_tokens"] > 0
    assert [each.string_value for each in said["gen_ai.response.finish_reasons"].values] == ["end_turn"]
    assert attributes(message)["coach.ending"] == "answered"
    assert call.status.code == message.status.code == Status.STATUS_CODE_UNSET


async def test_every_attempt_at_the_model_is_a_span_and_a_failure_says_why(
    app: App, claude: MessagesApi, collector: Collector
) -> None:
    claude.default = Fails(401, "authentication_error")
    await answered(app)
    (call,) = collector.named("chat claude-sonnet-5-5")
    assert call.status.code == Status.STATUS_CODE_ERROR
    assert attributes(call)["error.type"] == "denied"
    (message,) = collector.named(f"answer {CHANNEL}")
    assert attributes(message)["coach.fallback"] == "denied"


async def test_no_word_and_no_id_of_a_person_is_in_any_span(app: App, collector: Collector) -> None:
    await answered(app)
    sent = " ".join(map(str, collector.requests))
    assert collector.spans
    assert not [word for word in ("prompt change", "go live", "U77", "sk-test") if word in sent]


async def test_an_attempt_that_is_put_off_says_so_and_why(small: App, collector: Collector) -> None:
    class Away(Postbox):
        async def deliver(self, message: Incoming, events: AsyncIterator[Event]) -> str:
            if not self.over:
                raise PlatformAwayError("no more now")
            return await super().deliver(message, events)

    postbox = Away()
    traces = Traces()
    small.observers.join(traces)
    await small.store.inbox.put(asking())
    async with at_work(small.store.inbox, small.coach.handle, postbox, observer=small.observers):
        await postbox.until(lambda: postbox.over == ["q", "q"])
    await beside(traces.close)
    put_off, done = sorted(collector.named(f"answer {CHANNEL}"), key=lambda span: span.start_time_unix_nano)
    assert (put_off.status.code, put_off.status.message) == (Status.STATUS_CODE_ERROR, "no more now")
    assert attributes(put_off)["error.type"] == "waits"
    assert (attributes(put_off)["coach.attempt"], attributes(done)["coach.attempt"]) == (1, 2)


async def test_an_attempt_that_failed_has_the_kind_of_its_exception(small: App, collector: Collector) -> None:
    async def handle(incoming: Incoming) -> AsyncGenerator[Event, None]:
        raise ValueError(incoming.text)
        yield Refused("never")

    postbox = Postbox()
    traces = Traces()
    small.observers.join(traces)
    await small.store.inbox.put(asking())
    async with at_work(small.store.inbox, handle, postbox, observer=small.observers):
        await postbox.until(lambda: len(postbox.over) == MAX_FAILURES)
    await beside(traces.close)
    kinds = [attributes(span)["error.type"] for span in collector.named(f"answer {CHANNEL}")]
    assert kinds == ["ValueError"] * MAX_FAILURES
    assert QUESTION not in " ".join(map(str, collector.requests))


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({}, "field-coach"),
        ({"OTEL_SERVICE_NAME": "coach-of-sales"}, "coach-of-sales"),
        ({"OTEL_RESOURCE_ATTRIBUTES": "service.name=coach-of-sales,service.instance.id=7"}, "coach-of-sales"),
    ],
)
async def test_the_service_is_called_as_the_variables_say(
    collector: Collector, monkeypatch: pytest.MonkeyPatch, environment: Mapping[str, str], named: str
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    traces = Traces()
    traces.called(CALL)
    await beside(traces.close)
    (request,) = collector.requests
    said = {each.key: each.value.string_value for each in request.resource_spans[0].resource.attributes}
    assert (said["service.name"], said["service.version"]) == (named, __version__)


@pytest.mark.parametrize(
    ("address", "host", "port"),
    [
        ("api.anthropic.com", "api.anthropic.com", 443),
        ("gateway.example:80", "gateway.example", 80),
        ("[::1]:8000", "::1", 8000),
        ("unknown", "unknown", 443),
    ],
)
async def test_a_call_names_its_server(collector: Collector, address: str, host: str, port: int) -> None:
    traces = Traces()
    traces.called(replace(CALL, address=address))
    await beside(traces.close)
    said = attributes(collector.spans[0])
    assert (said["server.address"], said["server.port"]) == (host, port)


class Lossy(SpanExporter):
    """Fails as often as it is told to, in both of the ways there are."""

    def __init__(self, *outcomes: SpanExportResult | Exception) -> None:
        self._outcomes = list(outcomes)

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:  # noqa: ARG002 - the SDK's signature
        """Does as told."""
        outcome = self._outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


def test_a_collector_that_is_away_is_told_once_and_once_when_it_is_back(caplog: pytest.LogCaptureFixture) -> None:
    failed, fine = SpanExportResult.FAILURE, SpanExportResult.SUCCESS
    outcomes = (fine, failed, OSError("down"), failed, fine, fine)
    sending = Sending(Lossy(*outcomes))
    assert [sending.export(()) for _ in outcomes] == [fine, failed, failed, failed, fine, fine]
    assert caplog.messages == ["traces cannot be sent, and are left out", "traces can be sent again"]


async def test_a_collector_that_cannot_be_reached_is_one_line_in_the_log(
    monkeypatch: pytest.MonkeyPatch, logged: Logged
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "0.5")
    monkeypatch.setenv("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "1")
    traces = Traces()
    for _ in range(5):
        traces.called(CALL)
    await beside(traces.close)
    assert [entry["event"] for entry in logged.entries] == ["traces cannot be sent, and are left out"]


async def test_a_collector_that_hangs_does_not_hold_up_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    async def hang(_: web.Request) -> web.Response:
        asked.set()
        await goes_on.wait()
        return web.Response()

    asked, goes_on = asyncio.Event(), asyncio.Event()
    app = web.Application()
    app.router.add_post("/v1/traces", hang)
    async with TestServer(app) as server:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", str(server.make_url("")))
        observers = Observers()
        async with observed(observers):
            observers.called(CALL)
        await asked.wait()
        assert not goes_on.is_set()
        goes_on.set()


@pytest.mark.parametrize(
    ("environment", "wanted"),
    [
        ({}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://localhost:4318"}, True),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://localhost:4318/v1/traces"}, True),
        ({"OTEL_TRACES_EXPORTER": "console"}, True),
        ({"OTEL_TRACES_EXPORTER": "none", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://localhost:4318"}, False),
        ({"OTEL_SDK_DISABLED": "true", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://localhost:4318"}, False),
    ],
)
def test_the_standard_variables_say_whether_there_are_traces(environment: Mapping[str, str], wanted: bool) -> None:
    assert wants_traces(environment) is wanted


async def test_without_them_nothing_of_opentelemetry_is_loaded_to_serve(tmp_path: Path) -> None:
    async with starting(tmp_path) as start:
        process = await start("-X", "importtime", "-c", SMALL, LESSON, "{}", "--port", "0", OTEL_SDK_DISABLED="true")
        assert process.stdout is not None
        assert process.stderr is not None
        reading = asyncio.create_task(process.stderr.read())
        assert (await process.stdout.readline()).startswith(b"Field Coach is ready")
        process.send_signal(signal.SIGTERM)
        imported = (await reading).decode()
    assert "bot.observing.joining" in imported
    assert "opentelemetry" not in imported
