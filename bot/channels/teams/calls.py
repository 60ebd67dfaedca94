"""What a call to Teams comes to when it is not done: two exceptions, and which of them pass."""

import json
from collections.abc import Mapping

_TOO_MANY = 429
_PRECONDITION = 412
_SERVER_ERROR = 500
_MAX_RETRY_AFTER = 600.0


class TeamsRefusedError(Exception):
    """Teams did not do what it was asked. `code` is its own word for why, `says` its explanation in small letters.

    `retry_after` is set, in seconds, where it may be asked again: too much at once, or something else was under way.
    """

    def __init__(self, status: int, code: str, *, says: str = "", retry_after: float | None = None) -> None:
        super().__init__(f"Teams refused: {status} {code}")
        self.status = status
        self.code = code
        self.says = says
        self.retry_after = retry_after


class TeamsAwayError(Exception):
    """Teams cannot be reached or failed itself; what it was asked may have been done all the same."""


def failure(status: int, headers: Mapping[str, str], body: bytes) -> TeamsRefusedError | TeamsAwayError | None:
    """What an answer of the connector's comes to; None for one that says it is done."""
    if status < 300:
        return None
    if status >= _SERVER_ERROR:
        return TeamsAwayError(f"status {status}")
    code, says = _error(body)
    passes = status in (_TOO_MANY, _PRECONDITION)
    return TeamsRefusedError(
        status, code, says=says.lower(), retry_after=_seconds(headers.get("Retry-After")) if passes else None
    )


def _error(body: bytes) -> tuple[str, str]:
    """The code and the message of `{"error": {"code", "message"}}`; other bodies say nothing."""
    try:
        error = json.loads(body)["error"]
        return str(error.get("code") or "unknown"), str(error.get("message") or "")
    except (ValueError, LookupError, TypeError, AttributeError):
        return "unknown", ""


def _seconds(retry_after: str | None) -> float:
    """Seconds as they are written; what is no such number is none at all."""
    text = (retry_after or "").strip()
    return min(float(text), _MAX_RETRY_AFTER) if text.replace(".", "", 1).isdecimal() else 0.0
