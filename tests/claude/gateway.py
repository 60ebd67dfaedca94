"""Two lesser servers with the same interface, as gateways and local models are."""

from collections.abc import Iterator

from tests.claude.asked import Asked, Body, blocks_of, messages_of
from tests.claude.behaviours import Reply, Text, reply_of, saying
from tests.claude.brain import brain
from tests.claude.caching import NoCache
from tests.claude.rules import Fault
from tests.claude.server import MessagesApi

FIELDS = {"model", "messages", "max_tokens", "stream", "system", "stop_sequences", "temperature", "top_p", "top_k"}
REQUIRED = ("model", "max_tokens", "messages")


def strict_gateway() -> MessagesApi:
    """Refuses whatever it does not know: search results, output_config, cache_control, thinking, counting."""
    return MessagesApi(rules=strict_rules, cache=NoCache())


def careless_gateway() -> MessagesApi:
    """Takes everything and ignores what it does not know: no citations, and JSON within prose."""
    return MessagesApi(rules=careless_rules, cache=NoCache(), default=careless_model)


def strict_rules(asked: Asked, size: int) -> Fault | None:  # noqa: ARG001 - it does not measure
    """The first thing in a request that the strict gateway does not know."""
    if asked.counts_only:
        return Fault(404, "not_found_error", "Not Found")
    message = next(_unknown(asked.body), None)
    return Fault(400, "invalid_request_error", message) if message else None


def careless_rules(asked: Asked, size: int) -> Fault | None:  # noqa: ARG001 - it does not measure
    """A fault only where there is nothing to work with."""
    message = next(_lacking(asked.body), None)
    return Fault(400, "invalid_request_error", message) if message and not asked.counts_only else None


def careless_model(asked: Asked) -> Reply:
    """Says what the good model says, without citations and in its own format."""
    reply = reply_of(brain(asked))
    text = "".join(block.text for block in reply.blocks if isinstance(block, Text))
    if asked.kind == "rewrite":
        return saying(f"Sure! Here are the edits:\n\n```json\n{text}\n```\n\nLet me know if you need anything else.")
    return saying(text)


def _lacking(body: Body) -> Iterator[str]:
    yield from (f"{name}: Field required" for name in REQUIRED if name not in body)


def _unknown(body: Body) -> Iterator[str]:
    yield from _lacking(body)
    yield from (f"{name}: Extra inputs are not permitted" for name in body if name not in FIELDS)
    contents = [body.get("system"), *(message.get("content") for message in messages_of(body))]
    for block in [block for content in contents for block in blocks_of(content)]:
        if block.get("type") != "text":
            yield f"unsupported content type: {block.get('type')}"
        yield from (f"{name}: Extra inputs are not permitted" for name in block.keys() - {"type", "text"})
