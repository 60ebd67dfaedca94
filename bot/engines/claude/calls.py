"""Calls to the Messages API: deadlines, bounded retries, a circuit breaker, and every error as one exception."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from bot.core.observing import Observer, Observers
from bot.core.replies import Fallback
from bot.engines.claude.clock import Deadlines
from bot.engines.claude.events import pieces_of
from bot.engines.claude.failures import CallFailedError, refused_by_server, slow, unfinished
from bot.engines.claude.looking_up import LookedUp, look_up
from bot.engines.claude.pieces import Ended, Meter, Piece, Text
from bot.engines.claude.recording import Recording

if TYPE_CHECKING:
    from anthropic import AsyncAnthropic
    from purgatory import AsyncCircuitBreakerFactory
    from purgatory.service._async.circuitbreaker import AsyncCircuitBreaker
    from tenacity import RetryCallState

ATTEMPTS = 3
"""Attempts for one reply, as far as its deadline allows them."""
FAILURES = 5
"""Failed attempts in a row after which the server is left alone."""

ALONE_SECONDS = 30.0
"""For how long; then one that succeeds ends it."""

Stream = AsyncGenerator[Piece, None]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Server:
    """Where the Messages API is. `base_url` is None for Anthropic's own."""

    api_key: str = field(repr=False)
    base_url: str | None = None

    @property
    def is_foreign(self) -> bool:
        """Whether it may know less than Anthropic's own."""
        return self.base_url is not None and "://api.anthropic.com" not in self.base_url


class Calls:
    """Streams replies. Loads the SDK at the first call, or when it is told to."""

    def __init__(
        self, server: Server, *, observer: Observer | None = None, alone_seconds: float = ALONE_SECONDS
    ) -> None:
        self._server = server
        self._observer = observer or Observers()
        self._alone_seconds = alone_seconds
        self._client: AsyncAnthropic | None = None
        self._last: Fallback = Fallback.AWAY
        self._breaker: AsyncCircuitBreaker | None = None

    @property
    def is_foreign(self) -> bool:
        """Whether the server may know less than Anthropic's own."""
        return self._server.is_foreign

    @property
    def left_alone(self) -> Fallback | None:
        """Why the server is left alone just now, None when it is not."""
        context = self._breaker.context if self._breaker else None
        if context is None or context.opened_at is None or time.time() > context.opened_at + self._alone_seconds:
            return None
        return self._last

    async def prepare(self) -> None:
        """Loads the SDK, which takes more than a second, off the event loop."""
        await self._prepared()

    async def look_up(self, model: str) -> LookedUp:
        """Says whether the key is taken and the model is there. It has no deadline of its own, and costs nothing."""
        return await look_up(await self._prepared(), model, is_foreign=self.is_foreign)

    async def _prepared(self) -> "AsyncAnthropic":
        if self._client is None:
            client = await asyncio.to_thread(_client, self._server)
            self._client = self._client or client
        return self._client

    async def close(self) -> None:
        """Lets go of the connections."""
        if self._client is not None:
            await self._client.close()
            self._client = None

    async def stream(self, request: Mapping[str, object], deadlines: Deadlines, meter: Meter) -> "Stream":
        """Streams the reply to a request, `Ended` last. It is asked for anew only as long as no text has come.

        Raises:
            CallFailedError: there is no reply within the deadlines, or it broke off.
        """
        from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt, stop_before_delay

        room = deadlines.first - asyncio.get_running_loop().time()
        if room <= 0:
            raise slow("the time for a first word")
        retrying = AsyncRetrying(
            retry=retry_if_exception(_is_passing),
            stop=stop_after_attempt(ATTEMPTS) | stop_before_delay(room),
            wait=_wait,
            reraise=True,
        )
        attempt: Stream
        first: Piece
        attempt, first = await retrying(self._begun, request, deadlines, meter)
        async with aclosing(attempt):
            yield _unless_unfinished(first)
            async for piece in attempt:
                yield _unless_unfinished(piece)

    async def _begun(self, request: Mapping[str, object], deadlines: Deadlines, meter: Meter) -> "tuple[Stream, Piece]":
        attempt = self._attempt(request, deadlines, meter)
        return attempt, await anext(attempt)

    async def _attempt(self, request: Mapping[str, object], deadlines: Deadlines, meter: Meter) -> "Stream":
        """Yields the pieces of one attempt, from the first text on."""
        from purgatory.domain.model import OpenedState

        client = await self._prepared()
        self._breaker = breaker = await self._breakers.get_breaker(self._server.base_url or "anthropic")
        try:
            async with breaker, aclosing(self._recorded(client, request, deadlines, meter)) as pieces:
                async for piece in pieces:
                    yield piece
        except OpenedState as opened:
            opened.__traceback__ = None  # the breaker raises the same one each time, and it would grow
            raise CallFailedError(self._last, says="left alone for a while, since it failed again and again") from None
        except CallFailedError as failure:
            self._last = failure.reason
            _log.info("no reply of the model: %s", failure)
            raise

    async def _recorded(
        self, client: "AsyncAnthropic", request: Mapping[str, object], deadlines: Deadlines, meter: Meter
    ) -> "Stream":
        """Yields the pieces of one call, and tells of it when it is over."""
        recording = Recording(request, meter, base_url=self._server.base_url)
        failed: CallFailedError | None = None
        try:
            async with aclosing(_pieces(client, request, deadlines, meter)) as pieces:
                async for piece in pieces:
                    recording.heard(piece)
                    yield piece
        except CallFailedError as failure:
            failed = failure
            raise
        finally:
            recording.tell(self._observer, failed)

    @cached_property
    def _breakers(self) -> "AsyncCircuitBreakerFactory":
        from purgatory import AsyncCircuitBreakerFactory

        return AsyncCircuitBreakerFactory(
            default_threshold=FAILURES,
            default_ttl=self._alone_seconds,
            # No sign that the server ails: somebody stopped listening, or it does not understand. Counted as a success.
            exclude=[GeneratorExit, asyncio.CancelledError, (CallFailedError, lambda failure: failure.not_understood)],
        )


async def _pieces(
    client: "AsyncAnthropic", request: Mapping[str, object], deadlines: Deadlines, meter: Meter
) -> Stream:
    """Yields the pieces of one call, every error of the SDK and of what lies below it as a `CallFailedError`."""
    import anthropic
    import httpx2

    meter.begin()
    try:
        async with asyncio.timeout_at(deadlines.first):
            stream: Any = await client.messages.create(**request, stream=True)  # type: ignore[call-overload]
        async with stream, aclosing(_in_time(pieces_of(stream, meter), deadlines)) as pieces:
            async for piece in pieces:
                yield piece
    except TimeoutError:
        raise slow("the time for a first word") from None
    except anthropic.APIStatusError as error:
        raise refused_by_server(error) from None
    except anthropic.APITimeoutError:
        raise slow("the connection's time") from None
    except (anthropic.APIConnectionError, httpx2.HTTPError) as error:
        raise CallFailedError(Fallback.AWAY, says=type(error).__name__, is_passing=True) from None
    except (anthropic.AnthropicError, ValueError, RecursionError) as error:
        # Whatever the SDK makes of bytes that are no events; the error's own words may hold some of them.
        raise CallFailedError(Fallback.CUT_OFF, says=f"cannot be read, {type(error).__name__}") from None


async def _in_time(pieces: Stream, deadlines: Deadlines) -> Stream:
    """Yields what comes within the deadlines, from the first text on, and what came before that with it."""
    early: list[Piece] = []  # citations may come before their text
    has_begun = False
    async with aclosing(pieces):
        while True:
            try:
                async with asyncio.timeout_at(deadlines.whole if has_begun else deadlines.first):
                    piece = await anext(pieces)
            except TimeoutError:
                raise slow("the time for a whole reply" if has_begun else "the time for a first word") from None
            if isinstance(piece, Ended) and piece.stop_reason is None:
                raise CallFailedError(Fallback.CUT_OFF, says="the stream just ends", is_passing=True)
            early.append(piece)
            has_begun = has_begun or isinstance(piece, Text)
            if has_begun or isinstance(piece, Ended):
                for one in early:
                    yield one
                early.clear()
            if isinstance(piece, Ended):
                return


def _unless_unfinished(piece: Piece) -> Piece:
    """Gives the piece.

    Raises:
        CallFailedError: it ends a reply that is not whole, for a reason of the model's own.
    """
    if isinstance(piece, Ended) and (reason := unfinished(piece.stop_reason)):
        raise CallFailedError(reason, says=f"stop reason {piece.stop_reason!r:.40}")
    return piece


def _is_passing(error: BaseException) -> bool:
    return isinstance(error, CallFailedError) and error.is_passing


def _wait(state: "RetryCallState") -> float:
    """As long as the server asks for, or a little, longer from attempt to attempt and never the same."""
    from tenacity import wait_random_exponential

    error = state.outcome.exception() if state.outcome else None
    asked = error.retry_after if isinstance(error, CallFailedError) else 0.0
    return max(asked, wait_random_exponential(multiplier=0.25, max=2.0)(state))


def _client(server: Server) -> "AsyncAnthropic":
    from anthropic import AsyncAnthropic

    # At DEBUG, which ANTHROPIC_LOG can turn on, these two log whole requests.
    for name in ("anthropic", "httpx2", "httpcore2"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # The SDK sends the key as a bearer token; many a gateway looks for it in the header of earlier times.
    headers = {"X-Api-Key": server.api_key} if server.is_foreign else {}
    return AsyncAnthropic(api_key=server.api_key, base_url=server.base_url, max_retries=0, default_headers=headers)
