"""The server itself: many streams at once, its end, its history, and as a process of its own."""

import asyncio
import subprocess
import sys
import time
from pathlib import Path

import anthropic
import httpx2
import pytest
from anthropic import AsyncAnthropic

from tests.claude.behaviours import BreaksOff, Fails, How, Pace, Stalls, saying
from tests.claude.calls import SENTENCES, answer
from tests.claude.client import sdk, text_of
from tests.claude.server import MessagesApi

ROOT = Path(__file__).parents[2]
QUESTION = "How many milliseconds does it take?"
STREAMS = 200


async def streamed(client: AsyncAnthropic) -> str:
    async with client.messages.stream(**answer(QUESTION)) as stream:
        return text_of(await stream.get_final_message())


async def test_what_is_enqueued_comes_in_order_and_the_default_after_it(
    api: MessagesApi, client: AsyncAnthropic
) -> None:
    api.enqueue(saying("One."), saying("Two."))
    assert [await streamed(client) for _ in range(3)] == ["One.", "Two.", SENTENCES[0]]
    api.default = saying("By default.")
    assert await streamed(client) == "By default."
    api.default = lambda asked: saying(f"{asked.kind}: {asked.body['max_tokens']}")
    assert await streamed(client) == "answer: 500"
    assert [request.kind for request in api.requests] == ["answer"] * 5


async def test_two_hundred_streams_run_at_once(api: MessagesApi, client: AsyncAnthropic) -> None:
    api.enqueue(*[BreaksOff(saying("Hi."), after=4, how=How.STALLS)] * STREAMS)
    stalled = [asyncio.create_task(streamed(client)) for _ in range(STREAMS)]
    await api.until(lambda: sum(len(sent.events) == 4 for sent in api.sent) == STREAMS)
    assert api.open == STREAMS
    async with sdk(api.url) as another:
        assert await asyncio.gather(*(streamed(another) for _ in range(STREAMS))) == [SENTENCES[0]] * STREAMS
    assert api.open == STREAMS
    for each in stalled:
        each.cancel()
    await asyncio.gather(*stalled, return_exceptions=True)
    await api.until(lambda: api.open == 0)


async def test_the_timings_say_when_each_event_was_written(api: MessagesApi, client: AsyncAnthropic) -> None:
    before = time.monotonic()
    api.enqueue(saying("Hi.", pace=Pace(before_first=0.02, before_text=0.03)))
    await streamed(client)
    (sent,) = api.sent
    names, times = zip(*sent.events, strict=True)
    assert names[0] == "message_start"
    assert names[-1] == "message_stop"
    assert before <= sent.received <= times[0] - 0.02
    assert list(times) == sorted(times)
    at = names.index("content_block_delta")
    assert times[at] - times[at - 1] >= 0.03


@pytest.mark.parametrize(
    "behaviour",
    [Stalls(), BreaksOff(saying("Hi."), after=3, how=How.STALLS), saying("Hi.", pace=Pace(before_first=600))],
)
async def test_closing_ends_whatever_is_still_going_on(behaviour: Stalls | BreaksOff) -> None:
    async with MessagesApi() as api, sdk(api.url) as client:
        api.enqueue(behaviour)
        waiting = asyncio.create_task(streamed(client))
        await api.until(lambda: api.open == 1)
        start = time.monotonic()
        await api.close()
        assert time.monotonic() - start < 1
        with pytest.raises((anthropic.APIConnectionError, httpx2.HTTPError)):
            await waiting


async def test_closing_does_not_wait_for_a_client_that_does_not_read() -> None:
    async with MessagesApi() as api:
        api.enqueue(saying("word " * 1_000_000))
        body = answer(QUESTION, stream=True, max_tokens=2_000_000)
        headers = {"x-api-key": "sk-test-key", "anthropic-version": "2023-06-01"}
        async with (
            httpx2.AsyncClient(base_url=api.url, headers=headers) as http,
            http.stream("POST", "/v1/messages", json=body) as response,
        ):
            start = time.monotonic()
            await api.close()
            assert time.monotonic() - start < 5
            assert response.status_code == 200


async def test_it_runs_as_a_process_of_its_own_on_the_same_clock() -> None:
    command = [sys.executable, "-m", "tests.claude.server", "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - ours
        assert process.stdout
        url = process.stdout.readline().strip()
        before = time.monotonic()
        async with sdk(url) as client, httpx2.AsyncClient(base_url=url) as http:
            assert await streamed(client) == SENTENCES[0]
            (timings,) = (await http.get("/timings")).json()
        process.terminate()
        assert process.wait(timeout=10) == 0
    assert before < timings["received"] < timings["events"][-1][1] < time.monotonic()
    assert timings["events"][-1][0] == "message_stop"


async def test_a_fault_of_the_script_shows_in_the_history_too(api: MessagesApi, client: AsyncAnthropic) -> None:
    api.enqueue(Fails(529, "overloaded_error"))
    with pytest.raises(anthropic.OverloadedError):
        await streamed(client)
    (asked,) = api.requests
    assert asked.body["messages"][0]["role"] == "user"
    assert asked.streams
    assert asked.path == "/v1/messages"
