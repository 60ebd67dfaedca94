"""One request as the server got it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Body = Mapping[str, Any]
Kind = Literal["answer", "rewrite", "plain answer", "plain rewrite", "other", "count_tokens"]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: header names in lower case, the parsed body, and when it came (`time.monotonic()`).

    A body that is no JSON object is kept as an empty one.
    """

    id: str
    path: str
    headers: Mapping[str, str]
    body: Body
    at: float

    @property
    def counts_only(self) -> bool:
        return self.path.endswith("/count_tokens")

    @property
    def streams(self) -> bool:
        return self.body.get("stream") is True

    @property
    def kind(self) -> Kind:
        return "count_tokens" if self.counts_only else kind_of(self.body)


def blocks_of(content: object) -> list[Body]:
    """A message's content as blocks; a string is one text block."""
    if isinstance(content, str):
        return [{"type": "text", "text": content}]
    return [block for block in content if isinstance(block, Mapping)] if isinstance(content, list) else []


def messages_of(body: Body) -> list[Body]:
    """The messages that are objects."""
    messages = body.get("messages")
    return [message for message in messages if isinstance(message, Mapping)] if isinstance(messages, list) else []


def search_results(body: Body) -> list[Body]:
    """Every search result of the request, in the order that `search_result_index` counts them."""

    def within(blocks: list[Body]) -> Iterator[Body]:
        for block in blocks:
            if block.get("type") == "search_result":
                yield block
            elif block.get("type") == "tool_result":
                yield from within(blocks_of(block.get("content")))

    return [result for message in messages_of(body) for result in within(blocks_of(message.get("content")))]


def user_texts(body: Body) -> list[str]:
    """The text blocks of the last user message."""
    last = next((each for each in reversed(messages_of(body)) if each.get("role") == "user"), {})
    return [str(block.get("text", "")) for block in blocks_of(last.get("content")) if block.get("type") == "text"]


def object_in(text: str) -> Body:
    """The JSON object that `text` is; an empty one where it is none."""
    try:
        parsed = json.loads(text)
    except ValueError:
        return {}
    return parsed if isinstance(parsed, dict) else {}


def kind_of(body: Body) -> Kind:
    """Which of the coach's calls a request is."""
    objects = [object_in(text) for text in user_texts(body)]
    keys = {key for each in objects for key in each}
    has_format = isinstance(body.get("output_config"), Mapping) and bool(body["output_config"].get("format"))
    if search_results(body) and "question" in keys:
        return "answer"
    if "listed" in keys:
        return "rewrite" if has_format else "plain rewrite"
    return "plain answer" if "question" in keys else "other"
