"""The Messages API's stream events as pieces. Whatever else comes (thinking, pings, what is new) is passed over."""

from collections.abc import AsyncGenerator, AsyncIterator, Iterator

from bot.core.prompts import Usage
from bot.engines.claude.pieces import BlockEnd, Cite, Ended, Meter, Piece, Text

_TOKENS = {
    "input_tokens": "input_tokens",
    "output_tokens": "output_tokens",
    "cache_read_tokens": "cache_read_input_tokens",
    "cache_write_tokens": "cache_creation_input_tokens",
}
_PLACE = ("search_result_index", "start_block_index", "end_block_index")


async def pieces_of(events: AsyncIterator[object], meter: Meter) -> AsyncGenerator[Piece, None]:
    """Yields the pieces of a stream, `Ended` last, and tells `meter` what it takes.

    A stream that ends without saying so gives `Ended(None)`: the SDK raises nothing then.
    """
    reading = _Reading(meter)
    async for event in events:
        for piece in reading.take(event):
            yield piece
            if isinstance(piece, Ended):
                return
    yield Ended(None)


class _Reading:
    """Reads events. They come from outside, and the SDK does not insist on their fields: none is taken for granted."""

    def __init__(self, meter: Meter) -> None:
        self._meter = meter
        self._is_open = False
        self._stop_reason: str | None = None

    def take(self, event: object) -> Iterator[Piece]:
        match getattr(event, "type", None):
            case "message_start":
                self._meter.read(_usage(getattr(event, "message", None)))
            case "content_block_start":
                block = getattr(event, "content_block", None)
                self._is_open = getattr(block, "type", None) == "text"
                if self._is_open:
                    yield from self._text(block)
            case "content_block_delta":
                yield from self._delta(getattr(event, "delta", None))
            case "content_block_stop" if self._is_open:
                self._is_open = False
                yield BlockEnd()
            case "message_delta":
                self._meter.read(_usage(event), is_final=True)
                self._stop_reason = _string(getattr(event, "delta", None), "stop_reason") or self._stop_reason
            case "message_stop":
                yield Ended(self._stop_reason)

    def _delta(self, delta: object) -> Iterator[Piece]:
        match getattr(delta, "type", None):
            case "text_delta":
                yield from self._text(delta)
            case "thinking_delta":
                self._meter.heard(_string(delta, "thinking"))
            case "citations_delta":
                cited = getattr(delta, "citation", None)
                match [getattr(cited, name, None) for name in _PLACE]:
                    case int(result), int(start), int(end):
                        yield Cite(result=result, start=start, end=end, text=_string(cited, "cited_text"))

    def _text(self, holder: object) -> Iterator[Text]:
        if text := _string(holder, "text"):
            self._meter.heard(text)
            yield Text(text)


def _string(holder: object, name: str) -> str:
    value = getattr(holder, name, None)
    return value if isinstance(value, str) else ""


def _usage(holder: object) -> Usage:
    told = getattr(holder, "usage", None)
    counts = {ours: getattr(told, theirs, None) for ours, theirs in _TOKENS.items()}
    return Usage(**{ours: count for ours, count in counts.items() if isinstance(count, int) and count >= 0})
