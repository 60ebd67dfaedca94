"""What the API refuses."""

from collections.abc import Mapping
from typing import Any

import anthropic
import httpx2
import pytest
from anthropic import AsyncAnthropic, transform_schema
from pydantic import BaseModel, Field

from tests.claude.behaviours import saying
from tests.claude.calls import EDITS_SCHEMA, MODEL, SENTENCES, Call, answer, call, result, rewrite, text
from tests.claude.client import text_of
from tests.claude.rules import CONTEXT, LARGEST_BODY, faults
from tests.claude.schema_rules import schema_faults
from tests.claude.server import MessagesApi

MARK = {"type": "ephemeral"}
HOUR = {"type": "ephemeral", "ttl": "1h"}
OLDER = "claude-sonnet-4-5"
FORMAT = {"format": {"type": "json_schema", "schema": EDITS_SCHEMA}}
UNCITED = {**result(*SENTENCES), "citations": {"enabled": False}}
TURN = {"role": "user", "content": "Hi."}


@pytest.mark.parametrize(
    "good",
    [
        answer("How fast?"),
        rewrite({"quote": "a", "rows": ["b/1"], "approved": "c"}),
        call(text("Hi."), output_config={"effort": "xhigh"}, thinking={"type": "adaptive"}),
        call(text("Hi."), model=OLDER, temperature=0.5, thinking={"type": "disabled"}),
        call(text("Hi."), messages=[TURN, TURN, {"role": "assistant", "content": "Hm."}, TURN]),
        call({**text("a"), "cache_control": HOUR}, {**text("b"), "cache_control": MARK}),
        call(UNCITED, text("Hi."), output_config=FORMAT),
    ],
)
def test_good_requests_have_no_fault(good: Call) -> None:
    assert list(faults(good)) == []


@pytest.mark.parametrize(
    ("bad", "fault"),
    [
        ({}, "model: Field required"),
        (call(text("Hi."), response_format="json"), "response_format: Extra inputs are not permitted"),
        (call(text("Hi."), temperature=0.5), "temperature"),
        (call(text("Hi."), max_tokens="many"), "max_tokens: Input should be a valid integer"),
        (call(text("Hi."), messages=[]), "at least one message"),
        (call(text("Hi."), messages=[{"role": "tool", "content": "Hi."}]), "messages.0.role"),
        (call(text("Hi."), messages=[{"role": "assistant", "content": "Hm."}, TURN]), "first message"),
        (call(text("Hi."), messages=[TURN, {"role": "assistant", "content": "It"}]), "prefill"),
        (call(text("")), "text content blocks must be non-empty"),
        (call(text(" \n")), "non-whitespace"),
        (call(text("Hi."), system=[text("")]), "system.0: text content blocks must be non-empty"),
        (call({"type": "mystery"}), "Input tag 'mystery'"),
        (call(result(*SENTENCES, source="")), "search_result.source: Field required"),
        (call(result(*SENTENCES, title="")), "search_result.title: Field required"),
        (call(result()), "List should have at least 1 item"),
        (call({**result(), "content": [{"type": "image"}]}), "content.0.type: Input should be 'text'"),
        (call({"type": "tool_result", "tool_use_id": "a", "content": [result()]}), "messages.0.content.0.content.0"),
        (call({**result(*SENTENCES), "score": 0.9}), "search_result.score: Extra inputs are not permitted"),
        (call(result(*SENTENCES), UNCITED, text("Hi.")), "on all search results or on none"),
        (answer("How fast?", output_config=FORMAT), "cannot be used with citations"),
        (call(text("Hi."), thinking={"type": "disabled"}), f"'disabled' is not supported by {MODEL}"),
        (call(text("Hi."), thinking={"type": "enabled", "budget_tokens": 100}), "greater than or equal to 1024"),
        (call(text("Hi."), thinking={"type": "enabled", "budget_tokens": 2000}), "`max_tokens` must be greater"),
        (call(text("Hi."), tool_choice={"type": "any"}), "tool_choice.type: 'any'"),
        (call(text("Hi."), output_config={"effort": "huge"}), "output_config.effort"),
        (call(text("Hi."), output_config={"format": {"type": "json"}}), "output_config.format"),
        (call(*({**text(f"{at}"), "cache_control": MARK} for at in range(5))), "A maximum of 4 blocks"),
        (call({**text("a"), "cache_control": {"type": "forever"}}), "cache_control"),
        (call({**text("a"), "cache_control": {**MARK, "ttl": "1d"}}), "cache_control.ttl"),
        (call({**text("a"), "cache_control": MARK}, {**text("b"), "cache_control": HOUR}), "must not come after"),
    ],
)
def test_a_bad_request_is_told_its_fault(bad: Call, fault: str) -> None:
    assert any(fault in message for message in faults(bad))


@pytest.mark.parametrize(
    ("schema", "fault"),
    [
        ({**EDITS_SCHEMA, "additionalProperties": True}, "$: For 'object' type, 'additionalProperties'"),
        ({"type": "array", "items": {"type": "object"}}, "$.items: For 'object' type"),
        ({"type": "integer", "minimum": 1}, "property 'minimum' is not supported"),
        ({"type": "array", "minItems": 3}, "'minItems' values other than 0 or 1"),
        ({"type": "string", "format": "text"}, "format 'text' is not supported"),
        ({"anyOf": [{"type": "text"}]}, "$.anyOf.0: unknown type 'text'"),
        ({"$ref": "https://example.com/schema"}, "only references within the schema"),
        ({"type": "object", "additionalProperties": False, "$defs": {"A": {"maxLength": 3}}}, "$.$defs.A"),
        (["string"], "should be an object"),
    ],
)
def test_a_schema_that_cannot_be_held_to_is_a_fault(schema: object, fault: str) -> None:
    assert any(fault in message for message in schema_faults(schema))


class Inner(BaseModel):
    quote: str = Field(max_length=10)
    rows: list[int] = Field(min_length=2)


class Outer(BaseModel):
    edits: list[Inner]


def test_what_the_sdk_makes_of_a_model_is_a_good_schema() -> None:
    assert list(schema_faults(Outer.model_json_schema())) != []
    assert list(schema_faults(transform_schema(Outer))) == []


@pytest.mark.parametrize(
    ("headers", "status", "type_"),
    [
        ({"anthropic-version": "2023-06-01"}, 401, "authentication_error"),
        ({"x-api-key": "sk-test-key"}, 400, "invalid_request_error"),
    ],
)
async def test_headers_that_lack_are_refused_in_the_api_s_json(
    api: MessagesApi, headers: Mapping[str, str], status: int, type_: str
) -> None:
    async with httpx2.AsyncClient(base_url=api.url, headers=headers) as http:
        response = await http.post("/v1/messages", json=answer("How fast?"))
    body: Any = response.json()
    assert response.status_code == status
    assert body["type"] == "error"
    assert body["error"]["type"] == type_
    assert body["request_id"] == response.headers["request-id"] == api.requests[0].id


async def test_an_unknown_model_is_not_found(client: AsyncAnthropic) -> None:
    with pytest.raises(anthropic.NotFoundError) as raised:
        await client.messages.create(**answer("How fast?", model="claude-2"))
    assert raised.value.type == "not_found_error"


async def test_a_prompt_beyond_the_context_is_too_long(client: AsyncAnthropic) -> None:
    with pytest.raises(anthropic.BadRequestError, match=f"prompt is too long: .* tokens > {CONTEXT} maximum"):
        await client.messages.create(**call(text("word " * CONTEXT)))


async def test_a_body_of_more_than_32_megabytes_is_too_large(client: AsyncAnthropic) -> None:
    with pytest.raises(anthropic.ContentTooLargeError) as raised:
        await client.messages.create(**call(text("a" * LARGEST_BODY)))
    assert str(raised.value.type) == "request_too_large"  # not among the types that the SDK lists


async def test_a_refused_request_leaves_the_script_as_it_is(api: MessagesApi, client: AsyncAnthropic) -> None:
    api.enqueue(saying("Scripted."))
    with pytest.raises(anthropic.BadRequestError):
        await client.messages.create(**call(text("")))
    message = await client.messages.create(**answer("How fast?"))
    assert text_of(message) == "Scripted."
