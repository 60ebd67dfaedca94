"""Which messages and content blocks the API refuses."""

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import get_args, get_type_hints

from anthropic.types import ContentBlockParam, SearchResultBlockParam, TextBlockParam

from tests.claude.asked import Body, blocks_of, messages_of, search_results

ROLES = ("user", "assistant", "system")
TEXT_FIELDS = set(TextBlockParam.__annotations__)
RESULT_FIELDS = set(SearchResultBlockParam.__annotations__)
BLOCK_TYPES = {kind for param in get_args(ContentBlockParam) for kind in get_args(get_type_hints(param)["type"])}


def message_faults(body: Body) -> Iterator[str]:
    """Faults of the messages; two turns of one role after each other are one turn to the API."""
    messages = body.get("messages", [])
    if not isinstance(messages, list):
        yield "messages: Input should be a valid list"
        return
    if not messages and "messages" in body:
        yield "messages: at least one message is required"
    for at, message in enumerate(messages):
        where = f"messages.{at}"
        if not isinstance(message, Mapping):
            yield f"{where}: Input should be an object"
            continue
        yield from (f"{where}.{name}: Extra inputs are not permitted" for name in message.keys() - {"role", "content"})
        if message.get("role") not in ROLES:
            yield f"{where}.role: Input should be 'user', 'assistant' or 'system'"
        yield from content_faults(message.get("content"), where)
    if messages_of(body) and messages_of(body)[0].get("role") == "assistant":
        yield "messages: first message must use the user role"


def content_faults(content: object, where: str) -> Iterator[str]:
    """Faults of one message's content."""
    if content is None:
        yield f"{where}.content: Field required"
    elif not isinstance(content, str | list):
        yield f"{where}.content: Input should be a valid string or list"
    elif not content:
        yield f"{where}: user messages must have non-empty content"
    for at, block in enumerate(blocks_of(content)):
        yield from block_faults(block, f"{where}.content.{at}")


def block_faults(block: Body, where: str) -> Iterator[str]:
    """Faults of one block."""
    kind = block.get("type")
    if kind == "text":
        yield from text_faults(block, where)
    elif kind == "search_result":
        yield from result_faults(block, where)
    elif kind == "tool_result":
        yield from chain.from_iterable(
            block_faults(each, f"{where}.content.{at}") for at, each in enumerate(blocks_of(block.get("content")))
        )
    elif kind not in BLOCK_TYPES:
        yield f"{where}: Input tag '{kind}' found using 'type' does not match any of the expected tags"


def text_faults(block: Body, where: str) -> Iterator[str]:
    """Faults of a text block."""
    yield from (f"{where}.text.{name}: Extra inputs are not permitted" for name in block.keys() - TEXT_FIELDS)
    text = block.get("text")
    if not isinstance(text, str):
        yield f"{where}.text.text: Field required"
    elif not text:
        yield f"{where}: text content blocks must be non-empty"
    elif not text.strip():
        yield f"{where}: text content blocks must contain non-whitespace text"


def result_faults(block: Body, where: str) -> Iterator[str]:
    """Faults of a search result."""
    where = f"{where}.search_result"
    yield from (f"{where}.{name}: Extra inputs are not permitted" for name in block.keys() - RESULT_FIELDS)
    yield from (
        f"{where}.{name}: Field required"
        for name in ("source", "title")
        if not isinstance(block.get(name), str) or not block[name]
    )
    if not isinstance(block.get("citations", {}), Mapping):
        yield f"{where}.citations: Input should be an object"
    content = block.get("content")
    if not isinstance(content, list) or not content:
        yield f"{where}.content: List should have at least 1 item"
        return
    for at, each in enumerate(content):
        if not isinstance(each, Mapping) or each.get("type") != "text":
            yield f"{where}.content.{at}.type: Input should be 'text'"
        else:
            yield from text_faults(each, f"{where}.content.{at}")


def system_faults(body: Body) -> Iterator[str]:
    """Faults of the system prompt."""
    system = body.get("system")
    if system is not None and not isinstance(system, str | list):
        yield "system: Input should be a valid string or list"
    for at, block in enumerate(blocks_of(system) if isinstance(system, list) else []):
        if block.get("type") != "text":
            yield f"system.{at}.type: Input should be 'text'"
        else:
            yield from text_faults(block, f"system.{at}")


def citation_faults(body: Body) -> Iterator[str]:
    """Citations that are on for some results only, or together with a format."""
    enabled = {bool(result.get("citations", {}).get("enabled")) for result in search_results(body)}
    if len(enabled) > 1:
        yield "citations: must be enabled on all search results or on none"
    if True in enabled and body.get("output_config", {}).get("format"):
        yield "output_config.format: structured outputs cannot be used with citations"
