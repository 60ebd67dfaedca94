"""How the lesser servers take the coach's calls."""

import json

import anthropic
import pytest

from tests.claude.calls import SENTENCES, Call, answer, call, plain, rewrite, text
from tests.claude.client import sdk, text_of
from tests.claude.gateway import careless_gateway, strict_gateway
from tests.claude.server import MessagesApi

LISTED = {"quote": "Train it.", "rows": ["speed/1"], "approved": "Retrieve it."}
PLAIN = plain({"passages": [{"n": 1, "section": "Latency", "text": SENTENCES[0]}], "question": "milliseconds?"})


@pytest.mark.parametrize(
    ("unknown", "says"),
    [
        (answer("How fast?"), "search_result"),
        (rewrite(LISTED), "output_config"),
        (call({**text("Hi."), "cache_control": {"type": "ephemeral"}}), "cache_control"),
        (call(text("Hi."), thinking={"type": "adaptive"}), "thinking"),
    ],
)
async def test_the_strict_one_refuses_what_it_does_not_know(unknown: Call, says: str) -> None:
    async with strict_gateway() as gateway, sdk(gateway.url) as client:
        with pytest.raises(anthropic.BadRequestError, match=says):
            await client.messages.create(**unknown)


async def test_the_strict_one_does_not_count_tokens() -> None:
    async with strict_gateway() as gateway, sdk(gateway.url) as client:
        with pytest.raises(anthropic.NotFoundError):
            await client.messages.count_tokens(model="local-model", messages=[{"role": "user", "content": "Hi."}])


@pytest.mark.parametrize("gateway", [strict_gateway, careless_gateway])
async def test_both_answer_plain_requests_and_know_no_cache(gateway: type[MessagesApi]) -> None:
    async with gateway() as served, sdk(served.url) as client:
        message = await client.messages.create(**PLAIN)
    assert text_of(message) == f"{SENTENCES[0]} [1]"
    assert message.usage.cache_read_input_tokens is None


async def test_the_careless_one_answers_without_citations() -> None:
    async with careless_gateway() as gateway, sdk(gateway.url) as client:
        message = await client.messages.create(**answer("How many milliseconds?"))
    assert text_of(message) == SENTENCES[0]
    assert not any(block.citations for block in message.content if block.type == "text")


async def test_the_careless_one_wraps_its_json_in_prose() -> None:
    async with careless_gateway() as gateway, sdk(gateway.url) as client:
        reply = text_of(await client.messages.create(**rewrite(LISTED)))
    before, fenced, after = reply.split("```")
    assert before.strip()
    assert after.strip()
    assert json.loads(fenced.removeprefix("json"))["edits"][0]["replacement"] == "In short: Retrieve it."
