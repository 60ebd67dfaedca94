"""The coach's calls as the SDK's arguments, in the smallest form."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

Call = dict[str, Any]
MODEL = "claude-sonnet-5-5"
SENTENCES = ("A tuned small model answers in 40 milliseconds.", "A long prompt costs tokens on every call.")
GUIDE_ROW = (
    "Don't say: We can train the model on your documents.",
    "Do say: Retrieval keeps the answers current.",
    "Why it matters: Training does not add facts.",
)
EDITS_SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "properties": {"edits": {"type": "array", "items": {"type": "string"}}},
    "required": ["edits"],
    "additionalProperties": False,
}


def result(*sentences: str, source: str = "lesson:speed#Latency/12", title: str = "Latency") -> dict[str, Any]:
    """A search result with a text block for each sentence."""
    content = [{"type": "text", "text": sentence} for sentence in sentences]
    citations = {"enabled": True}
    return {"type": "search_result", "source": source, "title": title, "content": content, "citations": citations}


RESULTS = (result(*SENTENCES), result(*GUIDE_ROW, source="lesson:speed#guide/1", title="Field language"))


def call(*content: Mapping[str, Any], **fields: object) -> Call:
    """A request of one user message."""
    return {"model": MODEL, "max_tokens": 500, "messages": [{"role": "user", "content": list(content)}], **fields}


def text(value: Mapping[str, object] | str) -> dict[str, Any]:
    return {"type": "text", "text": value if isinstance(value, str) else json.dumps(value)}


def answer(
    question: str,
    *,
    results: Sequence[Mapping[str, Any]] = RESULTS,
    thread: Sequence[Mapping[str, str]] = (),
    **fields: object,
) -> Call:
    """Asks for an answer with citations."""
    return call(*results, text({"thread": list(thread), "question": question}), **fields)


def rewrite(*listed: Mapping[str, object], **fields: object) -> Call:
    """Asks for edits in a JSON schema."""
    format_ = {"type": "json_schema", "schema": EDITS_SCHEMA}
    draft = {"draft": "The draft.", "listed": list(listed)}
    return call(text({"task": "Rewrite.", "guide": []}), text(draft), output_config={"format": format_}, **fields)


def plain(asked: Mapping[str, object]) -> Call:
    """Asks a server that knows only text."""
    messages = [{"role": "user", "content": json.dumps(asked)}]
    return {"model": "local-model", "max_tokens": 500, "system": "Be brief.", "messages": messages}
