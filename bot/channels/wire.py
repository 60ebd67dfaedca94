"""Replies as plain JSON values: the shapes of `--json`, `--jsonl` and the page's interface."""

from collections.abc import Mapping

from bot.channels.prompt_wire import prompt_json
from bot.channels.words import failure, fell_back
from bot.core.lessons import GuideRow
from bot.core.replies import Answer, Citation, Failed, Finding, Forgotten, Guide, Help, Noted, Refused, Reply, Review

Json = Mapping[str, object]


def answer_json(answer: Answer) -> Json:
    """`{"id", "answer", "say", "covered", "citations", "closest", "engine", "model", "fallback", …}`."""
    return {
        "id": answer.id,
        "answer": answer.text,
        "say": answer.say,
        "covered": answer.covered,
        "citations": [citation_json(citation) for citation in answer.citations],
        "closest": [citation_json(citation) for citation in answer.closest],
        "engine": answer.engine.value,
        "model": answer.model,
        **_fallback_json(answer),
        "prompt_version": answer.prompt_version,
        "prompt_stale": answer.prompt_stale,
        "latency_ms": round(answer.latency_ms, 1),
    }


def _fallback_json(reply: Answer | Review) -> Json:
    """`{"fallback", "fallback_says"}`: the reason, and the sentence that tells it; both null for most replies."""
    return {"fallback": reply.fallback and reply.fallback.value, "fallback_says": fell_back(reply)}


def citation_json(citation: Citation) -> Json:
    """`{"n", "lesson", "section", "quote", "line"}`."""
    return {
        "n": citation.n,
        "lesson": citation.lesson,
        "section": citation.section,
        "quote": citation.quote,
        "line": citation.line,
    }


def review_json(review: Review) -> Json:
    """`{"findings", "notes", "rewritten", "edits", "engine", "model", "fallback", "prompt_version", …}`."""
    return {
        "findings": [finding_json(finding) for finding in review.findings],
        "notes": [finding_json(note) for note in review.notes],
        "rewritten": review.rewritten,
        "edits": [
            {"start": edit.start, "end": edit.end, "before": edit.before, "after": edit.after} for edit in review.edits
        ],
        "engine": review.engine.value,
        "model": review.model,
        **_fallback_json(review),
        "prompt_version": review.prompt_version,
        "prompt_stale": review.prompt_stale,
        "latency_ms": round(review.latency_ms, 1),
    }


def finding_json(finding: Finding) -> Json:
    """`{"lesson", "row", "start", "end", "quote", "dont_say", "say", "why", "confidence"}`."""
    return {
        "lesson": finding.row.lesson,
        "row": finding.row.row,
        "start": finding.start,
        "end": finding.end,
        "quote": finding.quote,
        "dont_say": finding.row.dont_say,
        "say": finding.row.say,
        "why": finding.row.why,
        "confidence": round(finding.confidence, 2),
    }


def row_json(row: GuideRow) -> Json:
    """`{"lesson", "section", "row", "dont_say", "say", "why", "line"}`."""
    return {
        "lesson": row.lesson,
        "section": row.section,
        "row": row.row,
        "dont_say": row.dont_say,
        "say": row.say,
        "why": row.why,
        "line": row.line,
    }


def reply_json(reply: Reply) -> Json:
    """Any reply; a refusal is `{"error"}`."""
    match reply:
        case Answer():
            return answer_json(reply)
        case Review():
            return review_json(reply)
        case Guide():
            return {"words": reply.words, "rows": [row_json(row) for row in reply.rows]}
        case Help():
            return {
                "about": reply.about,
                "commands": [{"usage": entry.usage, "does": entry.does} for entry in reply.entries],
                "lessons": list(reply.lessons),
            }
        case Forgotten():
            return {"forgotten": reply.turns, "unanswered": reply.messages}
        case Noted():
            return {"noted": reply.reaction}
        case Refused():
            return {"error": reply.reason}
        case Failed():
            return {"error": failure(reply)}
        case _:
            return prompt_json(reply)
