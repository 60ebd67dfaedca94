"""How the SDK surfaces a stream that goes wrong."""

import asyncio
import json
from dataclasses import replace

import anthropic
import httpx2
import pytest
from anthropic import AsyncAnthropic
from anthropic.types import Message

from tests.claude.behaviours import BreaksOff, How, Pace, Stalls, saying
from tests.claude.calls import answer
from tests.claude.client import text_of
from tests.claude.server import MessagesApi

REPLY = saying("A text that is long enough for a good many of its events to be sent in pieces.")
SOON = 0.2


async def streamed(client: AsyncAnthropic) -> Message:
    async with client.messages.stream(**answer("How fast?")) as stream:
        return await stream.get_final_message()


@pytest.mark.parametrize("how", [How.ENDS, How.GARBAGE, How.HALF_EVENT])
async def test_a_body_that_just_ends_raises_nothing_and_leaves_no_stop_reason(
    api: MessagesApi, client: AsyncAnthropic, how: How
) -> None:
    api.enqueue(BreaksOff(REPLY, after=4, how=how))
    message = await streamed(client)
    assert message.stop_reason is None
    assert text_of(message) == "A text that is long enou"


async def test_a_body_that_ends_before_the_message_begins_fails_an_assertion_of_the_sdk(
    api: MessagesApi, client: AsyncAnthropic
) -> None:
    api.enqueue(BreaksOff(REPLY, after=0, how=How.ENDS))
    with pytest.raises(AssertionError):
        await streamed(client)


@pytest.mark.parametrize(("how", "type_"), [(How.OVERLOADED, "overloaded_error"), (How.API_ERROR, "api_error")])
@pytest.mark.parametrize("after", [0, 1, 4])
async def test_an_error_event_raises_a_status_error_of_status_200(
    api: MessagesApi, client: AsyncAnthropic, how: How, type_: str, after: int
) -> None:
    api.enqueue(BreaksOff(REPLY, after=after, how=how))
    with pytest.raises(anthropic.APIStatusError) as raised:
        await streamed(client)
    assert type(raised.value) is anthropic.APIStatusError
    assert (raised.value.status_code, raised.value.type) == (200, type_)


@pytest.mark.parametrize("after", [0, 1, 4])
@pytest.mark.parametrize(
    ("how", "error"),
    [
        (How.CLOSES, httpx2.RemoteProtocolError),
        (How.RESETS, httpx2.ReadError),
        (How.BAD_JSON, json.JSONDecodeError),
        (How.BAD_UTF8, UnicodeDecodeError),
    ],
)
async def test_what_breaks_below_the_api_is_no_error_of_the_sdk(
    api: MessagesApi, client: AsyncAnthropic, how: How, error: type[Exception], after: int
) -> None:
    api.enqueue(BreaksOff(REPLY, after=after, how=how))
    with pytest.raises(error) as raised:
        await streamed(client)
    assert not isinstance(raised.value, anthropic.AnthropicError)


async def test_a_stall_within_the_stream_is_a_read_timeout(api: MessagesApi, client: AsyncAnthropic) -> None:
    api.enqueue(BreaksOff(REPLY, after=4, how=How.STALLS))
    with pytest.raises(httpx2.ReadTimeout):
        await streamed(client.with_options(timeout=SOON))


async def test_a_stall_before_the_headers_is_the_sdk_s_own_timeout(api: MessagesApi, client: AsyncAnthropic) -> None:
    api.enqueue(Stalls())
    with pytest.raises(anthropic.APITimeoutError):
        await streamed(client.with_options(timeout=SOON))


async def test_a_body_without_a_stream_breaks_off_too(api: MessagesApi, client: AsyncAnthropic) -> None:
    api.enqueue(BreaksOff(REPLY, after=2, how=How.CLOSES), BreaksOff(REPLY, after=2, how=How.ENDS))
    with pytest.raises(anthropic.APIConnectionError):
        await client.messages.create(**answer("How fast?"))
    with pytest.raises(ValueError, match=r"Unterminated string|Expecting"):
        await client.messages.create(**answer("How fast?"))


async def test_whoever_goes_away_from_a_stall_leaves_the_server_free(api: MessagesApi, client: AsyncAnthropic) -> None:
    api.enqueue(BreaksOff(replace(REPLY, pace=Pace(before_first=0.01)), after=4, how=How.STALLS))
    reading = asyncio.create_task(streamed(client))
    await api.until(lambda: [len(sent.events) for sent in api.sent] == [4])
    assert api.open == 1
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)
    await api.until(lambda: api.open == 0)
