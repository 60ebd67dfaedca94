"""A reply on the wire, as the SDK reads it."""

from collections.abc import Sequence

import httpx2
from anthropic import AsyncAnthropic
from anthropic.types import Message

from tests.claude.behaviours import Json, Pace, Refuses, Reply, Text, Thinking, saying
from tests.claude.calls import RESULTS, SENTENCES, answer, call, rewrite, text
from tests.claude.client import text_of
from tests.claude.server import MessagesApi

CITED = Reply((Text("It is fast.", cites=((0, 0, 2),)), Text(" "), Text("Say this.", cites=((1, 1, 2), (0, 1, 2)))))


async def streamed(client: AsyncAnthropic) -> tuple[Sequence[str], Message]:
    async with client.messages.stream(**answer("How fast?")) as stream:
        names = [event.type async for event in stream]
        return names, await stream.get_final_message()


async def test_a_citation_names_result_and_blocks_over_the_whole_request(
    api: MessagesApi, client: AsyncAnthropic
) -> None:
    api.enqueue(CITED)
    _, message = await streamed(client)
    blocks = [block for block in message.content if block.type == "text"]
    assert [block.text for block in blocks] == ["It is fast.", " ", "Say this."]
    assert blocks[1].citations is None
    (first,), (second, third) = blocks[0].citations or [], blocks[2].citations or []
    assert first.to_dict() == {
        "type": "search_result_location",
        "source": "lesson:speed#Latency/12",
        "title": "Latency",
        "cited_text": "".join(SENTENCES),
        "search_result_index": 0,
        "start_block_index": 0,
        "end_block_index": 2,
    }
    assert second.cited_text == RESULTS[1]["content"][1]["text"]
    assert third.cited_text == SENTENCES[1]


async def test_results_of_tools_are_counted_with_the_others(api: MessagesApi, client: AsyncAnthropic) -> None:
    used = {"type": "tool_use", "id": "toolu_1", "name": "search", "input": {}}
    found = {"type": "tool_result", "tool_use_id": "toolu_1", "content": [RESULTS[1]]}
    asked = call(RESULTS[0], text("Search."))
    asked["messages"] += [{"role": "assistant", "content": [used]}, {"role": "user", "content": [found]}]
    api.enqueue(Reply((Text("Say this.", cites=((1, 0, 1),)),)))
    (block,) = (await client.messages.create(**asked)).content
    assert block.type == "text"
    assert [citation.cited_text for citation in block.citations or []] == [RESULTS[1]["content"][0]["text"]]


async def test_the_same_reply_comes_whole_without_a_stream(api: MessagesApi, client: AsyncAnthropic) -> None:
    api.enqueue(CITED, CITED)
    whole = await client.messages.create(**answer("How fast?"))
    _, message = await streamed(client)
    assert [block.to_dict() for block in whole.content] == [
        {key: value for key, value in block.to_dict().items() if key != "parsed_output"} for block in message.content
    ]
    assert (whole.stop_reason, whole.usage.output_tokens) == (message.stop_reason, message.usage.output_tokens)


async def test_a_block_s_citations_may_come_before_its_text(api: MessagesApi, client: AsyncAnthropic) -> None:
    api.enqueue(Reply((Text("Fast.", cites=((0, 0, 1),), citations_first=True),)))
    names, message = await streamed(client)
    assert names.index("citation") < names.index("text")
    assert text_of(message) == "Fast."


async def test_text_comes_in_pieces_of_the_pace(api: MessagesApi, client: AsyncAnthropic) -> None:
    api.enqueue(saying("abcdefgh", pace=Pace(characters=3)))
    async with client.messages.stream(**answer("How fast?")) as stream:
        assert [piece async for piece in stream.text_stream] == ["abc", "def", "gh"]


async def test_the_events_come_in_the_api_s_order(api: MessagesApi) -> None:
    api.enqueue(saying("Hi."))
    headers = {"x-api-key": "sk-test-key", "anthropic-version": "2023-06-01"}
    async with httpx2.AsyncClient(base_url=api.url, headers=headers) as http:
        response = await http.post("/v1/messages", json=answer("How fast?", stream=True))
    events = [line.removeprefix("event: ") for line in response.text.splitlines() if line.startswith("event: ")]
    assert events == [
        *("message_start", "ping", "content_block_start", "content_block_delta", "content_block_stop"),
        *("message_delta", "message_stop"),
    ]
    assert response.headers["content-type"].startswith("text/event-stream")
    assert response.headers["anthropic-ratelimit-requests-remaining"].isdigit()


async def test_thinking_comes_with_its_signature_and_counts_as_output(api: MessagesApi, client: AsyncAnthropic) -> None:
    api.enqueue(Reply((Thinking("Let me see. " * 10, signature="c2ln"), Text("Yes."))))
    names, message = await streamed(client)
    assert {"thinking", "signature"} <= set(names)
    assert message.content[0].to_dict() == {"type": "thinking", "thinking": "Let me see. " * 10, "signature": "c2ln"}
    assert message.usage.output_tokens_details
    assert message.usage.output_tokens_details.thinking_tokens == 30
    assert message.usage.output_tokens == 31


async def test_a_refusal_says_its_category(api: MessagesApi, client: AsyncAnthropic) -> None:
    api.enqueue(Refuses((Text("I can"),), category="cyber"))
    _, message = await streamed(client)
    assert message.stop_reason == "refusal"
    assert message.stop_details
    assert message.stop_details.category == "cyber"


async def test_every_other_stop_reason_can_be_had(api: MessagesApi, client: AsyncAnthropic) -> None:
    api.enqueue(
        saying("a", stop_reason="model_context_window_exceeded"),
        saying("b", stop_reason="pause_turn"),
        Json('{"edits": [', stop_reason="max_tokens"),
    )
    reasons = [(await client.messages.create(**rewrite())).stop_reason for _ in range(3)]
    assert reasons == ["model_context_window_exceeded", "pause_turn", "max_tokens"]


async def test_a_reply_longer_than_max_tokens_is_cut_there(client: AsyncAnthropic) -> None:
    message = await client.messages.create(**answer("How fast is a tuned small model?", max_tokens=2))
    assert message.stop_reason == "max_tokens"
    assert [block.to_dict()["text"] for block in message.content] == ["A tuned "]


async def test_nothing_comes_after_the_block_that_is_cut(api: MessagesApi, client: AsyncAnthropic) -> None:
    api.enqueue(saying("Twelve chars", "a second block", "a third"))
    message = await client.messages.create(**answer("How fast?", max_tokens=2))
    assert [block.to_dict()["text"] for block in message.content] == ["Twelve c"]
