"""What admins are shown of versions, as plain JSON values: the shapes of `coach prompts … --json`."""

from collections.abc import Mapping

from bot.core.prompts import (
    ChangedLine,
    Evaluated,
    Figures,
    Moved,
    PromptReply,
    Proposed,
    Trail,
    TrailEntry,
    VersionCard,
    VersionDiff,
    VersionList,
    VersionText,
)

Json = Mapping[str, object]


def prompt_json(reply: PromptReply) -> Json:
    """Any reply about versions. Times are ISO 8601 in UTC."""
    match reply:
        case VersionList():
            return {"versions": [card_json(card) for card in reply.versions]}
        case VersionText():
            return {**card_json(reply.card), "text": reply.text}
        case VersionDiff():
            return {"old": reply.old, "new": reply.new, "lines": [_line_json(line) for line in reply.lines]}
        case Trail():
            return {"entries": [entry_json(entry) for entry in reply.entries], "earlier": reply.earlier}
        case Proposed():
            return {
                "act": reply.act.value,
                "version": reply.version.number,
                "replaces": reply.replaces.number if reply.replaces else None,
                "share": reply.share,
                "note": reply.note,
                "warnings": list(reply.warnings),
                "position": reply.position,
            }
        case Moved():
            return {"summary": reply.summary, "entry": entry_json(reply.entry) if reply.entry else None}


def card_json(card: VersionCard) -> Json:
    """`{"version", "live", "live_since", "live_by", "share", "at", "by", "note", "digest", …, "evaluated"}`."""
    return {
        "version": card.number,
        "live": card.live is not None,
        "live_since": card.live.at.isoformat() if card.live else None,
        "live_by": card.live.by if card.live else None,
        "share": card.share,
        "at": card.at.isoformat(),
        "by": card.by,
        "note": card.note,
        "digest": card.digest,
        "model": card.model,
        "effort": card.effort,
        "max_tokens": card.max_tokens,
        "figures": _figures_json(card.figures),
        "evaluated": _evaluated_json(card.evaluated) if card.evaluated else None,
    }


def entry_json(entry: TrailEntry) -> Json:
    """`{"position", "act", "at", "by", "note", "version", "replaces", "detail"}`."""
    return {
        "position": entry.position,
        "act": entry.act.value,
        "at": entry.at.isoformat(),
        "by": entry.by,
        "note": entry.note,
        "version": entry.version,
        "replaces": entry.replaces,
        "detail": entry.detail,
    }


def _figures_json(figures: Figures) -> Json:
    median, p95 = figures.latency_ms or (None, None)
    return {
        "replies": figures.replies,
        "up": figures.up,
        "down": figures.down,
        "guarded": figures.guarded,
        "fell_back": figures.fell_back,
        "input_tokens": figures.usage.input_tokens,
        "output_tokens": figures.usage.output_tokens,
        "cache_read_tokens": figures.usage.cache_read_tokens,
        "cache_write_tokens": figures.usage.cache_write_tokens,
        "from_cache": None if figures.from_cache is None else round(figures.from_cache, 4),
        "cost_per_thousand": figures.cost,
        "latency_ms_median_under": median,
        "latency_ms_p95_under": p95,
    }


def _evaluated_json(evaluated: Evaluated) -> Json:
    return {
        "passed": evaluated.passed,
        "failed": list(evaluated.failed),
        "engine": evaluated.engine,
        "at": evaluated.at.isoformat(),
    }


def _line_json(line: ChangedLine) -> Json:
    return {"change": line.change.value, "text": line.text, "marks": [list(mark) for mark in line.marks]}
