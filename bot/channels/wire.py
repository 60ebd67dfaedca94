"""Replies as plain JSON values: the shapes of `--json`, `--jsonl` and the page's interface."""

from collections.abc import Mapping

from bot.core.lessons import GuideRow
from bot.core.replies import Answer, Citation, Finding, Forgotten, Guide, Help, Refused, Reply, Review

Json = Mapping[str, object]


def answer_json(answer: Answer) -> Json:
    """`{"answer", "covered", "citations", "closest", "engine", "model", "prompt_version", "latency_ms"}`."""
    return {
        "answer": answer.text,
        "covered": answer.covered,
        "citations": [citation_json(citation) for citation in answer.citations],
        "closest": [citation_json(citation) for citation in answer.closest],
        "engine": answer.engine.value,
        "model": answer.model,
        "prompt_version": answer.prompt_version,
        "latency_ms": round(answer.latency_ms, 1),
    }


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
    """`{"findings", "notes", "rewritten", "edits", "engine", "prompt_version", "latency_ms"}`."""
    return {
        "findings": [finding_json(finding) for finding in review.findings],
        "notes": [finding_json(note) for note in review.notes],
        "rewritten": review.rewritten,
        "edits": [
            {"start": edit.start, "end": edit.end, "before": edit.before, "after": edit.after} for edit in review.edits
        ],
        "engine": review.engine.value,
        "prompt_version": review.prompt_version,
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
            return {"forgotten": reply.turns}
        case Refused():
            return {"error": reply.reason}
