"""The requests, as values: the live prompt version as a cached system block, and everything else as data.

What people, lessons and earlier answers say stands in JSON strings or in search results, so that no text can pass for
another part of the request.
"""

import json
import re
from collections.abc import Mapping, Sequence

from bot.core.messages import Turn
from bot.core.ports import RewriteTask
from bot.core.prompts import Prompt
from bot.engines.claude.corpus import Corpus
from bot.engines.claude.pieces import CHARACTERS_A_TOKEN

Request = Mapping[str, object]

THREAD_TOKENS = 1_500
"""How much of a thread goes along, its last turns."""

_MARK = re.compile(r" ?\[\d+\]")
_CACHED = {"type": "ephemeral"}
_BY_MARKS = (
    "Answer the question from the passages. Right after each statement, write the number of the passage that it rests "
    "on in square brackets, such as [3]."
)
_EDITS = (
    "Review the draft by the guide. The entries of `listed` are sentences that are taken for don't-say claims, each "
    "with the approved wording as it would stand in their place: give a replacement for each that is one. Add what "
    "else in the draft is one; for that the approved wording is the row's `say`. `quote` is the text to replace, "
    "exactly as the draft has it, and `row` the guide's row; a sentence that makes several claims gets an edit for "
    "each, all with one replacement. A replacement is used only if it says every point of the approved wording in its"
    " key words and their order, keeps the names, numbers, dates and links of `quote`, and adds nothing new; else the"
    " approved wording is used as it is."
)
_AS_JSON = ' Reply with JSON alone: {"edits": [{"quote": "...", "row": "...", "replacement": "..."}]}'
EDITS_SCHEMA: Mapping[str, object] = {
    "type": "object",
    "properties": {
        "edits": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {name: {"type": "string"} for name in ("quote", "row", "replacement")},
                "required": ["quote", "row", "replacement"],
                "additionalProperties": False,
            },
        }
    },
    "required": ["edits"],
    "additionalProperties": False,
}


def answer_request(prompt: Prompt, corpus: Corpus, thread: Sequence[Turn], question: str) -> Request:
    """Asks for an answer with citations. A whole knowledge base is cached: it comes first and always in one order."""
    results = corpus.search_results()
    if corpus.whole and results:
        results[-1]["cache_control"] = _CACHED
    asked = {"thread": _turns(thread), "question": question}
    return _request(prompt, [*results, _text(asked)])


def marks_request(prompt: Prompt, corpus: Corpus, thread: Sequence[Turn], question: str) -> Request:
    """Asks a server that knows no citations for an answer with marks."""
    asked = {"task": _BY_MARKS, "passages": corpus.numbered(), "thread": _turns(thread), "question": question}
    return _plain(prompt, asked)


def edits_request(prompt: Prompt, task: RewriteTask, listed: Sequence[Mapping[str, object]]) -> Request:
    """Asks for edits in the form of `EDITS_SCHEMA`; the guide is cached."""
    guide = {**_text({"task": _EDITS, "guide": _guide(task)}), "cache_control": _CACHED}
    draft = _text({"draft": task.draft, "listed": listed})
    return _request(prompt, [guide, draft], format_={"type": "json_schema", "schema": EDITS_SCHEMA})


def json_request(prompt: Prompt, task: RewriteTask, listed: Sequence[Mapping[str, object]]) -> Request:
    """Asks a server that knows no schemas for the same."""
    asked = {"task": _EDITS + _AS_JSON, "guide": _guide(task), "draft": task.draft, "listed": listed}
    return _plain(prompt, asked)


def tokens(request: Request) -> int:
    """About how many tokens a request takes, its reply aside."""
    return len(json.dumps(request, ensure_ascii=False)) // CHARACTERS_A_TOKEN


def _request(
    prompt: Prompt, content: Sequence[Mapping[str, object]], *, format_: Mapping[str, object] | None = None
) -> Request:
    return {
        "model": prompt.model,
        "max_tokens": prompt.max_tokens,
        "system": [{"type": "text", "text": prompt.text, "cache_control": _CACHED}],
        "messages": [{"role": "user", "content": list(content)}],
        "output_config": {"effort": prompt.effort} | ({"format": format_} if format_ else {}),
    }


def _plain(prompt: Prompt, asked: Mapping[str, object]) -> Request:
    return {
        "model": prompt.model,
        "max_tokens": prompt.max_tokens,
        "system": prompt.text,
        "messages": [{"role": "user", "content": _json(asked)}],
    }


def _text(value: Mapping[str, object]) -> dict[str, object]:
    return {"type": "text", "text": _json(value)}


def _json(value: Mapping[str, object]) -> str:
    """JSON as people would read it; a lone surrogate, which no request can carry, becomes a question mark."""
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace").decode("utf-8")


def _turns(thread: Sequence[Turn]) -> list[dict[str, str]]:
    """The last turns that there is room for, the oldest first."""
    room = THREAD_TOKENS * CHARACTERS_A_TOKEN
    turns: list[dict[str, str]] = []
    for turn in reversed(thread):
        room -= len(turn.question) + len(turn.answer)
        if room < 0:
            break
        turns.insert(0, {"question": turn.question, "answer": _MARK.sub("", turn.answer)})
    return turns


def _guide(task: RewriteTask) -> list[dict[str, str]]:
    return [
        {"row": f"{row.lesson}/{row.row}", "dont_say": row.dont_say, "say": row.say, "why": row.why}
        for row in task.knowledge.guide
    ]
