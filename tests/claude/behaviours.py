"""What the server does with one request, as data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from anthropic.types import StopReason

Cite = tuple[int, int, int]
"""A search result's index over the whole request, its first cited block and the block after its last."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text block and what it cites. `citations_first` sends the citations before the text, as may happen."""

    text: str
    cites: tuple[Cite, ...] = ()
    citations_first: bool = False


@dataclass(frozen=True, slots=True)
class Thinking:
    """A thinking block; an empty `text` is thinking whose display the model omits: only its signature is sent."""

    text: str = ""
    signature: str = "EqQBCgIYAhIkMDAwMDAwMDAtZmFrZS1zaWduYXR1cmU="


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a reply is streamed: characters in a delta, then waits in seconds.

    `before_first` is the wait before the first event, `before_text` the one before the first text or citation,
    `between` the one before every later delta.
    """

    characters: int = 24
    before_first: float = 0.0
    before_text: float = 0.0
    between: float = 0.0


INSTANT = Pace()
REALISTIC = Pace(characters=16, before_first=0.5, before_text=0.3, between=0.05)
"""About 80 tokens a second after 0.8 seconds."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole reply. `stop_details` goes with a refusal; without `pace` the server's own holds."""

    blocks: tuple[Text | Thinking, ...]
    stop_reason: StopReason = "end_turn"
    stop_details: Mapping[str, str | None] | None = None
    pace: Pace | None = None


@dataclass(frozen=True, slots=True)
class Json:
    """A structured reply: one text block that holds `text`."""

    text: str
    stop_reason: StopReason = "end_turn"
    pace: Pace | None = None


@dataclass(frozen=True, slots=True)
class Refuses:
    """A classifier stops the reply after `blocks`."""

    blocks: tuple[Text | Thinking, ...] = ()
    category: str | None = None
    explanation: str | None = None


@dataclass(frozen=True, slots=True)
class Fails:
    """An error status.

    `retry_after` is the header as sent (seconds or an HTTP date), `body` replaces the API's JSON.
    """

    status: int
    type: str = "api_error"
    retry_after: float | str | None = None
    body: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


class How(StrEnum):
    """How a reply breaks off."""

    ENDS = "the body ends properly, without message_stop"
    CLOSES = "the connection is closed within the body"
    RESETS = "the connection is reset"
    OVERLOADED = "an error event: overloaded_error"
    API_ERROR = "an error event: api_error"
    STALLS = "nothing more is sent until the client goes away"
    GARBAGE = "bytes that are no events"
    HALF_EVENT = "the body ends within an event"
    BAD_JSON = "an event whose data is not JSON"
    BAD_UTF8 = "an event whose data is not UTF-8"


@dataclass(frozen=True, slots=True)
class BreaksOff:
    """The first `after` events of a reply, then a fault.

    Where the client did not ask for a stream, `after` counts pieces of 64 bytes of the body.
    """

    reply: Reply
    after: int
    how: How


@dataclass(frozen=True, slots=True)
class Stalls:
    """Takes the request and never answers it."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """Replays an exchange that `tests.claude.recording` wrote; `timed` keeps its waits."""

    path: Path
    timed: bool = False


Behaviour = Reply | Json | Refuses | Fails | BreaksOff | Stalls | Recorded


def saying(*texts: str, stop_reason: StopReason = "end_turn", pace: Pace | None = None) -> Reply:
    """A reply of uncited text blocks."""
    return Reply(tuple(Text(text) for text in texts), stop_reason=stop_reason, pace=pace)


def reply_of(behaviour: Reply | Json | Refuses) -> Reply:
    """The reply that a model's behaviour comes to."""
    match behaviour:
        case Json(text, stop_reason, pace):
            return Reply((Text(text),), stop_reason=stop_reason, pace=pace)
        case Refuses(blocks, category, explanation):
            details = {"type": "refusal", "category": category, "explanation": explanation}
            return Reply(blocks, stop_reason="refusal", stop_details=details)
        case Reply():
            return behaviour
