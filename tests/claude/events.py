"""A reply as the API sends it: a stream of events, or one message."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tests.claude.asked import Body
from tests.claude.behaviours import Cite, Pace, Reply, Text, Thinking
from tests.claude.tokens import CHARACTERS_A_TOKEN, tokens_in

Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Event:
    """A server-sent event and how many seconds the server waits before it."""

    data: Data
    wait: float = 0.0

    @property
    def name(self) -> str:
        return str(self.data["type"])

    def wire(self) -> bytes:
        data = json.dumps(self.data, ensure_ascii=False, separators=(",", ":"))
        return f"event: {self.name}\ndata: {data}\n\n".encode()


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a reply needs from its request: ids, the search results that it cites, and the usage of its input."""

    message_id: str
    model: str
    results: Sequence[Body]
    input_usage: Data


def location(cite: Cite, results: Sequence[Body]) -> Data:
    """A citation as the API words it.

    Raises:
        IndexError: the request has no such result, or the result no such blocks.
    """
    index, start, end = cite
    result = results[index]
    if not 0 <= start < end <= len(result["content"]):
        raise IndexError(f"result {index} has {len(result['content'])} blocks, not {start} to {end}")
    return {
        "type": "search_result_location",
        "cited_text": "".join(block["text"] for block in result["content"][start:end]),
        "search_result_index": index,
        "source": result["source"],
        "title": result["title"],
        "start_block_index": start,
        "end_block_index": end,
    }


def within(reply: Reply, max_tokens: int) -> Reply:
    """The reply as far as `max_tokens` lets it come, cut with stop reason max_tokens if it would be longer."""
    left = max_tokens * CHARACTERS_A_TOKEN
    if sum(len(block.text) for block in reply.blocks) <= left and max_tokens:
        return reply
    kept: list[Text | Thinking] = []
    for block in reply.blocks:
        if left <= 0:
            break
        kept.append(replace(block, text=block.text[:left]))
        left -= len(block.text)
    return replace(reply, blocks=tuple(kept), stop_reason="max_tokens")


def output_usage(reply: Reply) -> Data:
    """Tokens that the model wrote; what it cites costs none."""
    thought = sum(tokens_in(block.text) for block in reply.blocks if isinstance(block, Thinking))
    written = sum(tokens_in(block.text) for block in reply.blocks if isinstance(block, Text))
    usage: dict[str, Any] = {"output_tokens": max(1, thought + written)}
    if thought:
        usage["output_tokens_details"] = {"thinking_tokens": thought}
    return usage


def message_of(reply: Reply, envelope: Envelope) -> Data:
    """The reply as the one JSON body that a request without `stream` gets."""
    return _message(
        envelope,
        content=[_whole(block, envelope.results) for block in reply.blocks],
        usage={**envelope.input_usage, **output_usage(reply), "service_tier": "standard"},
        stopped=_stopped(reply),
    )


def events_of(reply: Reply, envelope: Envelope, pace: Pace) -> Iterator[Event]:
    """The reply's events in the API's order, each with its wait."""
    usage = {**envelope.input_usage, "output_tokens": 1, "service_tier": "standard"}
    stopped = {"stop_reason": None, "stop_sequence": None, "stop_details": None}
    start = _message(envelope, content=[], usage=usage, stopped=stopped)
    yield Event({"type": "message_start", "message": start}, wait=pace.before_first)
    yield Event({"type": "ping"})
    wait_for_text = pace.before_text
    for index, block in enumerate(reply.blocks):
        yield Event({"type": "content_block_start", "index": index, "content_block": _empty(block)})
        for delta in _deltas(block, envelope.results, pace.characters):
            wait = pace.between
            if isinstance(block, Text):
                wait, wait_for_text = wait_for_text or wait, 0.0
            yield Event({"type": "content_block_delta", "index": index, "delta": delta}, wait=wait)
        yield Event({"type": "content_block_stop", "index": index})
    total = {key: value for key, value in envelope.input_usage.items() if key != "cache_creation"}
    yield Event({"type": "message_delta", "delta": _stopped(reply), "usage": {**total, **output_usage(reply)}})
    yield Event({"type": "message_stop"})


def _message(envelope: Envelope, *, content: list[Data], usage: Data, stopped: Data) -> Data:
    return {
        "id": envelope.message_id,
        "type": "message",
        "role": "assistant",
        "model": envelope.model,
        "content": content,
        **stopped,
        "usage": usage,
    }


def _stopped(reply: Reply) -> Data:
    return {"stop_reason": reply.stop_reason, "stop_sequence": None, "stop_details": reply.stop_details}


def _empty(block: Text | Thinking) -> Data:
    if isinstance(block, Thinking):
        return {"type": "thinking", "thinking": "", "signature": ""}
    return {"type": "text", "text": "", **({"citations": []} if block.cites else {})}


def _whole(block: Text | Thinking, results: Sequence[Body]) -> Data:
    if isinstance(block, Thinking):
        return {"type": "thinking", "thinking": block.text, "signature": block.signature}
    cited = {"citations": [location(cite, results) for cite in block.cites]} if block.cites else {}
    return {"type": "text", "text": block.text, **cited}


def _deltas(block: Text | Thinking, results: Sequence[Body], characters: int) -> Iterator[Data]:
    pieces = [block.text[at : at + characters] for at in range(0, len(block.text), characters)]
    if isinstance(block, Thinking):
        yield from ({"type": "thinking_delta", "thinking": piece} for piece in pieces)
        yield {"type": "signature_delta", "signature": block.signature}
        return
    texts: list[Data] = [{"type": "text_delta", "text": piece} for piece in pieces]
    cites: list[Data] = [{"type": "citations_delta", "citation": location(cite, results)} for cite in block.cites]
    yield from [*cites, *texts] if block.citations_first else [*texts, *cites]
