"""Exchanges are recorded as they went and replayed as they were recorded."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import anthropic
import pytest
from anthropic import AsyncAnthropic

from tests.claude.behaviours import BreaksOff, Fails, How, Recorded, Reply, Text
from tests.claude.calls import answer, rewrite
from tests.claude.client import sdk
from tests.claude.exchanges import load
from tests.claude.record import record
from tests.claude.recording import recorded
from tests.claude.server import MessagesApi

ROOT = Path(__file__).parents[2]
CITED = Reply((Text("Überall für €40.", cites=((0, 0, 1),)), Text("\n\n"), Text("Say it.", cites=((1, 1, 2),))))


async def events(client: AsyncAnthropic) -> Sequence[object]:
    async with client.messages.stream(**answer("How fast?")) as stream:
        return [event.to_dict() async for event in stream]


async def test_a_replayed_exchange_shows_the_sdk_the_same_events(api: MessagesApi, tmp_path: Path) -> None:
    api.enqueue(CITED)
    async with recorded(api.url, tmp_path) as recorder, sdk(recorder.url) as client:
        first = await events(client)
    (path,) = tmp_path.iterdir()
    assert path.name == "001-answer.json"
    api.enqueue(Recorded(path), Recorded(path, timed=True))
    async with sdk(api.url) as client:
        assert await events(client) == first
        assert await events(client) == first


async def test_errors_and_whole_replies_are_recorded_too(api: MessagesApi, tmp_path: Path) -> None:
    api.enqueue(Fails(429, "rate_limit_error", retry_after=7))
    async with recorded(api.url, tmp_path) as recorder, sdk(recorder.url) as client:
        with pytest.raises(anthropic.RateLimitError):
            await client.messages.create(**answer("How fast?"))
        whole = await client.messages.create(**rewrite())
    refused, rewritten = sorted(tmp_path.iterdir())
    assert rewritten.name == "002-rewrite.json"
    api.enqueue(Recorded(refused), Recorded(rewritten))
    async with sdk(api.url) as client:
        with pytest.raises(anthropic.RateLimitError) as raised:
            await client.messages.create(**answer("How fast?"))
        assert raised.value.response.headers["retry-after"] == "7"
        assert (await client.messages.create(**rewrite())).to_dict() == whole.to_dict()


async def test_no_credential_is_written_even_if_the_upstream_repeats_it(api: MessagesApi, tmp_path: Path) -> None:
    api.enqueue(Fails(401, "authentication_error", body="no such key: sk-test-key"))
    async with recorded(api.url, tmp_path) as recorder, sdk(recorder.url) as client:
        with pytest.raises(anthropic.AuthenticationError):
            await client.messages.create(**answer("How fast?"))
    (path,) = tmp_path.iterdir()
    assert api.requests[0].headers["authorization"] == "Bearer sk-test-key"
    assert "sk-test-key" not in path.read_text()
    assert load(path).headers.keys() <= {"content-type", "request-id", "retry-after"}
    assert load(path).request["max_tokens"] == 500


async def test_a_stream_that_breaks_off_is_passed_on_and_not_recorded(api: MessagesApi, tmp_path: Path) -> None:
    api.enqueue(BreaksOff(CITED, after=3, how=How.RESETS))
    async with recorded(api.url, tmp_path) as recorder, sdk(recorder.url) as client:
        with pytest.raises(Exception, match="incomplete chunked read"):
            await events(client)
    assert list(tmp_path.iterdir()) == []


async def test_an_upstream_that_is_away_is_a_bad_gateway(tmp_path: Path) -> None:
    async with recorded("http://127.0.0.1:9", tmp_path) as recorder, sdk(recorder.url) as client:
        with pytest.raises(anthropic.InternalServerError, match="cannot be reached"):
            await client.messages.create(**answer("How fast?"))


def test_without_a_key_nothing_is_recorded() -> None:
    command = [sys.executable, "-m", "tests.claude.record"]
    ended = subprocess.run(command, cwd=ROOT, env={"PATH": ""}, capture_output=True, text=True, check=False)  # noqa: S603
    assert ended.returncode == 1
    assert ended.stderr.strip() == "recording asks the true API and costs money: set ANTHROPIC_API_KEY to do so"


async def test_the_shipped_cases_are_recorded_and_can_be_replayed(api: MessagesApi, tmp_path: Path) -> None:
    await record(api.url, tmp_path, "sk-test-key")
    kinds = [asked.kind for asked in api.requests]
    assert {"answer", "rewrite"} <= set(kinds)
    written = sorted(tmp_path.iterdir())
    assert [path.stem.split("-", 1)[1].replace("-", " ") for path in written] == kinds
    assert all(load(path).request == asked.body for path, asked in zip(written, api.requests, strict=True))
