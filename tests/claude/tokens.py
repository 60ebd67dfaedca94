"""A deterministic stand-in for the API's tokenizer: four characters are a token."""

from collections.abc import Mapping
from typing import Any

from tests.claude.asked import Body, blocks_of, messages_of

CHARACTERS_A_TOKEN = 4
NOT_READ = {"type", "role", "cache_control", "citations", "id", "tool_use_id", "signature"}
"""Keys whose values are no part of what the model reads."""


def tokens_in(text: str) -> int:
    return -(-len(text) // CHARACTERS_A_TOKEN)


def tokens_of(value: Any) -> int:  # noqa: ANN401 - any JSON value
    """Tokens of every string and number in a JSON value."""
    if isinstance(value, Mapping):
        return sum(tokens_of(each) for key, each in value.items() if key not in NOT_READ)
    if isinstance(value, list):
        return sum(tokens_of(each) for each in value)
    return 0 if value is None else tokens_in(str(value))


def parts_of(body: Body) -> list[Body]:
    """The request's blocks in the order in which the model reads and the cache keeps them."""
    tools = body.get("tools")
    return [
        *blocks_of(tools),
        *blocks_of(body.get("system")),
        *(block for message in messages_of(body) for block in blocks_of(message.get("content"))),
    ]


def prompt_tokens(body: Body) -> int:
    """Input tokens of a whole request."""
    return sum(tokens_of(part) for part in parts_of(body))
