"""What is told of a call to the model once it is over: its times, its tokens, how it ended."""

import time
from collections.abc import Mapping
from contextlib import suppress
from urllib.parse import urlsplit

from bot.core.observing import ModelCall, Observer
from bot.core.prompts import Usage
from bot.engines.claude.failures import CallFailedError, unfinished
from bot.engines.claude.pieces import Ended, Meter, Piece

ADDRESS = "api.anthropic.com"


class Recording:
    """Notes what one call does, from when it is made."""

    def __init__(self, request: Mapping[str, object], meter: Meter, *, base_url: str | None) -> None:
        self._request = request
        self._meter = meter
        self._address = _address(base_url)
        self._before = meter.usage
        self._began_at = time.time()
        self._began = time.monotonic()
        self._first_word: float | None = None
        self._stop_reason: str | None = None

    def heard(self, piece: Piece) -> None:
        """Learns of a piece; the first that comes is the first word, since none comes before the text does."""
        if self._first_word is None:
            self._first_word = time.monotonic() - self._began
        if isinstance(piece, Ended):
            self._stop_reason = piece.stop_reason

    def tell(self, observer: Observer, failure: CallFailedError | None) -> None:
        """Tells of the call; without a failure the model has stopped, or nobody listens any more."""
        reason = failure.reason if failure else unfinished(self._stop_reason) if self._stop_reason else None
        max_tokens = self._request["max_tokens"]
        observer.called(
            ModelCall(
                model=str(self._request["model"]),
                max_tokens=max_tokens if isinstance(max_tokens, int) else 0,
                address=self._address,
                began=self._began_at,
                seconds=time.monotonic() - self._began,
                first_word=self._first_word,
                stop_reason=self._stop_reason,
                failure=reason,
                usage=_without(self._meter.usage, self._before),
            )
        )


def _address(base_url: str | None) -> str:
    if base_url is None:
        return ADDRESS
    with suppress(ValueError):
        parts = urlsplit(base_url)
        host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
        return f"{host}:{parts.port or (80 if parts.scheme == 'http' else 443)}"
    return "unknown"


def _without(usage: Usage, before: Usage) -> Usage:
    return Usage(
        input_tokens=usage.input_tokens - before.input_tokens,
        output_tokens=usage.output_tokens - before.output_tokens,
        cache_read_tokens=usage.cache_read_tokens - before.cache_read_tokens,
        cache_write_tokens=usage.cache_write_tokens - before.cache_write_tokens,
    )
