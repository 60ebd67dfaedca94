import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status
from pydantic import SecretStr

from bot.app import App, build
from bot.beside import beside
from bot.core.messages import Incoming, Meant
from bot.observing.joining import wants_traces
from bot.observing.traces import Traces
from bot.settings import Settings
from tests.claude.behaviours import Fails
from tests.claude.server import MessagesApi
from tests.worker.working import CHANNEL, Postbox, at_work

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


async def answered(app: App) -> None:
    """Has one question answered with traces joined, and sends them."""
    traces = Traces()
    app.observers.join(traces)
    postbox = Postbox()
    await app.store.inbox.put(
        Incoming(id="q", person="slack:T1/U77", thread="t", text=QUESTION, channel=CHANNEL, meant=Meant.QUESTION)
    )
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


def test_without_them_nothing_of_opentelemetrys_sdk_is_loaded() -> None:
    program = "import sys, bot.commands.serve, bot.observing.joining; print('opentelemetry.sdk' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)  # noqa: S603
    assert told.stdout == "False\n"
