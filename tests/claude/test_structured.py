"""Structured output, as the SDK asks for it and reads it."""

import pytest
from anthropic import AsyncAnthropic, transform_schema
from pydantic import BaseModel, ValidationError

from tests.claude.behaviours import Json, Refuses, Text
from tests.claude.calls import MODEL, call, text
from tests.claude.client import text_of
from tests.claude.server import MessagesApi


class Edits(BaseModel):
    edits: list[str]


ASKED = call(text("Rewrite."))
FORMAT = {"format": {"type": "json_schema", "schema": transform_schema(Edits)}}


async def test_create_keeps_the_stop_reason_of_a_truncated_reply(api: MessagesApi, client: AsyncAnthropic) -> None:
    api.enqueue(Json('{"edits": ["a', stop_reason="max_tokens"))
    message = await client.messages.create(**{**ASKED, "output_config": FORMAT})
    assert (message.stop_reason, text_of(message)) == ("max_tokens", '{"edits": ["a')


async def test_parse_gives_the_model_s_object(api: MessagesApi, client: AsyncAnthropic) -> None:
    api.enqueue(Json('{"edits": ["a"]}'))
    message = await client.messages.parse(**ASKED, output_format=Edits)
    assert message.parsed_output == Edits(edits=["a"])
    assert api.requests[0].body["output_config"] == FORMAT


@pytest.mark.parametrize(
    "behaviour", [Json('{"edits": ["a', stop_reason="max_tokens"), Refuses((Text("I cannot do that."),))]
)
async def test_parse_loses_a_truncated_or_refused_reply_to_an_error(
    api: MessagesApi, client: AsyncAnthropic, behaviour: Json | Refuses
) -> None:
    api.enqueue(behaviour)
    with pytest.raises(ValidationError):
        await client.messages.parse(**ASKED, output_format=Edits)


async def test_parse_gives_none_for_a_refusal_without_text(api: MessagesApi, client: AsyncAnthropic) -> None:
    api.enqueue(Refuses())
    message = await client.messages.parse(**ASKED, output_format=Edits)
    assert (message.stop_reason, message.parsed_output) == ("refusal", None)


async def test_parse_gives_none_for_a_falsy_result(api: MessagesApi, client: AsyncAnthropic) -> None:
    api.enqueue(Json("[]"))
    assert (await client.messages.parse(**ASKED, output_format=list[str])).parsed_output is None


async def test_the_sdk_takes_no_sampling_parameters(client: AsyncAnthropic) -> None:
    with pytest.raises(TypeError, match="temperature"):
        await client.messages.create(model=MODEL, max_tokens=1, messages=[], temperature=0.5)  # type: ignore[call-overload]
