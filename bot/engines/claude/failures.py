"""What can go wrong with a call, as one exception that says why and whether to try again."""

import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from bot.core.replies import Fallback

if TYPE_CHECKING:
    import anthropic

_BY_TYPE: Mapping[object, Fallback] = {
    "overloaded_error": Fallback.BUSY,
    "rate_limit_error": Fallback.BUSY,
    "api_error": Fallback.AWAY,
    "timeout_error": Fallback.SLOW,
    "authentication_error": Fallback.DENIED,
    "billing_error": Fallback.DENIED,
    "permission_error": Fallback.DENIED,
    "not_found_error": Fallback.DENIED,
    "invalid_request_error": Fallback.DENIED,
    "request_too_large": Fallback.DENIED,
}
_BY_STATUS = {408: Fallback.SLOW, 409: Fallback.AWAY, 429: Fallback.BUSY, 529: Fallback.BUSY}
_NOT_UNDERSTOOD = frozenset((400, 404, 415, 422, 501))
_WHOLE = ("end_turn", "stop_sequence")
"""What a reply stops for that is whole."""


class CallFailedError(Exception):
    """A call gave no whole reply. The message holds nothing of what was sent or came back.

    `is_passing` says that the same call may succeed, not before `retry_after` seconds; `not_understood` that the server
    does not know something that was asked of it.
    """

    def __init__(
        self,
        reason: Fallback,
        *,
        says: str = "",
        is_passing: bool = False,
        retry_after: float = 0.0,
        not_understood: bool = False,
    ) -> None:
        super().__init__(f"{reason}: {says}" if says else str(reason))
        self.reason = reason
        self.is_passing = is_passing
        self.retry_after = retry_after
        self.not_understood = not_understood


def slow(limit: str) -> CallFailedError:
    """The model took longer than `limit`."""
    return CallFailedError(Fallback.SLOW, says=f"{limit} is over")


def unfinished(stop_reason: str | None) -> Fallback | None:
    """Says why a reply that stopped for this is not whole, None when it is."""
    if stop_reason in _WHOLE:
        return None
    return Fallback.REFUSED if stop_reason == "refusal" else Fallback.CUT_OFF


def refused_by_server(error: "anthropic.APIStatusError") -> CallFailedError:
    """Reads an error that the server answered with, in the middle of a stream too, where its status is 200."""
    # By type before status, which is 200 in the middle of a stream. Both may be anything: they come from outside.
    kind = error.type if error.type in _BY_TYPE else None
    reason = _BY_TYPE.get(kind or "") or _BY_STATUS.get(error.status_code)
    if reason is None:
        reason = Fallback.AWAY if error.status_code >= 500 or error.status_code < 400 else Fallback.DENIED
    return CallFailedError(
        reason,
        says=f"status {error.status_code}, {kind or 'no known type'}, request {error.request_id or 'unknown':.80}",
        is_passing=reason in (Fallback.BUSY, Fallback.AWAY, Fallback.SLOW),
        retry_after=_seconds(error.response.headers.get("retry-after", "")),
        not_understood=error.status_code in _NOT_UNDERSTOOD,
    )


def _seconds(retry_after: str) -> float:
    """Reads a `Retry-After` header: seconds or a date (RFC 9110); what is neither counts as none."""
    try:
        return max(0.0, float(retry_after))
    except ValueError:
        pass
    try:
        return max(0.0, parsedate_to_datetime(retry_after).timestamp() - time.time())
    except (ValueError, OverflowError):
        return 0.0
