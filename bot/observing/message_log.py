"""One line a message: ids, times and how it ended, never a word of it."""

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext

import structlog

from bot.core.observing import Attempted, Ending, ModelCall
from bot.core.pseudonym import pseudonym
from bot.core.replies import Answer, Reply, Review
from bot.core.state import Leased

PSEUDONYM_DIGITS = 12
_ERRORS = (Ending.GIVEN_UP,)
_WARNINGS = (Ending.RETRIED, Ending.WAITS, Ending.UNENDED)


class MessageLog:
    """Writes an entry for each attempt. An `Observer`."""

    def __init__(self) -> None:
        self._log: structlog.stdlib.BoundLogger = structlog.get_logger("bot.message")

    def around(self, leased: Leased) -> AbstractContextManager[None]:  # noqa: ARG002 - the port's signature
        """Nothing is said before the end."""
        return nullcontext()

    def attempted(self, attempted: Attempted) -> None:
        """Says how an attempt ended."""
        if attempted.ending in _ERRORS:
            self._log.error("message", **_fields(attempted))
        elif attempted.ending in _WARNINGS:
            self._log.warning("message", **_fields(attempted))
        else:
            self._log.info("message", **_fields(attempted))

    def called(self, call: ModelCall) -> None:
        """Says what became of a call."""
        self._log.debug(
            "model call",
            model=call.model,
            ended=call.failure or call.stop_reason or "broken off",
            took_ms=_milliseconds(call.seconds),
        )


def _fields(attempted: Attempted) -> Mapping[str, object]:
    message = attempted.message
    known: Mapping[str, object] = {
        "id": message.id,
        "person": pseudonym(message.person)[:PSEUDONYM_DIGITS],
        "channel": message.channel,
        "reply": type(attempted.reply).__name__.lower() if attempted.reply else None,
        "ending": str(attempted.ending),
        "attempt": attempted.attempt,
        "waited_ms": _milliseconds(attempted.waited),
        "first_word_ms": None if attempted.first_word is None else _milliseconds(attempted.first_word),
        "took_ms": _milliseconds(attempted.took),
        "reason": attempted.reason or None,
        **_of(attempted.reply),
    }
    return {name: value for name, value in known.items() if value is not None}


def _of(reply: Reply | None) -> Mapping[str, object]:
    match reply:
        case Answer():
            return {"covered": reply.covered, **_made(reply)}
        case Review():
            rows = sorted({f"{found.row.lesson}:{found.row.row}" for found in reply.findings})
            return {"findings": len(reply.findings), "rows": rows, "notes": len(reply.notes), **_made(reply)}
        case _:
            return {}


def _made(reply: Answer | Review) -> Mapping[str, object]:
    return {
        "engine": str(reply.engine),
        "model": reply.model,
        "prompt_version": reply.prompt_version,
        "fallback": None if reply.fallback is None else str(reply.fallback),
    }


def _milliseconds(seconds: float) -> float:
    return round(seconds * 1000, 1)
